"""One number per request: BX-YYMM-000123, counted within the month it was made."""

from __future__ import annotations

import datetime as dt

from django.db.models import F

from baoxiu.cases.models import Sequence


def next_number(now: dt.datetime) -> str:
    """The next number; the row stays locked until the caller's transaction ends, so none is doubled."""
    name = f"case-{now:%y%m}"
    if not Sequence.objects.filter(pk=name).update(value=F("value") + 1):
        Sequence.objects.get_or_create(pk=name)
        Sequence.objects.filter(pk=name).update(value=F("value") + 1)
    return f"BX-{now:%y%m}-{Sequence.objects.values_list('value', flat=True).get(pk=name):06d}"
