"""Small invented days, with every rule in them now and then."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from baoxiu.dispatch.plan.model import STOCKROOM, Day, Engineer, Goals, Job, Lunch, Plan
from baoxiu.sop.eligibility import Abilities, Needs

H = 3600


def random_day(seed: int, *, engineers: int = 3, jobs: int = 8, rich: bool = True) -> Day:
    """A day of a town 20 km across. `rich`: lunch, overtime, tools, parts, pace, limits, several windows."""
    r = np.random.default_rng(seed)
    n = engineers + jobs + 1  # the last place is the stockroom
    xy = r.uniform(0, 20, (n, 2))
    travel = np.rint(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) * 120 + 60).astype(np.int64)
    np.fill_diagonal(travel, 0)
    crew = tuple(_engineer(r, e, n - 1, rich) for e in range(engineers))
    todo = tuple(_job(r, j, engineers + j, engineers, rich) for j in range(jobs))
    goals = Goals(working=int(r.integers(2)) if rich else 0, overtime=3, stability=600)
    return Day(crew, todo, travel, goals=goals)


def _engineer(r: np.random.Generator, e: int, room: int, rich: bool) -> Engineer:
    start = int(r.integers(7, 10)) * H
    lunch = Lunch(11 * H, int(r.integers(12, 14)) * H, 2700) if rich and r.random() < 0.5 else None
    fetches = rich and r.random() < 0.6
    return Engineer(
        id=f"e{e}",
        start=e,
        end=e,
        shift=(start, start + 8 * H),
        abilities=Abilities(
            skills=tuple((f"s{s}", int(r.integers(1, 4))) for s in range(3) if r.random() < 0.8),
            tools=frozenset({"drill"} if r.random() < 0.5 else ()),
            van=(("belt", int(r.integers(0, 3))),),
            has_stockroom=fetches,
        ),
        lunch=lunch,
        overtime=int(r.choice([0, 0, H])) if rich else 0,
        pace=int(r.choice([100, 80, 125])) if rich else 100,
        max_jobs=int(r.choice([0, 0, 4])) if rich else 0,
        longest=int(r.choice([0, 0, 7 * H])) if rich else 0,
        stockroom=room if fetches else None,
        stockroom_seconds=300 if fetches else 0,
    )


def _job(r: np.random.Generator, j: int, place: int, engineers: int, rich: bool) -> Job:
    opens = int(r.integers(8, 15)) * H
    windows = ((opens, opens + int(r.integers(1, 5)) * H),)
    if rich and r.random() < 0.3:
        windows = ((8 * H, 9 * H), (11 * H, 12 * H), (15 * H, 16 * H))
    return Job(
        id=f"j{j}",
        place=place,
        duration=int(r.integers(900, 5400)),
        windows=windows,
        priority=int(r.integers(1, 5)),
        needs=Needs(
            skills=((f"s{int(r.integers(3))}", int(r.integers(1, 3))),),
            tools=("drill",) if rich and r.random() < 0.3 else (),
            parts=(("belt", 1),) if rich and r.random() < 0.4 else (),
        ),
        preferred=f"e{int(r.integers(engineers))}" if r.random() < 0.3 else "",
        never=frozenset({"e0"}) if r.random() < 0.1 else frozenset(),
    )


seeds = st.integers(0, 2**31)


def into_every_gap(plan: Plan, day: Day, job: str):
    """Every plan with the job at one place more, also by way of the stockroom right before it."""
    for engineer in day.engineers:
        route = plan.routes.get(engineer.id, ())
        for gap in range(len(route) + 1):
            yield engineer.id, plan.with_route(engineer.id, (*route[:gap], job, *route[gap:]))
            if engineer.stockroom is not None and STOCKROOM not in route:
                yield engineer.id, plan.with_route(engineer.id, (*route[:gap], STOCKROOM, job, *route[gap:]))
