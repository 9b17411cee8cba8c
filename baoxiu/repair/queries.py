"""C4.5: what was found and done on a case."""

from __future__ import annotations

from dataclasses import dataclass, field

from baoxiu.cases.models import Case
from baoxiu.people.actors import OFFICE, Actor
from baoxiu.repair.models import Diagnosis, Loan, UnitSwap, WorkRecord

BENCH = ("station_head", "stock_keeper", "engineer")


@dataclass(frozen=True, slots=True)
class Repair:
    """Everything of C4.5 about one case, oldest first."""

    diagnoses: list[Diagnosis] = field(default_factory=list)
    work: list[WorkRecord] = field(default_factory=list)
    swaps: list[UnitSwap] = field(default_factory=list)


def of_case(viewer: Actor, case: Case) -> Repair:
    if not Case.objects.visible_to(viewer).filter(pk=case.pk).exists():
        return Repair()
    return Repair(
        list(Diagnosis.objects.filter(case=case).select_related("by").order_by("id")),
        list(
            WorkRecord.objects.filter(case=case).select_related("by").prefetch_related("parts").order_by("id")
        ),
        list(UnitSwap.objects.filter(case=case).select_related("old_unit", "new_unit", "by").order_by("id")),
    )


def loans(viewer: Actor, case: Case) -> list[Loan]:
    """Loaners of the case, newest first."""
    seen = Case.objects.visible_to(viewer).filter(pk=case.pk)
    return list(Loan.objects.filter(case__in=seen).select_related("station").order_by("-id"))


def loans_out(viewer: Actor, limit: int = 200) -> list[Loan]:
    """Loaners not returned yet, the longest due first: those of visible cases; at the bench of one's own station."""
    found = Loan.objects.filter(returned_at=None)
    if viewer.has(*BENCH) and not viewer.has(*OFFICE):
        found = found.filter(station_id=viewer.station_id or 0)
    else:
        found = found.filter(case__in=Case.objects.visible_to(viewer))
    return list(found.select_related("case", "station").order_by("due_date", "id")[:limit])
