"""M4: parts kept for a case, from where they lie free."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from baoxiu.dispatch import operations, queries
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.desk.case import found
from baoxiu.faces.office import records
from baoxiu.parts import queries as stock
from baoxiu.parts.records import ReservationRecord


@audience(*DESK)
def reservations(request: HttpRequest, number: str) -> HttpResponse:
    """What is kept and where more is free; one piece more (POST), or with `release` all of one holding let go."""
    case, by, now = found(request, number), request.actor, timezone.now()  # type: ignore[attr-defined]
    key = records.key_of(request)
    if request.method == "POST":
        holding = records.number(request.POST.get("holding", "")) or 0

        def do() -> None:
            if "release" in request.POST:
                return operations.release_part(case, holding, by=by, now=now)
            kept = ReservationRecord.model_construct(holding=holding, quantity=1)
            return operations.reserve_part(case, kept, by=by, now=now, key=f"{key}-{holding}")

        return records.act(request, do, reverse("desk:reservations", args=[case.number]))
    needs = queries.needed(by, case)
    context = {
        "case": case, "needs": needs, "kept": stock.reservations([case.number]), "key": key,
        "sources": stock.sources([n.number for n in needs]) if case.is_open else (),
    }  # fmt: skip
    return render(request, "desk/dispatch/reservations.html", context)
