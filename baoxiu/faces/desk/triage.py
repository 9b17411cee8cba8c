"""C4.2, C3: what the rules would say, shown while the triage form is filled in."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.desk.case import found
from baoxiu.faces.desk.reading import basis, reasons
from baoxiu.triage import queries


@audience(*DESK)
def entitlement(request: HttpRequest, number: str) -> HttpResponse:
    """The decision that `fault` and `purchase_date`, as typed so far, would lead to."""
    case = found(request, number)
    try:
        day = dt.date.fromisoformat(request.GET.get("purchase_date", "") or "x")
    except ValueError:
        day = None
    fault = request.GET.get("fault", "unknown")
    decision = queries.entitlement(request.actor, case, fault=fault, purchase_date=day)  # type: ignore[attr-defined]
    context = {"decision": decision, "basis": basis(decision), "reasons": reasons(decision)}
    return render(request, "desk/triage/_entitlement.html", context)
