"""C2: what customers registered: looked at beside the proof, accepted, corrected or refused."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from baoxiu.catalogue import queries as catalogue
from baoxiu.catalogue.models import Registration
from baoxiu.catalogue.records import AcceptanceRecord, RefusalRecord
from baoxiu.faces.common.audience import audience
from baoxiu.faces.common.forms import Form
from baoxiu.faces.office import records as form
from baoxiu.people.rules import REGISTRARS
from baoxiu.registrations import operations, queries

PAGE = 50
STATES = ("waiting", "accepted", "refused")


@audience(*REGISTRARS)
def listing(request: HttpRequest) -> HttpResponse:
    """What waits, due first; what is decided, newest first."""
    viewer, wanted = request.actor, request.GET.get("status", "waiting")  # type: ignore[attr-defined]
    status = wanted if wanted in STATES else "waiting"
    at = form.number(request.GET.get("before", "")) or 0
    if status == "waiting":
        rows = queries.waiting(viewer, after=at, limit=PAGE + 1)
        following = at + PAGE
    else:
        rows = queries.decided(viewer, status=status, before=at or None, limit=PAGE + 1)
        following = rows[PAGE - 1].pk if len(rows) > PAGE else 0
    context = {
        "rows": rows[:PAGE], "status": status, "states": STATES, "now": timezone.now(),
        "newest": f"?status={status}" if at else "",
        "older": f"?status={status}&before={following}" if len(rows) > PAGE else "",
    }  # fmt: skip
    return render(request, "office/registrations/list.html", context)


def _found(request: HttpRequest, pk: int) -> Registration:
    try:
        return queries.registration(request.actor, pk)  # type: ignore[attr-defined]
    except Registration.DoesNotExist:
        raise Http404 from None


@audience(*REGISTRARS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The proof beside what was sent and what stands on record; a POST accepts, as sent or corrected."""
    found, by = _found(request, pk), request.actor  # type: ignore[attr-defined]
    typed = request.POST if request.method == "POST" and "refuse" not in request.POST else None
    choices = {"model": list(catalogue.model_choices(by))}
    accepting = Form(AcceptanceRecord, typed, choices=choices, initial=_start(found))
    refusing = Form(RefusalRecord, request.POST if "refuse" in request.POST else None)
    where = reverse("office:registrations")

    def do(record: Any) -> str:
        now = timezone.now()
        if isinstance(record, RefusalRecord):
            operations.refuse(found, record, by=by, now=now)
        else:
            operations.accept(found, record, by=by, now=now, today=timezone.localdate())
        return where

    sent = refusing if refusing.is_bound else accepting
    if request.method == "POST" and (answer := form.save(request, sent, do)):
        return answer
    if request.method == "POST":
        found = _found(request, pk)  # a try that was undone leaves nothing behind
    context = {
        "found": found, "proofs": queries.proofs(by, found), "accepting": accepting, "refusing": refusing,
        "now": timezone.now(),
        "owners": queries.owners(by, found.unit) if found.unit else [],
    }  # fmt: skip
    return render(request, "office/registrations/page.html", context, status=422 if sent.is_bound else 200)


def _start(found: Registration) -> dict[str, Any]:
    """What the form shows first: the record's own where there is one, else as sent."""
    unit = found.unit
    kept = unit.purchase_date if unit and unit.customer_id and unit.purchase_date else None
    return {
        "model": unit.model_id if unit else None, "product": unit.product if unit else found.product,
        "serial": unit.serial if unit and unit.serial else found.serial, "purchase_date": kept or found.purchase_date,
        "proof": unit.proof if unit else "",
    }  # fmt: skip
