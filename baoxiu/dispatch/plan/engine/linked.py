"""Days with linked visits: two engineers at once, one after the other.

With delays at a price (home care) all visits are searched together. A usual day – hard windows, lunch, parts – has few
linked visits: they are planned first, fixed in time and engineer, then everything else is planned round them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from baoxiu.dispatch.plan import matrices, referee
from baoxiu.dispatch.plan.engine import arrays, single, sync
from baoxiu.dispatch.plan.limit import Limit
from baoxiu.dispatch.plan.matrices import Matrices
from baoxiu.dispatch.plan.model import Day, Job, Plan

FIRST = 0.3  # part of the limit for the linked visits alone
MOST = 5  # visits or pairs taken out per round, at most
HOT, COLD = 0.6, 0.006  # temperatures, in mean costs of a visit


def solve(
    m: Matrices,
    limit: Limit,
    seed: int,
    start: Plan | None,
    progress: Callable[[float], None] | None = None,
    *,
    stage: tuple[float, float] | None = None,
) -> Plan:
    """Deterministic when the limit is in iterations. A day with links is searched in one stage."""
    if m.day.goals.late:
        return together(m, limit.seconds, limit.iterations, seed, start, progress)
    began = time.perf_counter()
    share = None if limit.seconds is None else limit.seconds * FIRST
    fixed = _linked_first(m, share, limit.iterations, seed, start)
    day = _fix(m.day, fixed)
    rest = limit.after(time.perf_counter() - began)
    arrays_ = matrices.build(day)
    begin = fixed if start is None else _merged(m, arrays_, fixed, start)
    plan = single.solve(arrays_, rest, seed, begin, progress)
    return plan if referee.check(m.day, plan, m).ok else fixed


def together(
    m: Matrices,
    seconds: float | None,
    iterations: int | None,
    seed: int,
    start: Plan | None,
    progress: Callable[[float], None] | None = None,
) -> Plan:
    """All visits in one search that times the whole plan at every trial. No lunch, no parts, one window a visit."""
    began = time.perf_counter()
    d = arrays.flat_day(m)
    n, crew = len(m.day.jobs), len(m.day.engineers)
    seq, size, where = np.zeros((crew, n + 1), np.int64), np.zeros(crew, np.int64), np.full(n, -1, np.int64)
    for who, stops in (start or Plan()).routes.items():
        for stop in stops:
            sync.put(seq, size, where, m.engineer[who], m.job[stop], size[m.engineer[who]])
    link, price = _links(m), np.array([m.day.goals.late, m.day.goals.latest], np.int64)
    rng = np.array([(seed + 1) * single.MIX % 2**64], np.uint64)
    best_seq, best_size, cost = seq.copy(), size.copy(), np.full(1, 1 << 60, np.int64)
    search = (d, seq, size, where, link, price, rng)
    sync.run(*search, 1, 1.0, 1.0, 0, best_seq, best_size, cost)  # puts in what is left out
    unit = max(1.0, float(cost[0]) / max(1, int(best_size.sum())))
    done, used, chunk = 0, 0.0, 5
    while used < 1.0:
        heat = unit * HOT * (COLD / HOT) ** used
        sync.run(*search, chunk, heat, heat, MOST, best_seq, best_size, cost)
        done += chunk
        used = done / iterations if iterations else 0.0
        if seconds is not None:
            used = max(used, (time.perf_counter() - began) / max(seconds, 1e-9))
        if progress:
            progress(min(used, 1.0))
    jobs, crew_ = m.day.jobs, m.day.engineers
    return Plan(
        {
            e.id: tuple(jobs[j].id for j in best_seq[i, : best_size[i]])
            for i, e in enumerate(crew_)
            if best_size[i]
        }
    )


def _links(m: Matrices) -> arrays.Flat:
    """One link per job: a second one of the same job is left to the referee."""
    found = np.zeros((4, len(m.day.jobs)), np.int64)
    found[sync.PARTNER] = -1
    for x in m.day.links:
        a, b = m.job[x.first], m.job[x.second]
        if found[sync.PARTNER, a] < 0 and found[sync.PARTNER, b] < 0:
            found[:, a] = (b, 0, x.at_least, x.at_most)
            found[:, b] = (a, 1, x.at_least, x.at_most)
    return found


def _linked_first(
    m: Matrices, seconds: float | None, iterations: int | None, seed: int, start: Plan | None
) -> Plan:
    """The linked visits alone; pairs the referee will not have are left out."""
    jobs = tuple(replace(j, windows=(_widest(j),)) for j in m.day.jobs if j.id in m.linked)
    day = replace(m.day, jobs=jobs)
    plan = together(matrices.build(day), seconds, iterations, seed, None)
    while True:
        verdict = referee.check(m.day, plan, m)
        bad = {v.job for v in verdict.violations if v.job and v.code != "locked_missing"}
        bad |= {
            s
            for v in verdict.violations
            if v.engineer and not v.job
            for s in plan.routes.get(v.engineer, ())[-1:]
        }
        bad -= set(verdict.unserved)
        if not bad:
            return plan
        bad |= {other for job in bad for other in m.linked.get(job, ())}
        plan = Plan({e: tuple(s for s in stops if s not in bad) for e, stops in plan.routes.items()})


def _widest(job: Job) -> tuple[int, int]:
    return max(job.windows, key=lambda w: w[1] - w[0])


def _fix(day: Day, plan: Plan) -> Day:
    """Linked visits at their time with their engineer; those not planned are nobody's."""
    visits = referee.check(replace(day, jobs=tuple(day.jobs)), plan).visits
    linked = {x for link in day.links for x in (link.first, link.second)}
    jobs = []
    for job in day.jobs:
        visit = visits.get(job.id)
        if visit:
            job = replace(job, windows=((visit.start, visit.start),), locked=visit.engineer)
        elif job.id in linked:
            job = replace(job, never=frozenset(e.id for e in day.engineers))
        jobs.append(job)
    return replace(day, jobs=tuple(jobs), links=())


def _merged(m: Matrices, fixed_day: Matrices, fixed: Plan, start: Plan) -> Plan:
    """The plan in force with its linked visits where they are now, if that holds."""
    plan = Plan(
        {
            e.id: tuple(
                s
                for s in start.routes.get(e.id, ())
                if s not in m.linked or fixed.engineer_of().get(s) == e.id
            )
            for e in m.day.engineers
        }
    )
    whole = set(fixed.engineer_of()) <= set(plan.engineer_of())
    return plan if whole and referee.check(fixed_day.day, plan, fixed_day).ok else fixed
