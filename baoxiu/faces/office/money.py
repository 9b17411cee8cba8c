"""C4.5: what was agreed, paid and given back in a period; every currency for itself."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from baoxiu.charges import queries
from baoxiu.faces.common.audience import audience
from baoxiu.faces.office.periods import PERIODS
from baoxiu.sop import codes


@audience("manager")
def page(request: HttpRequest) -> HttpResponse:
    wish = request.GET.get("days", "")
    days = int(wish) if wish in map(str, PERIODS) else 30
    today, zone = timezone.localdate(), timezone.get_current_timezone()
    until = dt.datetime.combine(today + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    takings = queries.takings(request.actor, until - dt.timedelta(days=days), until)  # type: ignore[attr-defined]
    context = {"takings": takings, "days": days, "periods": PERIODS, "ways": codes.PAYMENT_WAYS}
    return render(request, "office/charges/money.html", context)
