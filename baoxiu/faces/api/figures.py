"""C1, C5, C6.2: the figures of a period, clause by clause, and the cases behind every number."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from pydantic import BaseModel, Field

from baoxiu.cases.queries.lists import Day
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.pages import Page, Paging, bad_cursor, json, sheet
from baoxiu.faces.api.problems import Problem
from baoxiu.faces.common.display import say
from baoxiu.faces.office import periods
from baoxiu.sop import clauses, codes, figures
from baoxiu.supervision import board, queries
from baoxiu.supervision.queries import Period, Wanted

SHOWN = (
    "number",
    "subject",
    "stage",
    "is_open",
    "created_at",
    "closed_at",
    "currency",
    "paid_cents",
    "free_cents",
)


class Span(BaseModel):
    """`days` up to today, or from `from_date` to `to_date`, both included; `by` and `of` narrow it to one value."""

    days: Annotated[int, Field(ge=1, le=periods.LONGEST)] = 30
    from_date: Day | None = None
    to_date: Day | None = None
    by: Literal["", "product", "symptom", "station", "engineer", "channel"] = ""
    of: Annotated[str, Field(max_length=200)] = ""

    def period(self, now: dt.datetime) -> Period:
        last = self.to_date or timezone.localdate(now)
        first = self.from_date or last - dt.timedelta(days=self.days - 1)
        last = min(max(first, last), first + dt.timedelta(days=periods.LONGEST - 1))
        return Period(first, last, self.by, self.of if self.by else "")


class Behind(Span):
    """Also narrowed to a currency: what was paid in it, or free repairs cost in it. Of other figures it is nothing."""

    by: Literal["", "product", "symptom", "station", "engineer", "channel", "currency"] = ""  # type: ignore[assignment]


class Wish(Span):
    table: Literal["product", "symptom", "station", "engineer", "channel"] = "product"


class FigureOut(BaseModel):
    """`value`: a share 0 … 1, minutes, stars, points -100 … 100 or a count; null where nothing was counted.

    A percentile has no numerator; its denominator is what it was taken from.
    """

    name: str
    title: str
    form: str
    value: float | None
    numerator: int | None
    denominator: int | None


class WeekOut(BaseModel):
    """From this day: each figure's value."""

    first: dt.date
    values: dict[str, float | None]


class RowOut(BaseModel):
    value: str
    name: str
    figures: list[FigureOut]


class AmountOut(BaseModel):
    currency: str
    cases: int
    cents: int


class FiguresOut(BaseModel):
    first: dt.date
    last: dt.date
    as_of: dt.datetime | None
    open: int
    late: int
    figures: list[FigureOut]
    paid: list[AmountOut]
    free: list[AmountOut]
    weeks: list[WeekOut]
    table: list[RowOut]


class CaseOfFigure(BaseModel):
    """`paid_cents`: what the customer agreed to pay, in hundredths of `currency`; null where it was free or is open.
    `free_cents`: what the work nobody paid for costs by the price list; null where there was none or no price is known.
    """

    number: str
    subject: str
    stage: str
    is_open: bool
    created_at: dt.datetime
    closed_at: dt.datetime | None
    customer: str
    engineer: str | None
    currency: str
    paid_cents: int | None
    free_cents: int | None


class ClauseOfPeriod(BaseModel):
    clause: str
    title: str
    kept: int
    waived: int
    broken: int
    owed: int


class ConformanceOfPeriod(BaseModel):
    first: dt.date
    last: dt.date
    as_of: dt.datetime | None
    clauses: list[ClauseOfPeriod]


def _told(sums: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": kpi.name, "title": say(kpi.title), "form": kpi.form, "value": figures.value(kpi, sums),
            "numerator": None if kpi.percent else sums[kpi.top], "denominator": sums[kpi.bottom] if kpi.bottom else None,
        }
        for kpi in figures.KPIS
    ]  # fmt: skip


