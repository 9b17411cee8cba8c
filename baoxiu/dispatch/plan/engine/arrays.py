"""A day and a plan as the flat arrays of `layout`, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from baoxiu.dispatch.plan.engine import layout as at
from baoxiu.dispatch.plan.matrices import Matrices
from baoxiu.dispatch.plan.model import STOCKROOM, Day, Engineer, Plan

Flat = NDArray[np.int64]
NEAR = 250  # neighbours kept per job


def flat_day(m: Matrices) -> Flat:
    """The day for the compiled code. Links are not in it."""
    day, goals = m.day, m.day.goals
    paces, pace = np.unique([e.pace for e in day.engineers], return_inverse=True)
    duration = np.array([j.duration for j in day.jobs], np.int64)
    service = (duration * paces[:, None].astype(np.int64) + 50) // 100
    able, ables = _able(m)
    jobs, crew, nears = _jobs(m, ables), _engineers(m, pace), _near(day)
    head = np.zeros(at.HEADER, np.int64)
    head[at.ENGINEERS], head[at.JOBS], head[at.PLACES] = len(crew), len(jobs), len(day.travel)
    head[at.PARTS], head[at.JOB_SIZE], head[at.ENGINEER_SIZE] = m.van.shape[1], jobs.shape[1], crew.shape[1]
    head[at.NEARS], head[at.ABLE_MOST] = nears.shape[1], able.shape[1]
    head[at.TRAVEL], head[at.WORKING], head[at.OVERTIME] = goals.travel, goals.working, goals.overtime
    head[at.MOVING] = goals.moving
    head[at.HAS_GOODS] = m.fetch.any() or m.used.any()
    head[at.HAS_OVERTIME] = any(e.overtime for e in day.engineers)
    head[at.HAS_LENGTH] = bool(goals.working) or any(e.longest for e in day.engineers)
    gaps = _longest_route(day, jobs, crew, service) + 3
    _block(head, gaps, m.van.shape[1])
    tables = {
        at.AT_TRAVEL: day.travel,
        at.AT_TO: day.travel.T,
        at.AT_JOBS: jobs,
        at.AT_ENGINEERS: crew,
        at.AT_PAIRS: np.where(m.ok, m.extra, -1),
        at.AT_FETCH: m.fetch,
        at.AT_SERVICE: service,
        at.AT_NEAR: nears,
        at.AT_ABLE: able,
    }
    offset = at.HEADER
    for slot, table in tables.items():
        head[slot] = offset
        offset += table.size
    return np.concatenate([head, *(np.ravel(t).astype(np.int64) for t in tables.values())])


def _block(head: Flat, gaps: int, parts: int) -> None:
    """Offsets of the fields in a route's block."""
    head[at.GAPS] = gaps
    offset = at.FIRST_FIELD
    wide = 3 if head[at.HAS_LENGTH] else 0
    fields = {
        at.SEQ: 1,
        at.FREE0: 1,
        at.FREE1: 1,
        at.LAST0: 1,
        at.LAST1: 1,
        at.SPOT: 1,
        at.LEGS: 1,
        at.HEAD: wide,
        at.TAIL: wide,
    }
    for slot, width in fields.items():
        head[slot] = offset
        offset += width * gaps
    head[at.CARRIED] = offset
    head[at.BLOCK] = offset + parts
    head[at.OWNERS] = head[at.BLOCK] * head[at.ENGINEERS]


def _jobs(m: Matrices, ables: Flat) -> Flat:
    jobs = m.day.jobs
    most = max(len(j.windows) for j in jobs)
    first_part = at.FIRST_WINDOW + 2 * most
    found = np.full((len(jobs), first_part + m.used.shape[1]), at.FOREVER, np.int64)
    for i, j in enumerate(jobs):
        found[i, : at.FIRST_WINDOW] = (
            j.place, m.penalty[i], ables[i], len(j.windows), first_part, at.FOREVER if j.told is None else j.told,
        )  # fmt: skip
        flat = [min(t, at.FOREVER) for window in j.windows for t in window]
        found[i, at.FIRST_WINDOW : at.FIRST_WINDOW + len(flat)] = flat
    found[:, first_part:] = m.used
    return found


