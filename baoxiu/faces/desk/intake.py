"""C4.1: the phone desk – who is calling, what for, and whether we know it already."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoxiu.cases import clocks, queries
from baoxiu.cases import steps as gate
from baoxiu.cases.models import Case
from baoxiu.confidentiality import operations as confidentiality
from baoxiu.faces.common import files, steps
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.common.display import span_in_words
from baoxiu.faces.common.forms import WHOLE, Form
from baoxiu.faces.desk.case import found
from baoxiu.faces.desk.registering import may_register
from baoxiu.intake import operations
from baoxiu.intake import queries as intake
from baoxiu.service_levels import queries as levels
from baoxiu.sop import payloads, triage
from baoxiu.sop.service_levels import Subject
from baoxiu.terms import procedures

FIELDS = (
    "channel", "kind", "problem", "language", "customer_id", "name", "company", "phone", "email", "address", "unit_id",
    "serial", "product_class", "product", "brand", "purchase_date", "files",
)  # fmt: skip
REASONS = ("call", "check", "other")


def _context(request: HttpRequest, form: Form) -> dict[str, Any]:
    """The caller and the like cases belong to what has been typed so far."""
    typed = request.POST or request.GET
    viewer, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    given = Form("register", typed, only=FIELDS).payload() if typed.get("problem") else None
    text, kind = typed.get("problem", "")[:2000], typed.get("kind", "repair")
    return {
        "form": form, "may_register": may_register(viewer), "now": now, "phone": typed.get("phone", ""), "key": typed.get("key", "")[:200] or steps.new_key(),
        "callers": intake.recognise(viewer, typed.get("phone", "")), "chosen": typed.get("customer_id", ""),
        "unit": typed.get("unit_id", ""), "hints": intake.duplicates(viewer, given, now=now) if given else [],
        "promise": _promise(kind, typed.get("customer_id", ""), now),
        "urgency": triage.priority(kind, text), "guesses": triage.symptom_guesses(text), "asked": triage.questions,
    }  # fmt: skip


def _promise(kind: str, customer: str, now: dt.datetime) -> str:
    """How soon the levels in force want the first answer: for this kind of request, under this customer's contract."""
    agreed = levels.Agreed()
    if customer.isascii() and customer.isdigit() and len(customer) < 16:
        agreed = levels.agreed(int(customer), timezone.localdate(now))
    subject = Subject(kind=kind, contract=agreed.contract, tier=agreed.tier)
    return span_in_words(clocks.promised(procedures.in_force(now), "first_response", subject, now=now) - now)


@audience(*DESK)
def page(request: HttpRequest) -> HttpResponse:
    """One field for the number; everything else follows from it."""
    if request.method != "POST":
        start = {"channel": "phone", "phone": request.GET.get("phone", "")[:40]}
        return render(
            request, "desk/intake/page.html", _context(request, Form("register", only=FIELDS, initial=start))
        )
    if number := request.POST.get("add_to"):
        return _add(request, number)
    viewer, key = request.actor, request.POST.get("key", "")[:200] or None  # type: ignore[attr-defined]
    form = Form("register", request.POST, files=files.keep_posted(request, viewer), only=FIELDS)
    taken = steps.attempt(
        form, lambda payload: operations.register(payload, by=viewer, now=timezone.now(), key=key)
    )
    if taken:
        messages.success(request, _("Registered: %(number)s") % {"number": taken.number})
        return redirect("desk:case", taken.number)
    return render(request, "desk/intake/page.html", _context(request, form), status=422)


def _add(request: HttpRequest, number: str) -> HttpResponse:
    """Not a new request: what was said goes to the case it belongs to."""
    viewer = request.actor  # type: ignore[attr-defined]
    form = Form("register", request.POST, only=FIELDS)
    said = Form(payloads.Call, {"text": request.POST.get("problem", ""), "direction": "in"})  # type: ignore[arg-type]
    try:
        case = queries.get(viewer, number[:40])
    except Case.DoesNotExist:
        raise Http404 from None
    key = request.POST.get("key", "")[:200] or None
    taken = steps.attempt(
        said, lambda payload: gate.take_step(case, "call", payload, by=viewer, now=timezone.now(), key=key)
    )
    if taken:
        messages.success(request, _("Added to %(number)s") % {"number": number})
        return redirect("desk:case", number)
    for sentences in said.errors.values():
        for text in sentences:
            form.add_error(WHOLE, text)
    return render(request, "desk/intake/page.html", _context(request, form), status=422)


@audience(*DESK)
def caller(request: HttpRequest) -> HttpResponse:
    """Who has this number, while it is typed."""
    return render(request, "desk/intake/_caller.html", _context(request, Form("register", only=FIELDS)))


@audience(*DESK)
@require_POST
def duplicates(request: HttpRequest) -> HttpResponse:
    """Open cases that may be the same request, and what to ask, while the problem is typed."""
    return render(request, "desk/intake/_likely.html", _context(request, Form("register", only=FIELDS)))


@audience(*DESK)
@require_POST
def contacts(request: HttpRequest, number: str) -> HttpResponse:
    """The full phone and e-mail of a case, for a reason that is kept."""
    case, reason = found(request, number), request.POST.get("reason", "")
    if reason not in REASONS:
        raise Http404
    by, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    confidentiality.note(subject=case.number, customer=case.customer_id, reason=reason, by=by, now=now)
    name = "desk/intake/_contacts.html" if steps.is_htmx(request) else "desk/intake/contacts.html"
    return render(request, name, {"case": case})
