"""C4.3: windows to offer a customer: the cheapest of the next days that some engineer can keep.

The days come from this process's memory (`kept`); only the case itself is read anew. What is chosen is judged again by
the gate when it is agreed and by the referee when the day is published.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from baoxiu.cases.models import Case
from baoxiu.dispatch import kept, loading, situation
from baoxiu.dispatch.models import Hold
from baoxiu.dispatch.plan import insertion, matrices, model
from baoxiu.dispatch.plan.insertion import Board, Option, Visitor
from baoxiu.dispatch.situation import Situation

HOURS, LENGTH = (8, 10, 12, 14, 16), 2 * 3600
OFFERED, DAYS, A_DAY = 5, 3, 2  # as long as other days have some, not more than two of one day
NOTICE = 3600  # seconds from now until a window may end
UNSEEN, OLDEST = dt.timedelta(seconds=20), dt.timedelta(minutes=5)
Busy = dict[str, list[tuple[dt.datetime, dt.datetime]]]  # engineer → windows held for others


@dataclass(frozen=True)
class Slot:
    """A window a customer may be offered, with who would come and when; `cost` in seconds of travel."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    engineer: str
    name: str
    arrival: dt.datetime
    cost: int


@dataclass(frozen=True)
class _Asked:
    """A case's job beside the day it might be done on."""

    day: Situation
    board: Board
    job: model.Job
    visitor: Visitor


