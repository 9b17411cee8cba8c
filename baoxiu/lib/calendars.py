"""Working time: how far off a moment is when only working minutes count.

A calendar is a time zone, the periods of each weekday, and a table of holidays and make-up workdays. Its
periods are laid out once as instants (microseconds since 1970) with their running total; adding and measuring
are then two binary searches. Clocks that are put forward or back change how long a night is, not the law
`between(start, add(start, m)) == m`.

A boundary that falls into the hour that is skipped is the moment of the jump; one in the hour that comes twice
is its first pass. A period belongs to the day on which it begins.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, Protocol, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from baoxiu.lib.workdays import DayTable, YearNotPublished

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
MINUTE = 60_000_000  # in microseconds
DAY_MINUTES = 1440
MOST_YEARS = 100

Period = tuple[int, int]  # minutes from the midnight that begins the day; the end may lie in the next day
Day = tuple[Period, ...]


class OutOfRange(ValueError):
    """So far off no calendar is laid."""

    def __init__(self) -> None:
        super().__init__("this is centuries away")


class Calendar(Protocol):
    """Adds working minutes to an aware moment, and measures them."""

    def add(self, start: dt.datetime, minutes: float) -> dt.datetime: ...

    def between(self, start: dt.datetime, end: dt.datetime) -> float: ...


class Elapsed:
    """Round the clock, 24×7: every minute counts, also when clocks are put forward or back."""

    def add(self, start: dt.datetime, minutes: float) -> dt.datetime:
        try:
            return start.astimezone(dt.UTC) + dt.timedelta(minutes=minutes)
        except OverflowError:
            raise OutOfRange from None

    def between(self, start: dt.datetime, end: dt.datetime) -> float:
        return (end - start.astimezone(dt.UTC)) / dt.timedelta(minutes=1)


ROUND_THE_CLOCK = Elapsed()


def period(text: str) -> Period:
    """`"09:00-12:00"` → (540, 720); `"22:00-06:00"` goes over midnight; `"00:00-24:00"` is the whole day."""
    try:
        start, end = (_minute(part) for part in text.split("-"))
    except ValueError:
        raise ValueError(f"{text!r} is not a period such as 09:00-12:00") from None
    if start >= DAY_MINUTES or start == end:
        raise ValueError(f"{text!r} is not a period such as 09:00-12:00")
    return start, end if end > start else end + DAY_MINUTES


def _minute(text: str) -> int:
    hours, minutes = text.strip().split(":")
    at = int(hours) * 60 + int(minutes)
    if not (0 <= int(minutes) < 60 and 0 <= at <= DAY_MINUTES):
        raise ValueError(text)
    return at


def written(period: Period) -> str:
    """The text `period` reads."""
    start, end = period
    end -= DAY_MINUTES if end > DAY_MINUTES else 0
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"


@dataclass(frozen=True, slots=True)
class _Line:
    """The periods of consecutive years as instants. What lies outside [low, high] nobody knows."""

    first: int
    last: int
    low: int
    high: int
    starts: list[int]
    ends: list[int]
    before: list[int]  # worked before the period begins

    def position(self, at: int) -> int:
        """Microseconds worked from the line's beginning to `at`."""
        i = bisect_right(self.starts, at) - 1
        if i < 0:
            return 0
        end = self.ends[i]
        return self.before[i] + (at if at < end else end) - self.starts[i]

    def moment(self, worked: int) -> int | None:
        """The first instant by which `worked` > 0 microseconds are worked; None when it lies behind the end."""
        i = bisect_left(self.before, worked) - 1
        if i < 0:
            return None
        at = self.starts[i] + worked - self.before[i]
        return at if at <= self.ends[i] else None


