"""Cheapest insertion of one job into a plan, all engineers and gaps at once in numpy.

`Board` keeps, for every gap of every route, the earliest moment the engineer can leave the stop before it and the
latest moment he may arrive at the stop after it, both with lunch still to come and with lunch behind. Keep a board as
long as its plan is in force (it knows no versions); `replace` renews one route. Exact: `tests/dispatch` compares it
with trying every gap before the referee. A job that waits for a linked job is not held here: links need a solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from baoxiu.dispatch.plan import matrices, referee, schedule
from baoxiu.dispatch.plan.model import FOREVER, STOCKROOM, Day, Engineer, Job, Plan

NEVER = -FOREVER
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Option:
    """One way to insert a job: after `position` stops of the route, perhaps by way of the stockroom."""

    engineer: str
    position: int
    cost: int  # what the plan's cost rises by
    travel: int  # seconds on the road more
    start: int  # when the work would begin
    by_stockroom: bool = False

    def into(self, plan: Plan, job: str) -> Plan:
        """The plan with the job in this place."""
        stops = plan.routes.get(self.engineer, ())
        new = (STOCKROOM, job) if self.by_stockroom else (job,)
        return plan.with_route(self.engineer, (*stops[: self.position], *new, *stops[self.position :]))


@dataclass(frozen=True)
class Visitor:
    """A job's row and columns: `ok[e]`, `extra[e]`, seconds `to[p]` from place p to it and `back[p]` from it."""

    ok: NDArray[np.bool_]
    extra: Ints
    to: Ints
    back: Ints


