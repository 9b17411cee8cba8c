"""C4.1: the messages written to customers, with their fate."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from baoxiu.faces.common.audience import audience
from baoxiu.faces.office.records import number
from baoxiu.notify import queries

PAGE = 20


@audience("manager")
def page(request: HttpRequest) -> HttpResponse:
    before = number(request.GET.get("before", ""))
    letters = queries.mailbox(request.actor, limit=PAGE + 1, before=before)  # type: ignore[attr-defined]
    older = f"?before={letters[PAGE - 1].id}" if len(letters) > PAGE else ""
    context = {
        "letters": letters[:PAGE],
        "older": older,
        "newest": "?" if before else "",
        "now": timezone.now(),
    }
    return render(request, "office/mailbox.html", context)
