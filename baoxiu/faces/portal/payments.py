"""C4.5: the customer pays, gets a receipt; the gateway says what it took."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from baoxiu.cases.models import Case, PersonalLink
from baoxiu.cases.steps import Conflict, KeyReused, StepRefused
from baoxiu.charges import gateway
from baoxiu.charges import queries as charges
from baoxiu.faces.common import receipts
from baoxiu.faces.common.audience import PUBLIC, audience
from baoxiu.faces.portal.links import address, holder_of
from baoxiu.people.actors import Actor

NOTICE_BYTES = 4096


@holder_of("track")
@require_GET
def pay(request: HttpRequest, link: PersonalLink) -> HttpResponse:
    """To the gateway's own page with exactly what is due; there is none where nothing is."""
    back = settings.ORIGIN.rstrip("/") + address(link)
    order = gateway.order(link.case, back) if gateway.is_configured() else None
    if order is None:
        raise Http404
    return redirect(gateway.address(order))


@holder_of("track")
@require_GET
def receipt(request: HttpRequest, link: PersonalLink, pk: int) -> HttpResponse:
    viewer, language = request.actor, request.LANGUAGE_CODE  # type: ignore[attr-defined]
    return receipts.answer(link.case, viewer, pk, language)


@csrf_exempt  # signed by the gateway; no cookie is believed
@audience(PUBLIC)
@require_POST
def notice(request: HttpRequest) -> HttpResponse:
    """One payment, however often it is told. 400: not believed; 409: it cannot be booked now, tell us again."""
    now = timezone.now()
    if int(request.META.get("CONTENT_LENGTH") or 0) > NOTICE_BYTES:
        return JsonResponse({"error": "size"}, status=413)
    try:
        told = gateway.read(request.body, request.headers.get("X-Signature", ""), now=now)
        booking = gateway.record(told, now=now)
    except gateway.NotBelieved as why:
        return JsonResponse({"error": str(why)}, status=400)
    except Case.DoesNotExist:
        return JsonResponse({"error": "case"}, status=400)
    except (StepRefused, Conflict, KeyReused):
        return JsonResponse({"error": "refused"}, status=409)
    return JsonResponse({"receipt": booking.number})


def money(viewer: Actor, case: Case) -> dict[str, Any]:
    """What the page says of the case's money; nothing before a price was agreed."""
    if case.facts.get("money", "none") == "none":
        return {}
    balance = charges.balance(viewer, case)
    return {
        "balance": balance,
        "bookings": charges.bookings(viewer, case),
        "may_pay": balance.due > 0 and gateway.is_configured(),
    }
