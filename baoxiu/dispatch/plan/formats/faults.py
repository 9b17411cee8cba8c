"""What no day may have, whatever its format: two of one name, places that are not there, lengths nobody can add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from baoxiu.dispatch.plan.model import FOREVER, Day, Engineer, Job

MOST = FOREVER  # above every time; a thousand of them still fit into 64 bits


class Unsound(Exception):
    """The message names what and where."""


def apart(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Straight lines between all points."""
    with np.errstate(invalid="ignore"):
        lines: NDArray[np.float64] = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    return lines


def whole(lengths: NDArray[np.float64]) -> NDArray[np.int64]:
    """The lengths of a travel table as integers. Raises `Unsound` where one cannot be."""
    if not np.isfinite(lengths).all() or (np.abs(lengths) > MOST).any():
        raise Unsound("the travel table has a way that is no number or endless")
    return lengths.astype(np.int64)


def check(day: Day) -> None:
    """Raises `Unsound` for the first fault."""
    for fault in _faults(day):
        raise Unsound(fault)


def _faults(day: Day) -> Iterator[str]:
    rows, columns = day.travel.shape if day.travel.ndim == 2 else (0, 0)
    if rows != columns:
        yield f"the travel table has {rows} rows and {columns} columns"
    if day.travel.size and (day.travel.min() < 0 or day.travel.max() > MOST):
        yield "the travel table has a negative or an endless way"
    for kind, ids in (("engineer", [e.id for e in day.engineers]), ("job", [j.id for j in day.jobs])):
        name, times = next(iter(Counter(ids).most_common(1)), ("", 0))
        if times > 1:
            yield f"{times} {kind}s are called {name}"
    for job in day.jobs:
        yield from (f"job {job.id}: {fault}" for fault in _job(job, day, rows))
    for engineer in day.engineers:
        yield from (f"engineer {engineer.id}: {fault}" for fault in _engineer(engineer, rows))
    jobs = {j.id for j in day.jobs}
    for link in day.links:
        if link.first == link.second or not {link.first, link.second} <= jobs:
            yield f"link {link.first} – {link.second}: it must join two jobs of the day"
        if not -MOST <= link.at_least <= link.at_most <= MOST:
            yield f"link {link.first} – {link.second}: {link.at_least} to {link.at_most} s apart"
    if any(not 0 <= price <= MOST for price in day.goals.unserved.values()):
        yield "a price of leaving out is negative or endless"


def _job(job: Job, day: Day, places: int) -> Iterator[str]:
    if not 0 <= job.place < places:
        yield "its place is not in the travel table"
    if not 0 <= job.duration <= MOST:
        yield f"it takes {job.duration} s"
    if not job.windows or any(not -MOST <= a <= b <= 2 * MOST for a, b in job.windows):
        yield f"its windows {list(job.windows)} do not open before they close"
    if job.priority not in day.goals.unserved:
        yield f"no price for leaving out priority {job.priority}"
    if any(not 0 <= n <= MOST for _, n in job.needs.parts):
        yield "it uses a negative or endless number of parts"


def _engineer(engineer: Engineer, places: int) -> Iterator[str]:
    stops = [engineer.start, engineer.end, 0 if engineer.stockroom is None else engineer.stockroom]
    if not all(0 <= place < places for place in stops):
        yield "a place is not in the travel table"
    if not -MOST <= engineer.shift[0] <= engineer.shift[1] <= 2 * MOST:
        yield f"the shift {list(engineer.shift)} does not begin before it ends"
    if any(not 0 <= n <= MOST for _, n in engineer.abilities.van):
        yield "the van holds a negative or endless number of parts"
    amounts = (engineer.overtime, engineer.max_jobs, engineer.longest, engineer.stockroom_seconds)
    if not all(0 <= n <= MOST for n in (*amounts, engineer.pace)):
        yield "a negative or endless limit"
