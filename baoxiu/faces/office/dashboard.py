"""C1: is our service good, are customers satisfied, do we all work the same way?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from baoxiu.cases.queries import figures
from baoxiu.faces.common import display
from baoxiu.faces.common.audience import audience
from baoxiu.followups import queries as followups
from baoxiu.sop import clauses, codes

PERIODS = (7, 30, 90, 365)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the first row: its words, its address, a remark, a tone (late, good or none)."""

    title: str
    value: str
    href: str
    remark: str = ""
    tone: str = ""


@audience("manager", "administrator")
def home(request: HttpRequest) -> HttpResponse:
    """Where the office begins: figures for a manager, people for an administrator."""
    is_manager = request.actor.has("manager")  # type: ignore[attr-defined]
    return redirect("office:dashboard" if is_manager else "office:staff")


@audience("manager")
def page(request: HttpRequest) -> HttpResponse:
    viewer, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    wish = request.GET.get("days", "")
    days = int(wish) if wish in map(str, PERIODS) else 30
    zone = timezone.get_current_timezone()
    first = timezone.localdate(now) - dt.timedelta(days=days - 1)
    since = dt.datetime.combine(first, dt.time(), tzinfo=zone)
    until = dt.datetime.combine(timezone.localdate(now) + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    satisfaction = followups.satisfaction(viewer, since=since, until=until)
    volume = figures.by_day(viewer, since=since, until=until, zone=zone)
    context = {
        "now": now, "days": days, "periods": PERIODS, "satisfaction": satisfaction,
        "figures": _figures(figures.totals(viewer, since=since, until=until, now=now), satisfaction, first),
        "clauses": [
            (f"{c} {display.say(clauses.title(c))}", n, _list(late=1, clause=c))
            for c, n in figures.late_by_clause(viewer, now=now)
        ],
        "people": [
            (name or _("nobody yet"), n, _list(late=1, owes=pk or "none"))
            for pk, name, n in figures.late_by_person(viewer, now=now)
        ],
        "stars": [(f"{n} ★", satisfaction.stars.get(n, 0), _list(rating=n, **_since(first))) for n in range(5, 0, -1)],
        "channels": _channels(volume, first),
        "products": _products(figures.by_product(viewer, since=since, until=until), first),
        "chart": _chart(volume, first, days),
    }  # fmt: skip
    return render(request, "office/dashboard/page.html", context)


def _list(**wanted: Any) -> str:
    """The cases behind a figure."""
    return f"{reverse('desk:cases')}?{urlencode(wanted)}"


def _since(first: dt.date) -> dict[str, str]:
    return {"from": first.isoformat()}


def _figures(totals: figures.Totals, said: followups.Satisfaction, first: dt.date) -> list[Figure]:
    since = _since(first)
    share = f"{totals.in_time / totals.answered:.0%}" if totals.answered else "–"
    mean = f"{said.overall:.1f}" if said.overall is not None else "–"
    late = totals.answered - totals.in_time
    return [
        Figure(_("Open"), str(totals.open), _list(status="open")),
        Figure(_("Late now"), str(totals.late), _list(late=1), tone="late" if totals.late else "good"),
        Figure(_("Registered"), str(totals.registered), _list(**since)),
        Figure(_("Closed of these"), str(totals.closed), _list(status="closed", **since)),
        Figure(
            _("First response in time"), share, _list(missed="first_response", **since),
            _("%(late)s of %(all)s late") % {"late": late, "all": totals.answered},
        ),
        Figure(
            _("Satisfaction"), mean, _list(rated=1, **since),
            _("%(count)s ratings, of 5") % {"count": said.ratings},
        ),
    ]  # fmt: skip


def _channels(volume: Iterable[dict[str, Any]], first: dt.date) -> list[tuple[str, int, str]]:
    counts: dict[str, int] = {}
    for row in volume:
        counts[row["channel"]] = counts.get(row["channel"], 0) + row["cases"]
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return [(display.word("CHANNELS", c), n, _list(channel=c, **_since(first))) for c, n in ordered]


def _products(rows: Iterable[tuple[str, int]], first: dt.date) -> list[tuple[str, int, str]]:
    return [
        (name or _("no product named"), n, _list(product=name, **_since(first)) if name else "")
        for name, n in rows
    ]


def _chart(volume: list[dict[str, Any]], first: dt.date, days: int) -> dict[str, Any]:
    """Requests by day, or by week from ninety days on, one series a channel."""
    step = 7 if days >= 90 else 1
    starts = [first + dt.timedelta(days=i) for i in range(0, days, step)]
    series = {c: [0] * len(starts) for c in codes.CHANNELS if any(row["channel"] == c for row in volume)}
    for row in volume:
        series[row["channel"]][(row["day"] - first).days // step] += row["cases"]
    ends = [day + dt.timedelta(days=step - 1) for day in starts]
    return {
        "labels": [f"{day:%m-%d}" for day in starts],
        "series": [
            {"name": display.word("CHANNELS", c), "values": v, "channel": c} for c, v in series.items()
        ],
        "links": [
            _list(**{"from": a.isoformat(), "to": b.isoformat()}) for a, b in zip(starts, ends, strict=True)
        ],
    }
