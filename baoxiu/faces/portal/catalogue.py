"""C2, C3.3: what the label on a unit leads to. Nothing about a person is ever said here."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from baoxiu.catalogue import coverage
from baoxiu.catalogue.models import Unit
from baoxiu.faces.common.audience import PUBLIC, audience
from baoxiu.faces.portal import intake


@audience(PUBLIC)
@require_GET
def unit(request: HttpRequest, qr_token: str) -> HttpResponse:
    """The model's name, in or out of warranty and until when."""
    found = labelled(qr_token)
    until = coverage.until(found, timezone.localdate())
    context = {
        "name": found.product or (found.model.name if found.model else ""), "brand": found.brand, "warranty_until": until,
        "in_warranty": bool(until and timezone.localdate() <= until), "report_path": f"/u/{found.qr_token}/request/", "register_path": f"/u/{found.qr_token}/register/",
    }  # fmt: skip
    response = render(request, "portal/catalogue/page.html", context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@audience(PUBLIC)
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, qr_token: str) -> HttpResponse:
    """The request form for this unit; which one it is comes from the label alone."""
    return intake.form_page(request, channel="qr", unit=labelled(qr_token))


def labelled(qr_token: str) -> Unit:
    """The unit of a label in use. Raises Http404."""
    found = (
        Unit.objects.select_related("model", "customer", "site")
        .filter(qr_token=qr_token, replaced_by=None)
        .first()
    )
    if found is None:
        raise Http404
    return found
