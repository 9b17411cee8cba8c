"""Getting started: where an administrator begins, and where the office leads while something needed is missing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from baoxiu.faces.common import starting
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.people.actors import Actor


@audience(*DESK, "administrator")
def home(request: HttpRequest) -> HttpResponse:
    """Where the office begins: first steps while some are left, then figures, people or customers."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.has("manager", "administrator"):
        return redirect("office:customers")
    if not starting.is_ready(starting.items(actor)):
        return redirect("office:start")
    return redirect("office:dashboard" if actor.has("manager") else "office:staff")


@audience("manager", "administrator")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = starting.items(actor)
    context = {
        "items": found,
        "done": sum(item.is_done for item in found),
        "is_ready": starting.is_ready(found),
    }
    return render(request, "office/start.html", context)
