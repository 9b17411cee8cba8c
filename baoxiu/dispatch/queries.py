"""C4.3: what a dispatcher chooses from."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q

from baoxiu.cases.models import Case
from baoxiu.dispatch import slots as slots_
from baoxiu.dispatch.models import Hold, Plan, Policy
from baoxiu.dispatch.ranking import ranked
from baoxiu.dispatch.slots import Slot
from baoxiu.people.actors import Actor
from baoxiu.people.models import Station
from baoxiu.sop import dispatch


def suggestions(viewer: Actor, case: Case, *, now: dt.datetime) -> list[dispatch.Ranked]:
    """Engineers for the case with the reasons for each rank; nothing for a viewer who may not see it."""
    seen = (
        Case.objects.visible_to(viewer)
        .filter(pk=case.pk)
        .select_related("unit__model__skill", "site")
        .first()
    )
    return ranked(seen, now=now) if seen else []


def stations(viewer: Actor, case: Case) -> list[Station]:
    """Active stations, those of the customer's region first, with `load`: their open cases."""
    if not Case.objects.visible_to(viewer).filter(pk=case.pk).exists():
        return []
    region = (case.site.province or case.site.city) if case.site else ""
    found = Station.objects.filter(is_active=True).annotate(load=Count("case", filter=Q(case__is_open=True)))
    return sorted(found, key=lambda s: (not region or s.region != region, s.load, s.name))  # type: ignore[attr-defined]


def policies(viewer: Actor) -> list[Policy]:
    """The one in use first."""
    if not viewer.has("dispatcher", "manager", "administrator"):
        return []
    return list(Policy.objects.order_by("-is_in_use", "name"))


def slots(viewer: Actor, case: Case, *, now: dt.datetime) -> list[Slot]:
    """Windows to offer the customer; nothing for a viewer who may not see the case."""
    if not Case.objects.visible_to(viewer).filter(pk=case.pk).exists():
        return []
    return slots_.slots(case, now=now)


def expected(viewer: Actor, date: dt.date) -> dict[str, tuple[int, int]]:
    """Number → begin and end (seconds from midnight) of the viewer's own jobs in the plan in force."""
    plans = Plan.objects.filter(date=date, status="published").order_by("-version")
    times = plans.values_list("times", flat=True).first() or {}
    return {n: (start, end) for n, (who, start, end) in times.items() if who == str(viewer.staff_id)}


def held(viewer: Actor, case: Case, *, now: dt.datetime) -> Hold | None:
    """The window kept for the customer while the choice is open."""
    if not Case.objects.visible_to(viewer).filter(pk=case.pk).exists():
        return None
    return Hold.objects.filter(case=case, until__gt=now).select_related("engineer").first()
