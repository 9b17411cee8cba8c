"""C7: the company's promise, for everybody to read – in force, announced, ended; each version with the hash that names it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from baoxiu.faces.common.audience import PUBLIC, audience
from baoxiu.faces.common.display import say
from baoxiu.faces.common.terms import told
from baoxiu.lib import canonical
from baoxiu.sop import amendments, codes
from baoxiu.sop.warranty import named
from baoxiu.terms import queries
from baoxiu.terms.queries import Announced


def _announced(request: HttpRequest) -> list[Announced]:
    return queries.announced(request.actor, timezone.localdate())  # type: ignore[attr-defined]


@audience(PUBLIC)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What holds for a purchase of today, what will, and what did."""
    found = _announced(request)
    by_state = {
        state: [a for a in found if a.life.state in states]
        for state, states in (
            ("in_force", ["in_force"]),
            ("announced", ["announced"]),
            ("past", ["ended", "withdrawn"]),
        )
    }
    (holding,) = by_state["in_force"]
    context = {
        "holding": holding, "announced": by_state["announced"][::-1], "past": by_state["past"],
        "rows": [told(c) for c in holding.document.coverages],
    }  # fmt: skip
    return render(request, "portal/terms/page.html", context)


@audience(PUBLIC)
@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version in both languages, and what it changes."""
    found = _announced(request)
    one = _one(found, number)
    context = {
        "found": one, "rows": [told(c) for c in one.document.coverages],
        "excluded": [say(codes.EXCLUSIONS[code]) for code in one.document.exclusions.codes()],
    }  # fmt: skip
    earlier = [a for a in found if a.life.state != "withdrawn" and a.life.number < number]
    before, after = earlier[0].document if earlier else one.document, one.document
    context["changes"] = [
        (c.kind, told(c.before) if c.before else None, told(c.after) if c.after else None)
        for c in amendments.compare(before, after)
    ]
    context["excluded_more"] = [say(codes.EXCLUSIONS[c]) for c in amendments.exclusions_added(before, after)]
    return render(request, "portal/terms/version.html", context)


@audience(PUBLIC)
@require_safe
def document(request: HttpRequest, number: int) -> HttpResponse:
    """The bytes the hash is over: `sha256sum` of the file is the version's hash."""
    one = _one(_announced(request), number)
    text = one.row.named if one.row else canonical.dumps(named(one.document.meaning(), one.life.begins))
    return HttpResponse(text, content_type="application/json; charset=utf-8")


def _one(found: list[Announced], number: int) -> Announced:
    one = next((a for a in found if a.life.number == number), None)
    if one is None:
        raise Http404
    return one
