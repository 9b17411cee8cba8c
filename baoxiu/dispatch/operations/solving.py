"""C4.3: asking the solver for a day. The request is a row; the background work only wakes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace

from django.db import transaction

from baoxiu.dispatch import situation
from baoxiu.dispatch.models import Plan
from baoxiu.dispatch.operations.drafts import PLANNERS
from baoxiu.dispatch.plan import worker
from baoxiu.dispatch.plan.limit import Limit
from baoxiu.dispatch.records import SolveRecord
from baoxiu.jobs import operations as jobs
from baoxiu.people.actors import Actor
from baoxiu.people.rules import need

JOB = "plan"
A_MINUTE = 20  # so many minutes later than told weigh as much as another engineer


@transaction.atomic
def ask(date: dt.date, record: SolveRecord, *, by: Actor, now: dt.datetime) -> Plan:
    """A request for a plan; while one is under way that one is told. Raises Denied."""
    need(by, *PLANNERS)
    waiting = Plan.objects.filter(date=date, status="asked").first()
    if waiting:
        return waiting
    plan = Plan.objects.create(
        date=date, status="asked", seconds=record.seconds, by_id=by.staff_id, created_at=now
    )
    jobs.later(JOB, {"plan": plan.pk}, key=str(plan.pk), now=now)
    return plan


def solve(plan: int, *, by: Actor, now: dt.datetime) -> str:
    """Answers the request with a draft, which takes the place of the one there was; the search starts from it. What
    the referee does not accept is not kept. Raises worker.Failed (tried again, the plan in force stays)."""
    asked = Plan.objects.filter(pk=plan, status="asked").first()
    if asked is None:
        return "nothing to do"
    day = situation.build(asked.date, now=now, whole=True)
    draft = day.rows.draft
    warm = day.known(draft.routes) if draft else day.force
    calm = replace(day.day, goals=replace(day.day.goals, moving=day.day.goals.stability // A_MINUTE))
    found = worker.solve(calm, limit=Limit(seconds=float(asked.seconds)), start=warm)
    verdict = day.check(found)
    if not verdict.ok:
        note = "; ".join(v.text.en for v in verdict.violations[:5])
        Plan.objects.filter(pk=plan).update(status="failed", note=note[:300], ended_at=now)
        return f"refused by the referee: {note}"
    with transaction.atomic():
        Plan.objects.filter(date=asked.date, status="draft").update(status="discarded", ended_at=now, seen={})
        Plan.objects.filter(pk=plan, status="asked").update(
            status="draft", base=day.version, routes=situation.stored(found), holds=dict(day.holds), seen=day.owners,
            policy_id=day.rows.policy_id, cost=asdict(verdict.cost), ended_at=now,
        )  # fmt: skip
    return f"{verdict.served} jobs planned, {len(verdict.unserved)} left out"
