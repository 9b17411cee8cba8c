"""C1: is our service good, are customers satisfied, do we all work the same way?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baoxiu.cases import signing
from baoxiu.faces.common import display
from baoxiu.faces.common.audience import audience
from baoxiu.faces.office import periods
from baoxiu.lib import csvsafe, xlsx
from baoxiu.sop import clauses, codes, figures
from baoxiu.sop.figures import Kpi
from baoxiu.supervision import board, queries
from baoxiu.supervision.queries import Period, Wanted

# in the charts of shares and of times, and in a table by product, station …
LINES = {
    "share": ("response", "fixed", "repeat", "calls", "final", "csat"),
    "hours": ("response_median", "response_p90", "resolution_median", "resolution_p90"),
    "points": ("nps",),
}
SCALE = {"share": 100, "hours": 1 / 60, "points": 1}
TABLE = (
    "registered",
    "response",
    "response_median",
    "response_p90",
    "resolution_median",
    "resolution_p90",
    "fixed",
    "repeat",
    "calls",
    "final",
    "csat",
    "nps",
    "paid",
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: its words, its address, numerator and denominator in words, a tone."""

    title: str
    value: str
    href: str
    remark: str = ""
    tone: str = ""
    meaning: str = ""


@audience("manager")
def page(request: HttpRequest) -> HttpResponse:
    viewer, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    period, by = periods.read(request.GET, now), _by(request)
    weeks = queries.by_week(viewer, period)
    sums = figures.together(sums for _, sums in weeks)
    rows = queries.ranked(viewer, period, by)  # type: ignore[arg-type]
    amounts, spent = ({m: [] for m in figures.MONEY}, {}) if period.by else queries.money(viewer, period)
    context = {
        "now": now, "as_of": queries.as_of(request.actor), "period": period, "periods": _periods(period, by, timezone.localdate(now)),
        "by": by, "dimensions": [(name, dimension(name), _tab(period, name)) for name in periods.BY],
        "narrowed": _value_name(period.by, queries.named(request.actor, period.by, period.value)) if period.by else "",
        "whole": periods.address(Period(period.first, period.last)),
        "live": [] if period.by else _live(board.standing(viewer, now=now)),
        "figures": [_figure(kpi, sums, period) for kpi in figures.KPIS],
        "money": _money(amounts, period),
        "volume": _volume(queries.by_channel(viewer, period), period) if not period.by else None,
        "charts": [
            (_("How well we do"), _lines(weeks, period, "share")),
            (_("How long it takes, in hours"), _lines(weeks, period, "hours")),
            (_("Would customers recommend us"), _lines(weeks, period, "points")),
            *((_("Paid and free, in %(currency)s") % {"currency": c}, _bars(w, weeks, period)) for c, w in spent.items()),
        ],
        "kpis": [kpi for kpi in figures.KPIS if kpi.name in TABLE],
        "rows": [_row(value, name, columns, period, by) for value, name, columns in rows],
        "export": periods.address(period, table=by),
    }  # fmt: skip
    return render(request, "office/dashboard/page.html", context)


def _by(request: HttpRequest) -> str:
    wish = request.GET.get("table", "")
    return wish if wish in periods.BY else "product"


def dimension(name: str) -> str:
    return {
        "product": _("By product"), "symptom": _("By fault"), "station": _("By station"),
        "engineer": _("By engineer"), "channel": _("By channel"),
    }[name]  # fmt: skip


def _periods(period: Period, by: str, today: dt.date) -> list[tuple[int, str, bool]]:
    return [(n, f"?days={n}&table={by}", period.last == today and period.days == n) for n in periods.PERIODS]


def _tab(period: Period, by: str) -> str:
    return periods.address(period, table=by)


def _live(standing: board.Standing) -> list[Figure]:
    lists = reverse("desk:cases")
    return [
        Figure(_("Open"), str(standing.open), f"{lists}?status=open"),
        Figure(
            _("Late now"), str(standing.late), f"{lists}?late=1", tone="late" if standing.late else "good"
        ),
    ]


def shown(kpi: Kpi, sums: Mapping[str, Any]) -> str:
    found = figures.value(kpi, sums)
    if found is None:
        return "–"
    if kpi.form == "minutes":
        return display.span(dt.timedelta(minutes=round(found)))
    forms = {"share": "{:.0%}", "stars": "{:.1f}", "points": "{:+.0f}"}
    return forms.get(kpi.form, "{:,.0f}").format(found)


def _figure(kpi: Kpi, sums: Mapping[str, Any], period: Period) -> Figure:
    part = "miss" if kpi.form == "share" and kpi.name not in ("csat", "paid", "free", "repeat") else "all"
    part = "hit" if kpi.name in ("repeat", "paid", "free") else part
    remark = ""
    if kpi.form == "share":
        remark = _("%(top)s of %(bottom)s") % {"top": f"{sums[kpi.top]:,}", "bottom": f"{sums[kpi.bottom]:,}"}
    elif kpi.form == "points":
        remark = _("%(ups)s − %(downs)s of %(bottom)s") % {"ups": sums[kpi.top], "downs": sums["nps_down"], "bottom": sums[kpi.bottom]}  # fmt: skip
    elif kpi.bottom:
        remark = _("%(count)s counted") % {"count": f"{sums[kpi.bottom]:,}"}
    return Figure(
        display.say(kpi.title), shown(kpi, sums), behind_address(kpi, part, period), remark,
        meaning=display.say(kpi.meaning),
    )  # fmt: skip


