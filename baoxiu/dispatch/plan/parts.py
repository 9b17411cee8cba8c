"""A large day in pieces: parts that share no engineer, and regions of those that are still too large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from baoxiu.dispatch.plan.matrices import Matrices
from baoxiu.dispatch.plan.model import FOREVER, STOCKROOM, Day, Plan

Ints = NDArray[np.int64]
CROWD = 300  # jobs searched in one piece; more in pieces of about 250 first
FIRM = 3  # how much dearer another engineer is in the quick answer to an event
MINUTES = 30  # so many minutes later than told weigh as much as another engineer there
LITTLE = 12  # part of the price of another engineer that a plan there is time for pays to keep one
GOLDEN = 2.39996  # radians between the cuts of one turn and of the next


def calm(day: Day) -> Day:
    """For the quick answer to an event: who has a job keeps it, about when it was told."""
    price = FIRM * day.goals.stability
    return replace(day, goals=replace(day.goals, stability=price, moving=price // MINUTES))


def thorough(day: Day) -> Day:
    """For a plan there is time for: a cheaper day first, then who had a job gets it back where that costs little."""
    price = -(-day.goals.stability // LITTLE)
    return replace(day, goals=replace(day.goals, stability=price, moving=0, settling=bool(price)))


def untold(day: Day) -> Day:
    """As if nobody had been told anything."""
    return replace(day, goals=replace(day.goals, stability=0, moving=0))


def told(day: Day) -> Day:
    """The day with all its legs worked out, unless it is searched in pieces that have their own."""
    if isinstance(day.travel, np.ndarray) or len(day.jobs) > CROWD:
        return day
    return replace(day, travel=day.travel.whole())


def islands(m: Matrices) -> list[Day]:
    """The day, or when it is large the parts of it that share no engineer."""
    if len(m.day.jobs) <= CROWD:
        return [m.day]
    return [piece_of(m.day, jobs, crew) for jobs, crew in _islands(m)]


def regions(m: Matrices) -> list[Day]:
    """An island, or when it is large its regions, engineers shared out between them."""
    jobs, crew = np.arange(len(m.day.jobs)), np.arange(len(m.day.engineers))
    if len(jobs) <= CROWD or not m.day.places:
        return [m.day]
    n = -(-len(jobs) * 6 // (CROWD * 5))
    return [piece_of(m.day, j, e) for j, e in _regions(m, jobs, crew, n)]


def regions_of(m: Matrices, plan: Plan, n: int, turn: int) -> list[Day]:
    """The island cut anew between its routes, across another direction every turn; what is left out goes where the
    nearest engineer is who may do it."""
    where, jobs = _flat(m.day), m.day.jobs
    route = [
        np.array([jobs[m.job[s]].place for s in plan.routes.get(e.id, ()) if s != STOCKROOM], np.int64)
        for e in m.day.engineers
    ]
    centre = np.array(
        [
            where[r].mean(axis=0) if len(r) else where[e.start]
            for r, e in zip(route, m.day.engineers, strict=True)
        ]
    )
    group = np.zeros(len(centre), np.int64)
    _cut(centre, np.array([len(r) + 0.1 for r in route]), np.arange(len(centre)), n, turn * GOLDEN, group, 0)
    owner = plan.engineer_of()
    at = np.zeros(len(jobs), np.int64)
    for j, job in enumerate(jobs):
        if job.id in owner:
            at[j] = group[m.engineer[owner[job.id]]]
        else:
            far = np.linalg.norm(centre - where[job.place], axis=1)
            at[j] = group[np.where(m.ok[:, j], far, np.inf).argmin()]
    return [
        piece_of(m.day, np.flatnonzero(at == k), np.flatnonzero(group == k))
        for k in range(n)
        if (at == k).any()
    ]


def _cut(
    spots: NDArray[np.float64],
    weight: NDArray[np.float64],
    rows: Ints,
    n: int,
    angle: float,
    group: Ints,
    first: int,
) -> None:
    """Number the rows `first` … `first + n - 1` by halves of equal weight, crosswise."""
    if n == 1:
        group[rows] = first
        return
    rows = rows[np.argsort(spots[rows] @ (np.cos(angle), np.sin(angle)), kind="stable")]
    sums = weight[rows].cumsum()
    at = int(np.searchsorted(sums, sums[-1] * (n // 2) / n)) if len(rows) else 0
    _cut(spots, weight, rows[:at], n // 2, angle + np.pi / 2, group, first)
    _cut(spots, weight, rows[at:], n - n // 2, angle + np.pi / 2, group, first + n // 2)


def _flat(day: Day) -> NDArray[np.float64]:
    """Places as points of a plane, degrees of latitude."""
    return np.array([(p.lat, p.lon * np.cos(np.radians(p.lat))) for p in day.places])


def _islands(m: Matrices) -> list[tuple[Ints, Ints]]:
    """Jobs and engineers joined by 'may do' or by links; engineers without a job are left out."""
    engineers, jobs = m.ok.shape
    label = np.full(jobs, -1)
    islands: list[tuple[Ints, Ints]] = []
    links = [[m.job[other] for other in m.linked.get(j.id, ())] for j in m.day.jobs]
    for first in range(jobs):
        if label[first] >= 0 or not m.ok[:, first].any():
            continue
        mine: NDArray[np.bool_] = np.zeros(jobs, bool)
        crew: NDArray[np.bool_] = np.zeros(engineers, bool)
        mine[first] = True
        while True:
            more = np.asarray(m.ok[:, mine].any(axis=1))
            wider = np.asarray(m.ok[more].any(axis=0) | mine)
            wider[[other for j in np.flatnonzero(wider) for other in links[j]]] = True
            if (wider == mine).all() and (more == crew).all():
                break
            mine, crew = wider, more
        label[mine] = len(islands)
        islands.append((np.flatnonzero(mine), np.flatnonzero(crew)))
    return islands


def _regions(m: Matrices, jobs: Ints, crew: Ints, n: int) -> list[tuple[Ints, Ints]]:
    """k-means over the jobs; each engineer goes where he is near and work is left; a job follows its engineers."""
    where = _flat(m.day)
    spots = where[[m.day.jobs[j].place for j in jobs]]
    centres, region = _k_means(spots, n)
    work = np.array([m.day.jobs[j].duration for j in jobs], float)
    need = np.bincount(region, work, minlength=n)
    need *= len(crew) / need.sum()
    homes = where[[m.day.engineers[e].start for e in crew]]
    far = np.linalg.norm(homes[:, None] - centres[None], axis=2)
    home = np.zeros(len(crew), np.int64)
    for e in np.argsort(far.min(axis=1)):
        home[e] = min(range(n), key=lambda k: (need[k] < 0.5, far[e, k]))
        need[home[e]] -= 1
    for i, j in enumerate(jobs):
        able = m.ok[crew, j]
        if not able[home == region[i]].any():
            distance = np.linalg.norm(homes - spots[i], axis=1)
            region[i] = home[np.where(able, distance, np.inf).argmin()]
    _together(m, jobs, region)
    return [(jobs[region == k], crew[home == k]) for k in range(n) if (region == k).any()]


def _together(m: Matrices, jobs: Ints, region: Ints) -> None:
    """Linked jobs into the region of the first."""
    index = {int(j): i for i, j in enumerate(jobs)}
    for link in m.day.links:
        a, b = index.get(m.job[link.first]), index.get(m.job[link.second])
        if a is not None and b is not None:
            region[b] = region[a]


def _k_means(spots: NDArray[np.float64], n: int) -> tuple[NDArray[np.float64], Ints]:
    """Deterministic: begins with the jobs farthest from one another."""
    centres = [spots.mean(axis=0)]
    while len(centres) <= n:
        gap = np.min([np.linalg.norm(spots - c, axis=1) for c in centres], axis=0)
        centres.append(spots[gap.argmax()])
    middle = np.array(centres[1:])
    for _ in range(30):
        region = np.linalg.norm(spots[:, None] - middle[None], axis=2).argmin(axis=1)
        middle = np.array(
            [spots[region == k].mean(axis=0) if (region == k).any() else middle[k] for k in range(n)]
        )
    return middle, region.astype(np.int64)


def around(m: Matrices, jobs: Sequence[str], most: int) -> list[str]:
    """Engineers who may do one of the jobs, those who start nearest to one first, at most so many."""
    columns = [m.job[j] for j in jobs]
    if not columns:
        return []
    homes = np.array([e.start for e in m.day.engineers])
    way = np.array([m.day.travel[homes, m.day.jobs[j].place] for j in columns], np.int64)
    near = np.where(m.ok[:, columns].T, way.reshape(-1, len(homes)), FOREVER).min(axis=0, initial=FOREVER)
    return [m.day.engineers[e].id for e in np.argsort(near, kind="stable")[:most] if near[e] < FOREVER]


def region_of(m: Matrices, plan: Plan, crew: Sequence[str]) -> Day:
    """These engineers with their routes, and with what nobody has and one of them may do."""
    owner, rows = plan.engineer_of(), sorted(m.engineer[e] for e in set(crew) & set(m.engineer))
    mine = set(crew)
    jobs = [
        i for i, j in enumerate(m.day.jobs) if (owner[j.id] in mine if j.id in owner else m.ok[rows, i].any())
    ]
    return piece_of(m.day, np.array(jobs, np.int64), np.array(rows, np.int64))


def piece_of(day: Day, jobs: Ints, crew: Ints) -> Day:
    """These jobs and engineers with their own small matrix."""
    todo, people = [day.jobs[j] for j in jobs], [day.engineers[e] for e in crew]
    rooms = [e.stockroom for e in people if e.stockroom is not None]
    used = sorted({*(j.place for j in todo), *(e.start for e in people), *(e.end for e in people), *rooms})
    row = {place: i for i, place in enumerate(used)}
    ids = {j.id for j in todo}
    return replace(
        day,
        jobs=tuple(replace(j, place=row[j.place]) for j in todo),
        engineers=tuple(
            replace(
                e,
                start=row[e.start],
                end=row[e.end],
                stockroom=None if e.stockroom is None else row[e.stockroom],
            )
            for e in people
        ),
        travel=day.travel[np.ix_(used, used)],
        places=tuple(day.places[p] for p in used) if day.places else (),
        links=tuple(x for x in day.links if x.first in ids and x.second in ids),
    )


def only(plan: Plan | None, piece: Day) -> Plan | None:
    """The part of a plan that lies in a piece."""
    if plan is None:
        return None
    jobs, crew = {j.id for j in piece.jobs}, {e.id for e in piece.engineers}
    kept = {
        who: tuple(s for s in stops if s in jobs or s == STOCKROOM)
        for who, stops in plan.routes.items()
        if who in crew
    }
    return Plan({who: stops for who, stops in kept.items() if set(stops) - {STOCKROOM}})
