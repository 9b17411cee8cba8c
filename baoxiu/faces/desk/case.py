"""C4: one case – its page, a glance at it, its older entries, and every step taken from it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from baoxiu.cases import queries
from baoxiu.cases.models import Case
from baoxiu.cases.taking import Taken
from baoxiu.faces.common import steps
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.common.forms import Form
from baoxiu.faces.desk import asides, reading
from baoxiu.faces.desk.entries import readable
from baoxiu.sop.standard import STANDARD


def found(request: HttpRequest, number: str) -> Case:
    """The case, for those who may see it; otherwise there is none."""
    try:
        return queries.get(request.actor, number)  # type: ignore[attr-defined]
    except Case.DoesNotExist:
        raise Http404 from None


def _back(request: HttpRequest, case: Case) -> str:
    """Where a taken step leads: the list it was opened from, else the case."""
    wanted = request.GET.get("next", "")
    is_ours = wanted.startswith("/desk/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if is_ours else reverse("desk:case", args=[case.number])


@audience(*DESK)
def page(request: HttpRequest, number: str) -> HttpResponse:
    now, case = timezone.now(), found(request, number)
    read = reading.read(request.actor, case, now)  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "case": case,
        "read": read,
        "now": now,
        "line": read.line,
        "sheet": reverse("common:sheet", args=[number]),
    }
    if read.talk:
        first = read.talk[0]
        context |= {
            "step": first, "form": Form(first.name), "key": steps.new_key(), "title": steps.say(first.title),
            "action": reverse("desk:step", args=[number, first.noun]), "refused": "", "token": "", "back": "",
            "draft": f"{number}-{first.name}",
        }  # fmt: skip
    return render(request, "desk/cases/case.html", context)


@audience(*DESK)
def glance(request: HttpRequest, number: str) -> HttpResponse:
    """The case in the panel beside a list."""
    now, case = timezone.now(), found(request, number)
    read = reading.glance(request.actor, case, now)  # type: ignore[attr-defined]
    context = {"case": case, "read": read, "now": now, "line": read.line, "next": request.GET.get("next", "")}
    return render(request, "desk/cases/_glance.html", context)


@audience(*DESK)
def timeline(request: HttpRequest, number: str) -> HttpResponse:
    """Entries before the number `before`, newest first."""
    case = found(request, number)
    before = request.GET.get("before", "")
    start = int(before[:9]) if before.isascii() and before.isdigit() else None
    line = readable(queries.timeline(case, before=start))
    context = {"case": case, "line": line, "now": timezone.now()}
    page = "desk/cases/_entries.html" if steps.is_htmx(request) else "desk/cases/timeline.html"
    return render(request, page, context)


def _and_when(request: HttpRequest, case: Case, back: str) -> steps.Done:
    """Somebody is to come: while the customer is still there, when."""

    def done(taken: Taken) -> HttpResponse:
        now_is = found(request, case.number)
        allowed = {s.name for s in queries.allowed_steps(request.actor, now_is, set())}  # type: ignore[attr-defined]
        if "promise_window" not in allowed:
            return steps.over(request, STANDARD.step["confirm"], back, draft=f"{case.number}-confirm")
        more = reverse("desk:step", args=[case.number, "promised-window"])
        more += f"?{urlencode({'next': request.GET['next']})}" if request.GET.get("next") else ""
        return steps.over(request, STANDARD.step["confirm"], more, draft=f"{case.number}-confirm")

    return done


# fields of a step that are the customer's own
WITHOUT = {"consent": ("signature", "text_sha256"), "repair-limit": ("terms_sha256",)}


@audience(*DESK)
def step(request: HttpRequest, number: str, noun: str) -> HttpResponse:
    """One step: in its place on the page, or a page of its own without a script."""
    case, viewer = found(request, number), request.actor  # type: ignore[attr-defined]
    help = asides.Help(viewer, case, noun, timezone.now())
    first, back = help.initial(request.GET) if request.method == "GET" else None, _back(request, case)
    answer = steps.view(
        request, case, noun, back=back, action=request.get_full_path(), layout="desk/base.html",
        choices=help.choices, initial=first, without=WITHOUT.get(noun, ()),
        slots=lambda: help.windows if noun in ("appointment", "promised-window") else (),
        done=_and_when(request, case, back) if noun == "confirmation" else None,
    )  # fmt: skip
    if request.method == "GET" and steps.is_htmx(request) and answer.status_code == 200:
        return asides.opened(request, help, answer)
    return answer
