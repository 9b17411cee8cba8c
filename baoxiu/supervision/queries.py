"""C1, C5, C6.2: the figures, the conformance of a period, and the cases behind every number.

What is counted is summed day by day in advance; what opens is looked up case by case with the same
marks, so that a figure and its list cannot differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from django.db.models import Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast
from pydantic import BaseModel, ConfigDict

from baoxiu.cases.models import Case
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff, Station
from baoxiu.sop import figures
from baoxiu.supervision.models import CaseFigures, ClauseDay, DayFigures, DaySpread, MonthFigures, Position

By = Literal["product", "symptom", "station", "engineer", "channel", "currency"]
Part = Literal["all", "hit", "miss", "down"]
TOP = 30
WEEKLY_FROM, MONTHLY_FROM = 21, 62
ONE_DAY = dt.timedelta(days=1)
TEXTS = {
    f"{name}_text": Cast(name, TextField()) for name in figures.SPREADS
}  # read faster than the field reads it
ROW = ("number", "subject", "stage", "is_open", "created_at", "closed_at", "customer__name", "engineer__name")
PAID = ("currency", "marks__paid__1__1", "marks__paid__1__2", "marks__free__1__1", "marks__free__1__2")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both included; narrowed to one value of one dimension when `by` is given."""

    first: dt.date
    last: dt.date
    by: str = ""
    value: str = ""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


class Wanted(BaseModel):
    """Which cases behind a figure: those counted, those that met it, those that did not; detractors (`down`, of nps)."""

    model_config = ConfigDict(frozen=True)

    measure: Literal[
        "registered",
        "response",
        "answered",
        "resolved",
        "fixed",
        "repeat",
        "calls",
        "final",
        "csat",
        "nps",
        "paid",
        "free",
    ]
    part: Part = "all"


def _may(viewer: Actor) -> bool:
    return viewer.kind == "system" or viewer.has("manager")


def _days(viewer: Actor, period: Period, dimension: str = "") -> QuerySet[DayFigures]:
    rows = DayFigures.objects.filter(day__gte=period.first, day__lte=period.last)
    return _narrowed(viewer, rows, period, dimension)


def _narrowed(viewer: Actor, rows: QuerySet[Any], period: Period, dimension: str) -> QuerySet[Any]:
    if not _may(viewer):
        return rows.none()
    if dimension:
        return rows.filter(dimension=dimension)
    return rows.filter(dimension=period.by or "all", value=period.value if period.by else "")


def _summed(viewer: Actor, period: Period, dimension: str = "") -> dict[str, figures.Sums]:
    """value → columns, spreads still empty: of long periods by months; values without any case left out."""
    months, added, taken = _cover(period)
    if period.days < MONTHLY_FROM:
        months, added, taken = [], [(period.first, period.last + ONE_DAY)], []
    of = [(1, MonthFigures.objects.filter(day__in=months))] if months else []
    of += [(1, DayFigures.objects.filter(day__gte=start, day__lt=stop)) for start, stop in added]
    of += [(-1, DayFigures.objects.filter(day__gte=start, day__lt=stop)) for start, stop in taken]
    found: dict[str, figures.Sums] = {}
    sums = {column: Sum(column) for column in figures.COLUMNS}
    for sign, rows in of:
        for row in _narrowed(viewer, rows, period, dimension).values("value").annotate(**sums):
            into = found.setdefault(row["value"], figures.nothing())
            for column in figures.COLUMNS:
                into[column] += sign * row[column]
    return {value: into for value, into in found.items() if any(into[c] for c in figures.COLUMNS)}


def _spread(
    rows: QuerySet[DaySpread], into: Callable[[dict[str, Any]], figures.Sums], period: Period
) -> None:
    """Adds the spreads of the rows to the sums they belong to; days outside the period are taken off."""
    for row in rows.annotate(**TEXTS).values("is_month", "day", "value", *TEXTS).iterator():
        sums = into(row)
        sign = 1 if row["is_month"] or period.first <= row["day"] <= period.last else -1
        for text, name in zip(TEXTS, figures.SPREADS, strict=True):
            figures.merge(sums[name], orjson.loads(row[text]), sign)


def _spreads(viewer: Actor, period: Period, dimension: str = "") -> QuerySet[DaySpread]:
    months, added, taken = _cover(period)
    # every term names the columns of the index, `is_month` as a value among values: else SQLite reads the whole dimension
    of = (
        Q(dimension=dimension)
        if dimension
        else Q(dimension=period.by or "all", value=period.value if period.by else "")
    )
    wanted = of & Q(is_month__in=[True], day__in=months)
    for start, stop in added + taken:
        wanted |= of & Q(is_month__in=[False], day__gte=start, day__lt=stop)
    return DaySpread.objects.filter(wanted) if _may(viewer) else DaySpread.objects.none()


Spans = list[tuple[dt.date, dt.date]]


