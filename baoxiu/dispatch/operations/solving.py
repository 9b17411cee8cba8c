"""C4.3: asking the solver for a day. The request is a row; the background work only wakes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict

from django.conf import settings
from django.db import transaction

from baoxiu.dispatch import situation
from baoxiu.dispatch.models import Plan
from baoxiu.dispatch.operations.drafts import PLANNERS
from baoxiu.dispatch.operations.roads import ask_server
from baoxiu.dispatch.plan import matrices, parts, worker
from baoxiu.dispatch.plan.limit import Limit
from baoxiu.dispatch.plan.model import Plan as Routes
from baoxiu.dispatch.records import SolveRecord
from baoxiu.jobs import operations as jobs
from baoxiu.people.actors import Actor
from baoxiu.people.models import Territory
from baoxiu.people.rules import Invalid, need

JOB = "plan"


@transaction.atomic
def ask(date: dt.date, record: SolveRecord, *, by: Actor, now: dt.datetime, crew: Sequence[str] = ()) -> Plan:
    """A request for a plan, of the whole day or of some engineers; while one is under way that one is told; one given up is over.

    Raises Denied, Invalid (no such territory, nobody works there).
    """
    need(by, *PLANNERS)
    if record.territory is not None:
        crew = _crew(record.territory)
    waiting = Plan.objects.filter(date=date, status="asked").first()
    if waiting and jobs.is_waiting(JOB, str(waiting.pk)):
        return waiting
    if waiting:
        waiting.status, waiting.note, waiting.ended_at = "failed", "given up", now
        waiting.save(update_fields=["status", "note", "ended_at"])
    plan = Plan.objects.create(
        date=date, status="asked", seconds=record.seconds, crew=list(crew), by_id=by.staff_id, created_at=now
    )
    jobs.later(JOB, {"plan": plan.pk}, key=str(plan.pk), now=now)
    return plan


def _crew(territory: int) -> list[str]:
    found = Territory.objects.filter(pk=territory).first()
    if found is None:
        raise Invalid("territory", "Territory: there is none with this id.", "区域：没有这个区域。")
    crew = [str(pk) for pk in found.staff.order_by("pk").values_list("pk", flat=True)]
    if not crew:
        raise Invalid("territory", "Territory: no engineer works there.", "区域：没有工程师。")
    return crew


def solve(plan: int, *, by: Actor, now: dt.datetime) -> str:
    """Answers the request with a draft, which takes the place of the one there was; the search starts from it. What
    the referee does not accept is not kept. Raises worker.Failed (tried again, the plan in force stays)."""
    asked = Plan.objects.filter(pk=plan, status="asked").first()
    if asked is None:
        return "nothing to do"
    if settings.OSRM_URL:
        ask_server(*situation.roads_of(asked.date, now=now), by=by, now=now)
    day = situation.build(asked.date, now=now, whole=True)
    draft = day.rows.draft
    warm = day.known(draft.routes) if draft else day.force
    wanted = parts.calm(day.day) if asked.crew else parts.thorough(day.day)
    found = _search(matrices.build(wanted), warm, asked)
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


def _search(m: matrices.Matrices, warm: Routes, asked: Plan) -> Routes:
    """The day anew from the plan there is; with a crew, that region and everything else as it stands."""
    limit = Limit(seconds=float(asked.seconds))
    if not asked.crew:
        return worker.solve(m.day, limit=limit, start=warm)
    region = parts.region_of(m, warm, asked.crew)
    if not region.engineers or not region.jobs:
        return warm
    found = worker.solve(region, limit=limit, start=parts.only(warm, region))
    inside = {e.id for e in region.engineers}
    return Routes({who: t for who, t in warm.routes.items() if who not in inside} | dict(found.routes))
