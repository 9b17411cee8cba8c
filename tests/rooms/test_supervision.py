"""C6.2: the figures agree with the journal whatever happened and in whatever order it was folded."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from baoxiu.cases.models import Case, Duty, JournalEntry
from baoxiu.people.actors import SYSTEM
from baoxiu.sop import figures
from baoxiu.supervision import checking, folding, queries
from baoxiu.supervision.models import CaseFigures, ClauseDay, DayFigures, DaySpread, MonthFigures, Position
from baoxiu.supervision.queries import Period, Wanted
from tests.conftest import NOW, Cast
from tests.rooms.test_prices import ROWS as PRICED
from tests.rooms.test_prices import prices as listed
from tests.rooms.walking import CALLS, FREE_REPAIR, ON_SITE, Walk, begin, to_depot

DAY = dt.timedelta(days=1)
PUMP = [{"text": "排水泵", "number": "P-PUMP"}]
TODAY = NOW.date()
YEAR = Period(TODAY - 200 * DAY, TODAY + 200 * DAY)


def repaired(cast: Cast, **more: Any) -> Walk:
    return begin(cast, NOW, **more).steps(f"{ON_SITE} {FREE_REPAIR} hand_over {CALLS}")


def contents() -> dict[str, Any]:
    """Everything stored, zero sums left out."""
    days = {
        (table, r.day, r.dimension, r.value): [getattr(r, c) for c in figures.COLUMNS]
        for table in (DayFigures, MonthFigures)
        for r in table._default_manager.all()
    }
    fields = [f.attname for f in CaseFigures._meta.fields]
    clauses = ClauseDay.objects.values_list("day", "clause", "kept", "waived", "broken", "owed")
    return {
        "days": {k: v for k, v in days.items() if any(v)},
        "cases": {r.pk: [getattr(r, f) for f in fields] for r in CaseFigures.objects.all()},
        "spreads": {
            (r.is_month, r.day, r.dimension, r.value): (r.answered, r.resolved)
            for r in DaySpread.objects.all()
            if r.answered or r.resolved
        },
        "clauses": {row[:2]: row[2:] for row in clauses if any(row[2:])},
    }


def value(name: str, period: Period = YEAR) -> float | None:
    kpi = next(k for k in figures.KPIS if k.name == name)
    return figures.value(kpi, queries.totals(SYSTEM, period))


def numbers(measure: str, part: str = "all", period: Period = YEAR) -> set[str]:
    page = queries.behind(SYSTEM, period, Wanted(measure=measure, part=part))  # type: ignore[arg-type]
    return {row["number"] for row in page.rows}


def test_folding_step_by_step_gives_what_folding_at_once_gives(cast: Cast) -> None:
    walk = begin(cast, NOW, unit="old")
    names = f"{ON_SITE} diagnose quote accept_quote start_work work pass_test hand_over follow_up rate"
    for name in names.split():
        walk.step(name, walk.link("rate") if name == "rate" else None)
        folding.fold(now=walk.now)
        assert folding.fold(now=walk.now) == 0
    other = to_depot(begin(cast, walk.now))
    other.steps("hold").wait(days=3).steps("resume")
    for late in (0, 1, 5, 40):
        walk.now = max(walk.now, other.now) + late * DAY
        folding.fold(now=walk.now)
        before = contents()
        folding.rebuild(now=walk.now)
        assert contents() == before, late
        assert list(checking.differences(now=walk.now)) == []


def test_who_folds_late_writes_nothing(cast: Cast) -> None:
    walk = begin(cast, NOW)
    stale = Position.objects.get_or_create(pk=1)[0].state
    folding.fold(now=NOW)
    before = contents()
    walk.step("triage")
    assert not folding.derive([walk.case.pk], walk.now, stale)
    assert contents() == before
    folding.fold(now=walk.now)
    assert contents() != before and list(checking.differences(now=walk.now)) == []


def test_time_alone_makes_what_is_open_late(cast: Cast) -> None:
    walk = begin(cast, NOW)
    folding.fold(now=NOW)
    assert value("response") is None and dict(queries.conformance(SYSTEM, YEAR))["C4.2"]["owed"] == 1
    assert folding.fold(now=NOW + dt.timedelta(minutes=61)) == 1
    assert value("response") == 0.0 and numbers("response", "miss") == {walk.case.number}
    assert dict(queries.conformance(SYSTEM, YEAR))["C4.2"] == {"kept": 0, "waived": 0, "broken": 1, "owed": 0}
    assert [r["number"] for r in queries.in_clause(SYSTEM, YEAR, "C4.2", "broken").rows] == [walk.case.number]


def test_each_figure_is_what_its_definition_says(cast: Cast) -> None:
    good = repaired(cast)
    late = begin(cast, NOW, unit=None).wait(hours=3).steps("reply")
    gone = begin(cast, NOW, unit=None).steps("withdraw")
    now = good.now + DAY
    folding.fold(now=now)
    assert numbers("registered") == {good.case.number, late.case.number, gone.case.number}
    # withdrawn in time, nothing was owed any more
    assert numbers("response") == {good.case.number, late.case.number} and value("response") == 0.5
    assert numbers("resolved") == {good.case.number} and value("calls") == value("final") == 1.0
    assert numbers("answered") == {good.case.number, late.case.number}
    first = Duty.objects.get(case=good.case, kind="first_response")
    assert first.ended_at and value("response_median") == (first.ended_at - first.opened_at) // dt.timedelta(
        minutes=1
    )
    assert value("response_p90") == pytest.approx(180, rel=1 / 16)
    for first_day, last_day in itertools.product((-40, -1, 0), (0, 1, 45)):
        span = Period(TODAY + first_day * DAY, TODAY + last_day * DAY)  # read by months, by days, by weeks
        assert queries.totals(SYSTEM, span) == figures.together(
            sums for _, sums in queries.by_week(SYSTEM, span)
        )
        for engineer, _, sums in queries.ranked(SYSTEM, span, "engineer"):
            assert sums == queries.totals(SYSTEM, replace(span, by="engineer", value=engineer))
    assert value("fixed") is None and value("paid") == 0.0 and value("nps") is None
    folding.fold(now=now + 31 * DAY)
    assert value("fixed") == 1.0 and value("repeat") == 0.0


def test_the_same_unit_within_thirty_days_is_a_repeat_and_with_the_same_symptom_no_fix(cast: Cast) -> None:
    first = repaired(cast)
    again = begin(cast, first.now + 20 * DAY)
    folding.fold(now=again.now)
    folding.fold(now=first.now + 31 * DAY)
    assert (value("repeat"), value("fixed")) == (1.0, 1.0)
    again.step("triage")  # the symptom turns out to be the same
    folding.fold(now=first.now + 32 * DAY)
    assert (value("repeat"), value("fixed")) == (1.0, 0.0)
    assert numbers("repeat", "hit") == numbers("fixed", "miss") == {first.case.number}
    assert list(checking.differences(now=first.now + 32 * DAY)) == []


def test_two_visits_or_a_reopening_are_no_first_time_fix(cast: Cast) -> None:
    walk = begin(cast, NOW).steps(f"{ON_SITE} {FREE_REPAIR} hand_over follow_up reopen")
    walk.steps(f"{ON_SITE} {FREE_REPAIR} hand_over {CALLS}")
    folding.fold(now=walk.now + 31 * DAY)
    assert value("fixed") == 0.0 and value("calls") == 1.0


def test_a_waived_call_is_no_reached_one(cast: Cast) -> None:
    walk = begin(cast, NOW).steps(f"{ON_SITE} {FREE_REPAIR} hand_over")
    walk.steps("follow_up_missed follow_up_missed follow_up_missed waive_follow_up")
    folding.fold(now=walk.now)
    sums = queries.totals(SYSTEM, YEAR)
    assert (sums["calls_n"], sums["calls_hit"], sums["calls_waived"]) == (1, 0, 1)


@pytest.mark.parametrize(
    ("scores", "points"), [([10, 9, 9, 8, 7, 6, 3], 100 * (3 / 7 - 2 / 7)), ([10, 10], 100.0), ([0], -100.0)]
)
def test_nps_and_csat_by_the_books(scores: list[int], points: float) -> None:
    sums = dict.fromkeys(figures.COLUMNS, 0)
    for score in scores:
        told = figures.Told(rated=(NOW, {"overall": min(5, max(1, score // 2)), "nps": score}))
        made = figures.marks(told, created=NOW, cover="unknown", later=figures.Later(), now=NOW, zone=dt.UTC)
        for name, (_, values) in made.items():
            for column, n in zip(figures.MEASURES[name], values, strict=True):
                sums[column] += n
    kpis = {k.name: k for k in figures.KPIS}
    assert figures.value(kpis["nps"], sums) == pytest.approx(points)


def test_money_is_summed_by_currency(cast: Cast) -> None:
    walk = begin(cast, NOW, unit="old").steps(
        f"{ON_SITE} diagnose quote accept_quote start_work work pass_test"
    )
    walk.steps(f"hand_over {CALLS}")
    folding.fold(now=walk.now)
    assert queries.amounts(SYSTEM, YEAR)["paid"] == [("CNY", 1, 12000)] and value("paid") == 1.0


def test_what_free_repairs_cost_is_summed_by_currency_and_what_has_no_price_is_not_guessed(
    cast: Cast,
) -> None:
    unlisted = repaired(cast)  # before there was a price list
    listed(cast, NOW, rows=PRICED)
    known = begin(cast, NOW).steps(f"{ON_SITE} diagnose start_work")
    known.step("work", remedy="replace_part", minutes=40, parts=PUMP)
    known.step("work", remedy="clean", minutes=20, parts=[])
    known.steps(f"pass_test hand_over {CALLS}")
    mixed = begin(cast, NOW, unit="old").steps(f"{ON_SITE} diagnose")
    mixed.step(
        "quote",
        lines=[
            {"item": "P-PUMP"},
            {"item": "T-XH", "free": True},
            {"item": "L-HOUR", "free": True, "quantity": 2},
        ],
    )
    mixed.steps(f"accept_quote start_work work pass_test hand_over {CALLS}")
    now = max(unlisted.now, known.now, mixed.now)
    folding.fold(now=now)
    # 85.50 for the pump, 120 for the job, 20 minutes of 90; free lines of what was paid: 30 and 2 × 90
    assert queries.amounts(SYSTEM, YEAR)["free"] == [("CNY", 2, 23550 + 21000)]
    assert numbers("free") == {w.case.number for w in (unlisted, known, mixed)}
    assert numbers("free", "miss") == {unlisted.case.number} and value("free") == pytest.approx(2 / 3)
    in_yuan = Period(YEAR.first, YEAR.last, "currency", "CNY")
    page = queries.behind(SYSTEM, in_yuan, Wanted(measure="free", part="hit"))
    assert {r["number"]: r["free_cents"] for r in page.rows} == {
        known.case.number: 23550,
        mixed.case.number: 21000,
    }
    assert list(checking.differences(now=now)) == []
    before = contents()
    folding.rebuild(now=now)
    assert contents() == before


def test_every_dimension_adds_up_to_the_whole(cast: Cast) -> None:
    repaired(cast)
    walk = to_depot(begin(cast, NOW))
    begin(cast, NOW, unit=None)
    folding.fold(now=walk.now + 40 * DAY)
    whole = queries.totals(SYSTEM, YEAR)
    for by in ("product", "symptom", "station", "engineer", "channel"):
        rows = queries.ranked(SYSTEM, YEAR, by)  # type: ignore[arg-type]
        assert figures.together(columns for _, _, columns in rows) == whole, by
        for column_value, _name, columns in rows:
            narrowed = Period(YEAR.first, YEAR.last, by, column_value)
            assert queries.totals(SYSTEM, narrowed) == columns
            assert len(numbers("registered", period=narrowed)) == columns["registered_n"]
    assert {name for _, name, _ in queries.ranked(SYSTEM, YEAR, "engineer")} == {"张工", ""}
    weeks = queries.by_week(SYSTEM, YEAR)
    assert sum(w["registered_n"] for _, w in weeks) == whole["registered_n"] == 3


def test_the_cases_behind_come_page_by_page(cast: Cast) -> None:
    for _ in range(5):
        begin(cast, NOW, unit=None)
    folding.fold(now=NOW)
    seen, after = [], ""
    while True:
        page = queries.behind(SYSTEM, YEAR, Wanted(measure="registered"), after=after, limit=2)
        seen += [row["number"] for row in page.rows]
        after = page.after
        if not after:
            break
    assert seen == sorted({c.number for c in Case.objects.all()}, reverse=True)


def test_who_is_no_manager_gets_no_figures(cast: Cast) -> None:
    begin(cast, NOW)
    folding.fold(now=NOW)
    for who in ("agent", "engineer", "administrator"):
        viewer = cast.actor(who)
        assert not any(queries.totals(viewer, YEAR).values()) and queries.conformance(viewer, YEAR) == []
        assert queries.behind(viewer, YEAR, Wanted(measure="registered")).rows == []
    assert queries.totals(cast.actor("manager"), YEAR)["registered_n"] == 1


def test_an_entry_committed_late_is_not_lost(cast: Cast) -> None:
    """On PostgreSQL keys may be seen out of their order: a gap is looked at again, for ten minutes."""
    first = JournalEntry.objects.filter(case=begin(cast, NOW, unit=None).case).earliest("pk").pk
    Position.objects.create(pk=1, rules=figures.RULES, upto=first - 4)  # three keys nobody has seen
    folding.fold(now=NOW)
    assert Position.objects.get().gaps == [[first - 3, first - 1, NOW.isoformat()]]
    late = begin(cast, NOW, unit=None).case
    key = JournalEntry.objects.get(case=late).pk
    Position.objects.update(upto=key, gaps=[[key, key, NOW.isoformat()]])  # it went by unseen
    assert folding.fold(now=NOW) == 1 and CaseFigures.objects.filter(case=late).exists()
    assert folding.fold(now=NOW) == 0  # looked at, nothing new
    begin(cast, NOW, unit=None)
    folding.fold(now=NOW + dt.timedelta(minutes=11))
    assert Position.objects.get().gaps == []


def test_what_was_changed_behind_its_back_is_found(cast: Cast) -> None:
    begin(cast, NOW)
    folding.fold(now=NOW)
    assert list(checking.differences(now=NOW)) == []
    DayFigures.objects.filter(dimension="all").update(registered_n=7)
    MonthFigures.objects.filter(dimension="all").update(registered_n=8)
    ClauseDay.objects.filter(clause="C4.1").update(kept=9)
    CaseFigures.objects.update(symptom="x")
    DaySpread.objects.create(
        is_month=False, day=TODAY - DAY * 9, dimension="all", value="", answered={"5": 1}
    )
    found = "\n".join(checking.differences(now=NOW))
    for part in ("spread of answered", "sums of day", "sums of month", "clauses of", "symptom"):
        assert part in found


def test_the_months_of_an_older_installation_are_filled_from_its_days(cast: Cast) -> None:
    folding.fold(now=repaired(cast).now)
    before = contents()
    MonthFigures.objects.all().delete()
    import_module("baoxiu.supervision.migrations.0007_months").fill(apps, None)
    assert contents() == before


def test_other_rules_fold_everything_anew(cast: Cast) -> None:
    repaired(cast)
    folding.fold(now=NOW)
    before = contents()
    Position.objects.update(rules=figures.RULES - 1)
    DayFigures.objects.update(registered_n=7)
    CaseFigures.objects.update(symptom="x")
    assert folding.fold(now=NOW) > 0
    assert contents() == before
