"""Which days are worked: a yearly table of holidays and make-up workdays (调休), which is data.

A year that nobody has published yet is refused, never guessed: the notice comes once a year and moves weekends about.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

SATURDAY = 5
SHIPPED = ("CN",)


class YearNotPublished(LookupError):
    """The day table `table` says nothing about `year` (yet)."""

    def __init__(self, table: str, year: int) -> None:
        super().__init__(f"the table of working days “{table}” has no year {year}")
        self.table, self.year = table, year


@dataclass(frozen=True, slots=True)
class Year:
    """One published year: what differs from Monday to Friday worked, Saturday and Sunday free."""

    holidays: frozenset[dt.date]
    workdays: frozenset[dt.date]  # weekend days that are worked in exchange

    def __post_init__(self) -> None:
        if both := self.holidays & self.workdays:
            raise ValueError(f"{min(both)} is both a holiday and a workday")

    @classmethod
    def of(cls, year: int, holidays: Iterable[str], workdays: Iterable[str]) -> Self:
        """From days as "MM-DD". Raises ValueError for a day the year has not, or one named as both."""
        return cls(*(frozenset(_date(year, day) for day in days) for days in (holidays, workdays)))

    def to_json(self) -> dict[str, list[str]]:
        return {
            name: [f"{day:%m-%d}" for day in sorted(days)]
            for name, days in (("holidays", self.holidays), ("workdays", self.workdays))
        }


@dataclass(frozen=True, slots=True)
class DayTable:
    """The published years of one country, province or company."""

    code: str
    years: Mapping[int, Year]
    source: str = ""
    # asked for again and again; never more entries than the published years have days
    _first: dict[dt.date, dt.date] = field(default_factory=dict, init=False, repr=False, compare=False)

    def year(self, year: int) -> Year:
        """Raises YearNotPublished."""
        try:
            return self.years[year]
        except KeyError:
            raise YearNotPublished(self.code, year) from None

    def is_holiday(self, day: dt.date) -> bool:
        """Whether the table takes this day off. Raises YearNotPublished."""
        return day in self.year(day.year).holidays

    def is_makeup(self, day: dt.date) -> bool:
        """Whether a free day is worked in exchange (调休上班). Raises YearNotPublished."""
        return day in self.year(day.year).workdays

    def is_working_day(self, day: dt.date) -> bool:
        """工作日 in the sense of the law. Raises YearNotPublished."""
        year = self.years.get(day.year) or self.year(day.year)
        return day not in year.holidays if day.weekday() < SATURDAY else day in year.workdays

    def first_working_day(self, day: dt.date) -> dt.date:
        """`day`, or the first one after it that is worked. Raises YearNotPublished."""
        found = self._first.get(day)
        if found is None:
            found = day
            while not self.is_working_day(found):
                found += dt.timedelta(1)
            self._first[day] = found
        return found

    @classmethod
    def from_json(cls, raw: Mapping[str, Any], code: str = "") -> Self:
        """`{"code", "source", "years": {"2026": {"holidays": ["10-01"], "workdays": ["10-10"]}}}`. Raises ValueError."""
        return cls(
            raw.get("code") or code,
            {
                int(year): Year.of(int(year), days.get("holidays", ()), days.get("workdays", ()))
                for year, days in raw["years"].items()
            },
            raw.get("source", ""),
        )


def _date(year: int, day: str) -> dt.date:
    try:
        return dt.date.fromisoformat(f"{year:04}-{day}")
    except ValueError:
        raise ValueError(f"the year {year} has no day {day!r}") from None


@cache
def shipped(code: str) -> DayTable:
    """The table that comes with the product: "CN", 2018 to 2026. Raises LookupError for another code."""
    if code not in SHIPPED:
        raise LookupError(f"no table of working days is shipped for {code!r}")
    path = Path(__file__).with_name(f"days_{code.lower()}.json")
    return DayTable.from_json(json.loads(path.read_text(encoding="utf-8")))


def is_working_day(day: dt.date, code: str = "CN") -> bool:
    """By the shipped table. Raises YearNotPublished, and LookupError for a country without a table."""
    return shipped(code).is_working_day(day)
