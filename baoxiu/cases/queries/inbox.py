"""C4, C5.2: what is owed next, most urgent first. Counts are bounded: 100 stands for "more than 99"."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.json import KeyTextTransform

from baoxiu.cases.models import Case, Duty, Pause
from baoxiu.people.actors import OFFICE, Actor
from baoxiu.people.remembered import Read
from baoxiu.sop.standard import OPEN

VIEWS = ("mine", "team", "unassigned", "late", "waiting", "hold")
STAGES = OPEN
COUNT_LIMIT = 100
_THEN = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # no due time: stands for now in a statement made once
WAITING_KINDS = ("consent", "inbound")  # duties that wait for what the customer does

ROW = (
    "id", "kind", "clause", "party", "opened_at", "warn_at", "due_at", "owner_id", "owner__name", "case_id",
    "case__number", "case__subject", "case__stage", "case__priority", "case__contact_name", "case__last_line",
    "case__last_at", "case__customer__name", "case__unit__brand", "case__unit__product", "case__unit__serial",
    "case__owner__name", "case__is_open",
)  # fmt: skip


def rows(
    viewer: Actor,
    view: str,
    *,
    now: dt.datetime,
    after: tuple[dt.datetime, int] | None = None,
    limit: int = 25,
) -> list[dict[str, Any]]:
    """Open duties of a view (one of VIEWS or STAGES) by due time, after (due_at, id); at most `limit`.

    `paused` says that the duty's clock stands still. Raises KeyError for an unknown view.
    """
    found: list[dict[str, Any]] = []
    if after or view == "late":
        for duties in _duties(viewer, view, now):
            if after:
                duties = duties.filter(due_at__gte=after[0]).exclude(due_at=after[0], pk__lte=after[1])
            found += _nearest(duties, limit)
    else:
        for read in _first(viewer, view, limit):
            found += read.run()
    return sorted(found, key=lambda row: (row["due_at"], row["id"]))[:limit]


def _nearest(duties: QuerySet[Duty], limit: int) -> QuerySet[Duty, Any]:
    nearest: QuerySet[Duty] = duties.annotate(paused=KeyTextTransform("on_hold", "case__facts")).order_by(
        "due_at", "pk"
    )
    rows: QuerySet[Duty, Any] = nearest.values(*ROW, "paused")
    return rows[:limit]


@lru_cache(maxsize=1024)
def _first(viewer: Actor, view: str, limit: int) -> list[Read]:
    """The statements of a first page in which nothing depends on the time."""
    return [Read(_nearest(duties, limit)) for duties in _duties(viewer, view, _THEN)]


def counts(viewer: Actor, *, now: dt.datetime) -> dict[str, int]:
    """How many rows each view has, up to COUNT_LIMIT; one statement."""
    sql, params = _counting(viewer)
    marker, moment = (connection.ops.adapt_datetimefield_value(at) for at in (_THEN, now))
    with connection.cursor() as cursor:
        cursor.execute(sql, [moment if value == marker else value for value in params])
        found = cursor.fetchone()
    return {name: min(n, COUNT_LIMIT) for name, n in zip((*VIEWS, *STAGES), found, strict=True)}


@lru_cache(maxsize=1024)
def _counting(viewer: Actor) -> tuple[str, tuple[Any, ...]]:
    """The statement of `counts`, with _THEN for now: making it takes ten times as long as asking it."""
    parts: list[str] = []
    params: list[Any] = []
    for name in (*VIEWS, *STAGES):
        numbers = []
        for i, duties in enumerate(_duties(viewer, name, _THEN)):
            sql, values = duties.order_by().values("pk")[:COUNT_LIMIT].query.sql_with_params()
            numbers.append(f"(SELECT COUNT(*) FROM ({sql}) AS one_{len(parts)}_{i})")
            params.extend(values)
        parts.append(" + ".join(numbers))
    return f"SELECT {', '.join(parts)}", tuple(params)


def _duties(viewer: Actor, view: str, now: dt.datetime) -> tuple[QuerySet[Duty], ...]:
    """The open duties of a view, as parts without a common row, each with an index that holds little else.

    Raises KeyError for another view.
    """
    every = Duty.objects.filter(outcome="open")
    if not viewer.parties & OFFICE:
        every = every.filter(case__in=Case.objects.visible_to(viewer))
    pauses = Pause.objects.filter(until_at=None, scope="hold")
    if view == "hold":
        return (every.filter(case__in=pauses.values("case")),)
    if view == "waiting":
        held = pauses.filter(reason="customer").values("case")
        kinds = tuple(every.filter(kind=kind) for kind in WAITING_KINDS)
        return (*kinds, every.filter(case__in=held).exclude(kind__in=WAITING_KINDS))
    running = every.filter(~Exists(pauses.filter(case=OuterRef("case"), from_at__gte=OuterRef("opened_at"))))
    if view in STAGES:
        return (running.filter(case__stage=view),)
    if view == "mine":
        return (running.filter(owner_id=viewer.staff_id),)
    sees_all = viewer.has("manager", "account_manager")
    team = running if sees_all else running.filter(party__in=sorted(viewer.parties))
    if view == "late":
        return (team.filter(~Exists(pauses.filter(case=OuterRef("case"))), due_at__lt=now),)
    return {"team": (team,), "unassigned": (team.filter(owner=None),)}[view]