@api.operation(
    "GET", "/figures", who=("manager",), gives=FiguresOut, summary="The figures of a period · 指标", tag="C1"
)
def get_figures(request: Asked, wanted: Wish = Query(...)) -> HttpResponse:
    """Summed in advance, right within a minute (`as_of`). `open` and `late` are of now."""
    by, now = request.auth, timezone.now()
    period, live = wanted.period(now), board.standing(request.auth, now=now)
    amounts = queries.amounts(by, period) if not period.by else dict.fromkeys(figures.MONEY, ())
    return json(
        {
            "first": period.first, "last": period.last, "as_of": queries.as_of(request.auth), "open": live.open, "late": live.late,
            "figures": _told(queries.totals(by, period)),
            **{
                measure: [{"currency": c, "cases": n, "cents": cents} for c, n, cents in sums]
                for measure, sums in amounts.items()
            },
            "weeks": [
                {"first": day, "values": {k.name: figures.value(k, sums) for k in figures.KPIS}}
                for day, sums in queries.by_week(by, period)
            ],
            "table": [
                {"value": value, "name": name, "figures": _told(sums)}
                for value, name, sums in queries.ranked(by, period, wanted.table)
            ],
        }
    )  # fmt: skip


@api.operation(
    "GET", "/figures/{name}/{part}", who=("manager",), gives=Page[CaseOfFigure],
    summary="The cases behind a figure · 指标背后的服务单", tag="C1",
)  # fmt: skip
def list_cases_of_figure(
    request: Asked, name: str, part: str, wanted: Behind = Query(...), paging: Paging = Query(...)
) -> HttpResponse:
    """`part`: all that count, those that met it (`hit`), those that did not (`miss`); of points detractors (`down`)."""
    kpi = next((k for k in figures.KPIS if k.name == name), None)
    if kpi is None or part not in figures.parts(kpi):
        raise Problem("unknown")
    measure = Wanted(measure=kpi.measure, part=part)  # type: ignore[arg-type]
    return _page(
        request,
        paging,
        lambda after: queries.behind(
            request.auth, wanted.period(timezone.now()), measure, after=after, limit=paging.limit
        ),
    )


@api.operation(
    "GET", "/conformance", who=("manager",), gives=ConformanceOfPeriod,
    summary="Clause by clause over a period · 各条款遵守情况", tag="C6.2",
)  # fmt: skip
def get_conformance_of_period(request: Asked, wanted: Span = Query(...)) -> HttpResponse:
    """How many of the cases registered in the period kept, waived, broke or still owe each clause."""
    period = wanted.period(timezone.now())
    rows = [
        {"clause": clause, "title": say(clauses.title(clause)), **counts}
        for clause, counts in queries.conformance(request.auth, period)
    ]
    return json(
        {"first": period.first, "last": period.last, "as_of": queries.as_of(request.auth), "clauses": rows}
    )


@api.operation(
    "GET", "/conformance/{clause}/{outcome}", who=("manager",), gives=Page[CaseOfFigure],
    summary="The cases behind a clause's outcome · 条款结论背后的服务单", tag="C6.2",
)  # fmt: skip
def list_cases_of_clause(
    request: Asked, clause: str, outcome: str, wanted: Span = Query(...), paging: Paging = Query(...)
) -> HttpResponse:
    if clause not in clauses.CLAUSES or outcome not in codes.CONFORMANCE:
        raise Problem("unknown")
    return _page(
        request,
        paging,
        lambda after: queries.in_clause(
            request.auth, wanted.period(timezone.now()), clause, outcome, after=after, limit=paging.limit
        ),
    )


def _page(request: Asked, paging: Paging, read: Any) -> HttpResponse:
    try:
        found = read(paging.cursor)
    except ValueError:
        raise bad_cursor() from None
    shown = [
        {
            **{n: row[n] for n in SHOWN},
            "customer": row["customer__name"],
            "engineer": row["engineer__name"],
        }
        for row in found.rows
    ]
    return sheet(request, shown, found.after or None)
