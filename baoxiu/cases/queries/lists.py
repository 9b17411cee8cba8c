"""C4: cases in lists, newest first; every filter finds an index, every page costs the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from baoxiu.cases import search
from baoxiu.cases.models import Case, Duty
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff, Station
from baoxiu.people.remembered import Read, remembered
from baoxiu.sop import codes
from baoxiu.sop.fields import Id, Line
from baoxiu.sop.standard import STANDARD

After = tuple[dt.datetime, int]  # created_at and id of the last row seen
SEARCHED = 2000  # how many hits of a search the other filters look through
CHUNK = 1000
_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)
WINDOW = 20_000  # cases a page looks through for what no index covers
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


# a day whose midnights exist in every zone
Day = Annotated[dt.date, Field(ge=dt.date(1970, 1, 2), le=dt.date(9000, 1, 1))]
CLAUSES = {d.clause: d for d in STANDARD.duties}


class Filter(BaseModel):
    """What a list is narrowed to; nothing given: everything. Both days are included."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    q: Annotated[str, Field(max_length=200, title="Search")] = ""
    status: Annotated[Literal["", "open", "closed"], Field(title="Status")] = ""
    stage: Annotated[str, _of(STANDARD.stage), Field(title="Stage")] = ""
    owner: Annotated[Id | Literal["none"] | None, Field(title="Owner")] = None
    engineer: Annotated[Id | None, Field(title="Engineer")] = None
    station: Annotated[Id | None, Field(title="Station")] = None
    customer: Annotated[Id | None, Field(title="Customer")] = None
    unit: Annotated[Id | None, Field(title="Unit")] = None
    channel: Annotated[str, _of(codes.CHANNELS), Field(title="Channel")] = ""
    kind: Annotated[str, _of(codes.KINDS), Field(title="Kind of request")] = ""
    product_class: Annotated[str, _of(codes.PRODUCT_CLASSES), Field(title="Product class")] = ""
    priority: Annotated[str, _of(codes.PRIORITIES), Field(title="Priority")] = ""
    late: Annotated[bool, Field(title="Late")] = False
    duty: Annotated[str, _of(STANDARD.duty), Field(title="Duty")] = ""
    clause: Annotated[str, _of(CLAUSES), Field(title="Clause")] = ""
    owes: Annotated[Id | Literal["none"] | None, Field(title="Who owes it")] = None
    missed: Annotated[str, _of(STANDARD.duty), Field(title="Not done in time")] = ""
    product: Annotated[Line, Field(title="Product")] = ""
    rated: Annotated[bool, Field(title="Rated")] = False
    rating: Annotated[int | None, Field(ge=1, le=5, title="Rating")] = None
    from_date: Annotated[Day | None, Field(title="From")] = None
    to_date: Annotated[Day | None, Field(title="Until")] = None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list. `after`: where the next page starts, None at the end. `searched_to`: a rare filter was only
    looked for back to then; there may be more."""

    rows: list[dict[str, Any]]
    after: After | None
    searched_to: dt.datetime | None = None


def page(
    viewer: Actor,
    wanted: Filter,
    *,
    now: dt.datetime,
    zone: dt.tzinfo,
    after: After | None = None,
    limit: int = 50,
) -> Page:
    """At most `limit` of the viewer's cases, newest first, after the row `after`. Days are days in `zone`.

    `on_hold` is "yes" or "no". A search looks through its newest 2,000 hits. What no index covers is looked
    for in the next 20,000 cases only, so that no page costs more than that.
    """
    edge = _edge(wanted, after, zone) if _is_rare(wanted) else None
    if after or edge or wanted.q or wanted.late or wanted.missed:
        found = _from(narrowed(viewer, wanted, now=now, zone=zone), after)
        seen = list(_rows(found.filter(created_at__gte=edge) if edge else found, limit))
    else:
        seen = _first(viewer, wanted, zone, limit).run()
    if len(seen) > limit:
        return Page(seen[:limit], (seen[limit - 1]["created_at"], seen[limit - 1]["id"]))
    return Page(seen, (edge, 0) if edge else None, edge)


def _rows(cases: QuerySet[Case], limit: int) -> QuerySet[Case, Any]:
    """One more than `limit`, to see whether there are more."""
    newest: QuerySet[Case] = cases.annotate(on_hold=KT("facts__on_hold")).order_by("-created_at", "-pk")
    rows: QuerySet[Case, Any] = newest.values(*ROW, "on_hold")
    return rows[: limit + 1]


@lru_cache(maxsize=256)
def _first(viewer: Actor, wanted: Filter, zone: dt.tzinfo, limit: int) -> Read:
    """The statement of a first page in which nothing depends on the time or on what was found before."""
    return Read(_rows(narrowed(viewer, wanted, now=_NEVER, zone=zone), limit))


def cases(
    viewer: Actor, wanted: Filter, *, now: dt.datetime, zone: dt.tzinfo, limit: int = 50
) -> list[dict[str, Any]]:
    """The rows of the first page alone."""
    return page(viewer, wanted, now=now, zone=zone, limit=limit).rows


def every(
    viewer: Actor, wanted: Filter, *, now: dt.datetime, zone: dt.tzinfo, limit: int
) -> Iterator[dict[str, Any]]:
    """The first `limit` rows of a list, read in chunks: memory stays flat."""
    after: After | None = None
    left = limit
    while left > 0:
        chunk = page(viewer, wanted, now=now, zone=zone, after=after, limit=min(CHUNK, left))
        yield from chunk.rows
        left -= len(chunk.rows)
        after = chunk.after
        if after is None:
            return


def _from(cases: QuerySet[Case], after: After | None) -> QuerySet[Case]:
    if after is None:
        return cases
    return cases.filter(created_at__lte=after[0]).exclude(created_at=after[0], pk__gte=after[1])


def _is_rare(wanted: Filter) -> bool:
    """Whether a page may have to pass over many cases to fill itself: no index leads to these rows in their order."""
    if wanted.q or wanted.customer or wanted.unit or wanted.status == "open":
        return False
    if wanted.late or wanted.duty or wanted.clause or wanted.owes:
        return False
    indexed = (
        wanted.stage,
        wanted.channel,
        wanted.kind,
        wanted.priority,
        wanted.owner,
        wanted.engineer,
        wanted.station,
    )
    unindexed = (wanted.product_class, wanted.product, wanted.missed, wanted.rated, wanted.rating)
    return any(unindexed) or sum(map(bool, indexed)) > 1


def _edge(wanted: Filter, after: After | None, zone: dt.tzinfo) -> dt.datetime | None:
    """When the last of the next 20,000 cases was made; None when there are fewer that could be meant."""
    if after is None and wanted.to_date:
        after = (_midnight(wanted.to_date + dt.timedelta(days=1), zone), 0)
    newest = (
        _from(Case.objects.all(), after).order_by("-created_at", "-pk").values_list("created_at", flat=True)
    )
    edge = next(iter(newest[WINDOW : WINDOW + 1]), None)
    return edge if edge and not (wanted.from_date and edge <= _midnight(wanted.from_date, zone)) else None


def narrowed(viewer: Actor, wanted: Filter, *, now: dt.datetime, zone: dt.tzinfo) -> QuerySet[Case]:
    """The viewer's cases that `wanted` leaves, in no order."""
    found = Case.objects.visible_to(viewer)
    if wanted.q:
        found = found.filter(pk__in=search.find(viewer, wanted.q, SEARCHED))
    if wanted.status or wanted.late or wanted.duty or wanted.clause or wanted.owes:
        found = found.filter(is_open=wanted.status != "closed")
    equal = {
        "stage": wanted.stage, "channel": wanted.channel, "kind": wanted.kind, "priority": wanted.priority,
        "unit__product_class": wanted.product_class, "engineer_id": wanted.engineer, "station_id": wanted.station,
        "customer_id": wanted.customer, "unit_id": wanted.unit, "unit__product": wanted.product,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in equal.items() if value})
    if wanted.owner:
        found = found.filter(owner=None if wanted.owner == "none" else wanted.owner)
    if wanted.late:
        found = found.filter(next_due_at__lt=now, facts__on_hold="no")
    if wanted.duty or wanted.clause or wanted.owes:
        found = found.filter(pk__in=_owing(wanted, now))
    if wanted.missed:
        found = found.filter(Exists(_missing(wanted.missed, now).filter(case=OuterRef("pk"))))
    if wanted.rated:
        found = found.filter(Exists(Case.objects.filter(pk=OuterRef("pk"), ratings__isnull=False)))
    if wanted.rating:
        found = found.filter(Exists(Case.objects.filter(pk=OuterRef("pk"), ratings__overall=wanted.rating)))
    if wanted.from_date:
        found = found.filter(created_at__gte=_midnight(wanted.from_date, zone))
    if wanted.to_date:
        found = found.filter(created_at__lt=_midnight(wanted.to_date + dt.timedelta(days=1), zone))
    return found


