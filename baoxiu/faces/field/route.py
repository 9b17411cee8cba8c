"""C4.3: the engineer's day on a map: stops in their order, when each is expected, the next step one tap away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from baoxiu.dispatch import queries as dispatch
from baoxiu.faces.common.audience import audience
from baoxiu.faces.field import queries


@audience("engineer")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Planned times where a plan is in force, else the agreed windows."""
    now, viewer = timezone.now(), request.actor  # type: ignore[attr-defined]
    day = queries.day(viewer, now=now)
    expected = dispatch.expected(viewer, timezone.localdate(now))
    stops = [_stop(job, expected.get(job.case.number)) for job in (*day.today, *day.new, *day.unscheduled)]
    stops = sorted((s for s in stops if s), key=lambda s: (s["time"] or "99", s["number"]))
    points = [{k: s[k] for k in ("number", "lat", "lon", "who")} for s in stops if s["lat"] is not None]
    return render(request, "field/route.html", {"stops": stops, "points": points, "at": now})


def _stop(job: queries.Job, planned: tuple[int, int] | None) -> dict[str, Any]:
    case, start = job.case, ""
    if planned:
        start = f"{planned[0] // 3600:02d}:{planned[0] % 3600 // 60:02d}"
    elif job.starts_at:
        start = timezone.localtime(job.starts_at).strftime("%H:%M")
    site = case.site
    return {
        "number": case.number, "case": case, "time": start, "who": case.contact_name or case.customer.name,
        "address": job.address, "lat": site.lat if site else None, "lon": site.lon if site else None,
    }  # fmt: skip
