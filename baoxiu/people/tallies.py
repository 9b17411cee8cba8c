"""How often somebody did something in a stretch of time: one count for all processes."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from baoxiu.people.models import Tally

_COUNT = (
    "INSERT INTO people_tally (what, ends_at, count) VALUES (%s, %s, 1) "
    "ON CONFLICT (what, ends_at) DO UPDATE SET count = people_tally.count + 1 RETURNING count"
)


def exceeded(what: str, limit: int, *, seconds: int, now: dt.datetime) -> bool:
    """Counts one more of `what`; True once there are more than `limit` in the stretch of `seconds` that holds `now`.

    Past the limit nothing is written any more: whoever keeps trying costs no disk.
    """
    ends_at = dt.datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, dt.UTC)
    seen = Tally.objects.filter(what=what[:200], ends_at=ends_at).values_list("count", flat=True).first()
    if seen is not None and seen > limit:
        return True
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [what[:200], connection.ops.adapt_datetimefield_value(ends_at)])
        count: int = cursor.fetchone()[0]
    return count > limit


def forget(*, now: dt.datetime) -> int:
    """Removes the counts of stretches that are over."""
    return Tally.objects.filter(ends_at__lt=now).delete()[0]