class Board:
    """A plan ready for insertions: E engineers × G gaps, G the longest route + 1."""

    def __init__(self, m: matrices.Matrices, plan: Plan) -> None:
        self.m, self.day, self.plan = m, m.day, plan
        self.jobs: Mapping[str, Job] = {j.id: j for j in m.day.jobs}
        self._load()

    def replace(self, engineer: str, stops: tuple[str, ...]) -> None:
        """Put another route in force."""
        self.plan = self.plan.with_route(engineer, stops)
        if len(stops) + 1 > self.before.shape[1]:
            self._load()
            return
        e = self.m.engineer[engineer]
        self._fill(e, self.day.engineers[e], stops)

    def best(self, job: Job, *, top: int = 5, visitor: Visitor | None = None) -> list[Option]:
        """The cheapest place for the job at each of the `top` cheapest engineers, cheapest first.

        The job must not stand in the plan. One that is not of the day comes with its `visitor` row.
        """
        v = visitor or self._known(job)
        rows = np.flatnonzero(v.ok & self.has_room)
        if not len(rows):
            return []
        cost, fetched = self._all_gaps(job, v, rows)
        if self.exact:
            return self._searched(job, v, rows, cost, fetched, top)
        gap = cost.argmin(axis=1)
        total = cost[np.arange(len(rows)), gap] + v.extra[rows]
        found = []
        for i in np.lexsort((rows, total))[:top]:
            if total[i] < FOREVER:
                found += self._priced(job, v, int(rows[i]), [(int(gap[i]), bool(fetched[i, gap[i]]))])
        return found

    def _known(self, job: Job) -> Visitor:
        column, travel = self.m.job[job.id], self.day.travel
        return Visitor(self.m.ok[:, column], self.m.extra[:, column], travel[:, job.place], travel[job.place])

    def _all_gaps(self, job: Job, v: Visitor, rows: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """Cost without `extra` (FOREVER where it does not fit) and whether by the stockroom; engineers × gaps."""
        direct, via = self._goods(job, rows)
        cost = np.where(direct, self._price(job, rows, v), FOREVER)
        if not via.any():
            return cost, np.zeros(cost.shape, bool)
        fetched = np.where(via, self._price(job, rows, v, by_stockroom=True), FOREVER)
        return np.minimum(cost, fetched), fetched < cost

    def _searched(
        self, job: Job, v: Visitor, rows: Ints, cost: Ints, fetched: NDArray[np.bool_], top: int
    ) -> list[Option]:
        """With overtime or working time in the goals travel is only a lower bound: engineers in its order, until no
        better one can come."""
        bound = cost.min(axis=1) + v.extra[rows]
        found: list[Option] = []
        for i in np.lexsort((rows, bound)):
            if bound[i] >= FOREVER or (len(found) >= top and bound[i] >= found[top - 1].cost):
                break
            gaps = [(int(g), bool(fetched[i, g])) for g in np.flatnonzero(cost[i] < FOREVER)]
            options = self._priced(job, v, int(rows[i]), gaps)
            if options:
                found = sorted(
                    [*found, min(options, key=lambda o: (o.cost, o.position))], key=lambda o: o.cost
                )
        return found[:top]

    def _priced(self, job: Job, v: Visitor, e: int, gaps: list[tuple[int, bool]]) -> list[Option]:
        engineer = self.day.engineers[e]
        route = self.plan.routes.get(engineer.id, ())
        day, jobs, engineer = self._small_day(engineer, route, job, v)
        now, timed = _route_cost(day, engineer, route, jobs)
        options = []
        for gap, by_stockroom in gaps:
            option = Option(engineer.id, gap, 0, 0, 0, by_stockroom)
            price, then = _route_cost(day, engineer, option.into(self.plan, job.id).routes[engineer.id], jobs)
            if price < FOREVER:
                start = next(x.start for x in then.stops if x.name == job.id)
                total = price - now + int(v.extra[e])
                options.append(replace(option, cost=total, travel=then.travel - timed.travel, start=start))
        return options

    def _small_day(
        self, engineer: Engineer, route: tuple[str, ...], job: Job, v: Visitor
    ) -> tuple[Day, dict[str, Job], Engineer]:
        """The engineer's places alone, and the job's after them."""
        ids = [s for s in route if s != STOCKROOM]
        room = engineer.start if engineer.stockroom is None else engineer.stockroom
        places = [engineer.start, engineer.end, room, *(self.jobs[s].place for s in ids)]
        n = len(places)
        travel = np.zeros((n + 1, n + 1), np.int64)
        travel[:n, :n] = self.day.travel[np.ix_(places, places)]
        travel[:n, n], travel[n, :n] = v.to[places], v.back[places]
        jobs = {s: replace(self.jobs[s], place=i) for i, s in enumerate(ids, 3)} | {
            job.id: replace(job, place=n)
        }
        stockroom = None if engineer.stockroom is None else 2
        return replace(self.day, travel=travel), jobs, replace(engineer, start=0, end=1, stockroom=stockroom)

    # -- the arrays ------------------------------------------------------------------------

    def _load(self) -> None:
        self._room(max((len(stops) for stops in self.plan.routes.values()), default=0) + 4)
        for e, engineer in enumerate(self.day.engineers):
            self._fill(e, engineer, self.plan.routes.get(engineer.id, ()))

    def _room(self, gaps: int) -> None:
        shape = (len(self.day.engineers), gaps)
        self.before, self.after = np.zeros(shape, np.int64), np.zeros(shape, np.int64)  # places
        self.free0, self.free1 = np.full(shape, FOREVER), np.full(shape, FOREVER)
        self.last0, self.last1 = np.full(shape, NEVER), np.full(shape, NEVER)
        self.leg = np.zeros(shape, np.int64)
        self.fetched = np.zeros(shape, bool)  # the stockroom lies before the gap
        self.used = np.zeros((shape[0], self.m.van.shape[1]), np.int64)  # out of the van
        self.has_stockroom_stop = np.zeros(shape[0], bool)
        self.has_room = np.ones(shape[0], bool)
        lunch = [e.lunch for e in self.day.engineers]
        self.lunch = np.array(
            [(x.earliest, x.latest, x.seconds) if x else (0, NEVER, 0) for x in lunch], np.int64
        )
        self.lunch = self.lunch.reshape(-1, 3)
        self.pace = np.array([e.pace for e in self.day.engineers], np.int64)
        rooms = [-1 if e.stockroom is None else e.stockroom for e in self.day.engineers]
        self.stockroom = np.array(rooms, np.int64)
        self.stockroom_seconds = np.array([e.stockroom_seconds for e in self.day.engineers], np.int64)
        self.has_lunch = any(lunch)
        goals, engineers = self.day.goals, self.day.engineers
        self.exact = bool(
            goals.working
            or goals.moving
            or any(e.longest or (e.overtime and goals.overtime) for e in engineers)
        )

    def _fill(self, e: int, engineer: Engineer, stops: tuple[str, ...]) -> None:
        n = len(stops)
        legs = schedule.legs(self.day, engineer, stops, self.jobs)
        places = [engineer.start, *(self._place(engineer, s) for s in stops), engineer.end]
        for row in (self.free0, self.free1):
            row[e] = FOREVER
        for row in (self.last0, self.last1):
            row[e] = NEVER
        self.before[e, : n + 1], self.after[e, : n + 1] = places[:-1], places[1:]
        self.leg[e, : n + 1] = [s.leg if n else 0 for s in legs]  # an empty route goes nowhere
        self.free0[e, : n + 1], self.free1[e, : n + 1] = schedule.forward(engineer, legs)
        self.last0[e, : n + 1], self.last1[e, : n + 1] = schedule.backward(engineer, legs)
        at = stops.index(STOCKROOM) if STOCKROOM in stops else n
        self.has_stockroom_stop[e] = at < n
        self.fetched[e] = np.arange(self.fetched.shape[1]) > at
        columns = [self.m.job[s] for s in stops[:at]]
        self.used[e] = self.m.used[columns].sum(axis=0) if columns else 0
        jobs = n - (at < n)
        self.has_room[e] = not engineer.max_jobs or jobs < engineer.max_jobs

    def _place(self, engineer: Engineer, stop: str) -> int:
        if stop == STOCKROOM:
            return engineer.start if engineer.stockroom is None else engineer.stockroom
        return self.jobs[stop].place

    def _goods(self, job: Job, rows: Ints) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Per engineer and gap: may the job stand there as it is; may it with a stockroom visit just before."""
        tools = np.ones(len(rows), bool)
        if job.needs.tools:
            able = [self.day.engineers[e].abilities.tools for e in rows]
            tools = np.array([set(job.needs.tools) <= a for a in able], bool)
        parts = np.ones(len(rows), bool)
        if job.needs.parts:
            for i, e in enumerate(rows):
                van = dict(self.day.engineers[e].abilities.van)
                parts[i] = all(van.get(p, 0) - self._used(e, p) >= n for p, n in job.needs.parts)
        direct = (tools & parts)[:, None] | self.fetched[rows]
        via = (~direct) & ((self.stockroom[rows] >= 0) & ~self.has_stockroom_stop[rows])[:, None]
        return direct, via

    def _used(self, e: int, part: str) -> int:
        column = self.m.part.get(part)
        return 0 if column is None else int(self.used[e, column])

    # -- the kernel ------------------------------------------------------------------------

    def _price(self, job: Job, rows: Ints, v: Visitor, *, by_stockroom: bool = False) -> Ints:
        """Cost of the travel, FOREVER where it does not fit; rows × gaps."""
        before, after = self.before[rows], self.after[rows]
        free0, free1, there = self.free0[rows], self.free1[rows], v.to[before]
        detour = np.zeros((1, 1), np.int64)
        if by_stockroom:
            room = np.maximum(self.stockroom[rows], 0)[:, None]
            detour = self.day.travel[before, room]
            free0, free1 = self._step(free0, free1, detour, rows)
            wait = self.stockroom_seconds[rows][:, None]
            free0, free1, there = free0 + wait, free1 + wait, np.broadcast_to(v.to[room], before.shape)
        service = ((job.duration * self.pace[rows] + 50) // 100)[:, None]
        start0, start1 = (_next_start(t, job.windows) for t in self._step(free0, free1, there, rows))
        onward = v.back[after]
        home0, home1 = self._step(start0 + service, start1 + service, onward, rows)
        fits = (home0 <= self.last0[rows]) | (home1 <= self.last1[rows])
        travel = detour + there + onward - self.leg[rows]
        return np.where(fits, self.day.goals.travel * travel, FOREVER)

    def _step(self, free0: Ints, free1: Ints, leg: Ints, rows: Ints) -> tuple[Ints, Ints]:
        """Arrival over a leg on both clocks; lunch may be eaten before leaving or on arrival."""
        arrive0, arrive1 = free0 + leg, free1 + leg
        if not self.has_lunch:
            return arrive0, arrive1
        earliest, latest, seconds = (self.lunch[rows, i][:, None] for i in range(3))
        here, there = np.maximum(free0, earliest), np.maximum(arrive0, earliest)
        here = np.where(here <= latest, here + seconds + leg, FOREVER)
        there = np.where(there <= latest, there + seconds, FOREVER)
        return arrive0, np.minimum(arrive1, np.minimum(here, there))


def _next_start(arrival: Ints, windows: tuple[tuple[int, int], ...]) -> Ints:
    start = np.full(arrival.shape, FOREVER)
    for opens, closes in reversed(windows):
        start = np.where(arrival <= closes, np.maximum(arrival, opens), start)
    return start


def _route_cost(
    day: Day, engineer: Engineer, stops: tuple[str, ...], jobs: Mapping[str, Job]
) -> tuple[int, schedule.Timed]:
    """FOREVER when it does not fit."""
    goals, timed = day.goals, schedule.run(day, engineer, stops, jobs)
    too_late = timed.late or timed.missed_lunch or timed.home > engineer.shift[1] + engineer.overtime
    if too_late or (engineer.longest and timed.working > engineer.longest):
        return FOREVER, timed
    paid = goals.travel * timed.travel + goals.working * timed.working + goals.overtime * timed.overtime
    return paid + referee.moving_cost(day, timed), timed
