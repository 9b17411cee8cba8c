"""C4.5: the receipt of a payment or refund as PDF."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoxiu.cases import queries as cases
from baoxiu.cases.models import Case
from baoxiu.charges import queries as charges
from baoxiu.charges.models import Booking
from baoxiu.faces.common import documents
from baoxiu.faces.common.audience import CASE_STAFF, audience
from baoxiu.faces.common.display import cash, when, word
from baoxiu.people.actors import Actor

READERS = tuple(role for role in CASE_STAFF if role != "stock_keeper")


@audience(*READERS)
@require_GET
def receipt(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """In the language of who paid."""
    viewer = request.actor  # type: ignore[attr-defined]
    try:
        case = cases.get(viewer, number)
    except Case.DoesNotExist:
        raise Http404 from None
    return answer(case, viewer, pk, case.customer.language)


def answer(case: Case, viewer: Actor, pk: int, language: str) -> HttpResponse:
    """`case` is already authorised for `viewer`."""
    try:
        booking = charges.booking(viewer, case, pk)
    except Booking.DoesNotExist:
        raise Http404 from None
    now = timezone.now()
    # the day of a booking is the company's
    with timezone.override(None), translation.override("zh-hans" if language.startswith("zh") else "en"):
        pdf = documents.typeset("receipt.typ", sheet(case, booking, viewer, now), now)
    return documents.answer(pdf, f"{booking.number}.pdf")


def sheet(case: Case, booking: Booking, viewer: Actor, now: dt.datetime) -> dict[str, Any]:
    """What stands on it: whose, how much, how, for which quote, and the account of the case."""
    here = translation.get_language() or "en"
    balance = charges.balance(viewer, case)
    accepted = (q for q in charges.of_case(viewer, case) if q.status == "accepted")
    names = {"payment": _("Receipt"), "refund": _("Refund receipt"), "waiver": _("Credit note")}
    return {
        "language": here[:2], "region": "CN" if here.startswith("zh") else "GB", "title": f"{names[booking.kind]} {booking.number}",
        "company": settings.COMPANY, "number": booking.number, "status": when(booking.at),
        "qr": documents.track_code(case, now), "kind": names[booking.kind], "amount": cash(booking.amount, booking.currency),
        "words": {
            **documents.words(), "receipt": names[booking.kind], "account": _("Account of the case"),
            "cashier": _("Recorded by"), "stamp": _("Company (stamp)"),
        },
        "customer": documents.customer_rows(case, viewer),
        "booking": [
            (_("Case"), case.number), (_("Date"), when(booking.at)), (_("How paid"), word("PAYMENT_WAYS", booking.way) if booking.way else "–"),
            (_("Reference"), documents.soft(booking.reference) or "–"),
        ],
        "quote": documents.quote_rows(next(accepted, None)),
        "account": [
            (_("Agreed"), cash(balance.billed, balance.currency)), (_("Paid"), cash(balance.paid, balance.currency)),
            *([(_("Refunded"), cash(balance.refunded, balance.currency))] if balance.refunded else []),
            *([(_("Waived"), cash(balance.waived, balance.currency))] if balance.waived else []),
            (_("Still due"), cash(max(balance.due, balance.due * 0), balance.currency)),
        ],
        "cashier": booking.recorded_by, "note": _("This receipt is no tax invoice; ask us for one with this number."),
    }  # fmt: skip
