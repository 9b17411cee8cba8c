"""C4.1: what was sent to the customer, and the personal links staff may pass on."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoxiu.cases import links, queries, steps
from baoxiu.cases.models import Outgoing
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.common.display import say
from baoxiu.faces.common.steps import is_htmx
from baoxiu.faces.desk.case import found
from baoxiu.faces.portal.links import address
from baoxiu.notify import operations
from baoxiu.notify import queries as notify
from baoxiu.people.rules import Invalid
from baoxiu.sop import payloads


@audience(*DESK)
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Messages newest first, and the live links with their addresses."""
    case = found(request, number)
    live = [
        (link, request.build_absolute_uri(address(link)))
        for link in queries.live_links(case, now=timezone.now())
    ]
    letters = notify.mailbox(request.actor, case, limit=20)  # type: ignore[attr-defined]
    context = {"case": case, "links": live, "letters": letters, "now": timezone.now()}
    return render(
        request, "desk/notify/_messages.html" if is_htmx(request) else "desk/notify/page.html", context
    )


@audience(*DESK)
@require_POST
def links_(request: HttpRequest, number: str) -> HttpResponse:
    """Makes the tracking link, or takes the links of one purpose back: both are steps on the record."""
    case, purpose = found(request, number), request.POST.get("revoke", "")
    step, name = ("revoke_link", purpose) if purpose in links.STEPS else ("give_link", "track")
    payload = payloads.PAYLOADS[step](purpose=name)
    try:
        steps.take_step(case, step, payload, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
    except steps.StepRefused as no:
        flash.error(request, say(no.reason))
    except steps.Conflict:
        flash.error(
            request,
            _("Somebody else changed this case in the same moment. Look at it again, then try once more."),
        )
    return page_of(request, number)


@audience(*DESK)
@require_POST
def retry(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Sends once more what failed or was not sent."""
    case, viewer = found(request, number), request.actor  # type: ignore[attr-defined]
    row = get_object_or_404(Outgoing, pk=pk, case=case)
    try:
        operations.retry(row, by=viewer, now=timezone.now())
    except Invalid as invalid:
        flash.error(request, say(invalid.reason))
    return page_of(request, number)


def page_of(request: HttpRequest, number: str) -> HttpResponse:
    """The panel again for a script, the page for everybody else."""
    return page(request, number) if is_htmx(request) else redirect("desk:messages", number)