def slots(case: Case, *, now: dt.datetime, days: int = DAYS, most: int = OFFERED) -> list[Slot]:
    """The cheapest windows of two hours in the next days, in time order; the engineer's own where the case has one.
    Nothing for a case that is not to be visited. For whoever may see the case."""
    busy = _held_for_others(case, now)
    found: list[tuple[int, Slot]] = []  # with its place among those of its day
    for ahead in range(days):
        date = situation.today(now) + dt.timedelta(days=ahead)
        day = kept.day(date, now=now, oldest=OLDEST, unseen=UNSEEN)
        found += enumerate(sorted(_of_day(day, case, busy, now), key=lambda s: s.cost))
    best = sorted(found, key=lambda s: (s[0] // A_DAY, s[1].cost, s[1].starts_at))[:most]
    return sorted((slot for _, slot in best), key=lambda s: s.starts_at)


def is_given_away(case: Case, starts_at: dt.datetime, ends_at: dt.datetime, *, now: dt.datetime) -> bool:
    """Somebody could come in the window, were it not for what others are promised or deciding on. Sure only while
    nobody else can promise one."""
    date = situation.today(starts_at)
    oldest = dt.timedelta(0) if case.engineer_id else OLDEST
    day, window = kept.day(date, now=now, oldest=oldest, unseen=UNSEEN), (starts_at, ends_at)
    asked, bare = _asked(day, case, now), _asked(day, case, now, promised=False)
    if asked is None or bare is None:
        return False
    return (
        _option(asked, *window, _held_for_others(case, now), now) is None
        and _option(bare, *window, {}, now) is not None
    )


def _of_day(found: kept.Kept, case: Case, busy: Busy, now: dt.datetime) -> list[Slot]:
    asked, day, offered = _asked(found, case, now), found.day, []
    if asked is None:
        return []
    start, at = situation.midnight(day.date), situation.seconds(now, day.date)
    for opens in (h * 3600 for h in HOURS):
        if opens + LENGTH <= at + NOTICE:
            continue
        moments = start + dt.timedelta(seconds=opens), start + dt.timedelta(seconds=opens + LENGTH)
        if o := _option(asked, *moments, busy, now):
            arrival = start + dt.timedelta(seconds=o.start)
            offered.append(Slot(*moments, o.engineer, day.names[o.engineer], arrival, o.cost))
    return offered


def _asked(found: kept.Kept, case: Case, now: dt.datetime, *, promised: bool = True) -> _Asked | None:
    """The case beside the day of those who may come; None: it is not to be visited then. `promised`: with what others
    are promised."""
    day = found.day
    if not day.day.engineers:
        return None
    order, job = situation.single(day, loading.one(day.rows, case.pk), now)
    if order is None or job is None or order.begun:
        return None
    job, visitor = replace(job, locked=""), _visitor(day, order, job)
    force = day.force if promised else _unpromised(day)
    if order.engineer:
        if order.engineer not in day.arrays.engineer:
            return None
        rows = slice(*_row(day, order.engineer))
        visitor = replace(visitor, ok=visitor.ok[rows], extra=visitor.extra[rows])
        return _Asked(day, _alone(day, force, order.engineer, job.id), job, visitor)
    if not promised:
        return _Asked(day, insertion.Board(day.arrays, force), job, visitor)
    board = found.once("offers", lambda: offers(day))
    if job.id in board.plan.engineer_of():
        board = offers(day, without=job.id)
    return _Asked(day, board, job, visitor)


def _unpromised(day: Situation) -> model.Plan:
    """The plan in force without what has a window."""
    free = {n for n, o in day.orders.items() if o.window is None}
    return model.Plan({who: tuple(s for s in stops if s in free) for who, stops in day.force.routes.items()})


def _option(
    asked: _Asked, opens: dt.datetime, closes: dt.datetime, busy: Busy, now: dt.datetime
) -> Option | None:
    """The cheapest way to come between two moments."""
    date = asked.day.date
    first = max(situation.seconds(opens, date), situation.seconds(now, date))
    windowed = replace(asked.job, windows=((first, situation.seconds(closes, date)),))
    for option in asked.board.best(windowed, top=len(busy) + 1, visitor=asked.visitor):
        if not any(a < closes and opens < b for a, b in busy.get(option.engineer, ())):
            return option
    return None


def offers(day: Situation, without: str = "") -> Board:
    """The plan in force, with a place kept for each visit that is promised and still nobody's."""
    board = insertion.Board(day.arrays, day.force)
    jobs = {j.id: j for j in day.day.jobs}
    waiting = [o for o in day.orders.values() if o.window and not o.engineer and o.number in jobs]
    for order in sorted(waiting, key=lambda o: (o.window, o.number)):
        if order.number != without and (options := board.best(jobs[order.number], top=1)):
            changed = options[0].into(board.plan, order.number)
            board.replace(options[0].engineer, changed.routes[options[0].engineer])
    return board


def _visitor(day: Situation, order: situation.Order, job: model.Job) -> Visitor:
    """The job's row and columns, whether or not the day knows it."""
    own = matrices.build(replace(day.day, jobs=(job,)))
    to, back = day.day.travel.visit(np.array([order.lat, order.lon]), order.area)  # type: ignore[attr-defined]
    return Visitor(own.ok[:, 0], own.extra[:, 0], to, back)


def _row(day: Situation, engineer: str) -> tuple[int, int]:
    e = day.arrays.engineer[engineer]
    return e, e + 1


def _alone(day: Situation, force: model.Plan, engineer: str, number: str) -> Board:
    """One engineer's day without the job."""
    rows, m = slice(*_row(day, engineer)), day.arrays
    day_ = replace(day.day, engineers=day.day.engineers[rows])
    one = replace(m, day=day_, ok=m.ok[rows], extra=m.extra[rows], fetch=m.fetch[rows], van=m.van[rows])
    stops = tuple(s for s in force.routes.get(engineer, ()) if s != number)
    return insertion.Board(one, model.Plan({engineer: stops}))


def _held_for_others(case: Case, now: dt.datetime) -> Busy:
    busy: Busy = {}
    holds = Hold.objects.filter(until__gt=now, ends_at__gt=now).exclude(case=case)
    for who, opens, closes in holds.values_list("engineer_id", "starts_at", "ends_at"):
        busy.setdefault(str(who), []).append((opens, closes))
    return busy
