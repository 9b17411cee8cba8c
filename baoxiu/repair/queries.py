"""C4.5: what was found and done on a case."""

from __future__ import annotations

from dataclasses import dataclass, field

from baoxiu.cases.models import Case
from baoxiu.people.actors import Actor
from baoxiu.repair.models import Diagnosis, UnitSwap, WorkRecord


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
