"""C4: reads of the spine; each starts from what the viewer may see."""

from __future__ import annotations

from baoxiu.cases.models import Case, Duty
from baoxiu.people.actors import Actor
from baoxiu.sop import procedure as sop
from baoxiu.terms import procedures


def get(viewer: Actor, number: str) -> Case:
    """The case with what its page needs. Raises Case.DoesNotExist when the viewer may not see it."""
    return (
        Case.objects.visible_to(viewer)
        .select_related("customer", "unit__model", "site", "owner", "engineer", "station", "merged_into")
        .get(number=number)
    )


def allowed_steps(viewer: Actor, case: Case, open_duties: set[str]) -> list[sop.Step]:
    """The steps `viewer` may take now, in the procedure's order: the only buttons there are."""
    version = procedures.by_hash(case.procedure)
    return [
        step
        for step in version.by_stage.get(case.stage, ())
        if sop.refusal(
            version, step.name, stage=case.stage, facts=case.facts, open_duties=open_duties, parties=viewer.parties
        )
        is None
    ]


def open_duties(case: Case) -> list[Duty]:
    return list(Duty.objects.filter(case=case, outcome="open").select_related("owner").order_by("due_at"))
