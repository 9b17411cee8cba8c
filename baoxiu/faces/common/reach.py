"""C5.2: how the colleague who is signed in is told of alarms outside the system."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoxiu.faces.common.audience import STAFF, audience
from baoxiu.faces.common.display import say
from baoxiu.faces.common.forms import Form
from baoxiu.notify import operations, queries, records
from baoxiu.people.rules import Invalid


@audience(*STAFF)
def page(request: HttpRequest) -> HttpResponse:
    viewer: Any = request.actor  # type: ignore[attr-defined]
    kept = queries.reach(viewer)
    initial = {"by_email": kept.by_email, "by_chat": bool(kept.chat_address)}
    form = Form(records.ReachRecord, request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and (record := form.payload()):
        try:
            operations.keep_reach(record, by=viewer, now=timezone.now())  # type: ignore[arg-type]
            flash.success(request, _("Saved."))
            return redirect("common:reach")
        except Invalid as invalid:
            form.add_error(invalid.field, say(invalid.reason))
    context = {"form": form, "has_chat": bool(kept.chat_address)}
    return render(request, "common/reach.html", context, status=422 if form.is_bound else 200)


@audience(*STAFF)
@require_POST
def test(request: HttpRequest) -> HttpResponse:
    return tried(request, operations.try_reach, reverse("common:reach"))


def tried(request: HttpRequest, send: Any, back: str) -> HttpResponse:
    """Sends a test message and says on the page it came from what became of it."""
    try:
        to = send(by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        flash.success(request, _("The test message was sent to %(whom)s.") % {"whom": to})
    except Invalid as invalid:
        flash.error(request, say(invalid.reason))
    return redirect(back)
