"""The interface every due time goes through. Elapsed time until working calendars arrive."""

from __future__ import annotations

import datetime as dt
from typing import Protocol


class Calendar(Protocol):
    """Adds working minutes to an aware moment."""

    def add(self, start: dt.datetime, minutes: int) -> dt.datetime: ...


class Elapsed:
    """Round the clock: every minute counts."""

    def add(self, start: dt.datetime, minutes: int) -> dt.datetime:
        return start + dt.timedelta(minutes=minutes)


ROUND_THE_CLOCK = Elapsed()
