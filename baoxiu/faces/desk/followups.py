"""C4.6, C4.7: the calls owed, and where the caller and the customer tell different stories."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from baoxiu.faces.common.audience import DESK, audience
from baoxiu.followups import queries

DAYS = 90  # of ratings looked through for disagreements


@audience(*DESK)
def page(request: HttpRequest) -> HttpResponse:
    viewer, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    context = {
        "final": queries.due(viewer, "final"), "engineer": queries.due(viewer, "engineer"), "now": now,
        "disagreements": queries.disagreements(viewer, since=now - dt.timedelta(days=DAYS)),
    }  # fmt: skip
    return render(request, "desk/followups/page.html", context)
