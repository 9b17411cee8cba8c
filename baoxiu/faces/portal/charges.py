"""C4.5: a quote by personal link and its one answer."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baoxiu.cases import queries as cases
from baoxiu.cases.models import PersonalLink
from baoxiu.charges import queries as charges
from baoxiu.charges.models import Quote
from baoxiu.faces.common import display, quoting
from baoxiu.faces.common.forms import WHOLE
from baoxiu.faces.common.steps import new_key
from baoxiu.faces.portal import promises, story
from baoxiu.faces.portal.acting import Attempt, attempt
from baoxiu.faces.portal.links import address, holder_of

STEPS = {"accept": "accept_quote", "decline": "decline_quote", "ask": "message", "contest": "contest"}
KNOWN: dict[str, dict[str, Any]] = {
    "accept": {"way": "link"},
    "decline": {"way": "link", "name": ""},
    "ask": {},
    "contest": {},
}


class Said(NamedTuple):
    """What there is to say about a quote besides its lines."""

    level: str
    icon: str
    text: str
    draft: str = ""  # the form whose kept words it answers


@holder_of("quote")
@require_GET
def quote(request: HttpRequest, link: PersonalLink) -> HttpResponse:
    """Lines, sum, validity – and the answer, once."""
    return _page(request, link, Attempt())


@holder_of("quote")
@require_POST
def answer(request: HttpRequest, link: PersonalLink, noun: str) -> HttpResponse:
    """Yes, no or a question; each leads back to the quote, which then says what was answered."""
    if noun not in STEPS:
        raise Http404
    made = attempt(request, link, STEPS[noun], **KNOWN[noun])
    if made.taken is None:
        return _page(request, link, made)
    return redirect(address(link) + {"ask": "?asked=1", "contest": "?contested=1"}.get(noun, ""))


def _page(request: HttpRequest, link: PersonalLink, made: Attempt) -> HttpResponse:
    now, viewer = timezone.now(), request.actor  # type: ignore[attr-defined]
    case = cases.get(viewer, link.case.number)
    found = charges.current(viewer, case)
    duties = cases.open_duties(case)
    allowed = {s.name for s in cases.allowed_steps(viewer, case, {d.kind for d in duties})}
    waiting = bool(found and found.status == "sent" and found.valid_until > now and "accept_quote" in allowed)
    errors = dict(made.errors)
    if "version" in errors:
        errors[WHOLE] = errors.pop("version")
    sums = quoting.to_pay(found)
    consent = getattr(found, "consent", None)
    if consent and consent.outcome == "accepted":  # the way not taken is not to be paid
        sums = [s for s in sums if s.option == consent.option]
    context = {
        "case": case, "link_path": address(link), "quote": found, "values": made.values, "errors": errors, "key": new_key(),
        "product": str(case.unit) if case.unit else display.word("KINDS", case.kind), "may_answer": waiting,
        "may_ask": "message" in allowed, "said": _said(found, now, request.GET), "allowed": allowed, "made": made,
        "decision": story.decision(story.lines(viewer, case), timezone.localdate(now)),
        "objection": promises.objection(case, duties, now),
        "lines": [quoting.line(row) for row in (found.lines.all() if found else ())], "sums": sums,
        "choices": [(s.option, s.name, "", s.words) for s in sums],
    }  # fmt: skip
    return render(request, "portal/charges/page.html", context, status=made.status)


def _said(found: Quote | None, now: Any, query: QueryDict) -> Said | None:
    if query.get("contested") == "1":
        return Said(
            "success",
            "scale",
            _("Your objection is with us. Somebody who did not make the decision looks at it again."),
            "contest",
        )
    if query.get("asked") == "1":
        return Said(
            "success", "circle-check", _("Your question is with us. We answer here or by phone."), "ask"
        )
    if found is None:
        return None
    consent = getattr(found, "consent", None)
    if consent:
        words = {"name": consent.name, "time": display.when(consent.at)}
        if found.status == "accepted":
            return Said(
                "success",
                "circle-check",
                _("Accepted by %(name)s on %(time)s. We go on with the repair.") % words,
                "accept",
            )
        return Said(
            "info", "x", _("Declined on %(time)s. Your product comes back to you unrepaired.") % words
        )
    if found.status in ("withdrawn", "superseded"):
        return Said("warning", "info-circle", _("This quote was taken back. We send you a new one."))
    if found.valid_until <= now:
        return Said("warning", "hourglass", _("This quote has expired. Ask us for a new one below."))
    return None
