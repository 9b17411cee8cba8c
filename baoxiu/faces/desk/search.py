"""C4.1: finding a case; a number or phone that means one case leads straight to it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode

from baoxiu.cases.queries import finding
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.common.steps import is_htmx

PAGE, INSTANT = 25, 8


@audience(*DESK)
def page(request: HttpRequest) -> HttpResponse:
    """The results page; for the search box, the first few while typing."""
    viewer, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    query, before = request.GET.get("q", "").strip()[:200], request.GET.get("before", "")
    if not is_htmx(request) and not before and (number := finding.jump(viewer, query)):
        return redirect("desk:case", number)
    limit = INSTANT if is_htmx(request) else PAGE
    start = int(before[:18]) if before.isascii() and before.isdigit() else None
    rows = finding.matching(viewer, query, now=now, limit=limit + 1, before=start) if query else []
    more, rows = len(rows) > limit, rows[:limit]
    older = "?" + urlencode({"q": query, "before": rows[-1]["id"]}) if more else ""
    context = {"query": query, "rows": rows, "older": older, "first": start is None, "now": now}
    return render(
        request, "desk/search/_instant.html" if is_htmx(request) else "desk/search/page.html", context
    )
