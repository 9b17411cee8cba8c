"""The period a page of the office looks at, as its address says it."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from baoxiu.supervision.queries import Period

PERIODS = (7, 30, 90, 365)
LONGEST = 1096
BY = ("product", "symptom", "station", "engineer", "channel")


def read(query: QueryDict, now: dt.datetime, *more: str) -> Period:
    """`days` up to today, or `from` to `to`; what cannot be read is thirty days. `more`: dimensions beside `BY`."""
    today = timezone.localdate(now)
    first, last = _day(query.get("from", "")), _day(query.get("to", ""))
    if first is None:
        wish = query.get("days", "")
        first = today - dt.timedelta(days=(int(wish) if wish in map(str, PERIODS) else 30) - 1)
        last = today
    last = max(last or today, first)
    last = min(last, first + dt.timedelta(days=LONGEST - 1))
    by = query.get("by", "")
    is_narrowed = by in (*BY, *more) and "of" in query
    return Period(
        first,
        last,
        by if is_narrowed else "",
        query.get("of", "").replace("\0", "")[:200] if is_narrowed else "",
    )


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if dt.date(2000, 1, 1) <= day <= dt.date(9000, 1, 1) else None


def address(period: Period, **more: str) -> str:
    """The query part that means this period again."""
    told = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    narrowed = {"by": period.by, "of": period.value} if period.by else {}
    return "?" + urlencode({**told, **narrowed, **more})
