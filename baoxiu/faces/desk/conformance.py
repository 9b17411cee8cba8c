"""C1, C6.2: one case clause by clause – what was kept, waived, broken."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from baoxiu.cases import conformance
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.common.certificates import lines
from baoxiu.faces.desk.case import found
from baoxiu.sop import clauses
from baoxiu.sop.conformance import overall


@audience(*DESK)
def page(request: HttpRequest, number: str) -> HttpResponse:
    now, case = timezone.now(), found(request, number)
    verdicts = conformance.of_case(request.actor, case, now=now)  # type: ignore[attr-defined]
    context = {
        "case": case,
        "now": now,
        "outcome": overall(verdicts),
        "rows": [(v, clauses.title(v.clause), lines(v)) for v in verdicts],
    }
    return render(request, "desk/conformance/page.html", context)
