"""C4.3: what it would mean to give a job to somebody, told in milliseconds: rules broken, cost, the better place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from baoxiu.dispatch.crew import minutes
from baoxiu.dispatch.plan import insertion, referee, repair
from baoxiu.dispatch.plan.insertion import Option
from baoxiu.dispatch.plan.model import Plan
from baoxiu.dispatch.records import MoveRecord
from baoxiu.dispatch.situation import Situation
from baoxiu.people.rules import Invalid


@dataclass(frozen=True)
class Moved:
    """`cost` and `travel`: seconds more than before. `best`: the cheapest place there is for the job."""

    plan: Plan
    holds: Mapping[str, int]
    violations: tuple[referee.Violation, ...]
    cost: int
    travel: int
    start: int | None
    end: int | None
    best: Option | None
    dearer: int  # seconds than the best place; 0 where there is none

    @property
    def ok(self) -> bool:
        return not self.violations


def judge(day: Situation, plan: Plan, record: MoveRecord) -> Moved:
    """The plan with the move made. `day` holds the draft's holds. Raises Invalid."""
    number, who = record.number, str(record.engineer or "")
    job = next((j for j in day.day.jobs if j.id == number), None)
    if job is None:
        raise Invalid(
            "number", "Job: it is not of this day, or it has begun.", "工单：不属于当天，或已开始。"
        )
    if who and who not in {e.id for e in day.day.engineers}:
        raise Invalid("engineer", "Engineer: not on duty on this day.", "工程师：当天不在岗。")
    holds = {k: v for k, v in day.holds.items() if k != number}
    if who and record.start:
        holds[number] = minutes(record.start) * 60
    without, before = taken_out(plan, number), plan.engineer_of().get(number, "")
    after_day = day.holding(holds)
    after = repair.stocked(day.arrays, _put_in(after_day, without, number, who) if who else without)
    touched = {who, before} - {""}
    then, now = _verdict(after_day, after, touched), _verdict(day, plan, touched)
    visit = then.visits.get(number)
    best = next(iter(options(after_day, without, number, top=1)), None)
    dearer = 0
    if best and who:
        left_out = _verdict(after_day, without, touched).cost
        penalty = int(day.arrays.penalty[day.arrays.job[number]])
        dearer = max(0, then.cost.total - (left_out.total - penalty) - best.cost)
    return Moved(
        plan=after, holds=holds, cost=then.cost.total - now.cost.total, travel=then.travel - now.travel,
        violations=tuple(v for v in then.violations if v.engineer in touched or (v.job == number and who)),
        start=visit.start if visit else None, end=visit.end if visit else None, best=best, dearer=dearer,
    )  # fmt: skip


def _verdict(day: Situation, plan: Plan, touched: set[str]) -> referee.Verdict:
    """Only these engineers' routes: the rest is the same before and after."""
    return day.check(Plan({who: stops for who, stops in plan.routes.items() if who in touched}))


def taken_out(plan: Plan, number: str) -> Plan:
    return Plan({who: tuple(s for s in stops if s != number) for who, stops in plan.routes.items()})


def _put_in(day: Situation, plan: Plan, number: str, who: str) -> Plan:
    """By its time where one was given, else where the engineer's route grows least; at the end where nothing fits."""
    stops = plan.routes.get(who, ())
    hold = day.holds.get(number)
    if hold is None:
        mine = [o for o in options(day, plan, number, top=len(day.day.engineers)) if o.engineer == who]
        if mine:
            return mine[0].into(plan, number)
    visits = day.check(Plan({who: stops})).visits
    if hold is None:
        hold = next(j.windows[0][0] for j in day.day.jobs if j.id == number)
    position = sum(1 for s in stops if s in visits and visits[s].start < hold)
    return plan.with_route(who, (*stops[:position], number, *stops[position:]))


def options(day: Situation, plan: Plan, number: str, *, top: int = 5) -> list[Option]:
    """The cheapest places for a job that is not in the plan."""
    job = next(j for j in day.day.jobs if j.id == number)
    return insertion.Board(day.arrays, plan).best(job, top=top)
