"""C5.1: the customer's rating by personal link, once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baoxiu.cases import queries as cases
from baoxiu.cases.models import Case, PersonalLink
from baoxiu.faces.common import display
from baoxiu.faces.common.steps import new_key
from baoxiu.faces.portal.acting import Attempt, attempt
from baoxiu.faces.portal.links import address, holder_of

SCORES = ("attitude", "speed", "quality")


@holder_of("rate")
@require_http_methods(["GET", "POST"])
def rating(request: HttpRequest, link: PersonalLink) -> HttpResponse:
    """One tap rates everything alike; in detail, what is left out counts as the overall mark."""
    if request.method != "POST":
        return _page(request, link, Attempt())
    filled = request.POST.copy()
    for name in SCORES:
        filled.setdefault(name, filled.get("overall", ""))
    request.POST = filled  # type: ignore[assignment]
    made = attempt(request, link, "rate")
    return redirect(address(link)) if made.taken else _page(request, link, made)


def _page(request: HttpRequest, link: PersonalLink, made: Attempt) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    case = cases.get(viewer, link.case.number)
    rated = case.facts.get("rated") == "yes"
    context = {
        "case": case, "rated": rated, "refused": "" if rated else _refused(case), "errors": made.errors, "key": new_key(),
        "values": made.values or QueryDict(), "product": str(case.unit) if case.unit else display.word("KINDS", case.kind),
        "taps": [(1, _("Very bad")), (2, _("Bad")), (3, _("Fair")), (4, _("Good")), (5, _("Very good"))],
        "scores": [("overall", _("Overall")), ("attitude", _("Attitude")), ("speed", _("Speed")), ("quality", _("Quality"))],
    }  # fmt: skip
    return render(request, "portal/followups/page.html", context, status=made.status)


def _refused(case: Case) -> str:
    """Why it is too early or too late; empty when the customer may rate now."""
    if case.stage in ("final", "closed") and case.facts.get("engineer_followup") in ("done", "waived"):
        return ""
    if case.stage in ("withdrawn", "merged"):
        return _("This request ended before a service took place; there is nothing to rate.")
    return _("You can rate us after the engineer has called you to ask how it works.")
