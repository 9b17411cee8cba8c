"""C4.3: the draft of a day: begun from the plan in force, changed by hand, each change can be taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from baoxiu.dispatch import moving, situation
from baoxiu.dispatch.models import Override, Plan
from baoxiu.dispatch.moving import Moved
from baoxiu.dispatch.plan.model import Plan as Routes
from baoxiu.dispatch.records import MoveRecord
from baoxiu.dispatch.situation import Situation
from baoxiu.people.actors import Actor
from baoxiu.people.rules import Invalid, need

PLANNERS = ("dispatcher", "manager")
UNDO_STEPS = 30


class Stale(Exception):
    """Somebody else has changed the draft, or the day has moved on; nothing was changed."""


def draft_of(date: dt.date, *, by: Actor, now: dt.datetime) -> Plan:
    """The open draft, or a new one from the plan in force. Raises Denied, Stale."""
    need(by, *PLANNERS)
    found = Plan.objects.filter(date=date, status="draft").first()
    return found or begin(situation.build(date, now=now), by=by, now=now)


def begin(
    day: Situation, *, by: Actor, now: dt.datetime, routes: Routes | None = None, note: str = ""
) -> Plan:
    """A new draft. Raises Stale when there is one already."""
    plan = day.force if routes is None else routes
    try:
        with transaction.atomic():
            return Plan.objects.create(
                date=day.date, status="draft", base=day.version, routes=situation.stored(plan), holds=dict(day.holds),
                seen=day.owners, policy_id=day.rows.policy_id, by_id=by.staff_id, created_at=now, note=note,
            )  # fmt: skip
    except IntegrityError:
        raise Stale from None


def _put(plan: Plan, routes: Any, holds: Any, *, edits: int | None, keep: bool = True, **more: Any) -> Plan:
    """Guarded by the edits seen. `keep`: the state before can be brought back. Raises Stale."""
    if edits is not None and edits != plan.edits:
        raise Stale
    undo = [*plan.undo, [plan.routes, plan.holds]][-UNDO_STEPS:] if keep else plan.undo[:-1]
    new = {"routes": routes, "holds": holds, "undo": undo, "edits": plan.edits + 1, **more}
    if Plan.objects.filter(pk=plan.pk, status="draft", edits=plan.edits).update(**new) != 1:
        raise Stale
    for name, value in new.items():
        setattr(plan, name, value)
    return plan


def move(date: dt.date, record: MoveRecord, *, by: Actor, now: dt.datetime) -> tuple[Plan, Moved]:
    """One job to another engineer, to another time, or out of the plan; a reason given is put on record.

    The draft may break rules – it is shown where – but is not published so. Raises Denied, Invalid, Stale.
    """
    need(by, *PLANNERS)
    day = situation.build(date, now=now)
    draft = day.rows.draft or begin(day, by=by, now=now)
    day = day.holding(draft.holds)
    moved = moving.judge(day, day.known(draft.routes), record)
    full = Plan.objects.get(pk=draft.pk)
    changed = _put(full, situation.stored(moved.plan), dict(moved.holds), edits=record.edits)
    if record.reason and record.engineer:
        order = day.orders[record.number]
        Override.objects.create(
            case_id=order.case_id, engineer_id=record.engineer, reason=record.reason, by_id=by.staff_id, at=now,
            instead_of_id=int(moved.best.engineer) if moved.best else None,
            price=moved.dearer,
        )  # fmt: skip
    return changed, moved


def back(date: dt.date, *, edits: int, by: Actor, now: dt.datetime) -> Plan:
    """Takes the last change back. Raises Denied, Invalid (nothing to take back), Stale."""
    need(by, *PLANNERS)
    draft = Plan.objects.filter(date=date, status="draft").first()
    if draft is None or not draft.undo:
        raise Invalid("", "There is nothing to take back.", "没有可撤销的改动。")
    routes, holds = draft.undo[-1]
    return _put(draft, routes, holds, edits=edits, keep=False)


def discard(date: dt.date, *, by: Actor, now: dt.datetime) -> bool:
    """The plan in force stays; False when there was no draft. Raises Denied."""
    need(by, *PLANNERS)
    drafts = Plan.objects.filter(date=date, status="draft")
    return bool(drafts.update(status="discarded", ended_at=now, undo=[], seen={}))
