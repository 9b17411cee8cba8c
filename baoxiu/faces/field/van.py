"""M4: what lies in the engineer's own van, and what of it is for which case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from baoxiu.faces.common.audience import audience
from baoxiu.parts import queries
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff


@audience("engineer")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    van = get_object_or_404(Staff, pk=viewer.staff_id)
    context = {"holdings": queries.holdings(viewer, van), "moves": queries.moves(viewer, van, limit=20)}
    return render(request, "field/van.html", context)
