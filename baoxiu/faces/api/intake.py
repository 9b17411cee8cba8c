"""C4.1: requests from machines."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query
from pydantic import BaseModel, Field, ValidationError

from baoxiu.faces.api import reasons
from baoxiu.faces.api.around import hints
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import DuplicateRow, Kept, Person
from baoxiu.faces.api.pages import Page, whole
from baoxiu.faces.api.problems import Problem
from baoxiu.faces.api.shapes import Taken
from baoxiu.faces.api.steps import MACHINES, describe, taken
from baoxiu.faces.common.audience import DESK
from baoxiu.intake import operations, queries
from baoxiu.sop import payloads
from baoxiu.sop.fields import Id, Line
from baoxiu.sop.standard import STANDARD

_STEP = STANDARD.step["register"]
_TAKERS = tuple(party for party in MACHINES if party in _STEP.parties)


@api.operation(
    "POST",
    "/cases",
    who=_TAKERS,
    gives=Taken,
    status=201,
    summary=f"{_STEP.title.en} · {_STEP.title.zh}",
    tag=_STEP.clause,
    description=describe(_STEP),
    extra={"x-step": "register"},
)
def register(request: Asked, payload: payloads.Register) -> HttpResponse:
    answer = operations.register(payload, by=request.auth, now=timezone.now())
    where = reverse("api:get_case", kwargs={"number": answer.number})
    response = taken(answer, Location=where)
    if answer.replayed:  # the same `reference` came before
        response.headers["Idempotent-Replayed"] = "true"
    return response


class KnownUnit(Kept):
    id: int
    product: str
    brand: str
    serial: str


class OpenCase(BaseModel):
    number: str
    subject: str
    stage: str
    created_at: dt.datetime


class CallerRow(Kept):
    """A customer recognised by a number, with units and open cases."""

    customer: Person
    units: list[KnownUnit]
    cases: list[OpenCase]


class RequestSoFar(BaseModel):
    """What is known of a request before it is registered."""

    problem: Annotated[str, Field(min_length=1, max_length=2000)]
    phone: Annotated[Line, Field(max_length=40)] = ""
    email: Annotated[Line, Field(max_length=254)] = ""
    serial: Annotated[Line, Field(max_length=80)] = ""
    customer_id: Id | None = None
    unit_id: Id | None = None


@api.operation(
    "GET",
    "/duplicates",
    who=DESK,
    gives=Page[DuplicateRow],
    summary="Is it on record already? · 登记前查重",
    tag="C4.1",
)
def list_duplicates(request: Asked, wanted: RequestSoFar = Query(...)) -> HttpResponse:
    """Open cases of the last 30 days that may be the same request, the likeliest first."""
    try:
        given = payloads.Register(channel="api", **wanted.model_dump())
    except ValidationError as error:
        # "somebody is needed" has no field of its own
        errors = [{**e, "loc": ("query", "wanted", *(e["loc"] or ("phone",)))} for e in error.errors()]
        raise Problem("invalid", errors=reasons.of(errors)) from None
    return whole(DuplicateRow, hints(queries.duplicates(request.auth, given, now=timezone.now())))


class PhoneWanted(BaseModel):
    phone: Annotated[Line, Field(min_length=5, max_length=40)]


@api.operation(
    "GET", "/callers", who=DESK, gives=Page[CallerRow], summary="Who is calling? · 来电识别", tag="C4.1"
)
def list_callers(request: Asked, wanted: PhoneWanted = Query(...)) -> HttpResponse:
    """Customers whose number is this one, or begins like it (five digits at least)."""
    return whole(CallerRow, queries.recognise(request.auth, wanted.phone))
