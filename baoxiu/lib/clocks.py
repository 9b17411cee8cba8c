"""A clock: working minutes on a calendar, less the intervals in which it stood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from baoxiu.lib.calendars import Calendar

Interval = tuple[dt.datetime, dt.datetime | None]  # half-open; None: it stands still


def joined(pauses: Iterable[Interval]) -> list[Interval]:
    """In order, overlapping and touching ones made one, empty ones left out."""
    found: list[Interval] = []
    for start, end in sorted(pauses, key=lambda pause: pause[0]):
        if end is not None and end <= start:
            continue
        if found and ((last := found[-1][1]) is None or start <= last):
            found[-1] = (found[-1][0], None if last is None or end is None else max(last, end))
        else:
            found.append((start, end))
    return found


def due(
    calendar: Calendar, start: dt.datetime, minutes: float, pauses: Sequence[Interval] = ()
) -> dt.datetime | None:
    """The first moment by which `minutes` are worked outside `pauses`; None while the clock stands before it.

    A deadline that is reached at the very moment a pause begins is due then. Raises what the calendar raises.
    """
    left, at = minutes, start
    for begins, ends in joined(pauses):
        if begins > at:
            worked = calendar.between(at, begins)
            if worked >= left:
                break
            left -= worked
        if ends is None:
            return None
        at = max(at, ends)
    return calendar.add(at, left)


def worked(
    calendar: Calendar, start: dt.datetime, end: dt.datetime, pauses: Sequence[Interval] = ()
) -> float:
    """Working minutes from `start` to `end` outside `pauses`; 0 when `end` is not later."""
    total, at = 0.0, start
    for begins, ends in joined(pauses):
        if begins >= end:
            break
        if begins > at:
            total += calendar.between(at, begins)
        if ends is None:
            return total
        at = max(at, ends)
    return total + (calendar.between(at, end) if end > at else 0.0)