def _cover(period: Period) -> tuple[list[dt.date], Spans, Spans]:
    """Months, days beside them, days of them to take off again: of a month at either end what is shorter."""
    months, added, taken = list[dt.date](), Spans(), Spans()
    first = period.first.replace(day=1)
    while first <= period.last:
        end = _next_month(first)
        start, stop = max(first, period.first), min(end, period.last + ONE_DAY)
        if (stop - start) * 2 > end - first:
            months.append(first)
            taken += [span for span in ((first, start), (stop, end)) if span[0] < span[1]]
        else:
            added.append((start, stop))
        first = end
    return months, added, taken


def _next_month(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=31)).replace(day=1)


def totals(viewer: Actor, period: Period) -> figures.Sums:
    """Every column and spread over the period; a few statements."""
    found = next(iter(_summed(viewer, period).values()), figures.nothing())
    _spread(_spreads(viewer, period), lambda _: found, period)
    return found


def _step(period: Period) -> int:
    """Days of a span."""
    return 7 if period.days >= WEEKLY_FROM else 1


def by_week(viewer: Actor, period: Period) -> list[tuple[dt.date, figures.Sums]]:
    """(first day, columns) for each day, or each week from 21 days on: shares of a day say little."""
    step = _step(period)
    spans = {}
    for start in range(0, period.days, step):
        spans[start // step] = (period.first + dt.timedelta(days=start), figures.nothing())

    def week(row: dict[str, Any]) -> figures.Sums:
        return spans[(row["day"] - period.first).days // step][1]

    for row in _days(viewer, period).values("day", *figures.COLUMNS):
        sums = week(row)
        for column in figures.COLUMNS:
            sums[column] += row[column]
    spreads = DaySpread.objects.filter(is_month__in=[False], day__gte=period.first, day__lte=period.last)
    _spread(_narrowed(viewer, spreads, period, ""), week, period)
    return list(spans.values())


def by_channel(viewer: Actor, period: Period) -> dict[str, dict[dt.date, int]]:
    """channel → day → registered."""
    found: dict[str, dict[dt.date, int]] = {}
    rows = _days(viewer, period, "channel").filter(registered_n__gt=0).order_by("day")
    for channel, day, n in rows.values_list("value", "day", "registered_n"):
        found.setdefault(channel, {})[day] = n
    return found


def ranked(viewer: Actor, period: Period, by: By, limit: int = TOP) -> list[tuple[str, str, figures.Sums]]:
    """(value, name, columns) of a dimension, the most requests first; "" is for cases without one."""
    summed = sorted(_summed(viewer, period, by).items(), key=lambda row: (-row[1]["registered_n"], row[0]))
    found = dict(summed[:limit])
    other = figures.nothing()  # values beyond the limit
    spreads = _spreads(viewer, period, by)
    spreads = spreads.filter(value__in=list(found)) if len(found) <= TOP else spreads
    _spread(spreads, lambda row: found.get(row["value"], other), period)
    names = _names(by, list(found))
    return [(value, names.get(value, value), columns) for value, columns in found.items()]


def _names(by: str, values: list[str]) -> Mapping[str, str]:
    table: Any = {"engineer": Staff, "station": Station}.get(by)
    if table is None:
        return {}
    ids = [int(v) for v in values if v]
    return {str(pk): name for pk, name in table.objects.filter(pk__in=ids).values_list("pk", "name")}


def named(viewer: Actor, by: str, value: str) -> str:
    """What a value of a dimension is called."""
    return (
        _names(by, [value]).get(value, value)
        if value.isdigit() or by not in ("engineer", "station")
        else value
    )


Amounts = dict[str, list[tuple[str, int, int]]]
_AMOUNTS = tuple(c for m in figures.MONEY for c in figures.MEASURES[m][1:])


def amounts(viewer: Actor, period: Period) -> Amounts:
    """`paid` and `free` → (currency, cases, amount in hundredths), the most first: what customers paid, and what work
    nobody paid for cost, in cases closed in the period."""
    rows = _days(viewer, period, "" if period.by == "currency" else "currency").exclude(value="")
    return _amounts(list(rows.values("value").annotate(**{c: Sum(c) for c in _AMOUNTS}).order_by("value")))


def _amounts(rows: list[dict[str, Any]]) -> Amounts:
    told: Amounts = {}
    for measure in figures.MONEY:
        _, hit, cents = figures.MEASURES[measure]
        here = [(row["value"], row[hit], row[cents]) for row in rows if row[hit]]
        told[measure] = sorted(here, key=lambda row: -row[2])
    return told


def money(viewer: Actor, period: Period) -> tuple[Amounts, dict[str, list[dict[str, int]]]]:
    """The amounts of the whole, and currency → the same columns for each of the spans of `by_week`; one read."""
    step = _step(period)
    weeks: dict[str, list[dict[str, int]]] = {}
    rows = _days(viewer, period, "currency").exclude(value="").order_by("value")
    for row in rows.values("day", "value", *_AMOUNTS):
        if row["value"] not in weeks:
            weeks[row["value"]] = [dict.fromkeys(_AMOUNTS, 0) for _ in range(0, period.days, step)]
        here = weeks[row["value"]][(row["day"] - period.first).days // step]
        for column in _AMOUNTS:
            here[column] += row[column]
    sums: list[dict[str, Any]] = [
        {"value": currency, **{n: sum(week[n] for week in spans) for n in _AMOUNTS}}
        for currency, spans in weeks.items()
    ]
    return _amounts(sums), weeks


def conformance(viewer: Actor, period: Period) -> list[tuple[str, dict[str, int]]]:
    """clause → how many of the cases registered in the period kept, waived, broke, still owe it."""
    rows = ClauseDay.objects.filter(day__gte=period.first, day__lte=period.last)
    if not _may(viewer):
        rows = rows.none()
    sums = rows.values("clause").annotate(k=Sum("kept"), w=Sum("waived"), b=Sum("broken"), o=Sum("owed"))
    return [
        (r["clause"], {"kept": r["k"], "waived": r["w"], "broken": r["b"], "owed": r["o"]})
        for r in sums.order_by("clause")
        if any((r["k"], r["w"], r["b"], r["o"]))
    ]


def as_of(viewer: Actor) -> dt.datetime | None:
    """Until when the figures are right."""
    return (
        None
        if not _may(viewer)
        else Position.objects.filter(pk=1).values_list("looked_at", flat=True).first()
    )


# -- the cases behind ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[dict[str, Any]]
    after: str  # where the next page starts; "" at the end


def behind(viewer: Actor, period: Period, wanted: Wanted, *, after: str = "", limit: int = 50) -> Page:
    """The cases a figure counts, newest day first, with what was paid (`paid_cents`) and done for nothing (`free_cents`).

    Raises ValueError for an `after` that is none.
    """
    column = figures.DAYS[wanted.measure]
    rows = CaseFigures.objects.filter(**{f"{column}__in": _telling(viewer, period, wanted, after, limit)})
    rows = rows.filter(marks__has_key=wanted.measure)
    if wanted.part != "all":
        at = 2 if wanted.part == "down" else 1
        rows = rows.filter(**{f"marks__{wanted.measure}__1__{at}": int(wanted.part != "miss")})
    if period.by:
        rows = rows.filter(**{period.by: period.value})
    return _page(viewer, rows, column, after, limit)


def _telling(viewer: Actor, period: Period, wanted: Wanted, after: str, limit: int) -> list[dt.date]:
    """The newest days whose sums promise the cases of a page: no other day is looked through."""
    n, hit, *rest = figures.MEASURES[wanted.measure] * 2
    hit = rest[0] if wanted.part == "down" else hit
    start = dt.date.fromisoformat(after.partition("_")[0]) if after else period.last
    rows = _days(viewer, period).filter(day__lte=start).order_by("-day").values_list("day", n, hit)
    found: list[dt.date] = []
    promised = 0
    for day, counted, met in rows:
        here = {"all": counted, "miss": counted - met}.get(wanted.part, met)
        if here:
            found.append(day)
            promised += here if day != start or not after else 0
        if promised > limit:
            break
    return found


def in_clause(
    viewer: Actor, period: Period, clause: str, outcome: str, *, after: str = "", limit: int = 50
) -> Page:
    """The cases registered in the period in which a clause came to this outcome."""
    rows = CaseFigures.objects.filter(registered_day__gte=period.first, registered_day__lte=period.last)
    rare = {"broken": "lapses", "waived": "waivers"}.get(outcome)
    if rare:
        rows = rows.exclude(**{rare: ""}).filter(**{f"{rare}__contains": f" {clause} "})
    else:
        rows = rows.filter(**{f"clauses__{clause}": outcome})
    return _page(viewer, rows, "registered_day", after, limit)


def _page(viewer: Actor, rows: QuerySet[CaseFigures], column: str, after: str, limit: int) -> Page:
    if not _may(viewer):
        return Page([], "")
    if after:
        day, _, number = after.partition("_")
        start, pk = dt.date.fromisoformat(day), int(number)
        if not 0 <= pk < 1 << 62:
            raise ValueError("no such place")
        rows = rows.filter(**{f"{column}__lte": start}).exclude(**{column: start}, case_id__gte=pk)
    ids = list(rows.order_by(f"-{column}", "-case_id").values_list("case_id", column, *PAID)[: limit + 1])
    known = Case.objects.visible_to(viewer).filter(pk__in=[pk for pk, *_ in ids]).values("pk", *ROW)
    by_id = {row["pk"]: dict(row) for row in known}
    found = [
        by_id[pk]
        | {"currency": currency, "paid_cents": cents if paid else None, "free_cents": worth if free else None}
        for pk, _, currency, paid, cents, free, worth in ids[:limit]
        if pk in by_id
    ]
    more = f"{ids[limit - 1][1].isoformat()}_{ids[limit - 1][0]}" if len(ids) > limit else ""
    return Page(found, more)
