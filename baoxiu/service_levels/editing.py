"""C5.2: one part of a book changed – a calendar, a year, a level – without touching what a form does not show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from baoxiu.service_levels.records import CalendarRecord, LevelRecord, TargetRow, YearRecord
from baoxiu.sop.service_levels import POINTS, Action, Book, Days, Hours, Level, Target

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _parts(text: str) -> list[str]:
    return list(dict.fromkeys(part for part in re.split(r"[\s,，、;；]+", text) if part))


def remade(book: Book, **changes: Any) -> Book:
    """The book with parts replaced, checked as a whole. Raises ValueError."""
    kept = {"calendars": book.calendars, "tables": book.tables, "levels": book.levels, **changes}
    raw = {
        "calendars": [c.model_dump() for c in kept["calendars"]],
        "levels": [x.model_dump() for x in kept["levels"]],
        "tables": {
            code: {y: d.model_dump() for y, d in years.items()} for code, years in kept["tables"].items()
        },
    }
    return Book.model_validate(raw)


def _placed(rows: Sequence[Any], old: str, new: Any) -> list[Any]:
    """The row called `old` replaced where it stands; a new one last."""
    if old and not any(row.code == old for row in rows):
        raise LookupError(old)
    return [new if row.code == old else row for row in rows] + ([] if old else [new])


# -- calendars


def calendar_shown(hours: Hours) -> dict[str, Any]:
    days = dict(zip(WEEK, (", ".join(day) for day in hours.week), strict=True))
    return {
        **hours.model_dump(include={"code", "name_zh", "name_en", "zone", "table"}),
        **days,
        "makeup": ", ".join(hours.makeup),
    }


def with_calendar(book: Book, old: str, record: CalendarRecord) -> Book:
    """A new calendar (`old` empty) or a changed one. Raises ValueError, LookupError."""
    hours = Hours(
        code=record.code, name_en=record.name_en, name_zh=record.name_zh, zone=record.zone,
        week=tuple(tuple(_parts(getattr(record, day))) for day in WEEK),
        makeup=tuple(_parts(record.makeup)), table=record.table,
    )  # fmt: skip
    return remade(book, calendars=_placed(book.calendars, old, hours))


# -- years


def year_shown(book: Book, table: str, year: int) -> dict[str, str]:
    days = book.tables.get(table, {}).get(year, Days())
    return {"holidays": " ".join(days.holidays), "workdays": " ".join(days.workdays)}


def with_year(book: Book, table: str, year: int, record: YearRecord) -> Book:
    """The year of a table entered or changed. Raises ValueError."""
    days = Days(
        holidays=tuple(sorted(set(_parts(record.holidays)))),
        workdays=tuple(sorted(set(_parts(record.workdays)))),
    )
    years = {**book.tables.get(table, {}), year: days}
    return remade(book, tables={**book.tables, table: dict(sorted(years.items()))})


# -- levels


def level_shown(level: Level) -> dict[str, Any]:
    """As the form shows it; targets by clause, own calendars and what stops a clock stay unseen and kept."""
    return {
        **level.model_dump(include={"code", "name_zh", "name_en", "calendar", "classes", "priorities", "kinds"}),
        "contracts": ", ".join(level.contracts), "tiers": ", ".join(level.tiers),
        "targets": [_row_shown(duty, target) for duty, target in level.targets.items() if "." not in duty],
    }  # fmt: skip


def _row_shown(duty: str, target: Target) -> dict[str, Any]:
    doings = {f"on_{point}": [_code(a) for a in target.actions if a.at == point] for point in POINTS}
    return {
        "duty": duty, "minutes": target.minutes, "inner_minutes": target.inner_minutes or 0,
        "warn_percent": target.warn_percent, **doings,
    }  # fmt: skip


def _code(action: Action) -> str:
    """As the form names it: whom to notify, or what else is done."""
    return action.to if action.do == "notify" else action.do


def with_level(book: Book, old: str, record: LevelRecord) -> Book:
    """A new level (last) or a changed one where it stands. Raises ValueError, LookupError."""
    known = next((x for x in book.levels if x.code == old), None)
    unseen = {k: t for k, t in known.targets.items() if "." in k} if known else {}
    targets = {
        row.duty: _target(row, known.targets.get(row.duty) if known else None)
        for row in record.targets
        if row.duty
    }
    level = Level(
        code=record.code, name_en=record.name_en, name_zh=record.name_zh, calendar=record.calendar,
        contracts=tuple(_parts(record.contracts)), tiers=tuple(_parts(record.tiers)), classes=tuple(record.classes),
        priorities=tuple(map(int, record.priorities)), kinds=tuple(record.kinds), targets={**targets, **unseen},
    )  # fmt: skip
    return remade(book, levels=_placed(book.levels, old, level))


def _target(row: TargetRow, known: Target | None) -> Target:
    actions = []
    for point in POINTS:
        for code in dict.fromkeys(getattr(row, f"on_{point}")):
            do, to = (code, "owner") if code in ("raise", "reassign") else ("notify", code)
            actions.append(Action.model_validate({"at": point, "do": do, "to": to}))
    return Target(
        minutes=row.minutes, inner_minutes=row.inner_minutes or None, warn_percent=row.warn_percent,
        calendar=known.calendar if known else "", stops_for=known.stops_for if known else None, actions=tuple(actions),
    )  # fmt: skip


def without_level(book: Book, code: str) -> Book:
    """Raises LookupError."""
    if not any(x.code == code for x in book.levels):
        raise LookupError(code)
    return remade(book, levels=[x for x in book.levels if x.code != code])


def with_level_first(book: Book, code: str) -> Book:
    """The level one place further up: it is asked before the one above. Raises LookupError."""
    rows = list(book.levels)
    at = next((i for i, x in enumerate(rows) if x.code == code), -1)
    if at < 0:
        raise LookupError(code)
    if at:
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    return remade(book, levels=rows)
