"""Which days are worked in China, year by year; what nobody has published is refused."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from pathlib import Path

import pytest

from baoxiu.lib import workdays

PUBLISHED = [
    path
    for folder in Path(__file__).resolve().parents
    if (path := folder / "shared/data/calendars/cn_days_2018_2027.csv.gz").exists()
]


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2025-01-26", True),  # a Sunday worked for Spring Festival
        ("2025-01-27", True),
        ("2025-01-28", False),
        ("2026-10-10", True),  # a Saturday
        ("2026-10-07", False),
        ("2026-10-11", False),
        ("2020-02-02", False),  # prolonged that year
        ("2020-02-03", True),
    ],
)
def test_holidays_and_makeup_workdays_are_known(day: str, worked: bool) -> None:
    assert workdays.is_working_day(dt.date.fromisoformat(day)) is worked


@pytest.mark.parametrize("year", [2017, 2027])
def test_a_year_nobody_has_published_is_refused_by_name(year: int) -> None:
    with pytest.raises(workdays.YearNotPublished) as refused:
        workdays.is_working_day(dt.date(year, 6, 1))
    assert (refused.value.table, refused.value.year) == ("CN", year)


def test_a_country_without_a_table_is_refused() -> None:
    with pytest.raises(LookupError):
        workdays.is_working_day(dt.date(2026, 1, 1), "XX")


def test_a_table_of_ones_own_comes_back_as_it_was_written() -> None:
    raw = {"holidays": ["01-01", "02-29"], "workdays": ["01-06"]}
    table = workdays.DayTable.from_json({"code": "us", "years": {"2024": raw}})
    assert table.year(2024).to_json() == raw
    assert table.is_makeup(dt.date(2024, 1, 6)) and table.is_holiday(dt.date(2024, 2, 29))


@pytest.mark.parametrize(
    ("holidays", "worked"), [(["02-29"], []), (["13-01"], []), (["x"], []), (["01-01"], ["01-01"])]
)
def test_a_day_that_is_not_there_or_is_both_is_refused(holidays: list[str], worked: list[str]) -> None:
    with pytest.raises(ValueError):
        workdays.Year.of(2025, holidays, worked)


def test_every_day_agrees_with_the_published_table() -> None:
    if not PUBLISHED:
        pytest.skip("no calendar data beside the project")
    with gzip.open(PUBLISHED[0], "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["workday_state_council"]]
    assert len(rows) == 3287
    assert [
        row["date"]
        for row in rows
        if workdays.is_working_day(dt.date.fromisoformat(row["date"]))
        != (row["workday_state_council"] == "1")
    ] == []
