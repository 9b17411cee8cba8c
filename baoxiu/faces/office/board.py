"""C6.2: the live board – late, soon, done – and the chain of who is told of breaches."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoxiu.clocks import chain
from baoxiu.clocks.models import Alarm
from baoxiu.faces.common import display
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.common.steps import is_htmx
from baoxiu.people.rules import Denied, Invalid
from baoxiu.sop import clauses
from baoxiu.supervision import board

ROWS = 4  # of the form of the chain


@audience(*DESK)
def page(request: HttpRequest) -> HttpResponse:
    """The whole page, or the board alone when it renews itself."""
    viewer, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    found = board.board(viewer, now=now, midnight=midnight(now))
    context = {
        "now": now,
        "board": found,
        "alarms": list(chain.unanswered(viewer)),
        "titles": {line.key: display.say(clauses.title(line.key)) for line in found.clauses},
    }
    return render(
        request, "office/board/_board.html" if is_htmx(request) else "office/board/page.html", context
    )


def midnight(now: dt.datetime) -> dt.datetime:
    """When today began."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


@audience(*DESK)
def behind(request: HttpRequest, by: str, key: str, state: str) -> HttpResponse:
    """The duties a number of the board counts."""
    viewer, now, after = request.actor, timezone.now(), request.GET.get("after", "")  # type: ignore[attr-defined]
    try:
        cell = board.Cell(by, key, state)
        found = board.behind(viewer, cell, now=now, midnight=midnight(now), after=after)
        of = board.named(viewer, cell)
    except ValueError:
        raise Http404 from None
    words = {"late": _("Late"), "soon": _("Soon"), "done": _("Done today")}
    context = {
        "now": now, "rows": found.rows, "state": state, "title": words[state], "clause_key": key if by == "clause" else "",
        "of": display.say(clauses.title(key)) if by == "clause" and key != board.NONE else of or _nobody(by),
        "views": [(w, reverse("office:board-behind", args=[by, key, s]), s == state) for s, w in words.items()],
        "older": "?" + urlencode({"after": found.after}) if found.after else "", "newest": request.path if after else "",
    }  # fmt: skip
    return render(request, "office/board/duties.html", context)


def _nobody(by: str) -> str:
    return {"team": _("no team"), "person": _("nobody yet")}.get(by, "")


@audience(*DESK)
@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """The chain stops: somebody looks after it."""
    alarm = Alarm.objects.filter(pk=pk).first()
    if alarm is None:
        raise Http404
    try:
        chain.acknowledge(alarm, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
    except Denied:
        raise Http404 from None
    messages.success(request, _("Acknowledged: the chain stops here."))
    return redirect("office:board")


@audience("manager")
def chain_(request: HttpRequest) -> HttpResponse:
    """Who is told after how long; the rungs are data."""
    refused = ""
    if request.method == "POST":
        try:
            chain.set_rungs(_posted(request), by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        except Invalid as error:
            refused = display.say(error.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:chain")
    kept = [(rung.after_minutes, rung.role) for rung in chain.rungs()]
    rows = [*kept, *[("", "")] * max(1, ROWS - len(kept))]
    if refused:
        rows = list(zip(request.POST.getlist("minutes")[:6], request.POST.getlist("role")[:6], strict=False))
    roles = [(r, _("Whose duty it is") if r == "owner" else display.word("ROLES", r)) for r in chain.ROLES]
    context = {"rows": rows, "roles": roles, "refused": refused}
    return render(request, "office/board/chain.html", context, status=400 if refused else 200)


def _posted(request: HttpRequest) -> list[tuple[int, str]]:
    """Rows of minutes and role; empty ones are left out. Raises Invalid."""
    pairs = zip(request.POST.getlist("minutes"), request.POST.getlist("role"), strict=False)
    found = []
    for minutes, role in list(pairs)[:20]:
        if not minutes.strip() and not role:
            continue
        if not (minutes.isascii() and minutes.strip().isdigit()):
            raise Invalid("minutes", "Minutes: a whole number, please.", "分钟数请填整数。")
        found.append((int(minutes[:9]), role))
    return found
