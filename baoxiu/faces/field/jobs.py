"""C4.4–C4.6: one job on a phone: what is known of it and the steps that are possible now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from baoxiu.cases import queries as cases
from baoxiu.cases import steps as gate
from baoxiu.cases import work_orders
from baoxiu.cases.models import Case, WorkOrder
from baoxiu.cases.steps import Taken
from baoxiu.charges import queries as charges
from baoxiu.depot import queries as depot
from baoxiu.dispatch import queries as dispatch
from baoxiu.faces.common import display, quoting, steps
from baoxiu.faces.common.audience import audience
from baoxiu.faces.common.forms import Form
from baoxiu.faces.field import queries
from baoxiu.people.actors import Actor
from baoxiu.sop import followups
from baoxiu.sop.procedure import Step
from baoxiu.sop.standard import STANDARD
from baoxiu.sop.text import Text

LAYOUT = "common/phone.html"


def own_job(viewer: Actor, number: str) -> Case:
    """Somebody else's job is not there."""
    try:
        return queries.job(viewer, number)
    except Case.DoesNotExist:
        raise Http404 from None


@audience("engineer")
@require_GET
def job(request: HttpRequest, number: str) -> HttpResponse:
    """Who, where, what, and the next step under the thumb."""
    actor, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    case = own_job(actor, number)
    duties, order = cases.open_duties(case), work_orders.running(case)
    owed = {duty.kind for duty in duties}
    at_hand = ("lend",) if case.stage == "repair" else ()
    allowed = steps.worth_a_button(cases.allowed_steps(actor, case, owed), owed, at_hand)
    timeline = cases.timeline(case)
    following = next_step(allowed, order)
    context = {
        "needs": dispatch.needed(actor, case), "case": case, "order": order, "duties": duties, "at": now, "next": following, "key": steps.new_key(),
        "other": in_order(s for s in allowed if s is not following and s.tone != "talk"),
        "form": Form(following.name, initial=initial(case, following.noun, actor)) if following and following.name == "follow_up" else None,
        "talk": [s for s in allowed if s.tone == "talk"], "timeline": timeline, "others": cases.others(actor, case),
        "quote": charges.current(actor, case) if case.facts["consent"] != "none" or case.stage == "quote_approval" else None,
        "script": script(case), "first": next((e for e in timeline.entries if e.step == "register"), None), "parcels": depot.parcels(actor, case),
    }  # fmt: skip
    return render(request, "field/job.html", context)


def script(case: Case) -> tuple[Text, ...]:
    """What the engineer asks; satisfaction and open questions, the last two, have fields of their own."""
    product_class = case.unit.product_class if case.unit else ""
    return followups.script("engineer", case.kind, product_class=product_class)


def in_order(found: Iterable[Step]) -> list[Step]:
    """What belongs to the work first, what belongs to any case (hold, resume) after it."""
    return sorted(found, key=lambda s: s.clause == "C4.1")


def next_step(allowed: list[Step], order: WorkOrder | None) -> Step | None:
    """The step that comes next in the procedure's order; setting out comes before arriving."""
    leaving = next((s for s in allowed if s.name == "set_out"), None)
    if leaving and order and order.status == "scheduled":
        return leaving
    return next((s for s in reversed(allowed) if s.tone == "primary"), None)


@audience("engineer")
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, number: str, noun: str) -> HttpResponse:
    """The form of one step; afterwards back to the job, or to the day once the job is not mine any more."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = own_job(actor, number)
    back = reverse("field:job", args=[number])
    return steps.view(
        request, case, noun, back=back, layout=LAYOUT, slots=lambda: dispatch.slots(actor, case, now=timezone.now()) if noun == "appointment" else (), choices=lambda name: choices(name, actor, case), camera=True,
        initial=initial(case, noun, actor), done=lambda taken: _after(request, taken, actor, back),
    )  # fmt: skip


@audience("engineer")
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, number: str) -> HttpResponse:
    """The quote on the engineer's device, handed to the customer: the very words, a typed name, a drawn signature."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case, errors = own_job(actor, number), dict[str, str]()
    if request.method == "POST":
        form = Form("accept_quote", request.POST, without=("way",))
        key = request.POST.get("key", "")[:200] or None
        now = timezone.now()
        taken = steps.attempt(
            form, lambda payload: gate.take_step(case, "accept_quote", payload, by=actor, now=now, key=key), way="device"
        )  # fmt: skip
        if taken:
            return _after(request, taken, actor, reverse("field:job", args=[number]))
        errors = {name: " ".join(lines) for name, lines in form.errors.items()}
    quote = charges.current(actor, case)
    sums = quoting.to_pay(quote)
    context = {
        "case": case, "quote": quote, "sums": sums, "values": request.POST, "errors": errors, "key": steps.new_key(),
        "lines": [quoting.line(row) for row in (quote.lines.all() if quote else ())],
        "choices": [(s.option, s.name, "", s.words) for s in sums], "may_answer": case.stage == "consent" and bool(quote),
    }  # fmt: skip
    return render(request, "field/consent.html", context, status=422 if errors else 200)


def choices(name: str, actor: Actor, case: Case) -> dict[str, Any]:
    """Options of the fields that name a station, an engineer or a price; after a diagnosis the fault is known."""
    if name == "record_payment":
        return {"way": quoting.ways()}
    if name in quoting.QUOTING:
        return quoting.choices(actor, case, timezone.now())
    if name == "to_depot":
        return {"station": queries.stations(actor)}
    if name == "diagnose":
        return {"fault": [(code, display.word("FAULTS", code)) for code in ("quality", "other")]}
    return {"engineer": [(actor.staff_id, actor.name)]} if name == "take_on" else {}


def initial(case: Case, noun: str, actor: Actor) -> dict[str, Any]:
    """What a form proposes: the next two hours of a working day, the customer's name, the usual lines."""
    if noun == "payment":
        return quoting.to_book(actor, case, noun)
    if noun == "parts-to-bring":
        return dict(dispatch.to_bring(actor, case))
    if noun in ("quote", "quote-submission"):
        return quoting.initial(actor, case, timezone.now())
    if noun == "appointment":
        start = _next_slot(timezone.localtime())
        return {
            "starts_at": start,
            "ends_at": start + dt.timedelta(hours=2),
            "agreed_with": case.contact_name,
        }
    if noun == "engineer-follow-up":
        return {"answers": [{"question": display.say(line)} for line in script(case)[:-2]]}
    return {"signer": case.contact_name} if noun in ("handover", "collection") else {}


def _next_slot(now: dt.datetime) -> dt.datetime:
    """The next full hour between eight and six; in the evening tomorrow at nine."""
    hour = now.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    if 8 <= hour.hour <= 18 and hour.date() == now.date():
        return hour
    return hour.replace(hour=9) + dt.timedelta(days=1 if now.hour >= 18 else 0)


def _after(request: HttpRequest, taken: Taken, actor: Actor, back: str) -> HttpResponse:
    mine = queries.own(actor).filter(number=taken.number).exists()
    done = STANDARD.step[taken.step]
    return steps.over(
        request, done, back if mine else reverse("field:today"), draft=f"{taken.number}-{taken.step}"
    )
