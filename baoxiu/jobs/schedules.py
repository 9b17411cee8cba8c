"""When repeating work is due, and how long failed work waits. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(seconds=5), dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many seconds, on the same marks for every worker."""

    seconds: int

    def after(self, moment: dt.datetime) -> dt.datetime:
        """The first mark later than `moment`."""
        passed = (moment - EPOCH) // dt.timedelta(seconds=self.seconds)
        return EPOCH + dt.timedelta(seconds=self.seconds) * (passed + 1)


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at this local time. A time that a clock change skips or repeats comes once all the same."""

    hour: int
    minute: int
    zone: str

    def after(self, moment: dt.datetime) -> dt.datetime:
        """The first such time later than `moment`."""
        zone = ZoneInfo(self.zone)
        day = moment.astimezone(zone).date() - dt.timedelta(days=1)
        while True:
            day += dt.timedelta(days=1)
            found = dt.datetime.combine(day, dt.time(self.hour, self.minute), zone).astimezone(dt.UTC)
            if found > moment:
                return found


Schedule = Every | Daily


def pause(attempts: int, schedule: Schedule | None = None) -> dt.timedelta:
    """How long to wait after the n-th failure: 5 s, 20 s, 80 s … an hour; repeating work no longer than its beat."""
    longest = LONGEST_PAUSE
    if isinstance(schedule, Every):
        longest = min(longest, max(dt.timedelta(seconds=schedule.seconds), FIRST_PAUSE))
    return min(FIRST_PAUSE * 4 ** min(max(attempts - 1, 0), 10), longest)
