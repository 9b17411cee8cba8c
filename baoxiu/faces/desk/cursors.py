"""Where a list goes on: the moment and id of the last row seen, as text in the address."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import BadRequest

Cursor = tuple[dt.datetime, int]


def write(moment: dt.datetime, pk: int) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%S.%f}-{pk}"


def read(text: str) -> Cursor | None:
    """None for no text. Raises BadRequest for one that was not written here."""
    if not text:
        return None
    moment, _dash, pk = text[:60].partition("-")
    try:
        at = dt.datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=dt.UTC)
        return at, min(int(pk), 2**62)
    except (ValueError, OverflowError):
        raise BadRequest("the address of the page is wrong: after") from None
