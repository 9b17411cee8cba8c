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