def _engineers(m: Matrices, pace: Flat) -> Flat:
    found = np.zeros((len(m.day.engineers), at.VAN + m.van.shape[1]), np.int64)
    twins = _twins(m)
    for i, e in enumerate(m.day.engineers):
        lunch = (e.lunch.earliest, e.lunch.latest, e.lunch.seconds) if e.lunch else (0, -at.FOREVER, 0)
        limit, room = e.shift[1] + e.overtime, -1 if e.stockroom is None else e.stockroom
        found[i, : at.VAN] = (
            e.start, e.end, *e.shift, limit, *lunch, lunch[1] >= e.shift[0], room, e.stockroom_seconds,
            e.max_jobs or len(m.day.jobs), e.longest or at.FOREVER, pace.reshape(-1)[i], twins[i],
        )  # fmt: skip
    found[:, at.VAN :] = m.van
    return found


def _able(m: Matrices) -> tuple[Flat, Flat]:
    """Engineers of each job, those who start nearest first."""
    ables = m.ok.sum(axis=0).astype(np.int64)
    able = np.full((m.ok.shape[1], max(1, int(ables.max(initial=1)))), -1, np.int64)
    homes = [e.start for e in m.day.engineers]
    for j, job in enumerate(m.day.jobs):
        who = np.flatnonzero(m.ok[:, j])
        able[j, : ables[j]] = who[np.argsort(m.day.travel[homes, job.place][who], kind="stable")]
    return able, ables


def _twins(m: Matrices) -> list[int]:
    """Engineers nothing tells apart but their names: one empty route of them is enough to try."""
    seen: dict[Any, int] = {}
    return [
        seen.setdefault(
            (_habits(e), m.ok[i].tobytes(), m.extra[i].tobytes(), m.fetch[i].tobytes(), m.van[i].tobytes()),
            len(seen),
        )
        for i, e in enumerate(m.day.engineers)
    ]


def _habits(e: Engineer) -> tuple[Any, ...]:
    return e.start, e.end, e.shift, e.lunch, e.overtime, e.pace, e.max_jobs, e.longest, e.stockroom


def _near(day: Day) -> Flat:
    """Jobs by the way there and back, nearest first."""
    place = np.array([j.place for j in day.jobs])
    n = len(place)
    keep = min(n - 1, NEAR)
    found = np.zeros((n, max(keep, 1)), np.int64)
    for j in range(n):
        both = day.travel[place[j], place].astype(np.int64) + day.travel[place, place[j]]
        both[j] = at.FOREVER
        first = np.argpartition(both, keep - 1)[:keep] if keep else np.zeros(1, int)
        found[j] = first[np.argsort(both[first], kind="stable")]
    return found


def _longest_route(day: Day, jobs: Flat, crew: Flat, service: Flat) -> int:
    """How many jobs can fit into a shift at most."""
    places, n = jobs[:, at.PLACE], len(jobs)
    way = day.travel[:, places].astype(np.int64)
    way[places, np.arange(n)] = (
        at.FOREVER
    )  # standing there does not count, another job at the same place does
    alone = np.bincount(places, minlength=len(day.travel))[places] == 1
    least = np.where(alone, way.min(axis=0), 0)
    need = np.sort(service.min(axis=0) + least).cumsum()
    room = int((crew[:, at.LIMIT] - crew[:, at.SHIFT0]).max())
    return int(min(n, np.searchsorted(need, room, side="right") + 1, crew[:, at.MAX_JOBS].max()))


def flat_routes(m: Matrices, d: Flat, plan: Plan) -> Flat:
    """The plan as routes; `route.refresh_all` renews the clocks. Raises ValueError for a route that cannot be."""
    r = np.zeros(int(d[at.OWNERS] + d[at.JOBS]), np.int64)
    r[d[at.OWNERS] :] = -1
    for who, stops in plan.routes.items():
        e = m.engineer[who]
        row = [-1 if s == STOCKROOM else m.job[s] for s in stops]
        if len(row) > d[at.GAPS] - 2:
            raise ValueError(f"{who}: {len(row)} stops do not fit into a shift")
        base = int(e * d[at.BLOCK])
        r[base + at.SIZE] = len(row)
        r[base + d[at.SEQ] : base + d[at.SEQ] + len(row)] = row
        for j in row:
            if j >= 0:
                r[d[at.OWNERS] + j] = e
    return r


def plan_of(m: Matrices, d: Flat, r: Flat) -> Plan:
    jobs, routes = m.day.jobs, {}
    for e, engineer in enumerate(m.day.engineers):
        base = int(e * d[at.BLOCK])
        row = r[base + d[at.SEQ] : base + d[at.SEQ] + r[base + at.SIZE]]
        if len(row):
            routes[engineer.id] = tuple(STOCKROOM if x < 0 else jobs[x].id for x in row)
    return Plan(routes)
