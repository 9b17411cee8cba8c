"""C4.2, C3: what the rules would say, shown while the triage form is filled in."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from baoxiu.cases.models import Case
from baoxiu.faces.common import coverage
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.desk.case import found
from baoxiu.faces.desk.reading import basis, reasons
from baoxiu.lib import zones
from baoxiu.sop.decision import Decision
from baoxiu.triage import queries


@audience(*DESK)
def entitlement(request: HttpRequest, number: str) -> HttpResponse:
    """The decision that fault, part and dates, as typed so far, would lead to."""
    case = found(request, number)
    fault = request.GET.get("fault", "unknown")
    decision = queries.entitlement(
        request.actor,
        case,
        fault=fault,
        purchase_date=_day(request, "purchase_date"),
        found_on=_day(request, "found_on"),
        part=request.GET.get("part", "")[:40],
        now=timezone.now(),
    )  # type: ignore[attr-defined]
    context = {
        "decision": decision,
        "basis": basis(decision),
        "reasons": reasons(decision),
        "card": _card(case, decision),
    }
    return render(request, "desk/triage/_entitlement.html", context)


def _day(request: HttpRequest, name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def _card(case: Case, decision: Decision | None) -> coverage.Card | None:
    """The coverages behind the decision, with today in the customer's calendar."""
    today = zones.local_date(timezone.now(), case.customer.timezone, settings.TIME_ZONE)
    return coverage.card(decision.detail.get("verdict") if decision else None, today)
