"""Working time: what is added is what is measured, over nights, holidays and clock changes."""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from baoxiu.lib import clocks
from baoxiu.lib.calendars import (
    ROUND_THE_CLOCK,
    OutOfRange,
    WorkingTime,
    period,
    weekdays,
    written,
)
from baoxiu.lib.workdays import DayTable, YearNotPublished, shipped

EXAMPLES = [
    path
    for folder in Path(__file__).resolve().parents
    if (path := folder / "shared/data/calendars/business_time_cases.csv").exists()
]
ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kolkata",
)
BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")


@cache
def calendar(
    zone: str = "Asia/Shanghai", hours: str = "09:00-12:00 13:00-18:00", weekend: str = "", days: bool = True
) -> WorkingTime:
    week = weekdays(hours.split(), weekend.split())
    return WorkingTime.from_json({"zone": zone, "week": week}, shipped("CN") if days else None)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


OFFICE = calendar()
NIGHTS = calendar("Europe/Berlin", "22:00-06:00", "22:00-06:00", days=False)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-02T11:30", 60, "2026-11-02T13:30"),  # over lunch
        ("2026-11-02T17:30", 30, "2026-11-02T18:00"),  # done at closing time is due at closing time
        ("2026-11-02T17:30:15", 30, "2026-11-03T09:00:15"),  # to the second
        ("2026-11-06T17:00", 120, "2026-11-09T10:00"),  # over a weekend
        ("2026-09-30T17:00", 120, "2026-10-08T10:00"),  # over the National Day holidays
        ("2026-10-10T08:00", 30, "2026-10-10T09:30"),  # a make-up Saturday is worked
        ("2026-11-07T10:00", 0, "2026-11-07T10:00"),  # nothing to do is due at once, even on a Saturday
    ],
)
def test_due_times_in_a_chinese_office(start: str, minutes: int, due: str) -> None:
    assert OFFICE.add(at(start), minutes) == at(due)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-06-01T21:00", 480, "2026-06-02T06:00"),
        ("2026-03-28T22:00", 420, "2026-03-29T06:00"),  # the night that lacks an hour
        ("2026-10-24T22:00", 540, "2026-10-25T06:00"),  # the night with an hour more
        ("2026-10-25T12:00", 60, "2026-10-25T23:00"),
    ],
)
def test_nights_over_a_clock_change_are_as_long_as_they_are(start: str, minutes: int, due: str) -> None:
    assert NIGHTS.add(at(start, BERLIN), minutes) == at(due, BERLIN)


def test_a_boundary_in_the_skipped_hour_is_the_moment_of_the_jump() -> None:
    early = calendar("Europe/Berlin", "02:30-04:00", "02:30-04:00", days=False)
    assert early.between(at("2026-03-29T00:00", BERLIN), at("2026-03-29T12:00", BERLIN)) == 60
    assert early.between(at("2026-03-28T00:00", BERLIN), at("2026-03-28T12:00", BERLIN)) == 90
    gone = calendar("Europe/Berlin", "02:10-02:50", "02:10-02:50", days=False)
    assert gone.between(at("2026-03-29T00:00", BERLIN), at("2026-03-29T12:00", BERLIN)) == 0


def test_a_boundary_in_the_hour_that_comes_twice_is_its_first_pass() -> None:
    late = calendar("Europe/Berlin", "01:00-02:30", "01:00-02:30", days=False)
    assert late.between(at("2026-10-25T00:00", BERLIN), at("2026-10-25T12:00", BERLIN)) == 90


def test_a_year_that_is_not_published_is_refused_and_never_guessed() -> None:
    for ask in (
        lambda: OFFICE.add(at("2026-12-31T17:00"), 61),
        lambda: OFFICE.add(at("2027-01-04T10:00"), 1),
        lambda: OFFICE.between(at("2026-12-30T10:00"), at("2027-01-02T10:00")),
    ):
        with pytest.raises(YearNotPublished) as refused:
            ask()
        assert refused.value.year == 2027
    assert OFFICE.add(at("2026-12-31T17:00"), 60) == at("2026-12-31T18:00")


def test_the_shift_of_the_night_before_the_first_year_is_not_guessed() -> None:
    nights = calendar(hours="22:00-06:00")
    with pytest.raises(YearNotPublished):
        nights.add(at("2018-01-01T03:00"), 1)
    assert nights.add(at("2026-12-31T23:00"), 420) == at("2027-01-01T06:00")  # it began in a year we know


def test_without_a_table_any_year_will_do_and_centuries_will_not() -> None:
    plain = calendar(days=False)
    assert plain.add(at("2040-01-02T09:00"), 480) == at("2040-01-02T18:00")
    for minutes in (1e8, 1e15):
        with pytest.raises(OutOfRange):
            plain.add(at("2040-01-02T09:00"), minutes)


@pytest.mark.parametrize("text", ["9", "09:00-09:00", "24:00-06:00", "09:60-10:00", "09:00-25:00", "a-b", ""])
def test_a_text_that_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a period"):
        period(text)


def test_a_calendar_in_which_nobody_works_is_refused() -> None:
    with pytest.raises(ValueError):
        calendar(hours="")
    with pytest.raises(ValueError):
        calendar(zone="Mars/Base")


@given(st.integers(0, 1439), st.integers(1, 1439))
def test_a_period_comes_back_as_it_was_written(start: int, length: int) -> None:
    assert period(written((start, start + length))) == (start, start + length)


TWO_YEARS = DayTable("CN", {year: shipped("CN").years[year] for year in (2024, 2025)})