def _words(measure: str) -> tuple[str, str]:
    """Title and meaning of an amount."""
    if measure == "free":
        return _("Cost of free repairs in %(currency)s"), _(
            "parts and labour at the price list's prices, of cases closed in the period"
        )
    return _("Paid in %(currency)s"), _("by the quotes customers agreed to, of cases closed in the period")


def _money(amounts: queries.Amounts, period: Period, *measures: str) -> list[Figure]:
    """What customers paid and what free repairs cost, one a currency."""
    return [
        Figure(
            _words(measure)[0] % {"currency": currency}, display.cash(Decimal(cents) / 100, currency),
            reverse("office:behind", args=[measure, "hit"]) + periods.address(Period(period.first, period.last, "currency", currency)),
            ngettext("%(num)s case", "%(num)s cases", n) % {"num": n}, meaning=_words(measure)[1],
        )
        for measure in measures or figures.MONEY
        for currency, n, cents in amounts[measure]
    ]  # fmt: skip


def behind_address(kpi: Kpi, part: str, period: Period) -> str:
    return reverse("office:behind", args=[kpi.name, part]) + periods.address(period)


def _value_name(by: str, name: str) -> str:
    if by == "symptom" and name:
        return display.word("SYMPTOMS", name)
    if by == "channel":
        return display.word("CHANNELS", name)
    return name or _("none named")


@cache
def _cases_of(name: str) -> str:
    """All that a figure counts: asked hundreds of times a page."""
    return reverse("office:behind", args=[name, "all"])


def _row(value: str, name: str, columns: Mapping[str, Any], period: Period, by: str) -> dict[str, Any]:
    narrowed = periods.address(Period(period.first, period.last, by, value))
    cells = [
        (shown(kpi, columns), _cases_of(kpi.name) + narrowed, columns[kpi.bottom] if kpi.bottom else 0)
        for kpi in figures.KPIS
        if kpi.name in TABLE
    ]
    return {"name": _value_name(by, name), "href": f"{narrowed}&table={by}", "cells": cells}


