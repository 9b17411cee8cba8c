"""C4: the duties a step opens, ends and moves, and the clocks over the case beside them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet

from baoxiu.cases import insertion
from baoxiu.cases.clocks import CLAUSE, Clock, Reckoning, spans
from baoxiu.cases.models import Duty, Span
from baoxiu.cases.taking import Taking
from baoxiu.people.remembered import remembered
from baoxiu.sop.service_levels import Terms


@dataclass
class Plan:
    """What a step does to duties and spans. `moved`: clocks that run on, differently."""

    reckoning: Reckoning
    opened: dict[str, Clock] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    moved: dict[str, Clock] = field(default_factory=dict)
    spans_opened: dict[str, Clock] = field(default_factory=dict)
    spans_ended: dict[str, str] = field(default_factory=dict)
    spans_moved: dict[str, Clock] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)


def plan(taking: Taking) -> Plan:
    """Decides; writes nothing."""
    step, made = taking.step, Plan(Reckoning(taking))
    for kind in step.opens:
        if kind in taking.unowed:
            continue
        if not _asked_again(taking, kind) and (clock := made.reckoning.new(kind, taking.minutes.get(kind))):
            made.opened[kind] = clock
    made.ended = {kind: "done" for kind in step.discharges if kind in taking.open_duties}
    if step.cancels:
        made.ended = dict.fromkeys(taking.open_duties, "cancelled")
    made.ended.update(
        {kind: "replaced" for kind in made.opened if kind in taking.open_duties and kind not in made.ended}
    )
    for kind, duty in taking.open_duties.items():
        if kind not in made.ended and (clock := _moved(taking, made, kind, duty)):
            made.moved[kind] = clock
    _plan_spans(taking, made)
    return made


def _moved(taking: Taking, made: Plan, kind: str, duty: Duty) -> Clock | None:
    """A due time set by the step, though it opens nothing anew; else what levels and pauses say."""
    due = taking.due.get(kind, duty.due_at)
    stood, stands = duty.minutes is None and duty.paused_at is not None, kind in taking.stands
    runs_on = stood and "hold" in made.reckoning.ended
    if kind not in made.opened and (due != duty.due_at or stands or runs_on):
        declared = taking.procedure.duty[kind]
        clock = made.reckoning.fixed(
            duty.clock_from or duty.opened_at,
            due,
            Terms(declared.due_minutes, warn_share=declared.warn_share),
        )
        return replace(clock, paused=taking.now if stands else None, is_quiet=due == duty.due_at)
    return made.reckoning.again(kind, duty.clause, duty)


def _plan_spans(taking: Taking, made: Plan) -> None:
    reckoning = made.reckoning
    begun, ended = spans(reckoning.before, reckoning.after)
    made.spans_opened = {kind: clock for kind in begun if (clock := reckoning.new(kind))}
    touched = reckoning.begun or reckoning.ended or reckoning.changes_terms
    if taking.case.pk is None or not (ended or touched):
        return
    made.spans = {span.kind: span for span in _open_spans(taking.case.pk)}
    outcome = "cancelled" if taking.step.cancels else "done"
    made.spans_ended = {kind: outcome for kind in made.spans if kind in ended}
    for kind, span in made.spans.items():
        if kind not in ended and (clock := reckoning.again(kind, CLAUSE, span)):
            made.spans_moved[kind] = clock


@remembered
def _open_spans(case_id: int) -> QuerySet[Span]:
    return Span.objects.filter(case_id=case_id, outcome="open")


def _asked_again(taking: Taking, kind: str) -> bool:
    """Whether this is owed already and the step only asks for it once more: it stays due when it was.

    A step that moves the case, counts an attempt or names another time begins it anew.
    """
    step = taking.step
    is_new = step.to_stage or step.counts or kind in step.discharges or kind in taking.due
    return kind in taking.open_duties and not is_new


def write(taking: Taking, made: Plan) -> None:
    """Writes what `plan` planned."""
    now, left = taking.now, dict(taking.open_duties)
    made.reckoning.write_pauses()
    for kind, outcome in made.ended.items():
        ended = {"outcome": outcome, "ended_at": now, "ended_by_no": taking.entry_no}
        insertion.update(Duty, ended, pk=left.pop(kind).pk)
    for kind, clock in made.moved.items():
        insertion.update(Duty, clock.columns(), pk=left[kind].pk)
    for kind, staff_id in taking.reassign.items():
        left[kind].owner_id = staff_id
        left[kind].save(update_fields=["owner"])
    for kind, clock in made.opened.items():
        d = taking.procedure.duty[kind]
        insertion.insert(
            Duty(
                case=taking.case,
                kind=kind,
                clause=d.clause,
                party=d.party,
                owner_id=taking.owners.get(kind) or owner(taking, kind),
                station_id=taking.case.station_id,
                opened_at=now,
                opened_by_no=taking.entry_no,
                **clock.columns(),
            )
        )
    _write_spans(taking, made)


def _write_spans(taking: Taking, made: Plan) -> None:
    for kind, outcome in made.spans_ended.items():
        insertion.update(Span, {"outcome": outcome, "ended_at": taking.now}, pk=made.spans[kind].pk)
    for kind, clock in made.spans_moved.items():
        insertion.update(Span, clock.columns(), pk=made.spans[kind].pk)
    for kind, clock in made.spans_opened.items():
        span = Span(
            case=taking.case,
            kind=kind,
            opened_at=taking.now,
            opened_by_no=taking.entry_no,
            **clock.columns(),
        )
        insertion.insert(span)


def nearest(taking: Taking, made: Plan) -> tuple[dt.datetime | None, str]:
    """(due time, kind) of what is owed first after the step; (None, "") when nothing is."""
    left = {kind: d.due_at for kind, d in taking.open_duties.items() if kind not in made.ended}
    clocks = {kind: clock.due for kind, clock in {**made.moved, **made.opened}.items()}
    return min(((due, kind) for kind, due in {**left, **clocks}.items()), default=(None, ""))


def owner(taking: Taking, kind: str) -> int | None:
    """Whose a new duty is: the case's engineer, agent or account manager, else the whole team's."""
    party = taking.procedure.duty[kind].party
    column = {"engineer": "engineer_id", "agent": "owner_id"}.get(party)
    value: int | None = taking.changes.get(column, getattr(taking.case, column)) if column else None
    return value
