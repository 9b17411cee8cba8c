"""One engineer's day, timed: earliest starts, the best place for lunch, the latest useful departure.

Two clocks run along the route, one with lunch still to come and one with lunch behind; the better end is traced back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from baoxiu.dispatch.plan.model import FOREVER, STOCKROOM, Day, Engineer, Job, Visit

NONE: Mapping[str, int] = {}
NEVER = -FOREVER


@dataclass
class Stop:
    """A job, the stockroom, lunch or the way home, with its times once `run` is through."""

    name: str
    job: Job | None
    leg: int
    windows: tuple[tuple[int, int], ...] = ((0, FOREVER),)
    duration: int = 0
    arrival: int = 0
    start: int = 0


LUNCH, HOME = "@lunch", "@home"


@dataclass
class Timed:
    """A route with its times. `late`: job id -> seconds after its last window; `missed_lunch`: no time for it."""

    engineer: Engineer
    stops: list[Stop] = field(default_factory=list)
    departure: int = 0
    home: int = 0
    travel: int = 0
    late: dict[str, int] = field(default_factory=dict)
    missed_lunch: bool = False

    @property
    def working(self) -> int:
        return self.home - self.departure

    @property
    def overtime(self) -> int:
        return max(0, self.home - self.engineer.shift[1]) if self.stops else 0

    @property
    def lunch(self) -> tuple[int, int] | None:
        """Start and end of the break."""
        return next(((s.start, s.start + s.duration) for s in self.stops if s.name == LUNCH), None)

    def visits(self) -> list[Visit]:
        who = self.engineer.id
        return [
            Visit(s.name, who, s.arrival, s.start, s.start + s.duration, s.leg, self.late.get(s.name, 0))
            for s in self.stops
            if s.job
        ]


def service(job: Job, engineer: Engineer) -> int:
    """Seconds this engineer takes for the job."""
    return (job.duration * engineer.pace + 50) // 100


def next_start(arrival: int, windows: tuple[tuple[int, int], ...]) -> int | None:
    """Earliest start at or after the arrival; None when every window is over."""
    for opens, closes in windows:
        if arrival <= closes:
            return max(arrival, opens)
    return None


def run(
    day: Day,
    engineer: Engineer,
    route: tuple[str, ...],
    jobs: Mapping[str, Job],
    *,
    not_before: Mapping[str, int] = NONE,
) -> Timed:
    """Time a route. `not_before` (job id -> second) holds starts back that wait for a linked job."""
    timed = Timed(engineer, departure=engineer.shift[0], home=engineer.shift[0])
    if not route:
        return timed
    stops = legs(day, engineer, route, jobs)
    timed.travel = sum(s.leg for s in stops)
    timed.stops = _with_lunch(timed, stops, not_before)
    now = engineer.shift[0]
    for s in timed.stops:
        s.arrival = now + s.leg
        ready = max(s.arrival, not_before.get(s.name, 0))
        start = next_start(ready, s.windows)
        s.start = ready if start is None else start
        now = s.start + s.duration
        if start is None and s.job:
            timed.late[s.name] = s.start - s.windows[-1][1]
    timed.home = now
    timed.departure = _latest_departure(timed, not_before)
    return timed


def legs(day: Day, engineer: Engineer, route: tuple[str, ...], jobs: Mapping[str, Job]) -> list[Stop]:
    """The stops of a route, not yet timed, the way home last."""
    at, stops = engineer.start, []
    for name in route:
        if name == STOCKROOM:
            place = at if engineer.stockroom is None else engineer.stockroom
            stop = Stop(name, None, int(day.travel[at, place]), duration=engineer.stockroom_seconds)
        else:
            job, place = jobs[name], jobs[name].place
            stop = Stop(name, job, int(day.travel[at, place]), job.windows, service(job, engineer))
        stops.append(stop)
        at = place
    return [*stops, Stop(HOME, None, int(day.travel[at, engineer.end]))]


def _with_lunch(timed: Timed, stops: list[Stop], not_before: Mapping[str, int]) -> list[Stop]:
    """The stops with lunch where the day ends earliest; without when he starts after it or is home in time for it."""
    lunch = timed.engineer.lunch
    if lunch is None or timed.engineer.shift[0] > lunch.latest:
        return stops
    for strict in (True, False):
        before, after, taken = _clocks(timed.engineer, stops, not_before, strict=strict)
        if before[-1] <= lunch.latest:
            return stops
        if after[-1] < FOREVER:
            break
    else:
        timed.missed_lunch = True
        return stops
    place = max(i for i, how in enumerate(taken) if how)
    rest = Stop(LUNCH, None, 0, ((lunch.earliest, lunch.latest),), lunch.seconds)
    if taken[place] == 2:
        rest.leg, stops[place].leg = stops[place].leg, 0
    return [*stops[:place], rest, *stops[place:]]


def forward(engineer: Engineer, stops: list[Stop]) -> tuple[list[int], list[int]]:
    """Per gap the earliest he can leave the stop before it, with lunch to come and with lunch behind (or not due)."""
    before, after, _ = _clocks(engineer, stops, NONE, strict=True)
    return before[:-1], after[:-1]


def backward(engineer: Engineer, stops: list[Stop]) -> tuple[list[int], list[int]]:
    """Per gap the latest he may arrive at the stop after it so that the rest of the day holds, on both clocks."""
    limit, lunch = engineer.shift[1] + engineer.overtime, engineer.lunch
    last0, last1 = [], []
    leave0 = leave1 = limit
    for s in reversed(stops):
        is_home = s is stops[-1]
        arrive1 = _latest_start(leave1, s)
        arrive0 = NEVER
        if lunch:
            arrive0 = min(limit, lunch.latest) if is_home else _latest_start(leave0, s)
            if arrive1 - lunch.seconds >= lunch.earliest:
                arrive0 = max(arrive0, min(lunch.latest, arrive1 - lunch.seconds))
            leave0 = arrive0 - s.leg
            if arrive1 - s.leg - lunch.seconds >= lunch.earliest:
                leave0 = max(leave0, min(lunch.latest, arrive1 - s.leg - lunch.seconds))
        leave1 = arrive1 - s.leg
        last0.append(arrive0)
        last1.append(arrive1)
    return last0[::-1], last1[::-1]


def _latest_start(leave: int, stop: Stop) -> int:
    latest = leave - stop.duration
    return max((min(closes, latest) for opens, closes in stop.windows if opens <= latest), default=NEVER)


def _clocks(
    engineer: Engineer, stops: list[Stop], not_before: Mapping[str, int], *, strict: bool
) -> tuple[list[int], list[int], list[int]]:
    """Leaving times before each stop and at the end, with lunch to come and behind; how lunch was taken on each leg:
    0 not, 1 before leaving, 2 on arrival."""
    lunch, now = engineer.lunch, engineer.shift[0]
    due = lunch is not None and now <= lunch.latest
    before, after, taken = [now if due else FOREVER], [FOREVER if due else now], []
    for s in stops:
        eaten, how = FOREVER, 0
        if lunch and max(before[-1], lunch.earliest) <= lunch.latest:
            eaten, how = max(before[-1], lunch.earliest) + lunch.seconds + s.leg, 1
            if max(before[-1] + s.leg, lunch.earliest) <= lunch.latest:
                eaten, how = max(before[-1] + s.leg, lunch.earliest) + lunch.seconds, 2
        hold = not_before.get(s.name, 0)
        taken.append(how if eaten < after[-1] + s.leg else 0)
        after.append(_end(s, max(min(eaten, after[-1] + s.leg), hold), strict))
        before.append(_end(s, max(before[-1] + s.leg, hold), strict))
    return before, after, taken


def _end(stop: Stop, ready: int, strict: bool) -> int:
    if ready >= FOREVER:
        return FOREVER
    start = next_start(ready, stop.windows)
    if start is None:
        if strict:
            return FOREVER
        start = ready
    return start + stop.duration


def _latest_departure(timed: Timed, not_before: Mapping[str, int]) -> int:
    """The latest departure with which he comes home no later."""
    latest = timed.home
    for s in reversed(timed.stops):
        latest -= s.duration
        if s.name in not_before or s.name in timed.late:
            latest = s.start
        else:
            latest = max(
                (min(closes, latest) for opens, closes in s.windows if opens <= latest), default=s.start
            )
        latest -= s.leg
    return latest
