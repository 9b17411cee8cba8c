"""C3.3: is this serial number in warranty, and until when? Nothing else is ever answered here.

A serial that is unknown, without a purchase date, exchanged or ambiguous gets the same answer, so that
trying numbers tells nobody what exists. Asking is limited per household and for everybody together.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baoxiu.catalogue import queries
from baoxiu.faces.common.audience import PUBLIC, audience
from baoxiu.faces.portal import limits

log = logging.getLogger(__name__)
MAX_SERIAL = 80


@dataclass(frozen=True, slots=True)
class Answer:
    """`until` None: it cannot be said."""

    is_covered: bool = False
    until: dt.date | None = None


@audience(PUBLIC)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The question comes in a form's body: a serial number stands in no address and no log."""
    serial, answer, error, status = "", None, "", 200
    if request.method == "POST":
        serial = request.POST.get("serial", "").strip()[: MAX_SERIAL + 1]
        peer = limits.peer_of(request)
        if limits.exceeded("warranty", peer) or limits.exceeded("warranty-all", "everybody"):
            log.warning("Warranty look-ups: too many from %s", peer)
            error, status = _("That was very often in one hour. Please try again later."), 429
        elif not serial or len(serial) > MAX_SERIAL or not serial.isprintable():
            error, status = _("Please type the serial number as it stands on the label."), 422
        else:
            answer = look_up(serial)
    context = {"serial": serial, "answer": answer, "error": error}
    response = render(request, "portal/catalogue/warranty.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def look_up(serial: str) -> Answer:
    until = queries.warranty_until(serial)
    return Answer(until is not None and timezone.localdate() <= until, until)
