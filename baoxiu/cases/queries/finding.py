"""C4.1: a case by its number, its customer's phone, or any word of it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db.models.fields.json import KT

from baoxiu.cases import search
from baoxiu.cases.models import Case
from baoxiu.cases.queries.lists import ROW
from baoxiu.lib import phones
from baoxiu.people.actors import Actor

_SHORT = re.compile(r"^0*(\d{1,6})$")
_MONTHS = 13  # a short number is looked for in this many months


def jump(viewer: Actor, query: str) -> str | None:
    """The number of the one case that is meant without doubt: by its number, reference, or a phone with one case."""
    text = query.strip()[:80]
    if not text:
        return None
    seen = Case.objects.visible_to(viewer)
    exact = seen.filter(number=text.upper()) | seen.filter(reference=text)
    if number := exact.values_list("number", flat=True).first():
        return number
    if len(re.sub(r"\D", "", text)) < 7 or re.search(r"[^\d\s()+./-]", text):
        return None
    try:
        phone = phones.normalise(text)
    except ValueError:
        return None
    numbers = list(seen.filter(contact_phone=phone).values_list("number", flat=True)[:2])
    return numbers[0] if len(numbers) == 1 else None


def matching(
    viewer: Actor, query: str, *, now: dt.datetime, limit: int = 25, before: int | None = None
) -> list[dict[str, Any]]:
    """Rows of the viewer's cases that hold every word, newest first, before id `before`; a short number comes first."""
    ids = search.find(viewer, query, limit, before)
    rows = Case.objects.visible_to(viewer).annotate(on_hold=KT("facts__on_hold"))
    found = list(rows.filter(pk__in=ids).order_by("-pk").values(*ROW, "on_hold"))
    short = _SHORT.match(query.strip())
    if short and before is None:
        wanted = [f"BX-{month}-{int(short[1]):06d}" for month in _months(now)]
        named = list(rows.filter(number__in=wanted).order_by("-pk").values(*ROW, "on_hold"))
        found = [*named, *(row for row in found if row["id"] not in {n["id"] for n in named})][:limit]
    return found


def _months(now: dt.datetime) -> list[str]:
    """This month and those before it as they stand in numbers: "2611", "2610", …"""
    count = now.year * 12 + now.month - 1
    return [f"{(count - i) // 12 % 100:02d}{(count - i) % 12 + 1:02d}" for i in range(_MONTHS)]
