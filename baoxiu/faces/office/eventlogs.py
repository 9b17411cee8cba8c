"""C1, C6.2: event logs for process mining, asked for here and written in the background."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from baoxiu.faces.common.audience import audience
from baoxiu.faces.common.display import say
from baoxiu.faces.common.forms import Form
from baoxiu.faces.common.steps import is_htmx
from baoxiu.people.rules import Invalid
from baoxiu.supervision import exporting
from baoxiu.supervision.exporting import LogRecord
from baoxiu.supervision.models import LogExport

FORMS = [("xes", "XES (IEEE 1849)"), ("ocel", "OCEL 2.0 (JSON)")]


@audience("manager")
def page(request: HttpRequest) -> HttpResponse:
    """The form, what was asked for before, how far it has come; the list renews itself while one is written."""
    viewer: Any = request.actor  # type: ignore[attr-defined]
    today = timezone.localdate()
    initial = {"form": "xes", "first": today - dt.timedelta(days=29), "last": today}
    sent = request.POST if request.method == "POST" else None
    form = Form(LogRecord, sent, initial=initial, choices={"form": FORMS})
    if form.is_bound and (record := form.payload()):
        try:
            exporting.begin(record, by=viewer, now=timezone.now())  # type: ignore[arg-type]
            return redirect("office:event-logs")
        except Invalid as invalid:
            form.add_error(invalid.field, say(invalid.reason))
    rows = list(exporting.exports(viewer))
    context = {
        "form": form, "rows": rows, "forms": dict(FORMS), "now": timezone.now(),
        "is_over": all(row.status == "done" for row in rows), "title": _("Event logs"),
    }  # fmt: skip
    template = (
        "office/eventlogs/_list.html"
        if is_htmx(request) and not form.is_bound
        else "office/eventlogs/page.html"
    )
    return render(request, template, context, status=422 if form.is_bound else 200)


@audience("manager")
def download(request: HttpRequest, pk: int) -> FileResponse:
    try:
        found, path = exporting.file_of(request.actor, pk)  # type: ignore[attr-defined]
    except LogExport.DoesNotExist:
        raise Http404 from None
    return answer(found, path)


def answer(found: LogExport, path: Any) -> FileResponse:
    name = f"cases-{found.first}-{found.last}.{exporting.SUFFIX[found.form]}"
    kind = "application/xml" if found.form == "xes" else "application/json"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=kind)
