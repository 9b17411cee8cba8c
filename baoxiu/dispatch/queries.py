"""C4.3: what a dispatcher chooses from."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from baoxiu.cases.models import Case
from baoxiu.dispatch import slots as slots_
from baoxiu.dispatch.models import Crossing, Hold, PartNeed, Plan, Policy, Roads
from baoxiu.dispatch.ranking import ranked
from baoxiu.dispatch.slots import Slot
from baoxiu.parts import queries as stock
from baoxiu.parts.models import Holding
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


def crossings(viewer: Actor) -> list[Crossing]:
    """Minutes more between territories, by name."""
    if not viewer.has("dispatcher", "manager", "administrator"):
        return []
    return list(Crossing.objects.select_related("one", "other").order_by("one__name", "other__name"))


def roads(viewer: Actor) -> list[Roads]:
    """Files of measured legs without the legs, the one in use first."""
    if not viewer.has("dispatcher", "manager", "administrator"):
        return []
    return list(
        Roads.objects.filter(date=None).defer("legs").select_related("by").order_by("-is_in_use", "-pk")
    )


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


@dataclass(frozen=True, slots=True)
class Bring:
    """A part an engineer's jobs need: pieces in all, in his van, to fetch, and there at his station."""

    number: str
    name: str
    needed: int
    in_van: int
    there: int

    @property
    def to_fetch(self) -> int:
        return max(0, self.needed - self.in_van)


def bringing(viewer: Actor, numbers: Sequence[str]) -> list[Bring]:
    """What the viewer's own jobs of these numbers need, by part number."""
    needs = PartNeed.objects.filter(
        case__number__in=numbers, case__engineer=viewer.staff_id, case__is_open=True
    )
    wanted: Counter[str] = Counter()
    names: dict[str, str] = {}
    lines = list(needs.order_by("number").values_list("case__number", "number", "name", "quantity"))
    for _, number, name, quantity in lines:
        wanted[number] += quantity
        names[number] = names.get(number) or name
    if not wanted:
        return []
    here = stock.of(viewer.staff_id, viewer.station_id)
    van: Counter[str] = Counter()
    room: Counter[str] = Counter()
    kept, by_case = Counter(wanted), {(case, number): n for case, number, _, n in lines}
    for r in stock.reservations([case for case, *_ in lines]):
        n = min(r.quantity, by_case.get((r.reference, r.holding.number), 0))
        kept[r.holding.number] -= n
        if r.holding.staff_id == viewer.staff_id:
            van[r.holding.number] += n
        elif r.holding.station_id and r.holding.station_id == viewer.station_id:
            room[r.holding.number] += n
    for held in Holding.objects.filter(here, number__in=wanted):
        if held.staff_id:
            van[held.number] += min(held.free, max(kept[held.number], 0))
        else:
            room[held.number] += held.free
    return [Bring(p, names[p], n, van[p], room[p]) for p, n in wanted.items()]


def to_bring(viewer: Actor, case: Case) -> dict[str, list[dict[str, str | int]]]:
    """What is on record, as the form to change it begins with."""
    known = needed(viewer, case)
    return {"parts": [{"number": n.number, "name": n.name, "quantity": n.quantity} for n in known]}


def needed(viewer: Actor, case: Case) -> list[PartNeed]:
    """Parts to bring to the customer."""
    seen = Case.objects.visible_to(viewer).filter(pk=case.pk)
    return list(PartNeed.objects.filter(case__in=seen).order_by("number"))
