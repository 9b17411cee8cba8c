"""C5.2: a case's clocks with their ledgers; alarms that wait to be seen."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from baoxiu.clocks import operations, queries
from baoxiu.clocks.models import Alarm
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.desk.case import found
from baoxiu.people.rules import Denied


@audience(*DESK)
def ledger(request: HttpRequest, number: str) -> HttpResponse:
    case, now = found(request, number), timezone.now()
    stories = queries.ledger(request.actor, case, now=now)  # type: ignore[attr-defined]
    return render(request, "desk/clocks/ledger.html", {"case": case, "stories": stories, "now": now})


@audience(*DESK)
def alarms(request: HttpRequest) -> HttpResponse:
    waiting = queries.alarms(request.actor)  # type: ignore[attr-defined]
    return render(request, "desk/clocks/alarms.html", {"alarms": waiting, "now": timezone.now()})


@audience(*DESK)
@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        operations.acknowledge(get_object_or_404(Alarm, pk=pk), by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
    except Denied:
        raise Http404 from None
    return redirect(reverse("desk:alarms"))
