"""A page with the form of one record: shown, filled in, saved by an operation, its no said beside the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from baoxiu.faces.common.display import say
from baoxiu.faces.common.fields import Choices
from baoxiu.faces.common.forms import Form
from baoxiu.faces.common.steps import new_key
from baoxiu.people.rules import Denied, Invalid
from baoxiu.sop.payloads import Payload

Do = Callable[[Any], str]  # saves the record and returns where to go next


def page(
    request: HttpRequest,
    record: type[Payload],
    do: Do,
    *,
    title: str,
    back: str,
    choices: Choices | None = None,
    initial: Mapping[str, Any] | None = None,
    note: str = "",
    submit: str = "",
    template: str = "office/record.html",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """`submit`: the button's words where “Save” says too little; `template` extends office/record.html and reads `more`."""
    form = Form(record, request.POST if request.method == "POST" else None, choices=choices, initial=initial)
    if request.method == "POST" and (answer := save(request, form, do)):
        return answer
    context = {
        "form": form, "title": title, "back": back, "note": note, "key": key_of(request), "submit": submit or _("Save"),
        **(more or {}),
    }  # fmt: skip
    return render(request, template, context, status=422 if form.is_bound else 200)


def key_of(request: HttpRequest) -> str:
    """What tells a form sent twice from two forms; an operation that adds something up takes it."""
    return str(request.POST.get("key", ""))[:200] or new_key()


def save(request: HttpRequest, form: Form, do: Do) -> HttpResponse | None:
    """The answer once saved; None when the form has to be shown again."""
    payload = form.payload()
    if payload is None:
        return None
    try:
        where = do(payload)
    except Invalid as invalid:
        form.add_error(invalid.field, say(invalid.reason))
        return None
    except Denied:
        raise PermissionDenied from None
    messages.success(request, _("Saved."))
    return redirect(where)


def act(request: HttpRequest, do: Callable[[], None], where: str, done: str = "") -> HttpResponse:
    """A button without a form: done, or why not, then back."""
    try:
        do()
    except Invalid as invalid:
        messages.error(request, say(invalid.reason))
    except Denied:
        raise PermissionDenied from None
    else:
        messages.success(request, done or _("Saved."))
    return redirect(where)


def number(text: str) -> int | None:
    """A keyset position from an address; nonsense is the first page."""
    return int(text) if text.isdecimal() and len(text) < 16 else None