@st.composite
def calendars(draw: st.DrawFn) -> WorkingTime:
    """Several periods a day, nights, overlaps, any zone; with the Chinese table or none."""
    boundary = st.integers(0, 95).map(lambda quarter: quarter * 15)
    day = st.lists(st.tuples(boundary, st.integers(1, 80)), max_size=3).map(
        lambda periods: tuple((start, min(start + length * 15, start + 1440)) for start, length in periods)
    )
    week = draw(st.tuples(*[day] * 7).filter(any))
    days = draw(st.sampled_from([None, TWO_YEARS]))
    return WorkingTime(draw(st.sampled_from(ZONES)), week, days, draw(day))


moments = st.builds(
    lambda seconds, zone: (dt.datetime(2024, 1, 3, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)).astimezone(
        zone
    ),
    st.integers(0, 700 * 86_400),
    st.sampled_from([dt.UTC, BERLIN, SHANGHAI]),
)
minutes = st.integers(0, 20_000)


@settings(max_examples=60, deadline=None)
@given(calendars(), moments, minutes)
def test_what_is_added_is_what_is_measured(cal: WorkingTime, start: dt.datetime, m: int) -> None:
    try:
        due = cal.add(start, m)
    except YearNotPublished:
        assume(False)
    assert cal.between(start, due) == m
    assert cal.between(due, start) == -m
    if m:
        assert cal.between(start, due - dt.timedelta(microseconds=1)) < m  # and not a moment sooner


@settings(max_examples=30, deadline=None)
@given(calendars(), moments, st.integers(0, 5000), st.integers(0, 5000))
def test_adding_twice_is_adding_both(cal: WorkingTime, start: dt.datetime, a: int, b: int) -> None:
    try:
        assert cal.add(cal.add(start, a), b) == cal.add(start, a + b)
    except YearNotPublished:
        assume(False)


@settings(max_examples=25, deadline=None)
@given(calendars(), moments, st.integers(1, 1500))
def test_it_agrees_with_walking_minute_by_minute(cal: WorkingTime, start: dt.datetime, span: int) -> None:
    """A minute is worked when its beginning lies in a period of its local day or of the night before."""
    start = start.astimezone(dt.UTC).replace(second=0, microsecond=0)
    zone, counted = ZoneInfo(cal.zone), 0
    for i in range(span):
        wall = (start + dt.timedelta(minutes=i)).astimezone(zone)
        assume(not wall.fold and wall.replace(fold=1).utcoffset() == wall.utcoffset())
        day, minute = wall.date(), wall.hour * 60 + wall.minute
        counted += any(a <= minute < b for a, b in cal.periods(day)) or any(
            a <= minute + 1440 < b for a, b in cal.periods(day - dt.timedelta(days=1))
        )
    assert cal.between(start, start + dt.timedelta(minutes=span)) == counted


@given(moments, minutes)
def test_round_the_clock_counts_every_minute_over_clock_changes(start: dt.datetime, m: int) -> None:
    due = ROUND_THE_CLOCK.add(start, m)
    assert ROUND_THE_CLOCK.between(start, due) == m
    assert due - start.astimezone(dt.UTC) == dt.timedelta(minutes=m)


def test_the_worked_examples_beside_the_project() -> None:
    if not EXAMPLES:
        pytest.skip("no worked examples beside the project")
    wrong = []
    rows = list(csv.DictReader(EXAMPLES[0].open(encoding="utf-8")))
    for row in rows:
        cal = calendar(hours=f"{int(row['open_hour']):02}:00-{int(row['close_hour']):02}:00")
        due = cal.add(at(row["start_shanghai"]), int(row["minutes"])).astimezone(SHANGHAI)
        if f"{due:%Y-%m-%dT%H:%M}" != row["due_shanghai"]:
            wrong.append((row["id"], due))
    assert rows and wrong == []


# -- clocks that stand


def test_a_clock_does_not_run_while_it_stands() -> None:
    stood = [(at("2026-11-02T10:00"), at("2026-11-02T15:00"))]  # four working hours
    assert clocks.due(OFFICE, at("2026-11-02T09:00"), 120, stood) == at("2026-11-02T16:00")
    assert clocks.worked(OFFICE, at("2026-11-02T09:00"), at("2026-11-02T16:00"), stood) == 120


def test_a_clock_that_still_stands_has_no_due_time_unless_it_came_first() -> None:
    stands = [(at("2026-11-02T10:00"), None)]
    assert clocks.due(OFFICE, at("2026-11-02T09:00"), 61, stands) is None
    assert clocks.due(OFFICE, at("2026-11-02T09:00"), 60, stands) == at("2026-11-02T10:00")


pauses = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 3000)), max_size=5)


@settings(max_examples=40, deadline=None)
@given(calendars(), moments, st.integers(0, 4000), pauses)
def test_pauses_lose_no_minute_and_order_does_not_matter(
    cal: WorkingTime, start: dt.datetime, m: int, gaps: list[tuple[int, int]]
) -> None:
    start = start.astimezone(dt.UTC)
    stood = [
        (start + dt.timedelta(minutes=a), start + dt.timedelta(minutes=a + length)) for a, length in gaps
    ]
    try:
        due = clocks.due(cal, start, m, stood)
        assert due is not None and due >= cal.add(start, m)
        assert clocks.worked(cal, start, due, stood) == pytest.approx(m)
        assert clocks.due(cal, start, m, stood[::-1] + stood) == due
    except YearNotPublished:
        assume(False)
