"""Visits that stand alone: the annealed search over a whole day, from nothing or from the plan in force."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from baoxiu.dispatch.plan.engine import anneal, arrays, route
from baoxiu.dispatch.plan.engine import layout as at
from baoxiu.dispatch.plan.limit import Limit
from baoxiu.dispatch.plan.matrices import Matrices
from baoxiu.dispatch.plan.model import Plan

# temperatures, in units of what a planned visit costs on the road
HOT, COLD, WARM = 8.0, 0.08, 0.3
ROUSED = 250  # rounds per job that make a re-plan one unit hotter: the prices of change lead it back to the plan in force
SPEED = 35_000  # rounds a second, roughly
AVERAGE = 10.0  # visits taken out per round
CHUNK = 250  # rounds between looks at the clock
MIX = 0x9E3779B97F4A7C15


def solve(
    m: Matrices,
    limit: Limit,
    seed: int,
    start: Plan | None,
    progress: Callable[[float], None] | None = None,
    *,
    stage: tuple[float, float] | None = None,
) -> Plan:
    """Deterministic when the limit is in iterations. `stage`: the stretch of one long annealing, 0 to 1, done here."""
    if not m.day.jobs or not m.day.engineers:
        return Plan()
    began = time.perf_counter()
    d = arrays.flat_day(m)
    r = arrays.flat_routes(m, d, start or Plan())
    rng = np.array([(seed + 1) * MIX % 2**64], np.uint64)
    route.refresh_all(d, r)
    anneal.fill(d, r, rng)
    keep, best = r.copy(), r.copy()
    cost = np.array([anneal.total(d, r)], np.int64)
    unit = _unit(d, r)
    hot, cold = (HOT if stage else _heat(m, limit, start)) * unit, COLD * unit
    begin, end = stage or (0.0, 1.0)
    done, used = 0, 0.0
    while used < 1.0:
        heat = hot * (cold / hot) ** (begin + (end - begin) * used)
        anneal.run(d, r, keep, best, cost, rng, CHUNK, heat, heat, AVERAGE)
        done += CHUNK
        used = done / limit.iterations if limit.iterations else 0.0
        if limit.seconds is not None:
            used = max(used, (time.perf_counter() - began) / max(limit.seconds, 1e-9))
        if progress:
            progress(min(used, 1.0))
    return arrays.plan_of(m, d, best if end == 1.0 else r)


def _heat(m: Matrices, limit: Limit, start: Plan | None) -> float:
    """First temperature: from nothing, over seams of regions or settling, or – the longer, the hotter – from a plan in force."""
    goals = m.day.goals
    if start is None or bool(goals.stability) == goals.settling:
        return HOT if start is None else WARM
    return min(HOT, 1.0 + rounds(limit) / (ROUSED * len(m.day.jobs)))


def rounds(limit: Limit) -> float:
    """How many there will be, roughly."""
    return min(limit.iterations or 10**9, 10**9 if limit.seconds is None else limit.seconds * SPEED)


def _unit(d: arrays.Flat, r: arrays.Flat) -> float:
    """Mean cost on the road of a planned visit."""
    legs = visits = 0
    for e in range(int(d[at.ENGINEERS])):
        n = int(r[e * d[at.BLOCK] + at.SIZE])
        visits += n
        legs += sum(at.leg(d, at.before(d, r, e, g), at.after(d, r, e, g)) for g in range(n + 1)) if n else 0
    return max(1.0, float(d[at.TRAVEL] + d[at.WORKING]) * legs / max(1, visits))
