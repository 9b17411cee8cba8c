"""C1, C5.2: the figures of the dashboard. Each counts cases that `lists.narrowed` finds again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from baoxiu.cases.models import Case, Duty
from baoxiu.people.actors import Actor

TOP = 12


@dataclass(frozen=True, slots=True)
class Totals:
    """`answered`: first responses due in the period, `in_time`: those done in time."""

    open: int
    late: int
    registered: int
    closed: int
    answered: int
    in_time: int


def _period(viewer: Actor, since: dt.datetime, until: dt.datetime) -> QuerySet[Case]:
    return Case.objects.visible_to(viewer).filter(created_at__gte=since, created_at__lt=until)


def totals(viewer: Actor, *, since: dt.datetime, until: dt.datetime, now: dt.datetime) -> Totals:
    """Open and late are of now, the others of the cases registered in the period; three statements."""
    seen = Case.objects.visible_to(viewer)
    late = Q(next_due_at__lt=now, facts__on_hold="no")
    current = seen.open().aggregate(open=Count("pk"), late=Count("pk", filter=late))
    period = _period(viewer, since, until).aggregate(
        registered=Count("pk"), closed=Count("pk", filter=Q(is_open=False))
    )
    missed = Q(outcome="done", ended_at__gt=F("due_at")) | Q(outcome="open", due_at__lt=now)
    first = Duty.objects.filter(
        kind="first_response", case__in=_period(viewer, since, until), outcome__in=("done", "open")
    ).exclude(outcome="open", due_at__gte=now)
    replies = first.aggregate(
        answered=Count("case", distinct=True), missed=Count("case", distinct=True, filter=missed)
    )
    return Totals(
        **current, **period, answered=replies["answered"], in_time=replies["answered"] - replies["missed"]
    )


def _late(viewer: Actor, now: dt.datetime) -> QuerySet[Duty]:
    """Duties past their time whose clock runs."""
    return Duty.objects.filter(
        outcome="open", due_at__lt=now, case__in=Case.objects.visible_to(viewer).filter(facts__on_hold="no")
    )


def late_by_clause(viewer: Actor, *, now: dt.datetime) -> list[tuple[str, int]]:
    rows = _late(viewer, now).values("clause").annotate(cases=Count("case", distinct=True))
    return [(row["clause"], row["cases"]) for row in rows.order_by("clause")]


def late_by_person(viewer: Actor, *, now: dt.datetime) -> list[tuple[int | None, str, int]]:
    """(staff id or None, name, cases), the most first."""
    rows = _late(viewer, now).values("owner_id", "owner__name").annotate(cases=Count("case", distinct=True))
    top = rows.order_by("-cases", "owner__name")[:TOP]
    return [(row["owner_id"], row["owner__name"] or "", row["cases"]) for row in top]


def by_day(viewer: Actor, *, since: dt.datetime, until: dt.datetime, zone: dt.tzinfo) -> list[dict[str, Any]]:
    """Rows of `day`, `channel`, `cases`: how many came in on each day by each channel."""
    days = _period(viewer, since, until).annotate(day=TruncDate("created_at", tzinfo=zone))
    rows = days.values("day", "channel").annotate(cases=Count("pk")).order_by("day", "channel")
    return [dict(row) for row in rows]


def by_product(viewer: Actor, *, since: dt.datetime, until: dt.datetime) -> list[tuple[str, int]]:
    """(product as it was named, cases), the most first; "" for cases without a product."""
    rows = _period(viewer, since, until).values("unit__product").annotate(cases=Count("pk"))
    return [
        (row["unit__product"] or "", row["cases"]) for row in rows.order_by("-cases", "unit__product")[:TOP]
    ]


def open_by_stage(viewer: Actor) -> dict[str, int]:
    """How many open cases stand at each stage."""
    rows = Case.objects.visible_to(viewer).open().values("stage").annotate(cases=Count("pk"))
    return {row["stage"]: row["cases"] for row in rows.order_by()}


def versions_in_use(viewer: Actor) -> dict[str, int]:
    """How many open cases run under each version of the procedure."""
    rows = Case.objects.visible_to(viewer).open().values("procedure").annotate(cases=Count("pk"))
    return {row["procedure"]: row["cases"] for row in rows.order_by()}
