"""Making a plan sound: out with what breaks a rule, in with what a search over parts has missed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from baoxiu.dispatch.plan import insertion, matrices, referee, schedule
from baoxiu.dispatch.plan.model import STOCKROOM, Engineer, Job, Plan, Visit

URGENT = 100_000  # price of leaving out from which one more try is made
MOST, NEAR = (
    100,
    60,
)  # jobs tried with ejection, dearest first; engineers asked (for priority 1 all), by their home


def finished(m: matrices.Matrices, plan: Plan) -> Plan:
    """The plan, mended where the referee objects, with one more try for what is dear and left out."""
    if not referee.check(m.day, plan, m).ok:
        plan = mended(m, plan)
    if all(m.penalty[m.job[j]] < URGENT for j in _missing(m, plan)):
        return plan
    fuller = filled(m, plan)  # knows nothing of links
    return fuller if referee.check(m.day, fuller, m).ok else plan


def worth(m: matrices.Matrices, plan: Plan) -> tuple[int, int]:
    """Of two plans the one with less of this is better: broken rules first, then cost."""
    verdict = referee.check(m.day, plan, m)
    return len(verdict.violations), verdict.cost.total


def _missing(m: matrices.Matrices, plan: Plan) -> list[str]:
    served = set(plan.engineer_of())
    return [j.id for j in m.day.jobs if j.id not in served and j.id not in m.linked]


def filled(m: matrices.Matrices, plan: Plan) -> Plan:
    """The plan with every job inserted that pays, then the dearest by ejecting one cheaper job each. Links are left."""
    board = insertion.Board(m, plan)
    missing = [m.day.jobs[m.job[j]] for j in _missing(m, plan)]
    missing.sort(key=lambda j: (-int(m.penalty[m.job[j.id]]), j.id))
    for job in list(missing):
        if _insert(m, board, job):
            missing.remove(job)
    for job in [j for j in missing if m.penalty[m.job[j.id]] >= URGENT][:MOST]:
        ejected = _eject(m, board, job)
        if ejected:
            _insert(m, board, ejected)
    return board.plan


def _insert(m: matrices.Matrices, board: insertion.Board, job: Job) -> bool:
    options = board.best(job, top=1)
    if not options or options[0].cost >= m.penalty[m.job[job.id]]:
        return False
    who = options[0].engineer
    board.replace(who, options[0].into(board.plan, job.id).routes[who])
    return True


def _eject(m: matrices.Matrices, board: insertion.Board, job: Job) -> Job | None:
    """Put the job in place of the cheapest job that lets it in; returns that one."""
    price = int(m.penalty[m.job[job.id]])
    best: tuple[int, str, tuple[str, ...], Job] | None = None
    able = np.flatnonzero(m.ok[:, m.job[job.id]])
    near = m.day.travel[[m.day.engineers[e].start for e in able], job.place]
    asked = len(able) if job.priority == 1 else NEAR
    for e in able[np.argsort(near, kind="stable")[:asked]]:
        engineer = m.day.engineers[e]
        route = board.plan.routes.get(engineer.id, ())
        now = _cost(m, engineer, route, board)
        for victim in route:
            if victim == STOCKROOM or victim in m.linked or m.penalty[m.job[victim]] >= price:
                continue
            rest = tuple(s for s in route if s != victim)
            for gap in range(len(rest) + 1):
                stops = (*rest[:gap], job.id, *rest[gap:])
                cost = _cost(m, engineer, stops, board)
                rise = None if cost is None or now is None else cost - now + int(m.penalty[m.job[victim]])
                if rise is not None and rise < price and (best is None or rise < best[0]):
                    best = (rise, engineer.id, stops, board.jobs[victim])
    if best is None:
        return None
    board.replace(best[1], best[2])
    return best[3]


def _cost(
    m: matrices.Matrices, engineer: Engineer, stops: tuple[str, ...], board: insertion.Board
) -> int | None:
    """Cost of a route, None when it breaks a rule."""
    broken, timed = referee.route_faults(m, engineer, stops, board.jobs)
    return None if broken else referee.route_cost(m, stops, timed)


def stocked(m: matrices.Matrices, plan: Plan) -> Plan:
    """The plan with every stockroom visit where it costs least, and none where the van has everything."""
    if not (m.used.any() or m.fetch.any()):
        return plan
    jobs = {j.id: j for j in m.day.jobs}
    return Plan(
        {who: _stocked(m, m.day.engineers[m.engineer[who]], t, jobs) for who, t in plan.routes.items()},
        plan.holds,
    )


def _stocked(
    m: matrices.Matrices, engineer: Engineer, stops: tuple[str, ...], jobs: Mapping[str, Job]
) -> tuple[str, ...]:
    bare = tuple(s for s in stops if s != STOCKROOM)
    short = referee.short_of(engineer, bare, jobs)
    if short is None or engineer.stockroom is None:
        return bare
    best: tuple[bool, int, tuple[str, ...]] | None = None
    for gap in range(short + 1):
        tried = (*bare[:gap], STOCKROOM, *bare[gap:])
        broken, timed = referee.route_faults(m, engineer, tried, jobs)
        price = (bool(broken), referee.route_cost(m, tried, timed), tried)
        best = price if best is None else min(best, price)
    return best[2] if best else bare


def mended(m: matrices.Matrices, plan: Plan) -> Plan:
    """The plan without what breaks a rule: strangers and second visits first, then jobs until every route holds."""
    seen: set[str] = set()
    kept: dict[str, tuple[str, ...]] = {}
    for who, stops in plan.routes.items():
        if who not in m.engineer:
            continue
        row = []
        for s in stops:
            if s == STOCKROOM or (s in m.job and s not in seen and m.ok[m.engineer[who], m.job[s]]):
                row.append(s)
                seen.add(s)
        kept[who] = tuple(row)
    while True:
        verdict = referee.check(m.day, Plan(kept), m)
        planned = {s for stops in kept.values() for s in stops}
        named = {v.job for v in verdict.violations if v.job}
        bad = (named | {other for job in named for other in m.linked.get(job, ())}) & planned
        short = {v.engineer for v in verdict.violations if v.engineer and not v.job}
        if not bad and not any(kept.get(e) for e in short):
            return Plan({e: stops for e, stops in kept.items() if stops})
        kept = {e: tuple(s for s in (t[:-1] if e in short else t) if s not in bad) for e, t in kept.items()}


def steady(m: matrices.Matrices, plan: Plan, told: Mapping[str, int]) -> Plan:
    """The plan with starts held back so that they lie near the times already told (job id -> second): per route the
    least sum of differences for its order. A route that would break a rule or cost overtime by it stays early.
    """
    jobs, before = {j.id: j for j in m.day.jobs}, referee.check(m.day, plan, m)
    holds: dict[str, int] = {}
    for who, timed in before.routes.items():
        engineer = replace(m.day.engineers[m.engineer[who]], overtime=timed.overtime)
        legs = schedule.legs(m.day, engineer, plan.routes[who], jobs)
        clocks = zip(*schedule.backward(engineer, legs), strict=True)
        last = [min((t for t in both if t >= 0), default=0) for both in clocks]
        holds |= _near_told(timed.visits(), legs, last, told)
    held = Plan(plan.routes, {**plan.holds, **holds})
    after = referee.check(m.day, held, m)
    if not before.ok or after.ok:
        return held if after.ok else plan
    bad = {v.engineer for v in after.violations}
    kept = {j: t for j, t in holds.items() if plan.engineer_of()[j] not in bad}
    milder = Plan(plan.routes, {**plan.holds, **kept})
    return milder if referee.check(m.day, milder, m).ok else plan


def _near_told(
    visits: list[Visit], legs: list[schedule.Stop], last: list[int], told: Mapping[str, int]
) -> dict[str, int]:
    """Starts of a route nearest to those told: isotonic regression of its starts less the work and ways before them,
    kept between the earliest and the latest start of each."""
    early = {v.job: v.start for v in visits}
    blocks: list[
        list[int]
    ] = []  # what was told of a run of visits that go without a pause, shifted; its median counts
    runs: list[list[tuple[str, int, int]]] = []  # their jobs, shifts and latest starts
    shift = 0
    for leg, latest in zip(legs, last, strict=True):
        shift += leg.leg
        if leg.name in early:
            blocks.append([told.get(leg.name, early[leg.name]) - shift])
            runs.append([(leg.name, shift, latest)])
            while len(blocks) > 1 and _median(blocks[-2]) > _median(blocks[-1]):
                blocks[-2:] = [sorted(blocks[-2] + blocks[-1])]
                runs[-2:] = [runs[-2] + runs[-1]]
        shift += leg.duration
    return {
        name: max(early[name], min(_median(block) + moved, latest))
        for block, run in zip(blocks, runs, strict=True)
        for name, moved, latest in run
    }


def _median(block: list[int]) -> int:
    return block[(len(block) - 1) // 2]
