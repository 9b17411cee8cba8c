"""C4.1: requests from machines."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from baoxiu.faces.api.contract import api
from baoxiu.faces.api.shapes import Taken
from baoxiu.faces.api.steps import MACHINES, describe, taken
from baoxiu.intake import operations
from baoxiu.sop import payloads
from baoxiu.sop.standard import STANDARD

_STEP = STANDARD.step["register"]


@api.operation(
    "POST",
    "/cases",
    who=MACHINES,
    gives=Taken,
    status=201,
    summary=f"{_STEP.title.en} · {_STEP.title.zh}",
    tag=_STEP.clause,
    description=describe(_STEP),
    extra={"x-step": "register"},
)
def register(request: HttpRequest, payload: payloads.Register) -> HttpResponse:
    answer = operations.register(payload, by=request.auth, now=timezone.now())  # type: ignore[attr-defined]
    where = reverse("api:get_case", kwargs={"number": answer.number})
    response = taken(answer, Location=where)
    if answer.replayed:  # the same `reference` came before
        response.headers["Idempotent-Replayed"] = "true"
    return response
