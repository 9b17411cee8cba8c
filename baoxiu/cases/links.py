"""Personal links: one purpose, one case, expiring, revocable. The token is derived, never stored."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets

from django.conf import settings
from django.db.models import QuerySet

from baoxiu.cases import insertion
from baoxiu.cases.models import Case, PersonalLink
from baoxiu.catalogue.models import Registration
from baoxiu.people.actors import Actor
from baoxiu.people.remembered import remembered

LIFETIME_DAYS = {"track": 180, "quote": 30, "rate": 60}
STEPS = {  # what the holder of a link may do with it, and nothing else
    "track": frozenset(
        "promise_window appoint message chase confirm ship_in deliver withdraw withdraw_return reopen contest settle_limit".split()
    ),
    "quote": frozenset("accept_quote decline_quote message contest".split()),
    "rate": frozenset({"rate"}),
}


def token_of(link: PersonalLink | Registration) -> str:
    """192 bits only this installation can compute: HMAC of the row's nonce under the secret key."""
    mac = hmac.new(settings.SECRET_KEY.encode(), f"link:{link.purpose}:{link.nonce}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(mac.digest()[:24]).decode()


def alarm_token(alarm_id: int, staff_id: int) -> str:
    """For one colleague to acknowledge one alarm, and nothing else."""
    said = f"alarm:{alarm_id}:{staff_id}".encode()
    mac = hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).digest()
    return f"{alarm_id}-{staff_id}-{base64.urlsafe_b64encode(mac[:24]).decode()}"


def of_alarm(token: str) -> tuple[int, int] | None:
    """(alarm, staff) a token was made for."""
    parts = token[:80].split("-", 2)
    if len(parts) != 3 or not all(p.isascii() and p.isdecimal() and len(p) < 16 for p in parts[:2]):
        return None
    alarm_id, staff_id = int(parts[0]), int(parts[1])
    same = hmac.compare_digest(alarm_token(alarm_id, staff_id).encode(), token.encode())
    return (alarm_id, staff_id) if same else None


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue(case: Case, purpose: str, *, now: dt.datetime, fresh: bool = False) -> PersonalLink:
    """The case's live link for `purpose`, made where there is none (`fresh`: there cannot be one)."""
    for live in [] if fresh else _unrevoked(case.pk, purpose):
        if live.expires_at > now:
            live.case = case
            return live
    link = PersonalLink(
        case=case,
        purpose=purpose,
        nonce=secrets.token_hex(16),
        created_at=now,
        expires_at=now + dt.timedelta(days=LIFETIME_DAYS[purpose]),
    )
    link.token_hash = hash_of(token_of(link))
    return insertion.insert(link)


@remembered
def _unrevoked(case_id: int, purpose: str) -> QuerySet[PersonalLink]:
    return PersonalLink.objects.filter(case_id=case_id, purpose=purpose, revoked_at=None).order_by("pk")


def resolve(token: str, purpose: str, *, now: dt.datetime) -> PersonalLink | None:
    """The live link behind a token for this purpose and no other."""
    link = live(token, now=now)
    return link if link and link.purpose == purpose else None


def live(token: str, *, now: dt.datetime) -> PersonalLink | None:
    """The link behind a token, whatever for."""
    return next((link for link in _unrevoked_by(hash_of(token[:64])) if link.expires_at > now), None)


@remembered
def _unrevoked_by(token_hash: str) -> QuerySet[PersonalLink]:
    return PersonalLink.objects.select_related("case__customer").filter(
        token_hash=token_hash, revoked_at=None
    )


def covers(by: Actor, step: str) -> bool:
    """Whether the link `by` holds is for this step; true for whoever holds no link."""
    return by.kind != "link" or step in STEPS[by.purpose]


def revoke(case: Case, purpose: str, *, now: dt.datetime) -> int:
    return PersonalLink.objects.filter(case=case, purpose=purpose, revoked_at=None).update(revoked_at=now)


def actor(link: PersonalLink) -> Actor:
    """The customer behind the link: sees this case, acts as customer."""
    language = "zh-hans" if link.case.language == "zh" else "en"
    return Actor(
        "link",
        link.case.contact_name,
        frozenset({"customer"}),
        case_id=link.case_id,
        purpose=link.purpose,
        customer_id=link.case.customer_id,
        language=language,
    )
