"""C2: reads of registrations, and what stands on record beside them."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from baoxiu.cases import links
from baoxiu.cases.models import Attachment
from baoxiu.catalogue.models import Registration, Unit
from baoxiu.people.actors import Actor
from baoxiu.people.rules import REGISTRARS

MANY = 100  # more than so many are not counted


def _seen(viewer: Actor) -> QuerySet[Registration]:
    """All for those who check them; a company's key its own."""
    if viewer.kind == "system" or viewer.has(*REGISTRARS):
        return Registration.objects.all()
    if viewer.kind == "integration":
        return Registration.objects.filter(customer_id=viewer.customer_id or 0)
    return Registration.objects.none()


def waiting(viewer: Actor, after: int = 0, limit: int = 50) -> list[Registration]:
    """What somebody has to look at, due first; `after`: so many are passed over."""
    rows = _seen(viewer).filter(status="waiting").select_related("unit__model")
    return list(rows.order_by("due_at", "id")[after : after + limit])


def decided(
    viewer: Actor, *, status: str = "", before: int | None = None, limit: int = 50
) -> list[Registration]:
    """All that came, newest first, before id `before`; `status` narrows."""
    rows = _seen(viewer).select_related("unit__model", "decided_by")
    if status:
        rows = rows.filter(status=status)
    if before:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[:limit])


def count_waiting(viewer: Actor) -> int:
    """MANY at most."""
    return len(_seen(viewer).filter(status="waiting").order_by("due_at").values_list("pk")[:MANY])


def registration(viewer: Actor, pk: int) -> Registration:
    """Raises Registration.DoesNotExist."""
    rows = _seen(viewer).select_related(
        "unit__model", "unit__customer", "customer", "earlier_owner", "decided_by"
    )
    return rows.get(pk=pk)


def behind(viewer: Actor, token: str, *, now: dt.datetime) -> Registration | None:
    """The one whose own page this is; whoever holds the link may see that much."""
    rows = Registration.objects.select_related("unit__model", "unit__customer", "unit__site")
    return rows.filter(token_hash=links.hash_of(token[:64]), expires_at__gt=now).first()


def proofs(viewer: Actor, found: Registration) -> list[Attachment]:
    return list(Attachment.objects.filter(registration=found, registration__in=_seen(viewer)).order_by("pk"))


def owners(viewer: Actor, unit: Unit) -> list[Registration]:
    """How the unit came to its owners by registration, newest first."""
    rows = _seen(viewer).filter(unit=unit, status="accepted").select_related("customer", "earlier_owner")
    return list(rows.order_by("-decided_at")[:20])
