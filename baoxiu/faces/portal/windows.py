"""C4.4a: the customer picks when the engineer comes: windows that can be kept, held while they decide, then agreed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from baoxiu.cases import queries as cases
from baoxiu.cases import steps as gate
from baoxiu.cases.models import Case, PersonalLink
from baoxiu.cases.steps import Conflict, KeyReused, StepRefused
from baoxiu.dispatch import operations, queries
from baoxiu.dispatch.records import WindowRecord
from baoxiu.faces.common.display import say
from baoxiu.faces.common.steps import new_key
from baoxiu.faces.portal import limits, story
from baoxiu.faces.portal.links import address, holder_of
from baoxiu.people.actors import Actor
from baoxiu.people.rules import Invalid
from baoxiu.sop import payloads


def may_choose(viewer: Actor, case: Case) -> bool:
    """While the visit may be agreed and nobody is on the way."""
    return agreeing(s.name for s in cases.allowed_steps(viewer, case, set())) != ""


def agreeing(allowed: Iterable[str]) -> str:
    """The step by which a customer agrees a window: before an engineer has accepted, or after."""
    return next((name for name in allowed if name in ("promise_window", "appoint")), "")


@holder_of("track")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, link: PersonalLink) -> HttpResponse:
    """Windows to choose from; the one chosen, to be agreed."""
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    case = cases.get(viewer, link.case.number)
    if not may_choose(viewer, case):
        return redirect(address(link))
    wrong, status = "", 200
    if request.method == "POST":
        wrong, status = _act(request, link, case, viewer)
        if not wrong:
            return redirect(address(link) if "agree" in request.POST else request.path)
    return render(request, "portal/cases/window.html", _context(viewer, case, link, wrong), status=status)


def _context(viewer: Actor, case: Case, link: PersonalLink, wrong: str) -> dict[str, Any]:
    now = timezone.now()
    held = queries.held(viewer, case, now=now)
    offered = [] if held else queries.slots(viewer, case, now=now)
    return {
        "case": case,
        "link_path": address(link),
        "held": held,
        "slots": offered,
        "wrong": wrong,
        "key": new_key(),
        "first_name": story.first_name,
    }


def _act(request: HttpRequest, link: PersonalLink, case: Case, viewer: Actor) -> tuple[str, int]:
    """What is wrong, and the status; ("", 200) when it is done."""
    if limits.exceeded("link", str(link.pk)):
        return _("That was very often in one hour. Please try again later."), 429
    now = timezone.now()
    try:
        if "agree" in request.POST:
            return _agree(request, case, viewer)
        if "other" in request.POST:
            operations.release(case, by=viewer, now=now)
        else:
            record = WindowRecord.model_validate({"starts_at": request.POST.get("starts_at", "")})
            operations.hold(case, record, by=viewer, now=now)
    except ValidationError:
        return _("Please choose one of the times."), 422
    except Invalid as no:
        return say(no.reason), 422
    return "", 200


def _agree(request: HttpRequest, case: Case, viewer: Actor) -> tuple[str, int]:
    now = timezone.now()
    held = queries.held(viewer, case, now=now)
    if held is None:
        return _("The time was kept for ten minutes, which are over. Please choose again."), 422
    name = "appoint" if case.stage == "visit" else "promise_window"
    payload = payloads.PAYLOADS[name](starts_at=held.starts_at, ends_at=held.ends_at)
    try:
        key = request.POST.get("key", "")[:120] or None
        gate.take_step(case, name, payload, by=viewer, now=now, key=key)
    except StepRefused as no:
        return say(no.reason), 422
    except (Conflict, KeyReused):
        return _("Something has changed meanwhile. Please look again."), 409
    messages.success(request, _("Agreed. We come at that time."))
    return "", 200
