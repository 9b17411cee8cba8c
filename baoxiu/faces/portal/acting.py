"""A customer's step from a personal page: read, taken, answered – or the same page with what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from baoxiu.cases import steps as gate
from baoxiu.cases.models import PersonalLink
from baoxiu.faces.common import files, steps
from baoxiu.faces.common.forms import WHOLE, Form
from baoxiu.faces.portal import limits
from baoxiu.people.actors import Actor


@dataclass(slots=True)
class Attempt:
    """What came of a try: `taken`, or the errors by field with what was typed."""

    step: str = ""
    taken: gate.Taken | None = None
    values: Any = field(default_factory=QueryDict)
    errors: dict[str, str] = field(default_factory=dict)
    status: int = 200


def attempt(request: HttpRequest, link: PersonalLink, step: str, **known: Any) -> Attempt:
    """Takes `step` with what the form says; `known` is decided by the face, not the visitor."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    made = Attempt(step, values=request.POST)
    if limits.exceeded("link", str(link.pk)):
        made.errors[WHOLE], made.status = _("That was very often in one hour. Please try again later."), 429
        return made
    form = Form(step, request.POST, files=files.keep_posted(request, actor), without=known)
    if files.complain(request, form):
        made.errors, made.status = said(form), 422
        return made
    key = request.POST.get("key", "")[:120] or None
    made.taken = steps.attempt(
        form,
        lambda payload: gate.take_step(link.case, step, payload, by=actor, now=timezone.now(), key=key),
        **known,
    )
    made.errors = said(form)
    made.status = 200 if made.taken else 422
    return made


def said(form: Form) -> dict[str, str]:
    """One line of errors per field."""
    return {name: " ".join(lines) for name, lines in form.errors.items()}
