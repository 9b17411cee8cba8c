"""C3.3: counting days as the Civil Code does (CN-DAY-001 … 007).

The day a period is counted from is not counted; its last day is in. Which days are working days is
a published table, year by year: a year that is not published is said (`MissingYear`), never guessed.
"""

from __future__ import annotations

import calendar
import datetime as dt
from functools import lru_cache
from typing import Protocol

DAY = dt.timedelta(1)


class MissingYear(LookupError):
    """The table of working days of that year has not been published. `args[0]` is the year."""


class WorkingDays(Protocol):
    """Days that are worked: weekdays without holidays, with make-up working days."""

    def first_working_day(self, day: dt.date) -> dt.date:
        """`day`, or the first one after it that is worked. Raises LookupError with the `year` that is not known."""


@lru_cache(16384)
def last_day(start: dt.date, months: int) -> dt.date:
    """CN-DAY-002 (Civil Code 202): the last day of `months` from `start`. Raises ValueError for negative months."""
    if months < 0:
        raise ValueError(f"a warranty period cannot be {months} months")
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > dt.MAXYEAR:
        return dt.date.max
    try:
        return dt.date(year, month + 1, start.day)
    except ValueError:
        return dt.date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def after(start: dt.date, days: int) -> dt.date:
    """CN-DAY-001 (Civil Code 201): the last day of `days` from `start`; 9999-12-31 where there are no more."""
    try:
        return start + dt.timedelta(days)
    except OverflowError:
        return dt.date.max


def roll(day: dt.date, table: WorkingDays) -> dt.date:
    """CN-DAY-003 (Civil Code 203): `day`, or the first working day after it. Raises MissingYear."""
    try:
        return table.first_working_day(day)
    except OverflowError:
        return dt.date.max
    except LookupError as error:
        raise MissingYear(getattr(error, "year", day.year)) from error


def working(start: dt.date, days: int, table: WorkingDays) -> dt.date:
    """CN-DAY-004: the last of `days` working days, the first being the one after `start`. Raises MissingYear."""
    day = start
    for _ in range(days):
        day = roll(day + DAY, table)
    return day


def more_than(start: dt.date, today: dt.date, days: int) -> bool:
    """CN-DAY-007: 超过N日 – more than `days` days have passed since `start`."""
    return (today - start).days > days


def begun(start: dt.datetime, end: dt.datetime) -> int:
    """CN-DAY-006 (Order 43, 40): days of a car's repair, each begun 24 hours a day."""
    return -((start - end) // dt.timedelta(hours=24))
