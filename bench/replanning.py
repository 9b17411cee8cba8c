"""A day at 11:00: started jobs leave the model, one engineer falls ill, six emergencies arrive."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import mean

import numpy as np

from baoxiu.dispatch.plan import engine, matrices, parts, referee, solve
from baoxiu.dispatch.plan.limit import Limit
from baoxiu.dispatch.plan.model import Day, Engineer, Job, Plan
from baoxiu.dispatch.plan.repair import mended, steady

NOW, EMERGENCIES = 11 * 3600, 6
STABILITY = 1800  # price of another engineer
ROUNDS = 25_000  # of the first answer, two thirds of a second


def replanning(city: Callable[..., Day | None], done: Callable[[str], None]) -> Iterator[tuple[object, ...]]:
    """Per seed: the quick answer (warm, with a stability price), five seconds of polish, and a cold solve."""
    engine.load()
    for seed in (7, 8, 9):
        done(f"re-planning, seed {seed}")
        morning = city(seed)
        if morning is None:
            return
        plan = solve.solve(morning, limit=Limit(seconds=5))
        day, begin = at_eleven(morning, plan, seed)
        told = {j.id: j.told for j in day.jobs if j.told is not None}
        began = time.perf_counter()
        quick = solve.solve(parts.calm(day), limit=Limit(seconds=0.8, iterations=ROUNDS), start=begin)
        quick = steady(matrices.build(day), quick, told)
        took = time.perf_counter() - began
        polished = solve.solve(parts.thorough(day), limit=Limit(seconds=5), start=quick)
        polished = steady(matrices.build(day), polished, told)
        plain = replace(day, goals=replace(day.goals, stability=0))
        cold = solve.solve(plain, limit=Limit(seconds=5))
        costs = [referee.check(plain, p).cost.total / 1000 for p in (quick, polished, cold)]
        verdict = referee.check(day, quick)
        yield (
            seed,
            took,
            f"{_placed(day, quick)}, {_placed(day, cold)} of {EMERGENCIES}",
            *_changes(day, begin, quick),
            *_changes(day, begin, polished),
            *costs,
            (costs[1] / costs[2] - 1) * 100,
            len(verdict.violations),
        )


def _placed(day: Day, plan: Plan) -> int:
    """How many of the emergencies somebody goes to."""
    left = referee.check(day, plan).unserved
    return sum(j.id.startswith("x") and j.id not in left for j in day.jobs)


def _changes(day: Day, begin: Plan, plan: Plan) -> tuple[float, float]:
    """Of the jobs in both plans: per cent that keep their engineer, mean change of the start in minutes."""
    old, visits = begin.engineer_of(), referee.check(day, plan).visits
    both = [j for j in day.jobs if j.id in old and j.id in visits]
    kept = mean(visits[j.id].engineer == old[j.id] for j in both)
    return 100 * kept, mean(abs(visits[j.id].start - (j.told or 0)) for j in both) / 60


def at_eleven(morning: Day, plan: Plan, seed: int) -> tuple[Day, Plan]:
    """The rest of the day with its emergencies, and what is left of the plan."""
    r = np.random.default_rng(seed)
    timed = referee.check(morning, plan).routes
    ill = morning.engineers[0].id
    travel = morning.travel.copy()
    gone: set[str] = set()
    crew: list[Engineer] = []
    for e in morning.engineers:
        free, place = max(e.shift[0], NOW), e.start
        for v in timed[e.id].visits() if e.id in timed else []:
            if v.start - v.travel <= NOW:  # started or driven to
                gone.add(v.job)
                place = next(j.place for j in morning.jobs if j.id == v.job)
                free = max(NOW, v.end)
        if e.id != ill:
            crew.append(replace(e, start=place, shift=(free, e.shift[1])))
    owner = plan.engineer_of()
    jobs = [replace(j, planned="" if owner.get(j.id) == ill else owner.get(j.id, "")) for j in morning.jobs]
    rest = [j for j in jobs if j.id not in gone and j.windows[-1][1] >= NOW]
    models = r.choice(len(rest), EMERGENCIES, replace=False)
    urgent = [_emergency(rest[k], i) for i, k in enumerate(models)]
    day = replace(
        morning,
        engineers=tuple(crew),
        jobs=(*rest, *urgent),
        travel=travel,
        goals=replace(morning.goals, stability=STABILITY),
    )
    alive = {j.id for j in rest}
    begin = Plan({e.id: tuple(s for s in plan.routes.get(e.id, ()) if s in alive) for e in crew})
    begin = mended(matrices.build(day), begin)
    starts = {job: v.start for job, v in referee.check(day, begin).visits.items()}
    return replace(day, jobs=tuple(replace(j, told=starts.get(j.id)) for j in day.jobs)), begin


def _emergency(model: Job, i: int) -> Job:
    """Where another job is, of its kind, within two and a half hours."""
    window = ((NOW, NOW + 9000),)
    return replace(
        model,
        id=f"x{i}",
        priority=1,
        windows=window,
        preferred="",
        only=frozenset(),
        planned="",
        duration=2400,
    )
