"""Working time on one core: a Chinese office with a lunch break, starts all over the published years."""

from __future__ import annotations

import datetime as dt
import random
import time

from baoxiu.lib.calendars import WorkingTime, weekdays
from baoxiu.lib.workdays import shipped

OPERATIONS = 200_000


def row() -> str:
    """One line: how many due times and how many measurements a second of processor time; the law is checked on the way."""
    week = weekdays(["09:00-12:00", "13:00-18:00"])
    office = WorkingTime.from_json({"zone": "Asia/Shanghai", "week": week}, shipped("CN"))
    pick = random.Random(1)
    first = dt.datetime(2018, 1, 2, tzinfo=dt.UTC)
    starts = [first + dt.timedelta(seconds=pick.randrange(8 * 365 * 86_400)) for _ in range(OPERATIONS)]
    began = time.process_time()
    office.add(starts[0], 1)
    laid = time.process_time()
    due = [office.add(start, 480) for start in starts]
    added = time.process_time()
    measured = {office.between(start, end) for start, end in zip(starts, due, strict=True)}
    ended = time.process_time()
    assert measured == {480}
    return (
        f"working time: {OPERATIONS / (added - laid):,.0f} due times/s, {OPERATIONS / (ended - added):,.0f} "
        f"measurements/s, nine years laid in {(laid - began) * 1000:.0f} ms"
    )
