"""The solver port: a day in, a plan the referee accepts out, in this process and thread.

`engine/` does the work: annealed ruin and recreate for visits that stand alone, another search for linked ones. A large
day falls into islands that share no engineer; a large island is searched by regions first, then as a whole.
`worker` does the same in processes of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from baoxiu.dispatch.plan import engine, matrices, parts
from baoxiu.dispatch.plan.limit import Limit
from baoxiu.dispatch.plan.model import Day, Plan
from baoxiu.dispatch.plan.repair import finished, mended, worth

Progress = Callable[[float], None]  # how much of the limit is used, 0 to 1
# a plan that settles is searched as if nothing were planned first, several times: part of the limit, whence it begins,
# whether it is pressed to serve what the best plan so far leaves out
SEARCHES = (
    (0.22, "plan", False),
    (0.20, "nothing", False),
    (0.12, "best", True),
    (0.10, "last", False),
    (0.12, "best", True),
    (0.11, "last", False),
)
FREE = sum(part for part, _, _ in SEARCHES)
PRESSED = 2  # times as dear is leaving out then
OTHER = 1_000  # between the seeds of these searches: several processes count theirs up from one
ENOUGH = 500  # rounds a job from which several searches find more than one
PASSES = 10  # times a large island is cut into regions, each time along other borders


def solve(
    day: Day, *, limit: Limit, seed: int = 1, start: Plan | None = None, progress: Progress | None = None
) -> Plan:
    """A plan without violations. The clock starts once the search is loaded.

    `start`: begin from this plan and stay near it; what in it breaks a rule is taken out first.
    """
    engine.load(linked=bool(day.links))
    began = time.perf_counter()
    m = matrices.build(parts.told(day))
    islands = parts.islands(m)
    begin = mended(m, start) if start is not None else None
    routes: dict[str, tuple[str, ...]] = {}
    done = 0
    for i, island in enumerate(islands):
        part = _share(limit, began, islands, i)
        arrays = m if island is m.day else matrices.build(island)
        tell = _scaled(progress, done / max(1, len(day.jobs)), len(island.jobs) / max(1, len(day.jobs)))
        routes |= _island(arrays, part, seed, parts.only(begin, island), tell).routes
        done += len(island.jobs)
    return finished(m, Plan(routes))


def _island(
    m: matrices.Matrices, limit: Limit, seed: int, start: Plan | None, progress: Progress | None
) -> Plan:
    """A large island region by region, and again in other regions, cooler each time: what a border kept apart meets."""
    regions = parts.regions(m) if start is None else [m.day]
    if len(regions) == 1:
        return search(m, limit, seed, start, progress)
    began = time.perf_counter()
    passes = 1 if m.day.links else PASSES
    plan = Plan()
    for turn in range(passes):
        if turn:
            regions = parts.regions_of(m, plan, len(regions), turn)
        left = limit.after(time.perf_counter() - began)
        part = Limit(left.share(1 / (passes - turn)).seconds, limit.share(1 / passes).iterations)
        stage = (turn / passes, (turn + 1) / passes)
        plan = _apart(plan, regions, part, seed + turn, stage)
        if progress:
            progress(stage[1])
    return mended(m, plan)


def _apart(plan: Plan, regions: list[Day], limit: Limit, seed: int, stage: tuple[float, float]) -> Plan:
    """Every region for itself, from its part of the plan."""
    began = time.perf_counter()
    routes: dict[str, tuple[str, ...]] = {}
    for i, region in enumerate(regions):
        m, share = matrices.build(region), _share(limit, began, regions, i)
        routes |= (
            engine.load(linked=bool(region.links))
            .solve(m, share, seed, parts.only(plan, region), stage=stage)
            .routes
        )
    return Plan(routes)


def search(
    m: matrices.Matrices, limit: Limit, seed: int, start: Plan | None, progress: Progress | None = None
) -> Plan:
    """One piece, one engine; never dearer than the plan it began with. From nothing, the referee has not looked yet."""
    found, part = engine.load(linked=bool(m.day.links)), limit
    if start is not None and m.day.goals.settling and not m.day.links:
        start, part = _free(m, limit, seed, start, progress), limit.share(1 - FREE)
        progress = _scaled(progress, FREE, 1 - FREE)
    plan: Plan = found.solve(m, part, seed, start, progress)
    if start is None:
        return plan
    plan = mended(m, plan)  # where lunch and the length of a day meet, the engine only estimates
    return min(plan, start, key=lambda p: worth(m, p))


def _free(m: matrices.Matrices, limit: Limit, seed: int, start: Plan, progress: Progress | None) -> Plan:
    """The best of searches that know of no price of another engineer. One long one ends, now and then, with a dear
    job left out for good; short ones from here and there, made to serve what the best leaves out, seldom all do."""
    day, best, last = m.day, start, start
    found, free = engine.load(), matrices.build(parts.untold(day))
    searches = SEARCHES if found.rounds(limit) >= ENOUGH * len(day.jobs) else ((FREE, "plan", False),)
    cheapest, used = worth(m, start), 0.0
    for i, (part, whence, pressed) in enumerate(searches):
        begin = {"plan": start, "nothing": None, "best": best, "last": last}[whence]
        tell = _scaled(progress, used, part)
        arrays = _pressed(free, best) if pressed else free
        last = mended(free, found.solve(arrays, limit.share(part), seed + i * OTHER, begin, tell))
        used += part
        if worth(m, last) <= cheapest:
            best, cheapest = last, worth(m, last)
    return best


def _pressed(m: matrices.Matrices, plan: Plan) -> matrices.Matrices:
    """Leaving out what the plan leaves out is dearer."""
    served = plan.engineer_of()
    times = np.array([1 if j.id in served else PRESSED for j in m.day.jobs], np.int64)
    return replace(m, penalty=m.penalty * times)


def _share(limit: Limit, began: float, pieces: list[Day], i: int) -> Limit:
    """What piece i may use: of the rounds by its jobs of all, of the time left by its jobs of those to come."""
    jobs = [max(1, len(p.jobs)) for p in pieces]
    left = limit.after(time.perf_counter() - began)
    rounds = None if limit.iterations is None else max(1, limit.iterations * jobs[i] // sum(jobs))
    seconds = None if left.seconds is None else left.seconds * jobs[i] / sum(jobs[i:])
    return Limit(seconds, rounds)


def _scaled(progress: Progress | None, begin: float, width: float) -> Progress | None:
    if progress is None:
        return None
    return lambda used: progress(begin + used * width)