def _volume(channels: dict[str, dict[dt.date, int]], period: Period) -> dict[str, Any]:
    """Requests by day, or by week from sixty days on, one series a channel."""
    step = 7 if period.days >= 60 else 1
    starts = [period.first + dt.timedelta(days=i) for i in range(0, period.days, step)]
    series = {c: [0] * len(starts) for c in codes.CHANNELS if c in channels}
    for channel in series:
        for day, n in channels[channel].items():
            series[channel][(day - period.first).days // step] += n
    return {
        "form": "count", "labels": [f"{day:%m-%d}" for day in starts],
        "series": [{"name": display.word("CHANNELS", c), "values": v, "channel": c} for c, v in series.items()],
        "links": [
            f"{reverse('desk:cases')}?from={day}&to={min(day + dt.timedelta(days=step - 1), period.last)}"
            for day in starts
        ],
    }  # fmt: skip


def _lines(weeks: list[tuple[dt.date, dict[str, Any]]], period: Period, form: str) -> dict[str, Any]:
    kpis = [kpi for kpi in figures.KPIS if kpi.name in LINES[form]]

    def scaled(kpi: Kpi, sums: dict[str, Any]) -> float | None:
        found = figures.value(kpi, sums)
        return None if found is None else round(found * SCALE[form], 1)

    series = [{"name": display.say(k.title), "values": [scaled(k, sums) for _, sums in weeks]} for k in kpis]
    return {"form": form, "series": series, **_along(weeks, period)}


def _along(weeks: list[tuple[dt.date, dict[str, Any]]], period: Period) -> dict[str, Any]:
    """The spans of a chart: their names, and where each leads."""
    step = dt.timedelta(days=6 if period.days >= queries.WEEKLY_FROM else 0)
    return {
        "labels": [f"{day:%m-%d}" for day, _ in weeks],
        "links": [periods.address(Period(day, min(day + step, period.last), period.by, period.value)) for day, _ in weeks],
    }  # fmt: skip


def _bars(
    spent: list[dict[str, int]], weeks: list[tuple[dt.date, dict[str, Any]]], period: Period
) -> dict[str, Any]:
    """What customers paid beside what free repairs cost; one currency."""
    names = {"paid": _("Paid"), "free": _("Free repairs")}
    series = [
        {"name": names[m], "values": [week[figures.MEASURES[m][2]] / 100 for week in spent]}
        for m in figures.MONEY
    ]
    return {"form": "money", "series": series, **_along(weeks, period)}


# -- the cases behind a number, and the table to take away -------------------------------------


@audience("manager")
def behind(request: HttpRequest, name: str, part: str) -> HttpResponse:
    """The cases a figure counts: all, or a part of them."""
    kpi = next((k for k in figures.KPIS if k.name == name), None)
    if kpi is None or part not in figures.parts(kpi):
        raise Http404
    now, after = timezone.now(), request.GET.get("after", "")
    period = periods.read(request.GET, now, *["currency"] * (kpi.name in figures.MONEY))
    wanted = Wanted(measure=kpi.measure, part=part)  # type: ignore[arg-type]
    try:
        found = queries.behind(request.actor, period, wanted, after=after)  # type: ignore[attr-defined]
    except ValueError:
        raise Http404 from None
    if period.by == "currency":
        told, back = (
            _money(queries.amounts(request.actor, period), period, kpi.measure),
            Period(period.first, period.last),
        )  # type: ignore[attr-defined]
        figure = told[0] if told else Figure(display.say(kpi.title), "–", "")
    else:
        figure, back = _figure(kpi, queries.totals(request.actor, period), period), period  # type: ignore[attr-defined]
    parts = {
        "all": _("All that count"),
        "hit": _("Those that met it"),
        "miss": _("Those that did not"),
        "down": _("Those that count against"),
    }
    context = {
        "now": now, "title": figure.title, "figure": figure, "rows": found.rows,
        "meaning": figure.meaning, "period": period, "money": kpi.measure if kpi.measure in figures.MONEY else "",
        "narrowed": _value_name(back.by, queries.named(request.actor, back.by, back.value)) if back.by else "",
        "parts": [(parts[p], behind_address(kpi, p, period), p == part) for p in figures.parts(kpi)]
        if kpi.form in ("share", "points") and period.by != "currency" else [],
        "older": periods.address(period, after=found.after) if found.after else "", "newest": periods.address(period) if after else "",
        "back": reverse("office:dashboard") + periods.address(back),
    }  # fmt: skip
    return render(request, "office/dashboard/behind.html", context)


@audience("manager")
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The table by product, station … with numerators and denominators; nothing in it is ever a formula."""
    if form not in ("csv", "xlsx"):
        raise Http404
    now, by = timezone.now(), _by(request)
    period = periods.read(request.GET, now)
    rows = queries.ranked(request.actor, period, by, limit=5000)  # type: ignore[attr-defined, arg-type]
    heads = [dimension(by), _("From"), _("Until")]
    counted, met = _("denominator"), _("numerator")
    for kpi in figures.KPIS:
        title = display.say(kpi.title) + (f" ({_('minutes')})" if kpi.form == "minutes" else "")
        heads += [
            title,
            *([f"{title}: {counted}", f"{title}: {met}"] if kpi.form == "share" else []),
        ]
    table: list[list[object]] = [heads]
    for _value, name, columns in rows:
        line: list[object] = [_value_name(by, name), period.first.isoformat(), period.last.isoformat()]
        for kpi in figures.KPIS:
            found = figures.value(kpi, columns)
            line.append(None if found is None else round(found, 4))
            line += [columns[kpi.bottom], columns[kpi.top]] if kpi.form == "share" else []
        table.append(line)
    body = xlsx.workbook(table) if form == "xlsx" else "".join(csvsafe.lines(table))
    answer = HttpResponse(body, content_type=XLSX if form == "xlsx" else "text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="figures-{by}-{period.first}-{period.last}.{form}"'
    return answer


# -- clause by clause over a period --------------------------------------------------------------


@audience("manager")
def conformance(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    period = periods.read(request.GET, now)
    found = queries.conformance(request.actor, period)  # type: ignore[attr-defined]
    context = {
        "key": signing.public_key(), "now": now, "as_of": queries.as_of(request.actor), "period": period,
        "periods": _periods(period, "product", timezone.localdate(now)),
        "outcomes": [(code, display.say(text)) for code, text in codes.CONFORMANCE.items()],
        "rows": [(c, display.say(clauses.title(c)), counts, sum(counts.values())) for c, counts in found],
        "query": periods.address(period),
    }  # fmt: skip
    return render(request, "office/dashboard/conformance.html", context)


@audience("manager")
def in_clause(request: HttpRequest, clause: str, outcome: str) -> HttpResponse:
    if clause not in clauses.CLAUSES or outcome not in codes.CONFORMANCE:
        raise Http404
    now, after = timezone.now(), request.GET.get("after", "")
    period = periods.read(request.GET, now)
    try:
        found = queries.in_clause(request.actor, period, clause, outcome, after=after)  # type: ignore[attr-defined]
    except ValueError:
        raise Http404 from None
    context = {
        "now": now, "title": f"{clause} {display.say(clauses.title(clause))}: {display.word('CONFORMANCE', outcome)}",
        "rows": found.rows, "meaning": _("Cases registered in the period."), "period": period, "money": "", "parts": [], "narrowed": "", "figure": None,
        "older": periods.address(period, after=found.after) if found.after else "", "newest": periods.address(period) if after else "",
        "back": reverse("office:conformance") + periods.address(period),
    }  # fmt: skip
    return render(request, "office/dashboard/behind.html", context)
