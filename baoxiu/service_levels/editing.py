"""C5.2: one part of a book changed – a calendar, a year, a level – without touching what a form does not show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from baoxiu.service_levels.records import NEVER, CalendarRecord, LevelRecord, TargetRow, YearRecord
from baoxiu.sop.service_levels import PAUSES, POINTS, Action, Book, Days, Hours, Level, Target

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
    return {
        **level.model_dump(include={"code", "name_zh", "name_en", "calendar", "classes", "priorities", "kinds"}),
        "contracts": ", ".join(level.contracts), "tiers": ", ".join(level.tiers),
        "targets": [_row_shown(duty, target) for duty, target in level.targets.items()],
    }  # fmt: skip


def _row_shown(duty: str, target: Target) -> dict[str, Any]:
    doings = {f"on_{point}": [_code(a) for a in target.actions if a.at == point] for point in POINTS}
    return {
        "duty": duty, "minutes": target.minutes, "inner_minutes": target.inner_minutes or 0,
        "warn_percent": target.warn_percent, "calendar": target.calendar,
        "stops_for": stands(target), **doings,
    }  # fmt: skip


def stands(target: Target) -> str:
    """As `records.STANDS` names it."""
    if target.stops_for is None:
        return ""
    return " ".join(p for p in PAUSES if p in target.stops_for) or NEVER


def _code(action: Action) -> str:
    """As the form names it: whom to notify, or what else is done."""
    return action.to if action.do == "notify" else action.do


def with_level(book: Book, old: str, record: LevelRecord) -> Book:
    """A new level (last) or a changed one where it stands. Raises ValueError, LookupError."""
    level = Level(
        code=record.code, name_en=record.name_en, name_zh=record.name_zh, calendar=record.calendar,
        contracts=tuple(_parts(record.contracts)), tiers=tuple(_parts(record.tiers)), classes=tuple(record.classes),
        priorities=tuple(map(int, record.priorities)), kinds=tuple(record.kinds),
        targets={row.duty: _target(row) for row in record.targets if row.duty},
    )  # fmt: skip
    return remade(book, levels=_placed(book.levels, old, level))


def _target(row: TargetRow) -> Target:
    actions = []
    for point in POINTS:
        for code in dict.fromkeys(getattr(row, f"on_{point}")):
            do, to = (code, "owner") if code in ("raise", "reassign") else ("notify", code)
            actions.append(Action.model_validate({"at": point, "do": do, "to": to}))
    return Target.model_validate({
        "minutes": row.minutes, "inner_minutes": row.inner_minutes or None, "warn_percent": row.warn_percent,
        "calendar": row.calendar, "stops_for": [p for p in row.stops_for.split() if p in PAUSES] if row.stops_for else None, "actions": actions,
    })  # fmt: skip


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
