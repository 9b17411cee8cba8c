"""`baoxiu due`: due times of cases read from a file, without any database."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Any, Literal, TextIO
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from baoxiu.faces.console.start import Trouble, say
from baoxiu.lib import clocks, workdays
from baoxiu.lib.calendars import ROUND_THE_CLOCK, Calendar, WorkingTime, weekdays

SHANGHAI = "Asia/Shanghai"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Days(_Strict):
    """One year of a table of its own: days as MM-DD."""

    holidays: list[str] = []
    workdays: list[str] = Field(default=[], description="Weekend days worked in exchange (调休).")


class Hours(_Strict):
    """A working calendar."""

    zone: str = Field(default=SHANGHAI, description="IANA name of the time zone.")
    week: list[list[str]] = Field(
        min_length=7,
        max_length=7,
        description="Monday to Sunday, each day's periods: 09:00-12:00; 22:00-06:00 goes over midnight.",
    )
    makeup: list[str] = Field(
        default=[],
        description="Periods of a make-up workday; none given: those of the first working day of the week.",
    )
    days: Literal["CN"] | dict[int, Days] | None = Field(
        default=None, description="The shipped table of China, a table of its own by year, or none."
    )


class Stand(_Strict):
    """The clock stands from … until; without `until` it still does."""

    begins: dt.datetime = Field(alias="from")
    until: dt.datetime | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Stand:
        if self.until and bool(self.until.tzinfo) == bool(self.begins.tzinfo) and self.until < self.begins:
            raise ValueError("a pause ends before it begins")
        return self


class Question(_Strict):
    """One line. Either `minutes` (answered with `due`) or `end` (answered with `minutes`).

    A time without an offset is a wall-clock time of the calendar's zone. The columns start_shanghai, open_hour,
    close_hour, due_shanghai stand for a Chinese working calendar with these hours.
    """

    id: str | int | None = None
    start: dt.datetime
    minutes: float | None = Field(default=None, ge=0)
    end: dt.datetime | None = None
    calendar: Literal["24x7"] | Hours = "24x7"
    pauses: list[Stand] = []
    due: dt.datetime | None = Field(
        default=None, description="What is expected; the answer says whether it is so."
    )

    @model_validator(mode="before")
    @classmethod
    def _of_columns(cls, raw: Any) -> Any:
        if not isinstance(raw, dict) or "start_shanghai" not in raw:
            return raw
        rest = {k: v for k, v in raw.items() if k not in _COLUMNS}
        lacking = [name for name in ("open_hour", "close_hour") if not str(raw.get(name, "")).isdigit()]
        if lacking:
            raise ValueError(f"{lacking[0]} is an hour from 0 to 24")
        hours = "{:02}:00-{:02}:00".format(int(raw["open_hour"]), int(raw["close_hour"]))
        calendar = {"zone": SHANGHAI, "week": weekdays([hours]), "days": "CN"}
        return {
            **rest,
            "start": raw["start_shanghai"],
            "due": raw.get("due_shanghai") or None,
            "calendar": calendar,
        }

    @model_validator(mode="after")
    def _one_question(self) -> Question:
        if (self.minutes is None) == (self.end is None):
            raise ValueError("give either minutes or end")
        return self


_COLUMNS = ("start_shanghai", "open_hour", "close_hour", "due_shanghai")


@lru_cache(maxsize=256)
def _working_time(spec: str) -> WorkingTime:
    raw = json.loads(spec)
    table = None
    if raw["days"] == "CN":
        table = workdays.shipped("CN")
    elif raw["days"] is not None:
        table = workdays.DayTable.from_json({"years": raw["days"]}, "of this line")
    return WorkingTime.from_json(raw, table)


def answer(raw: Any) -> dict[str, Any]:
    """The answer to one question. Raises ValueError and LookupError with what is wrong."""
    if not isinstance(raw, dict):
        raise ValueError("this is no JSON object")
    asked = Question.model_validate(raw)
    calendar: Calendar = ROUND_THE_CLOCK
    zone = ZoneInfo(SHANGHAI)
    if isinstance(asked.calendar, Hours):
        calendar = _working_time(asked.calendar.model_dump_json())
        zone = ZoneInfo(asked.calendar.zone)

    def moment(at: dt.datetime) -> dt.datetime:
        return at if at.tzinfo else at.replace(tzinfo=zone)

    pauses = [(moment(p.begins), moment(p.until) if p.until else None) for p in asked.pauses]
    found: dict[str, Any] = {"id": asked.id}
    if asked.end is not None:
        return {**found, "minutes": clocks.worked(calendar, moment(asked.start), moment(asked.end), pauses)}
    due = clocks.due(calendar, moment(asked.start), asked.minutes or 0, pauses)
    found["due"] = due.astimezone(zone).isoformat() if due else None
    if "start_shanghai" in raw:
        found["due_shanghai"] = f"{due.astimezone(zone):%Y-%m-%dT%H:%M}" if due else None
    if asked.due is not None:
        found["matches"] = due == moment(asked.due)
    return found


def _lines(source: TextIO) -> Iterator[tuple[int, Any]]:
    """(line, what stands there): JSON lines, or a CSV table with a heading. Raises Trouble for neither."""
    first = source.readline().lstrip("\ufeff")
    if first.lstrip().startswith("{") or not first.strip():
        lines = enumerate(chain([first], source), 1)
        yield from ((no, line) for no, line in lines if line.strip())
        return
    try:
        heading = next(csv.reader([first]))
    except csv.Error:
        heading = []
    if not {"start", "start_shanghai"} & set(heading):
        raise Trouble("this is neither JSON lines nor a table with a column start or start_shanghai.")
    rows = csv.DictReader(source, heading)
    try:
        yield from enumerate(rows, 2)
    except csv.Error as error:
        raise Trouble(f"line {rows.line_num + 2}: {error}.") from None


def _answered(no: int, line: Any) -> dict[str, Any]:
    raw = line
    try:
        raw = json.loads(line) if isinstance(line, str) else {k: v for k, v in line.items() if v}
        return {"line": no, **answer(raw)}
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        reason = first["msg"].removeprefix("Value error, ")
        return {"line": no, "id": _id(raw), "error": f"{field}: {reason}" if field else reason}
    except (json.JSONDecodeError, RecursionError):
        return {"line": no, "id": None, "error": "this is no JSON object"}
    except (ValueError, LookupError, TypeError, OverflowError) as error:
        return {"line": no, "id": _id(raw), "error": str(error)}


def _id(raw: Any) -> Any:
    return raw.get("id") if isinstance(raw, dict) else None


def run(as_json: bool, schema: bool) -> None:
    """Answers line by line. Raises Trouble (exit 1) after the last when a line was wrong or not as expected."""
    if schema:
        say(json.dumps(Question.model_json_schema(), ensure_ascii=False, indent=1))
        return
    total = wrong = 0
    for no, line in _lines(sys.stdin):
        found = _answered(no, line)
        total += 1
        wrong += "error" in found or found.get("matches") is False
        say(json.dumps(found, ensure_ascii=False) if as_json else _words(found))
    if wrong:
        raise Trouble(f"{wrong:,} of {total:,} lines are wrong or not as expected.")


def _words(found: dict[str, Any]) -> str:
    value = found.get("error") or found.get("due") or found.get("minutes") or "the clock stands"
    return f"{found['line']}\t{found.get('id') or ''}\t{value}"
