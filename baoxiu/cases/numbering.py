"""One number per request: BX-YYMM-000123, counted within the month it was made."""

from __future__ import annotations

import datetime as dt

from django.db import connection

_NEXT = (
    "INSERT INTO cases_sequence (name, value) VALUES (%s, 1) "
    "ON CONFLICT (name) DO UPDATE SET value = cases_sequence.value + 1 RETURNING value"
)


def next_number(now: dt.datetime, name: str = "case", prefix: str = "BX") -> str:
    """The next number; the row stays locked until the caller's transaction ends, so none is doubled."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [f"{name}-{now:%y%m}"])
        return f"{prefix}-{now:%y%m}-{cursor.fetchone()[0]:06d}"