def _missing(kind: str, now: dt.datetime) -> QuerySet[Duty]:
    """Duties of a kind that were done late, or are late now."""
    late = Q(outcome="done", ended_at__gt=F("due_at")) | Q(outcome="open", due_at__lt=now)
    return Duty.objects.filter(late, kind=kind)


def _owing(wanted: Filter, now: dt.datetime) -> QuerySet[Duty, int]:
    """The cases in which such a duty is open; with `late`, past its time."""
    kinds = [
        d.name for d in STANDARD.duties if wanted.duty in ("", d.name) and wanted.clause in ("", d.clause)
    ]
    duties = Duty.objects.filter(outcome="open", kind__in=kinds)
    if wanted.late:
        duties = duties.filter(due_at__lt=now)
    if wanted.owes:
        duties = duties.filter(owner=None if wanted.owes == "none" else wanted.owes)
    return duties.values_list("case", flat=True)


def _midnight(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=zone)


def people(viewer: Actor) -> dict[str, list[tuple[int, str]]]:
    """Whom a list can be narrowed to, by name: owners, engineers, stations at work."""
    rows = [(row["pk"], row["name"], set(row["roles"].split())) for row in _staff()]
    return {
        "owner": [(pk, name) for pk, name, roles in rows if roles & {"agent", "account_manager"}],
        "engineer": [(pk, name) for pk, name, roles in rows if "engineer" in roles],
        "station": [(row["pk"], row["name"]) for row in _stations()],
    }


@remembered
def _staff() -> QuerySet[Staff, Any]:
    return Staff.objects.filter(is_active=True).order_by("name", "pk").values("pk", "name", "roles")


@remembered
def _stations() -> QuerySet[Station, Any]:
    return Station.objects.filter(is_active=True).order_by("name", "pk").values("pk", "name")
