"""C4.3: a draft comes into force – judged again on the day as it is, every change through the gate, all or nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction

from baoxiu.cases import steps
from baoxiu.cases.models import Case
from baoxiu.cases.steps import Conflict, StepRefused
from baoxiu.dispatch import situation
from baoxiu.dispatch.models import Plan
from baoxiu.dispatch.operations.drafts import PLANNERS, Stale
from baoxiu.dispatch.plan.model import STOCKROOM
from baoxiu.dispatch.plan.referee import Verdict
from baoxiu.dispatch.records import PublishRecord
from baoxiu.dispatch.situation import Situation
from baoxiu.people.actors import Actor
from baoxiu.people.rules import Invalid, need
from baoxiu.sop import payloads
from baoxiu.sop.text import Text

REASON = "调度计划调整 · the day was planned anew"


class NotFeasible(Exception):
    """The referee found broken rules; `reasons` says which."""

    def __init__(self, reasons: list[Text]) -> None:
        super().__init__("; ".join(r.en for r in reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Published:
    plan: Plan
    assigned: int
    reassigned: int


def publish(date: dt.date, record: PublishRecord, *, by: Actor, now: dt.datetime) -> Published:
    """Raises Denied, Invalid (no draft), Stale (the day or the draft has moved on), NotFeasible."""
    need(by, *PLANNERS)
    with transaction.atomic():
        plan = Plan.objects.select_for_update().filter(date=date, status="draft").first()
        if plan is None:
            raise Invalid("", "There is no draft to publish.", "没有可发布的草案。")
        if plan.edits != record.edits:
            raise Stale
        day = situation.build(date, now=now)
        if day.version != plan.base or _moved_on(day, plan):
            raise Stale
        day = day.holding(plan.holds)
        wanted = day.known(plan.routes)
        verdict = day.check(wanted)
        if not verdict.ok:
            raise NotFeasible([v.text for v in verdict.violations[:10]])
        changes = {n: who for n, who in wanted.engineer_of().items() if day.orders[n].engineer != who}
        counts = [0, 0]
        for number, who in changes.items():
            try:
                counts[_give(day, number, int(who), record.reason, by=by, now=now)] += 1
            except Conflict:
                raise Stale from None
            except StepRefused as refused:
                raise NotFeasible([refused.reason]) from None
        _in_force(plan, day, verdict, now)
    return Published(plan, *counts)


def _moved_on(day: Situation, plan: Plan) -> list[str]:
    """Jobs that another engineer has begun, or that went to somebody else since the draft was made."""
    wrong = []
    for who, stops in plan.routes.items():
        for number in stops:
            order = day.orders.get(number)
            if (
                order
                and order.engineer != who
                and (order.begun or order.engineer != plan.seen.get(number, ""))
            ):
                wrong.append(number)
    return wrong


def _give(day: Situation, number: str, who: int, reason: str, *, by: Actor, now: dt.datetime) -> int:
    """0 for a job nobody had, 1 for one that changes hands. Raises StepRefused, Conflict."""
    order = day.orders[number]
    case = Case.objects.select_related("unit__model__skill", "site").get(pk=order.case_id)
    if order.engineer:
        again = payloads.Reassign(engineer=who, reason=reason or REASON)
        steps.take_step(case, "reassign", again, by=by, now=now, seen=order.seen)
        return 1
    steps.take_step(case, "assign", payloads.Assign(engineer=who), by=by, now=now, seen=order.seen)
    return 0


def _in_force(plan: Plan, day: Situation, verdict: Verdict, now: dt.datetime) -> None:
    plan.times = {v.job: [v.engineer, v.start, v.end] for v in verdict.visits.values()}
    plan.times |= {f"{STOCKROOM} {who}": [who, *at] for who, at in verdict.fetching.items()}
    plan.status, plan.version, plan.ended_at = "published", plan.base + 1, now
    plan.cost, plan.undo, plan.seen = asdict(verdict.cost), [], {}
    plan.save(update_fields=["times", "status", "version", "ended_at", "cost", "undo", "seen"])
