"""C4, C7: the procedure in force: picture, table, deadlines, versions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from baoxiu.cases.queries import figures
from baoxiu.faces.common.audience import audience
from baoxiu.sop import diagram, readable
from baoxiu.terms import procedures, queries


@audience("manager", "administrator")
def page(request: HttpRequest) -> HttpResponse:
    viewer, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    language = get_language() or "en"
    version = procedures.in_force(now)
    may_open = viewer.has("manager")
    counts = figures.open_by_stage(viewer) if may_open else {}
    picture = diagram.svg(version, language, counts, href=_cases_at if may_open else None)
    context = {
        "procedure": version,
        "counts": counts,
        "picture": mark_safe(picture),
        "rows": readable.table(version, language),
        "headings": readable.headings(language),
        "duties": [(duty, readable.span(duty.due_minutes, language)) for duty in version.duties],
        "versions": queries.versions(viewer),
        "running": figures.versions_in_use(viewer),
        "now": now,
    }
    return render(request, "office/procedure/page.html", context)


def _cases_at(stage: str) -> str:
    return f"{reverse('desk:cases')}?stage={stage}"
