"""The first page: where one's day starts; in the demo, the cast with one click each."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from baoxiu.faces.common.accounts import peer
from baoxiu.faces.common.audience import PUBLIC, audience
from baoxiu.faces.common.landing import home
from baoxiu.faces.common.signin import BACKEND
from baoxiu.notify import queries as mail
from baoxiu.people.actors import SYSTEM, Actor
from baoxiu.people.models import Staff

DEMO_DOMAIN = "@demo.baoxiu.example"
CAST_LIMIT, MAILS = 40, 20


@audience(PUBLIC)
def page(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not settings.DEMO:
        return redirect(home(actor))
    cast, others = _cast()
    here = home(actor) if actor.kind == "staff" else ""
    return render(request, "common/front.html", {"cast": cast, "others": others, "home": here})


@audience(PUBLIC)
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """What the customers of the demo would find in their mail, links included."""
    if not (settings.DEMO and is_loopback(peer(request))):
        raise PermissionDenied
    before = request.GET.get("before", "")
    letters = mail.mailbox(
        SYSTEM, limit=MAILS + 1, before=int(before) if before.isdecimal() and len(before) < 16 else None
    )
    older = f"?before={letters[MAILS - 1].id}" if len(letters) > MAILS else ""
    return render(
        request, "common/mailbox.html", {"letters": letters[:MAILS], "older": older, "moment": timezone.now()}
    )


@audience(PUBLIC)
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """As one of the cast, without a password: only in the demo, only from this machine, only sample accounts."""
    if not (settings.DEMO and is_loopback(peer(request))):
        raise PermissionDenied
    staff = get_object_or_404(
        Staff, email=request.POST.get("email", ""), email__endswith=DEMO_DOMAIN, is_active=True
    )
    login(request, staff, backend=BACKEND)
    return redirect(home(staff.actor()))


def is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _cast() -> tuple[list[Staff], list[Staff]]:
    """The first of each set of roles, and everybody else."""
    found = Staff.objects.filter(email__endswith=DEMO_DOMAIN, is_active=True).select_related("station")
    people = list(found.order_by("pk")[:CAST_LIMIT])
    first = {person.role_set: person for person in reversed(people)}
    return [p for p in people if first[p.role_set] is p], [p for p in people if first[p.role_set] is not p]
