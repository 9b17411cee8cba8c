"""C4.3: the engineer's day on a map: stops in their order, when each is expected, the next step one tap away."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baoxiu.dispatch import operations
from baoxiu.dispatch import queries as dispatch
from baoxiu.dispatch.plan.model import STOCKROOM
from baoxiu.faces.common.audience import audience
from baoxiu.faces.field import queries
from baoxiu.people.actors import Actor


@audience("engineer")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Planned times where a plan is in force, else the agreed windows."""
    now, viewer = timezone.now(), request.actor  # type: ignore[attr-defined]
    jobs, expected = _jobs(viewer, now), dispatch.expected(viewer, timezone.localdate(now))
    stops = [_stop(job, expected.get(job.case.number)) for job in jobs]
    stops = sorted((s for s in stops if s), key=lambda s: (s["time"] or "99", s["number"]))
    points = [{k: s[k] for k in ("number", "lat", "lon", "who")} for s in stops if s["lat"] is not None]
    context = {
        "stops": stops, "points": points, "at": now, "bringing": dispatch.bringing(viewer, [s["number"] for s in stops]),
        "fetching": next((clock(t[0]) for n, t in expected.items() if n.startswith(STOCKROOM)), ""),
    }  # fmt: skip
    return render(request, "field/route.html", context)


@audience("engineer")
@require_POST
def fetch(request: HttpRequest) -> HttpResponse:
    """What today's jobs need is in the van now."""
    now, by = timezone.now(), request.actor  # type: ignore[attr-defined]
    taken = operations.fetch([job.case.number for job in _jobs(by, now)], by=by, now=now)
    told = ", ".join(f"{number} × {n}" for number, n in taken)
    messages.success(
        request, _("Now in your van: %(parts)s") % {"parts": told} if told else _("Nothing was taken.")
    )
    return redirect("field:route")


def _jobs(viewer: Actor, now: dt.datetime) -> list[queries.Job]:
    day = queries.day(viewer, now=now)
    return [*day.today, *day.new, *day.unscheduled]


def clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def _stop(job: queries.Job, planned: tuple[int, int] | None) -> dict[str, Any]:
    case, start = job.case, ""
    if planned:
        start = clock(planned[0])
    elif job.starts_at:
        start = timezone.localtime(job.starts_at).strftime("%H:%M")
    site = case.site
    return {
        "number": case.number, "case": case, "time": start, "who": case.contact_name or case.customer.name,
        "address": job.address, "lat": site.lat if site else None, "lon": site.lon if site else None,
    }  # fmt: skip
