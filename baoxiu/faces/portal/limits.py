"""How often one peer may send something without an account, per hour."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest
from django.utils import timezone

from baoxiu.people import tallies

PER_HOUR = {"request": 20, "registration": 10, "link": 60, "warranty": 20, "warranty-all": 3000}


def peer_of(request: HttpRequest) -> str:
    """The true peer's network: forwarded headers are not believed; an IPv6 household counts as one."""
    raw = request.META.get("REMOTE_ADDR", "")
    try:
        found = ipaddress.ip_address(raw)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def exceeded(kind: str, who: str) -> bool:
    """Counts one more of `kind` for `who`; True once there are more than PER_HOUR in this hour."""
    return tallies.exceeded(f"{kind}:{who}", PER_HOUR[kind], seconds=3600, now=timezone.now())
