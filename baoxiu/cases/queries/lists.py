"""C4: cases in lists, newest first; every filter finds an index, every page costs the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from django.db.models import F, QuerySet
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from baoxiu.cases import search
from baoxiu.cases.models import Case, Duty
from baoxiu.people.actors import Actor
from baoxiu.sop import codes
from baoxiu.sop.fields import Id
from baoxiu.sop.standard import STANDARD

After = tuple[dt.datetime, int]  # created_at and id of the last row seen
SEARCHED = 2000  # how many hits of a search the other filters look through
CHUNK = 1000
ROW = (
    "id", "number", "subject", "stage", "stage_since", "is_open", "channel", "kind", "priority", "created_at",
    "closed_at", "next_duty", "next_due_at", "customer__name", "contact_name", "contact_phone", "unit__brand",
    "unit__product", "unit__serial", "unit__product_class", "owner_id", "owner__name", "engineer__name",
    "station__name", "last_line", "last_at",
)  # fmt: skip


def _of(names: Mapping[str, Any]) -> AfterValidator:
    def check(value: str) -> str:
        if value and value not in names:
            raise ValueError("must be one of: " + ", ".join(names))
        return value

    return AfterValidator(check)


CLAUSES = {d.clause: d for d in STANDARD.duties}


class Filter(BaseModel):
    """What a list is narrowed to; nothing given: everything. Both days are included."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    q: Annotated[str, Field(max_length=200)] = ""
    status: Literal["", "open", "closed"] = ""
    stage: Annotated[str, _of(STANDARD.stage)] = ""
    owner: Id | Literal["none"] | None = None
    engineer: Id | None = None
    station: Id | None = None
    customer: Id | None = None
    unit: Id | None = None
    channel: Annotated[str, _of(codes.CHANNELS)] = ""
    kind: Annotated[str, _of(codes.KINDS)] = ""
    product_class: Annotated[str, _of(codes.PRODUCT_CLASSES)] = ""
    priority: Annotated[str, _of(codes.PRIORITIES)] = ""
    late: bool = False
    duty: Annotated[str, _of(STANDARD.duty)] = ""
    clause: Annotated[str, _of(CLAUSES)] = ""
    from_date: dt.date | None = None
    to_date: dt.date | None = None


def cases(
    viewer: Actor,
    wanted: Filter,
    *,
    now: dt.datetime,
    zone: dt.tzinfo,
    after: After | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """At most `limit` of the viewer's cases, newest first, after the row `after`. Days are days in `zone`.

    `on_hold` is "yes" or "no". A search looks through its newest 2,000 hits.
    """
    found = narrowed(viewer, wanted, now=now, zone=zone)
    if after:
        found = found.filter(created_at__lte=after[0]).exclude(created_at=after[0], pk__gte=after[1])
    return list(
        found.annotate(on_hold=F("facts__on_hold"))
        .order_by("-created_at", "-pk")
        .values(*ROW, "on_hold")[:limit]
    )


def every(
    viewer: Actor, wanted: Filter, *, now: dt.datetime, zone: dt.tzinfo, limit: int
) -> Iterator[dict[str, Any]]:
    """The first `limit` rows of a list, read in chunks: memory stays flat."""
    after: After | None = None
    left = limit
    while left > 0:
        chunk = cases(viewer, wanted, now=now, zone=zone, after=after, limit=min(CHUNK, left))
        yield from chunk
        if len(chunk) < min(CHUNK, left):
            return
        left -= len(chunk)
        after = (chunk[-1]["created_at"], chunk[-1]["id"])


def narrowed(viewer: Actor, wanted: Filter, *, now: dt.datetime, zone: dt.tzinfo) -> QuerySet[Case]:
    """The viewer's cases that `wanted` leaves, in no order."""
    found = Case.objects.visible_to(viewer)
    if wanted.q:
        found = found.filter(pk__in=search.find(viewer, wanted.q, SEARCHED))
    if wanted.status or wanted.late or wanted.duty or wanted.clause:
        found = found.filter(is_open=wanted.status != "closed")
    equal = {
        "stage": wanted.stage, "channel": wanted.channel, "kind": wanted.kind, "priority": wanted.priority,
        "unit__product_class": wanted.product_class, "engineer_id": wanted.engineer, "station_id": wanted.station,
        "customer_id": wanted.customer, "unit_id": wanted.unit,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in equal.items() if value})
    if wanted.owner:
        found = found.filter(owner=None if wanted.owner == "none" else wanted.owner)
    if wanted.late:
        found = found.filter(next_due_at__lt=now)
    if wanted.duty or wanted.clause:
        found = found.filter(pk__in=_owing(wanted))
    if wanted.from_date:
        found = found.filter(created_at__gte=_midnight(wanted.from_date, zone))
    if wanted.to_date:
        found = found.filter(created_at__lt=_midnight(wanted.to_date + dt.timedelta(days=1), zone))
    return found


def _owing(wanted: Filter) -> QuerySet[Duty, int]:
    """The cases in which such a duty is open."""
    kinds = [
        d.name for d in STANDARD.duties if wanted.duty in ("", d.name) and wanted.clause in ("", d.clause)
    ]
    return Duty.objects.filter(outcome="open", kind__in=kinds).values_list("case", flat=True)


def _midnight(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=zone)
