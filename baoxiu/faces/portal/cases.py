"""C4: the track of a request, and what the customer may do there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_GET, require_POST

from baoxiu.cases import links, repair_clock
from baoxiu.cases import queries as cases
from baoxiu.cases.models import Case, PersonalLink
from baoxiu.faces.common import display, documents
from baoxiu.faces.common.steps import new_key
from baoxiu.faces.portal import promises, story
from baoxiu.faces.portal.acting import Attempt, attempt
from baoxiu.faces.portal.links import address, holder_of
from baoxiu.faces.portal.payments import money
from baoxiu.sop.entitlement import remedies

# what the holder of a track may do, and what is said afterwards
STEPS = {
    "message": N_("Your message is with us."), "chase": N_("We know that you are waiting and answer soon."),
    "confirm": N_("Thank you. We arrange it now."), "ship_in": N_("Thank you. We look out for your parcel."),
    "deliver": N_("Good that it is back with you."), "reopen": N_("We are sorry. We look into it again at once."),
    "contest": N_("Your objection is with us. Somebody who did not make the decision looks at it again."),
    "settle_limit": N_("Thank you. We do as you chose."), "withdraw": N_("Your request is withdrawn."), "withdraw_return": N_("Your request is withdrawn; your product comes back to you."),
}  # fmt: skip
KNOWN: dict[str, dict[str, Any]] = {
    "confirm": {"way": "link", "agreed_by": ""}, "reopen": {"owner": None}, "deliver": {"text": ""}, "settle_limit": {"text": ""},
}  # fmt: skip
HANDED_OVER = ("followup", "final", "closed")


@holder_of("track")
@require_GET
def track(request: HttpRequest, link: PersonalLink) -> HttpResponse:
    """Where the request stands, what comes next and by when, what has happened."""
    return _page(request, link, Attempt())


@holder_of("track")
@require_POST
def act(request: HttpRequest, link: PersonalLink, noun: str) -> HttpResponse:
    """One step of the customer's; an error gives the page again with what was typed."""
    name = next((step for step in STEPS if step.replace("_", "-") == noun), None)
    if name is None:
        raise Http404
    made = attempt(request, link, name, **KNOWN.get(name, {}))
    if made.taken is None:
        return _page(request, link, made)
    messages.success(request, _(STEPS[name]), extra_tags=f"draft:{name}-{made.taken.number}")
    return redirect(address(link))


@holder_of("track")
@require_GET
def sheet(request: HttpRequest, link: PersonalLink) -> HttpResponse:
    """The signed service sheet, once the product is back with the customer."""
    viewer, language = request.actor, request.LANGUAGE_CODE  # type: ignore[attr-defined]
    case = cases.get(viewer, link.case.number)
    if case.stage not in HANDED_OVER:
        raise Http404
    pdf = documents.service_sheet(case, viewer, language, now=timezone.now())
    return documents.answer(pdf, f"{case.number}.pdf")


def _page(request: HttpRequest, link: PersonalLink, made: Attempt) -> HttpResponse:
    now, viewer = timezone.now(), request.actor  # type: ignore[attr-defined]
    case = cases.get(viewer, link.case.number)
    duties = cases.open_duties(case)
    allowed = {s.name for s in cases.allowed_steps(viewer, case, {d.kind for d in duties})}
    lines = story.lines(viewer, case)
    at_hand, clock = _at_hand(case, lines), _clock(case, lines, now)
    is_chosen = any(line.step == "settle_limit" for line in story.current_round(lines))
    offered = clock.remedies if clock and "settle_limit" in allowed and not is_chosen else []
    context = {
        "case": case, "link": link, "link_path": address(link), "token": links.token_of(link), "made": made,
        "product": str(case.unit) if case.unit else display.word("KINDS", case.kind), "lines": lines, "key": new_key(),
        "allowed": allowed & STEPS.keys(), "chooses": bool({"promise_window", "appoint"} & allowed) and not at_hand["on_the_way"], "elsewhere": _elsewhere(case), "joined": _joined(case),
        "promise": promises.next_promise(duties, now, on_hold=case.facts.get("on_hold") == "yes"),
        "headline": promises.headline(case, has_parcel=bool(at_hand["parcels"]), on_the_way=at_hand["on_the_way"]),
        "decision": story.decision(lines, timezone.localdate(now)), "money": money(viewer, case), "clock": clock if clock and clock.newest.case_id == case.pk else None,
        "remedies": [(r.choice, display.word("LIMIT_CHOICES", r.choice), "", display.say(r.words)) for r in offered if r.is_known],
        "objection": promises.objection(case, duties, now),
        "terms_sha256": remedies.sha256(case.number, offered), "has_sheet": case.stage in HANDED_OVER, "now": now, **at_hand,
    }  # fmt: skip
    return render(request, "portal/cases/page.html", context, status=made.status)


AGREED = ("appoint", "promise_window")
IN_HAND = ("triage", "dispatch", "inbound", "repair", "quote_approval", "consent", "parts", "handover")


def _clock(case: Case, lines: list[story.Line], now: dt.datetime) -> repair_clock.RepairClock | None:
    """Until the product is handed over."""
    if case.stage not in IN_HAND:
        return None
    decided: Any = next((line.decision for line in story.current_round(lines) if line.decision), {})
    return repair_clock.read(case, now, fault=(decided.get("facts") or {}).get("fault", "unknown"))


def _at_hand(case: Case, lines: list[story.Line]) -> dict[str, Any]:
    """The appointment, parcels and engineer of the current round, from what was told."""
    round_ = story.current_round(lines)
    newest = {line.step: line for line in reversed(round_)}
    last_move = next(
        (line.step for line in round_ if line.step in (*AGREED, "set_out", "check_in", "customer_absent")),
        "",
    )
    parcels = (("ship_in", _("Parcel to us")), ("ship_out", _("Parcel back")))
    agreed = next((line for line in round_ if line.step in AGREED and line.rows), None)
    shows_visit = case.stage in ("dispatch", "assigned", "visit") and case.facts.get("appointed") == "yes"
    return {
        "appointment": agreed.rows[0][1] if shows_visit and agreed else "",
        "on_the_way": last_move == "set_out",
        "engineer": story.first_name(case.engineer.name) if case.engineer and case.is_open else "",
        "parcels": [(title, " ".join(v for _t, v in newest[s].rows)) for s, title in parcels if s in newest],
    }  # fmt: skip


def _joined(case: Case) -> dict[str, str]:
    """The request this one was joined with: its number, and its track where there is a live link to it."""
    into = case.merged_into
    if into is None:
        return {}
    live = [link for link in cases.live_links(into, now=timezone.now()) if link.purpose == "track"]
    return {"number": into.number, "path": address(live[-1]) if live else ""}


def _elsewhere(case: Case) -> dict[str, str]:
    """Addresses of the customer's other pages that wait for an answer now; their links exist already."""
    facts = case.facts
    called = facts.get("engineer_followup") in ("done", "waived") and case.stage in ("final", "closed")
    purpose = "quote" if case.stage == "consent" else "rate" if called and facts.get("rated") == "no" else ""
    if not purpose:
        return {}
    live = cases.live_links(case, now=timezone.now())
    return {link.purpose: address(link) for link in live if link.purpose == purpose}
