"""The one way a page takes a step, used by every face.

@audience(*CASE_STAFF)
def step(request, number, noun):
    case = cases.get(request.actor, number)
    return steps.view(request, case, noun, back=url, choices={"engineer": …})
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from baoxiu.cases import queries, taking
from baoxiu.cases import steps as gate
from baoxiu.cases.models import Case
from baoxiu.faces.common import files
from baoxiu.faces.common.display import say
from baoxiu.faces.common.fields import Choices
from baoxiu.faces.common.forms import WHOLE, Form
from baoxiu.people.actors import Actor
from baoxiu.sop import payloads, procedure
from baoxiu.terms import procedures

Done = Callable[[taking.Taken], HttpResponse]


# what a form asks for instead when the rules say so: step → (their no, the step that takes the same payload)
INSTEAD = {"quote": ("needs_approval", "submit_quote")}


# asked for by the law, or the end of what was begun: no button where nothing of it is owed
WHERE_OWED = frozenset({"lend", "settle_limit", "return_loaner", "uphold", "concede", "reduce_bill"})


def worth_a_button(
    found: Iterable[procedure.Step], owed: set[str], always: Container[str] = ()
) -> list[procedure.Step]:
    """The allowed steps without those that nothing owed asks for."""
    return [s for s in found if s.name not in WHERE_OWED or s.name in always or owed & set(s.discharges)]


def new_key() -> str:
    return uuid.uuid4().hex


def is_plain(name: str) -> bool:
    """Whether a step needs nothing filled in: one button."""
    return not payloads.PAYLOADS[name].model_fields


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def view(
    request: HttpRequest, case: Case, noun: str, *, back: str, choices: Choices | Callable[[str], Choices] | None = None,
    initial: Mapping[str, Any] | None = None, by: Actor | None = None, layout: str = "common/staff.html",
    action: str = "", done: Done | None = None, token: str = "", without: tuple[str, ...] = (),
    known: Mapping[str, Any] | None = None, draft: bool = True, camera: bool = False,
    slots: Callable[[], Sequence[Any]] = tuple,
) -> HttpResponse:  # fmt: skip
    """The page (or fragment) of one step, and taking it. `case` is already authorised for `by`.

    `back`: where a taken step leads. `choices`: options for engineer, station, agent, version – or a function of the
    step's name. `without` and `known`: fields the face does not ask but decides. `done`: an answer other than going back.
    `slots`: windows to offer for an appointment. `camera`: photos come first and open the camera.
    """
    actor = by or request.actor  # type: ignore[attr-defined]
    step = _step(case, noun)
    options = choices(step.name) if callable(choices) else choices or {}
    key = request.POST.get("key", "")[:200] or new_key()
    page: dict[str, Any] = {
        "case": case, "step": step, "action": action or request.path, "back": back, "layout": layout, "key": key,
        "token": token, "draft": f"{case.number}-{step.name}" if draft else "", "title": say(step.title), "slots": slots,
    }  # fmt: skip
    if request.method != "POST":
        page["form"] = Form(step.name, choices=options, initial=initial, without=without)
        if camera:
            page["form"].photos_first()
        page["refused"] = refused(case, step.name, actor)
        return _show(request, page, 409 if page["refused"] else 200)
    form = Form(
        step.name, request.POST, files=files.keep_posted(request, actor), choices=options, without=without
    )
    page.update(form=form.photos_first() if camera else form, refused="")
    if files.complain(request, form):
        return _show(request, page, 422)
    done_as = attempt(form, lambda payload: _take(case, step.name, payload, actor, key), **(known or {}))
    if done_as is None:
        if form.errors.get(WHOLE) == [reused()]:
            page["key"] = new_key()
        return _show(request, page, 422)
    taken = procedures.by_hash(case.procedure).step[done_as.step]
    return done(done_as) if done else over(request, taken, back, draft=page["draft"])


def _take(case: Case, name: str, payload: Any, by: Actor, key: str) -> taking.Taken:
    """The step; or, where the rules want another word first, the step that asks for it."""
    try:
        return gate.take_step(case, name, payload, by=by, now=timezone.now(), key=key)
    except taking.StepRefused as no:
        code, other = INSTEAD.get(name, ("", ""))
        if (
            no.code not in (code, "wrong_stage") or not other
        ):  # the form may come again after the case moved on
            raise
        first = no
    same = payloads.PAYLOADS[other].model_validate(payload.model_dump())
    try:
        return gate.take_step(case, other, same, by=by, now=timezone.now(), key=f"{key}-{other}")
    except taking.StepRefused as no:
        raise first if no.code == "wrong_stage" else no from None


def attempt(form: Form, act: Callable[[Any], taking.Taken], **known: Any) -> taking.Taken | None:
    """Reads the form and acts; what is wrong or refused becomes the form's errors, and nothing has changed."""
    payload = form.payload(**known)
    if payload is None:
        return None
    try:
        return act(payload)
    except taking.StepRefused as no:
        form.add_error(no.field, say(no.reason))
    except taking.Conflict:
        form.add_error(
            WHOLE,
            _("Somebody else changed this case in the same moment. Look at it again, then try once more."),
        )
    except taking.KeyReused:
        form.add_error(WHOLE, reused())
    return None


def reused() -> str:
    return _(
        "This form was sent before with other content; that first one counts. To send this too, press the button again."
    )


def refused(case: Case, name: str, actor: Actor) -> str:
    """Why the step is not possible now, in words; empty when it is."""
    duties = {duty.kind for duty in queries.open_duties(case)}
    no = procedure.refusal(
        procedures.by_hash(case.procedure), name, stage=case.stage, facts=case.facts, open_duties=duties,
        parties=actor.parties,
    )  # fmt: skip
    return say(no.reason) if no else ""


def over(request: HttpRequest, step: procedure.Step, back: str, draft: str = "") -> HttpResponse:
    """After a step: back to where it was taken from, saying what was done; the device may forget its draft."""
    said = _("Recorded: %(step)s") % {"step": say(step.title)}
    messages.success(request, said, extra_tags=f"draft:{draft}" if draft else "")
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": back})
    return redirect(back)


def _step(case: Case, noun: str) -> procedure.Step:
    version = procedures.by_hash(case.procedure)
    found = next((s for s in version.steps if s.noun == noun and s.name != "register"), None)
    if found is None:
        raise Http404
    return found


def _show(request: HttpRequest, page: dict[str, Any], status: int) -> HttpResponse:
    name = "common/_step.html" if is_htmx(request) else "common/step.html"
    return render(request, name, {**page, "slots": page["slots"]()}, status=status)
