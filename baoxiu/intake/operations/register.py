"""C4.1: one registration for every channel: phone desk, public form, QR page, API, walk-in, import."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.utils import timezone

from baoxiu.cases import numbering, search, steps
from baoxiu.cases.models import Case
from baoxiu.catalogue.models import Unit
from baoxiu.intake import what, who
from baoxiu.people.actors import Actor
from baoxiu.people.models import Customer, Site
from baoxiu.sop import payloads
from baoxiu.sop.text import Text

SUBJECT_LENGTH = 60


class _Known(Exception):
    """The reference came before: everything begun now is undone, the first answer is given again."""


@dataclass
class _Request:
    """One registration while it is being made: what was found or made so far."""

    payload: payloads.Register
    by: Actor
    now: dt.datetime
    reference: str | None
    historic: bool
    qr_token: str
    memory: who.Memory | None
    customer: Customer | None = None
    unit: Unit | None = None
    site: Site | None = None
    contact: who.Given | None = None


def register(
    payload: payloads.Register,
    *,
    by: Actor,
    now: dt.datetime,
    key: str | None = None,
    historic: bool = False,
    duties_from: dt.datetime | None = None,
    qr_token: str = "",
    memory: who.Memory | None = None,
) -> steps.Taken:
    """C4.1: makes the case, and the customer, site and unit it needs; the first answer again for a known reference.

    `historic`: an import; `now` is then when the request came in, no message goes out and duties count
    from `duties_from`. `qr_token`: proof of having the unit at hand. `memory`: an import's own cache.
    Raises steps.StepRefused naming the field, Conflict, KeyReused.
    """
    if by.kind == "anonymous":
        by = replace(by, name=payload.name, parties=frozenset({"customer"}))
    request = _Request(payload, by, now, _reference(payload, by), historic, qr_token, memory)
    try:
        return steps.open_case(
            payload,
            lambda: _new_case(request),
            by=by,
            now=now,
            key=key,
            duties_from=duties_from,
            after=lambda case: search.index(case, _search_words(case, payload), fresh=True),
        )
    except _Known:
        case = Case.objects.get(reference=request.reference)
        return steps.Taken(case.number, "register", 1, "triage", replayed=True)


def _reference(payload: payloads.Register, by: Actor) -> str | None:
    """The sender's own number, as it is kept: each company's in a space of its own, a stranger's not at all."""
    if not payload.reference or by.kind in ("anonymous", "link"):
        return None
    if by.kind != "integration":
        return payload.reference
    reference = f"{by.customer_id}/{payload.reference}"
    if len(reference) > 80:
        raise steps.StepRefused(
            "invalid",
            Text("Reference: it is too long (at most 60 characters).", "对方单号：过长（最多 60 个字符）。"),
            "reference",
        )
    return reference


def _new_case(request: _Request) -> tuple[Case, dict[str, Any]]:
    """The unsaved case. The number comes first: its row lock lets one registration look people up at a time."""
    payload, by, now = request.payload, request.by, request.now
    number = numbering.next_number(now)
    if request.reference and _is_known(request.reference):
        raise _Known
    _check_purchase_date(request)
    contact = who.given(payload)
    customer, is_new = who.resolve(payload, contact, by=by, now=now, memory=request.memory)
    if not contact.pairs() and not is_new and who.may_fill_in(by):
        contact = who.on_record(customer)
    request.contact = contact
    site = what.site(payload, customer, is_new=is_new, memory=request.memory)
    unit, hint = what.unit(
        payload,
        customer,
        site,
        by=by,
        now=now,
        is_new=is_new,
        qr_token=request.qr_token,
        memory=request.memory,
    )
    case = Case(
        number=number,
        reference=request.reference,
        channel=payload.channel,
        kind=payload.kind,
        language=payload.language,
        subject=payload.subject or _first_line(payload.problem),
        contact_name=payload.name or (customer.name if who.may_fill_in(by) else ""),
        contact_phone=contact.phone,
        contact_email=contact.email,
        customer=customer,
        unit=unit,
        site=site or (unit.site if unit and who.may_fill_in(by) else None),
        owner_id=by.staff_id if by.has("agent") else customer.account_manager_id,
        created_at=now,
    )
    data: dict[str, Any] = {"historic": True} if request.historic else {}
    if hint:
        data["unit_hint"] = hint
    return case, data


def _is_known(reference: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM cases_case WHERE reference = %s", [reference])
        return cursor.fetchone() is not None


def _first_line(problem: str) -> str:
    line = " ".join(problem.splitlines()[0].split())
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1] + "…"


def _check_purchase_date(request: _Request) -> None:
    day = request.payload.purchase_date
    if not day:
        return
    zone = request.now.tzinfo if request.historic else timezone.get_current_timezone()
    if day > request.now.astimezone(zone).date():
        raise steps.StepRefused(
            "invalid",
            Text("Purchase date: it lies in the future.", "购买日期：不能晚于今天。"),
            "purchase_date",
        )
    if day.year < 1950:
        raise steps.StepRefused(
            "invalid", Text("Purchase date: the year is wrong.", "购买日期：年份不正确。"), "purchase_date"
        )


def _search_words(case: Case, payload: payloads.Register) -> str:
    return search.words_of(
        case,
        payload.problem,
        payload.serial,
        payload.model,
        payload.brand,
        payload.product,
        payload.reference,
    )
