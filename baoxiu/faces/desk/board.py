"""C4.3: the dispatcher's board: a day on a timeline and a map, changed by dragging, published when it is right."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from pydantic import ValidationError

from baoxiu.dispatch import boards, operations, queries, reasons, situation
from baoxiu.dispatch.models import Policy
from baoxiu.dispatch.operations.drafts import Stale
from baoxiu.dispatch.operations.publishing import NotFeasible
from baoxiu.dispatch.records import MoveRecord, PublishRecord, SolveRecord
from baoxiu.faces.common.audience import audience
from baoxiu.faces.common.display import is_chinese, say
from baoxiu.faces.common.invalid import invalid
from baoxiu.faces.desk import boardwords
from baoxiu.people import queries as people
from baoxiu.people.actors import Actor
from baoxiu.people.rules import Invalid

PLANNERS = boards.SEERS
Answer = dict[str, Any]


def day_of(text: str) -> dt.date:
    """The date in an address; today where there is none. Raises Http404."""
    if not text:
        return situation.today(timezone.now())
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not 2000 <= date.year <= 2100:
        raise Http404
    return date


@audience(*PLANNERS)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The frame; what it shows is asked for by the script as soon as it runs."""
    date = day_of(request.GET.get("date", ""))
    one = dt.timedelta(days=1)
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    context = {
        "date": date, "before": date - one, "after": date + one, "today": situation.today(timezone.now()),
        "policies": queries.policies(viewer), "words": boardwords.words(),
    }  # fmt: skip
    return render(request, "desk/dispatch/board.html", context)


def json(content: Any, status: int = 200, **headers: str) -> HttpResponse:
    return HttpResponse(
        orjson.dumps(content), status=status, content_type="application/json", headers=headers
    )


@audience(*PLANNERS)
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """The board's content, asked for every five seconds while it is looked at; 304 while nothing has changed."""
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    found = boards.board(viewer, day_of(request.GET.get("date", "")), now=timezone.now())
    text, etag = _content(found, viewer, get_language() or "")
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    return HttpResponse(text, content_type="application/json", headers={"ETag": etag})


_CONTENT: dict[str, tuple[boards.Board, bytes, str]] = {}


def _content(found: boards.Board, viewer: Actor, language: str) -> tuple[bytes, str]:
    """The board as JSON and its digest (of all but the time of day), written once for each board kept."""
    last = _CONTENT.get(language)
    if last is None or last[0] is not found:
        skills = {s.code: s.name_zh if is_chinese() else s.name_en for s in people.skills(viewer)}
        told = boardwords.told(found, skills)
        etag = hashlib.sha256(orjson.dumps([language, told])).hexdigest()[:24]
        last = (found, orjson.dumps({**told, "now": found.day.at}), f'"{etag}"')
        _CONTENT[language] = last
    return last[1], last[2]


def _filled(model: Any, sent: Any) -> Any:
    """A record from what was sent, empty fields left out."""
    return model.model_validate({k: v for k, v in sent.items() if v != "" and k in model.model_fields})


def _refused(error: ValidationError, model: Any) -> HttpResponse:
    return json({"ok": False, "message": " ".join(wrong.text for wrong in invalid(error, model))}, 422)


@audience(*PLANNERS)
@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """What a move would cost and break; asked while dragging."""
    try:
        record = _filled(MoveRecord, request.GET)
        moved = boards.preview(
            request.actor,  # type: ignore[attr-defined]
            day_of(request.GET.get("date", "")),
            record,
            now=timezone.now(),
        )
    except ValidationError as error:
        return _refused(error, MoveRecord)
    except Invalid as wrong:
        return json({"ok": False, "reasons": [say(wrong.reason)], "text": say(wrong.reason)})
    return json(boardwords.effect(moved))


@audience(*PLANNERS)
@require_GET
def why(request: HttpRequest, number: str) -> HttpResponse:
    """Why a job stands where it stands, who else could have it, and why the others cannot."""
    date = day_of(request.GET.get("date", ""))
    found = reasons.why(request.actor, date, number, now=timezone.now())  # type: ignore[attr-defined]
    if found is None:
        return HttpResponse(status=204)  # not a job of this day, or begun
    return render(request, "desk/dispatch/_why.html", {"why": found, "date": date})


# -- what changes something ------------------------------------------------------------------------


def _move(date: dt.date, sent: Any, by: Actor, now: dt.datetime) -> Answer:
    plan, moved = operations.move(date, _filled(MoveRecord, sent), by=by, now=now)
    return {**boardwords.effect(moved), "edits": plan.edits}


def _back(date: dt.date, sent: Any, by: Actor, now: dt.datetime) -> Answer:
    plan = operations.back(date, edits=_filled(PublishRecord, sent).edits, by=by, now=now)
    return {"edits": plan.edits, "text": _("Taken back.")}


def _discard(date: dt.date, sent: Any, by: Actor, now: dt.datetime) -> Answer:
    operations.discard(date, by=by, now=now)
    return {"text": _("The draft is discarded; the plan in force stays.")}


def _mend(date: dt.date, sent: Any, by: Actor, now: dt.datetime) -> Answer:
    return {"text": boardwords.mended(operations.mend(date, by=by, now=now))}


def _solve(date: dt.date, sent: Any, by: Actor, now: dt.datetime) -> Answer:
    operations.ask(date, _filled(SolveRecord, sent), by=by, now=now)
    return {"text": _("The plan is being made; the board shows it when it is there.")}


def _publish(date: dt.date, sent: Any, by: Actor, now: dt.datetime) -> Answer:
    done = operations.publish(date, _filled(PublishRecord, sent), by=by, now=now)
    count = done.assigned + done.reassigned
    text = ngettext("Published: %(n)s job changes hands.", "Published: %(n)s jobs change hands.", count)
    return {"text": text % {"n": count}, "version": done.plan.version}


def _policy(date: dt.date, sent: Any, by: Actor, now: dt.datetime) -> Answer:
    number = sent.get("policy", "")
    found = Policy.objects.filter(pk=int(number) if number.isdecimal() and len(number) < 16 else 0).first()
    if found is None:
        raise Http404
    operations.use_policy(found, by=by, now=now)
    return {"text": _("Planned by “%(name)s” from now on.") % {"name": found.name}}


VERBS: dict[str, Callable[[dt.date, Any, Actor, dt.datetime], Answer]] = {
    "move": _move, "back": _back, "discard": _discard, "mend": _mend, "solve": _solve, "publish": _publish,
    "policy": _policy,
}  # fmt: skip


@audience(*PLANNERS)
@require_POST
def act(request: HttpRequest, verb: str) -> HttpResponse:
    """One change of the day's plan; 409 when somebody else was faster, 422 with the reasons when it cannot be."""
    if verb not in VERBS:
        raise Http404
    date, by = day_of(request.GET.get("date", "")), request.actor  # type: ignore[attr-defined]
    try:
        return json({"ok": True, **VERBS[verb](date, request.POST, by, timezone.now())})
    except Stale:
        text = _("The day has changed meanwhile. Look at it again, then repeat or discard the draft.")
        return json({"ok": False, "message": text}, 409)
    except NotFeasible as no:
        told = "; ".join(say(r) for r in no.reasons)
        return json({"ok": False, "message": _("Not published: %(reasons)s") % {"reasons": told}}, 422)
    except Invalid as wrong:
        return json({"ok": False, "message": say(wrong.reason)}, 422)
    except ValidationError as error:
        return _refused(error, MoveRecord)
