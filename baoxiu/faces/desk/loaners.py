"""C4.5: the loaners that are out, for the desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from baoxiu.faces.common.audience import DESK, audience
from baoxiu.repair import queries


@audience(*DESK)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    context = {"loans": queries.loans_out(request.actor), "today": timezone.localdate(), "at": "desk:case"}  # type: ignore[attr-defined]
    return render(request, "desk/repair/loaners.html", context)
