"""Local days: which date it is where somebody lives."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone(name: str, fallback: str) -> ZoneInfo:
    """The zone called `name`; `fallback` where there is none."""
    try:
        return ZoneInfo(name or fallback)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(fallback)


def local_date(at: dt.datetime, name: str, fallback: str) -> dt.date:
    """The date of the aware moment `at` in zone `name`."""
    return at.astimezone(zone(name, fallback)).date()


def end_of(day: dt.date, name: str, fallback: str) -> dt.datetime:
    """The last moment of a local day: the midnight that ends it."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone(name, fallback))


def offset(at: dt.datetime) -> str:
    """How far the clock of an aware moment is from UTC: UTC+8, UTC-3:30."""
    minutes = int((at.utcoffset() or dt.timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def is_repeated(at: dt.datetime) -> bool:
    """Whether this local time comes twice that day, for the clock is put back."""
    return at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()
