"""`baoxiu due`: questions a line each, answers a line each."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from baoxiu.faces.console import commands
from baoxiu.faces.console.start import Trouble

WEEK = [["09:00-18:00"]] * 5 + [[], []]
OFFICE = {"week": WEEK, "days": "CN"}


def ask(*lines: Any, options: tuple[str, ...] = ("--json",)) -> Result:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return CliRunner().invoke(commands.app, ["due", *options], input=text)


def answers(*lines: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ask(*lines).stdout.splitlines() if line.startswith("{")]


def test_a_question_is_answered_in_the_zone_of_its_calendar() -> None:
    asked = {"id": "a", "start": "2026-09-30T17:00", "minutes": 120, "calendar": OFFICE}
    assert answers(asked) == [{"line": 1, "id": "a", "due": "2026-10-08T10:00:00+08:00"}]


def test_a_pause_moves_what_is_due_and_an_open_one_leaves_it_open() -> None:
    asked = {"start": "2026-11-02T09:00", "minutes": 60, "calendar": OFFICE}
    moved = answers(asked | {"pauses": [{"from": "2026-11-02T09:30", "until": "2026-11-02T10:00"}]})
    assert moved[0]["due"] == "2026-11-02T10:30:00+08:00"
    assert answers(asked | {"pauses": [{"from": "2026-11-02T09:30"}]})[0]["due"] is None


def test_between_two_moments_the_working_minutes_are_measured() -> None:
    asked = {"start": "2026-09-30T17:00", "end": "2026-10-08T10:00+08:00", "calendar": OFFICE}
    assert answers(asked)[0]["minutes"] == 120


def test_a_table_of_its_own_and_round_the_clock() -> None:
    days = {"2031": {"holidays": ["03-03"], "workdays": ["03-08"]}}
    asked = {"start": "2031-03-03T09:00", "minutes": 60, "calendar": {"week": WEEK, "days": days}}
    assert answers(asked)[0]["due"] == "2031-03-04T10:00:00+08:00"
    assert answers({"start": "2031-03-03T23:30", "minutes": 60})[0]["due"] == "2031-03-04T00:30:00+08:00"


COLUMNS = "id,start_shanghai,open_hour,close_hour,minutes,due_shanghai"


def test_the_columns_of_the_worked_examples_are_understood_as_csv_and_as_json() -> None:
    row = ["x", "2026-09-30T17:00", "9", "18", "120", "2026-10-08T10:00"]
    as_csv = answers(COLUMNS, ",".join(row))[0]
    as_json = answers(dict(zip(COLUMNS.split(","), row, strict=True)))[0]
    assert {**as_csv, "line": 1} == as_json
    assert as_json["due_shanghai"] == "2026-10-08T10:00" and as_json["matches"] is True


def test_what_was_not_expected_is_told_and_ends_with_one() -> None:
    asked = {"start": "2026-11-02T09:00", "minutes": 60, "calendar": OFFICE, "due": "2026-11-02T11:00"}
    assert answers(asked)[0]["matches"] is False
    assert isinstance(ask(asked).exception, Trouble)
    assert ask(asked | {"due": "2026-11-02T10:00"}).exception is None


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("nonsense", "no JSON object"),
        ("[1]", "no JSON object"),
        ("[" * 100_000, "no JSON object"),
        (
            {
                "start": "2026-11-02T09:00",
                "minutes": 1,
                "pauses": [{"from": "2026-11-03", "until": "2026-11-02"}],
            },
            "before it begins",
        ),
        ({"minutes": 5}, "start"),
        ({"start": "2026-11-02T09:00"}, "either minutes or end"),
        ({"start": "2026-11-02T09:00", "minutes": -1}, "minutes"),
        ({"start": "2026-11-02T09:00", "minutes": 1, "hours": 2}, "hours"),
        ({"start": "2026-11-02T09:00", "minutes": 1, "calendar": {"week": [["9-5"]] * 7}}, "9-5"),
        ({"start": "2026-11-02T09:00", "minutes": 1, "calendar": {"week": [[]] * 7}}, "period"),
        ({"start": "2026-11-02T09:00", "minutes": 1, "calendar": OFFICE | {"zone": "Mars"}}, "Mars"),
        ({"start": "2026-12-31T17:59", "minutes": 2, "calendar": OFFICE}, "no year 2027"),
        ({"start": "2026-11-02T09:00", "minutes": 1e15}, "centuries"),
        ({"start_shanghai": "2026-11-02T09:00", "open_hour": "9", "minutes": "1"}, "close_hour"),
    ],
)
def test_an_error_stands_in_its_own_line_and_the_others_are_answered(line: Any, part: str) -> None:
    good = {"id": "good", "start": "2026-11-02T09:00", "minutes": 1}
    first, wrong, last = answers(good, line, good)
    assert part in wrong["error"] and wrong["line"] == 2
    assert first["due"] == last["due"]


def test_a_table_without_a_start_is_refused_as_a_whole() -> None:
    assert isinstance(ask("a,b", "1,2").exception, Trouble)
    assert isinstance(ask("x" * 200_000, "1,2").exception, Trouble)


def test_a_table_that_cannot_be_read_to_its_end_says_the_line() -> None:
    found = ask("start,minutes", "2026-11-02T09:00,5", "x" * 200_000 + ",5")
    assert "10:05" not in found.output and "2026-11-02T09:05" in found.output
    assert isinstance(found.exception, Trouble) and "line" in str(found.exception)


def test_the_schema_is_printed() -> None:
    shown = json.loads(ask(options=("--schema",)).stdout)
    assert {"start", "minutes", "calendar", "pauses"} <= set(shown["properties"])
