"""C4.4a: the engineer's day as a list of stops."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from baoxiu.faces.common.audience import audience
from baoxiu.faces.field import queries


@audience("engineer")
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Agreed windows in their order, then what still needs one, then the calls owed."""
    now = timezone.now()
    day = queries.day(request.actor, now=now)  # type: ignore[attr-defined]
    return render(request, "field/today.html", {"day": day, "at": now})
