"""C2: products registered by customers, and their review."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from pydantic import Field

from baoxiu.catalogue import coverage
from baoxiu.catalogue.models import Registration
from baoxiu.catalogue.records import AcceptanceRecord, RefusalRecord, RegistrationRecord
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.journal import file_row
from baoxiu.faces.api.kept import Kept, Person
from baoxiu.faces.api.pages import Page, Paging, by_id, said
from baoxiu.faces.api.shapes import FileRow
from baoxiu.faces.api.verbs import Verb, declare
from baoxiu.people.actors import Actor
from baoxiu.people.rules import REGISTRARS
from baoxiu.registrations import operations, queries

TAG = "C2"
SENDERS = (*REGISTRARS, "integration")


class RegistrationRow(Kept):
    """产品注册. `findings`: what somebody has to look at; told to those who check, to nobody else."""

    id: int
    number: str
    channel: str
    status: str
    findings: list[str]
    model_code: str
    product: str
    serial: str
    purchase_date: dt.date
    dealer: str
    name: str
    phone: str
    email: str
    unit_id: int | None
    customer_id: int | None
    passed_on: bool
    reason: str
    due_at: dt.datetime
    decided_at: dt.datetime | None
    created_at: dt.datetime


class RegistrationDetail(RegistrationRow):
    earlier_owner: Person | None
    warranty_until: dt.date | None = Field(description="Of the unit, once it is on record.")
    proofs: list[FileRow]


class RegistrationsWanted(Paging):
    status: Annotated[str, Field(pattern="^(|waiting|accepted|refused)$")] = ""


def _row(by: Actor, found: Registration) -> dict[str, Any]:
    """What we know of others stays among those who check: a sender reads what he sent and what became of it."""
    told = said(RegistrationRow, found)
    if by.has(*REGISTRARS):
        return told
    return {**told, "findings": [], "unit_id": found.unit_id if found.status == "accepted" else None}


def _detail(by: Actor, found: Registration) -> dict[str, Any]:
    checks = by.has(*REGISTRARS)
    earlier = found.earlier_owner if checks else None
    unit = found.unit if found.status == "accepted" else None
    return {
        **_row(by, found),
        "earlier_owner": {"id": earlier.pk, "name": earlier.name} if earlier else None,
        "warranty_until": coverage.until(unit, timezone.localdate()) if unit else None,
        "proofs": [file_row(file) for file in queries.proofs(by, found)] if checks else [],
    }


def _submit(by: Actor, now: dt.datetime, payload: RegistrationRecord) -> dict[str, Any]:
    today = timezone.localdate(now)
    return _detail(by, operations.submit(payload, by=by, now=now, today=today, channel="api"))


def _accept(by: Actor, now: dt.datetime, id: int, payload: AcceptanceRecord) -> dict[str, Any]:
    found, today = queries.registration(by, id), timezone.localdate(now)
    operations.accept(found, payload, by=by, now=now, today=today)
    return _detail(by, queries.registration(by, id))


def _refuse(by: Actor, now: dt.datetime, id: int, payload: RefusalRecord) -> dict[str, Any]:
    operations.refuse(queries.registration(by, id), payload, by=by, now=now)
    return _detail(by, queries.registration(by, id))


@api.operation(
    "GET",
    "/registrations",
    who=SENDERS,
    gives=Page[RegistrationRow],
    summary="List registrations · 产品注册列表",
    tag=TAG,
)
def list_registrations(request: Asked, wanted: RegistrationsWanted = Query(...)) -> HttpResponse:
    """Newest first; `status`: waiting | accepted | refused. A company's key sees its own."""
    read = partial(queries.decided, request.auth, status=wanted.status)
    tell = partial(_row, request.auth)
    return by_id(request, tell, wanted, lambda before, limit: read(before=before, limit=limit))


# fmt: off
declare(TAG, (
    Verb("POST", "/registrations", "add_registration", "Register a product bought · 产品注册", SENDERS, _submit, RegistrationDetail, RegistrationRecord, "Upload the proof first and name it in `files`. Somebody looks at it before it stands on record."),
    Verb("GET", "/registrations/{id}", "get_registration", "Get a registration · 查看产品注册", SENDERS, lambda by, now, id: _detail(by, queries.registration(by, id)), RegistrationDetail),
    Verb("POST", "/registrations/{id}/accept", "accept_registration", "Put it on record · 登记入档", REGISTRARS, _accept, RegistrationDetail, AcceptanceRecord, "As sent or corrected; `earlier_owner` where somebody else is on record as the owner."),
    Verb("POST", "/registrations/{id}/refuse", "refuse_registration", "Refuse it · 不予登记", REGISTRARS, _refuse, RegistrationDetail, RefusalRecord, "The reason is told to the customer."),
))
# fmt: on