@dataclass(frozen=True)
class WorkingTime:
    """A working calendar. `week`: seven days from Monday, each with its periods.

    `days`: a table whose holidays are free and whose make-up workdays are worked like `makeup`; None: every
    week is like the other. Raises ValueError for a calendar in which nobody ever works.
    """

    zone: str
    week: tuple[Day, ...]
    days: DayTable | None = None
    makeup: Day = ()

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise ValueError("a working calendar has seven days and at least one period")
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"there is no time zone {self.zone!r}") from None

    @classmethod
    def from_json(cls, raw: Mapping[str, Any], days: DayTable | None = None) -> Self:
        """`{"zone", "week": [["09:00-12:00", "13:00-18:00"], … 7], "makeup": ["09:00-18:00"]}`. Raises ValueError.

        Without `makeup` a make-up workday is worked like the first working day of the week.
        """
        week = tuple(tuple(sorted(map(period, day))) for day in raw["week"])
        makeup = tuple(sorted(map(period, raw.get("makeup") or ()))) or next(filter(None, week), ())
        return cls(raw["zone"], week, days, makeup)

    def add(self, start: dt.datetime, minutes: float) -> dt.datetime:
        """The first moment (UTC) by which `minutes` ≥ 0 are worked since `start` (aware); `start` itself for 0.

        A job that ends at closing time is due then, not the next morning. Raises YearNotPublished, OutOfRange.
        """
        wanted = round(minutes * MINUTE)
        if wanted < 0:
            raise ValueError("minutes to add are not negative")
        at = (start - EPOCH) // MICROSECOND
        if wanted:
            line = self._line(at)
            found = line.moment(line.position(at) + wanted)
            while found is None:
                line = self._longer(line, wanted)
                found = line.moment(line.position(at) + wanted)
            at = found
        return EPOCH + dt.timedelta(microseconds=at)

    def between(self, start: dt.datetime, end: dt.datetime) -> float:
        """Minutes worked from `start` to `end` (both aware); negative when `end` is earlier. Raises YearNotPublished."""
        a, b = (start - EPOCH) // MICROSECOND, (end - EPOCH) // MICROSECOND
        line = self._line(a)
        if not line.low <= b <= line.high:
            line = self._line(b, within=line)
        return (line.position(b) - line.position(a)) / MINUTE

    def periods(self, day: dt.date) -> Day:
        """What is worked on one day. Raises YearNotPublished."""
        if self.days is not None:
            if self.days.is_holiday(day):
                return ()
            if self.days.is_makeup(day):
                return self.makeup
        return self.week[day.weekday()]

    # -- the line of instants

    @cached_property
    def _lines(self) -> list[_Line]:
        return []

    @cached_property
    def _tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def _line(self, at: int, within: _Line | None = None) -> _Line:
        """The line that knows the instant `at` – and, with `within`, everything that line knows too."""
        for line in self._lines:
            if line.low <= at <= line.high and (within is None or line.first <= within.first <= line.last):
                return line
        try:
            year = (EPOCH + dt.timedelta(microseconds=at)).astimezone(self._tz).year
        except OverflowError:
            raise OutOfRange from None
        first, last = (year, year) if within is None else (min(year, within.first), max(year, within.last))
        line = self._lay(first, last, needed=last)
        if not line.low <= at <= line.high:  # the morning of 1 January: last night's shift is unknown
            raise YearNotPublished(self.days.code if self.days else self.zone, year - 1)
        return line

    def _longer(self, line: _Line, wanted: int) -> _Line:
        years = wanted // (DAY_MINUTES * MINUTE * 366) + (line.last - line.first) + 1
        return self._lay(line.first, line.last + min(years, MOST_YEARS), needed=line.last + 1)

    def _lay(self, first: int, last: int, needed: int) -> _Line:
        """Lays the years first … last; with a table, all that are published around `needed` and no others."""
        if self.days is None:
            first, last = first - 1, last + 1  # the night before the first morning counts as well
        else:
            for year in range(first, needed + 1):
                self.days.year(year)
            while first - 1 in self.days.years:
                first -= 1
            last = needed
            while last + 1 in self.days.years:
                last += 1
        if first <= EPOCH.year or last > 9900 or last - first > 2 * MOST_YEARS:
            raise OutOfRange
        line = self._laid(first, last)
        self._lines[:] = [old for old in self._lines if not first <= old.first <= last] + [line]
        return line

    def _laid(self, first: int, last: int) -> _Line:
        starts, ends = _merged(self._instants(first, last))
        lengths = [end - start for start, end in zip(starts, ends, strict=True)]
        over = max(end for day in (*self.week, self.makeup) for _, end in day) - DAY_MINUTES
        low = self._instant(dt.date(first, 1, 1), max(0, over))
        high = max(self._instant(dt.date(last + 1, 1, 1), 0), *ends[-1:])
        return _Line(first, last, low, high, starts, ends, list(accumulate(lengths, initial=0))[:-1])

    def _instants(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        day, end = dt.date(first, 1, 1), dt.date(last + 1, 1, 1)
        while day < end:
            for a, b in sorted(self.periods(day)):
                yield self._instant(day, a), self._instant(day, b)
            day += dt.timedelta(days=1)

    def _instant(self, day: dt.date, minute: int) -> int:
        """The instant at which the wall clock shows a minute of a day."""
        wall = dt.datetime.combine(day + dt.timedelta(days=minute // DAY_MINUTES), dt.time())
        wall = (wall + dt.timedelta(minutes=minute % DAY_MINUTES)).replace(tzinfo=self._tz)
        earlier, later = wall.utcoffset(), wall.replace(fold=1).utcoffset()
        at = (wall - EPOCH) // MICROSECOND
        if earlier is not None and later is not None and earlier < later:  # skipped: clocks were put forward
            return self._jump(at - (later - earlier) // MICROSECOND, at)
        return at

    def _jump(self, low: int, high: int) -> int:
        """The instant between two at which the offset changes."""

        def offset(at: int) -> dt.timedelta | None:
            return (EPOCH + dt.timedelta(microseconds=at)).astimezone(self._tz).utcoffset()

        before = offset(low)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == before else (low, middle)
        return high


def _merged(periods: Iterator[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Overlapping and touching periods made one; those a clock change has eaten are left out."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in periods:
        if start >= end:
            continue
        if ends and start <= ends[-1]:
            ends[-1] = max(end, ends[-1])
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends


def weekdays(hours: Sequence[str], free: Sequence[str] = ()) -> list[list[str]]:
    """A week for `from_json`: Monday to Friday with `hours`, the weekend with `free`."""
    return [list(hours)] * 5 + [list(free)] * 2
