"""C4.3: what a job needs, said from the case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from baoxiu.dispatch import operations, queries
from baoxiu.dispatch.records import NeedsRecord
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.common.forms import Form
from baoxiu.faces.desk.case import found
from baoxiu.faces.office import records


@audience(*DESK)
def parts(request: HttpRequest, number: str) -> HttpResponse:
    """The parts whoever is sent has to bring."""
    case, by = found(request, number), request.actor  # type: ignore[attr-defined]
    back = reverse("desk:case", args=[case.number])

    def do(record: NeedsRecord) -> str:
        operations.need_parts(case, record, by=by, now=timezone.now())
        return back

    known = [{"number": n.number, "name": n.name, "quantity": n.quantity} for n in queries.needed(by, case)]
    sent = request.POST if request.method == "POST" else None
    form = Form(NeedsRecord, sent, initial={"parts": known} if sent is None else None)
    if sent is not None and (answer := records.save(request, form, do)):
        return answer
    context = {"form": form, "case": case, "back": back}
    return render(request, "desk/dispatch/parts.html", context, status=422 if form.is_bound else 200)
