"""C4.4b, C4.5: one product on the bench."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from baoxiu.cases import queries as cases
from baoxiu.cases.models import Case, JournalEntry
from baoxiu.cases.steps import Taken
from baoxiu.charges import queries as charges
from baoxiu.depot import queries as depot
from baoxiu.dispatch import queries as dispatch
from baoxiu.faces.bench import queries
from baoxiu.faces.bench.queue import BENCH
from baoxiu.faces.common import display, qr, quoting, steps
from baoxiu.faces.common.audience import audience
from baoxiu.faces.field.jobs import in_order
from baoxiu.people.actors import Actor
from baoxiu.repair import queries as repair
from baoxiu.sop.procedure import Step
from baoxiu.sop.standard import STANDARD

CONTACT = frozenset({"name", "phone", "email", "address", "company", "case"})


def at_hand(viewer: Actor, number: str) -> Case:
    """A case of one's own bench; anything else is not there."""
    try:
        case = cases.get(viewer, number)
    except Case.DoesNotExist:
        raise Http404 from None
    if case.facts.get("venue") != "depot" and case.stage != "parts":
        raise Http404
    return case


@audience(*BENCH)
@require_GET
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """Condition, findings, work, parcels, and the steps possible now."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = at_hand(actor, number)
    duties = cases.open_duties(case)
    owed = {duty.kind for duty in duties}
    allowed = steps.worth_a_button(cases.allowed_steps(actor, case, owed), owed, ("lend",))
    timeline = cases.timeline(case)
    following = next_step(allowed, case)
    context = {
        "case": case, "duties": duties, "at": timezone.now(), "next": following, "key": steps.new_key(),
        "other": in_order(s for s in allowed if s is not following and s.tone != "talk"), "timeline": timeline, "told": [(entry, _words(entry)) for entry in reversed(timeline.entries)],
        "talk": [s for s in allowed if s.tone == "talk"], "parcels": depot.parcels(actor, case),
        "receipts": depot.receipts(actor, case), "repair": repair.of_case(actor, case), "quote": charges.current(actor, case),
        "may_print": actor.has("station_head", "engineer"),
    }  # fmt: skip
    return render(request, "bench/case.html", context)


def next_step(allowed: list[Step], case: Case) -> Step | None:
    """The step that comes next in the procedure's order; before any work somebody has it on the bench."""
    unclaimed = None if case.engineer_id else next((s for s in allowed if s.name == "take_on"), None)
    return unclaimed or next((s for s in reversed(allowed) if s.tone == "primary"), None)


def _words(entry: JournalEntry) -> dict[str, Any]:
    """What an entry says, without the contact details nobody needs at a bench."""
    words = (entry.content.words if hasattr(entry, "content") else None) or {}
    return {name: value for name, value in words.items() if name not in CONTACT}


@audience(*BENCH)
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, number: str, noun: str) -> HttpResponse:
    """The form of one step; afterwards back to the case, or to the queue once it has left the bench."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = at_hand(actor, number)
    if noun == "consent":  # read and signed by the customer on the engineer's device
        return redirect("field:consent", number=number)
    back = reverse("bench:case", args=[number])
    return steps.view(
        request, case, noun, back=back, choices=lambda name: _choices(name, actor, case), initial=_initial(case, noun, actor),
        done=lambda taken: _after(request, taken, actor, back),
    )  # fmt: skip


def _choices(name: str, actor: Actor, case: Case) -> dict[str, Any]:
    if name == "record_payment":
        return {"way": quoting.ways()}
    if name in quoting.QUOTING:
        return quoting.choices(actor, case, timezone.now())
    if name == "diagnose":
        return {"fault": [(code, display.word("FAULTS", code)) for code in ("quality", "other")]}
    return {"engineer": queries.engineers(actor, case)} if name == "take_on" else {}


def _initial(case: Case, noun: str, actor: Actor) -> dict[str, Any]:
    if noun == "payment":
        return quoting.to_book(actor, case, noun)
    if noun == "parts-to-bring":
        return dict(dispatch.to_bring(actor, case))
    if noun in ("quote", "quote-submission"):
        return quoting.initial(actor, case, timezone.now())
    if noun == "collection":
        return {"signer": case.contact_name}
    return {"engineer": case.engineer_id} if noun == "bench" and case.engineer_id else {}


def _after(request: HttpRequest, taken: Taken, actor: Actor, back: str) -> HttpResponse:
    try:
        at_hand(actor, taken.number)
    except Http404:
        back = reverse("bench:queue")
    return steps.over(request, STANDARD.step[taken.step], back, draft=f"{taken.number}-{taken.step}")


@audience("station_head", "engineer")
@require_GET
def label(request: HttpRequest, number: str) -> HttpResponse:
    """The label of the parcel back: to whom, from where, which case – to be printed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = at_hand(actor, number)
    code = qr.svg(case.number)
    return render(request, "bench/label.html", {"case": case, "code": code})
