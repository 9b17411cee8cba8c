"""C4.1: who is calling, and whether the request is known already."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from baoxiu.cases.models import Case
from baoxiu.catalogue.models import Unit
from baoxiu.lib import phones
from baoxiu.people import queries as people
from baoxiu.people.actors import Actor
from baoxiu.people.models import Contact, Customer
from baoxiu.sop import intake as rule
from baoxiu.sop import payloads
from baoxiu.sop.similarity import similarity

LIKE_ENOUGH = 0.3  # from here on the words are named as a reason


@dataclass(frozen=True, slots=True)
class Hint:
    """An open case that may be the same request, and why: phone, email, customer, serial, unit, text."""

    case: Case
    reasons: tuple[str, ...]
    likeness: float  # of the words, 0 … 1
    score: int  # 30 … 100 by the rule


@dataclass(slots=True)
class Caller:
    """A customer recognised by a number: what the phone desk shows while it rings."""

    customer: Customer
    contacts: list[Contact] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)


def recognise(viewer: Actor, phone: str, *, region: str = "CN", limit: int = 5) -> list[Caller]:
    """Customers whose number is `phone` or begins with it (five digits at least); four statements."""
    if not (numbers := _numbers(phone, region)):
        return []
    found = (
        people.visible_customers(viewer)
        .filter(pk__in=Contact.objects.filter(numbers, kind="phone").values("customer"))
        .select_related("account_manager")
        .order_by("pk")[:limit]
    )
    callers = {c.pk: Caller(c) for c in found}
    if not callers:
        return []
    for contact in Contact.objects.filter(customer__in=callers).order_by("-is_primary", "pk")[: limit * 20]:
        callers[contact.customer_id].contacts.append(contact)
    for unit in (
        Unit.objects.filter(customer__in=callers).select_related("model").order_by("-pk")[: limit * 20]
    ):
        callers[unit.customer_id or 0].units.append(unit)
    rows = Case.objects.visible_to(viewer).open().filter(customer__in=callers).order_by("-created_at", "-pk")
    for row in rows.values(
        "number", "subject", "stage", "created_at", "next_duty", "next_due_at", "unit_id", "customer_id"
    )[: limit * 10]:
        callers[row["customer_id"]].cases.append(dict(row))
    return list(callers.values())


def _numbers(phone: str, region: str) -> Q | None:
    """The stored numbers meant: the whole one, or those that begin like this (a range the index can use)."""
    digits = re.sub(r"\D", "", phone[:40])
    if len(digits) < 5:
        return None
    starts = [f"+{digits}"] if phone.strip().startswith("+") else [f"+86{digits}", f"+{digits}"]
    with contextlib.suppress(ValueError):
        starts.append(phones.normalise(phone[:40], region))
    wanted = Q()
    for start in starts:
        wanted |= people.begins("value", start)
    return wanted


def duplicates(
    viewer: Actor, given: payloads.Register | Case, *, now: dt.datetime, limit: int = 5
) -> list[Hint]:
    """Open cases of the last 30 days that may be the same request, the likeliest first; one statement.

    Before registration `given` is what was typed so far; afterwards it is the case itself.
    """
    mine = _marks(given)
    wanted = Q()
    for name, value in mine.items():
        wanted |= Q(**{_COLUMN[name]: value})
    if not wanted:
        return []
    rows = (
        Case.objects.visible_to(viewer)
        .filter(wanted, is_open=True, created_at__gt=now - dt.timedelta(days=rule.WINDOW_DAYS))
        .select_related("unit", "customer")
        .order_by("-created_at", "-pk")
    )
    if isinstance(given, Case):
        rows = rows.exclude(pk=given.pk)
    found = {row.number: row for row in rows[:50]}
    asked = rule.Request(_text(given), now.date(), phone="same", serial="same")
    earlier = (_as_request(mine, row) for row in found.values())
    hints = rule.duplicate_hints(asked, earlier)[:limit]
    return [_hint(given, mine, found[hint.number], hint.score) for hint in hints]


_COLUMN = {
    "phone": "contact_phone",
    "email": "contact_email",
    "unit": "unit_id",
    "serial": "unit__serial",
    "customer": "customer_id",
}
_PERSON, _THING = ("phone", "email", "customer"), ("unit", "serial")


def _marks(given: payloads.Register | Case) -> dict[str, Any]:
    """What two requests can have in common."""
    if isinstance(given, Case):
        marks = {
            "phone": given.contact_phone,
            "email": given.contact_email,
            "unit": given.unit_id,
            "serial": given.unit.serial if given.unit else "",
            "customer": given.customer_id if not given.customer.is_company else None,
        }
    else:
        phone = ""
        with contextlib.suppress(ValueError):
            country = given.address.country if given.address else "CN"
            phone = phones.normalise(given.phone, country) if given.phone else ""
        marks = {
            "phone": phone,
            "email": given.email.lower(),
            "unit": given.unit_id,
            "serial": given.serial,
            "customer": given.customer_id,
        }
    return {name: value for name, value in marks.items() if value}


def _text(given: payloads.Register | Case) -> str:
    return given.last_line or given.subject if isinstance(given, Case) else given.problem


def _shared(mine: dict[str, Any], other: Case) -> list[str]:
    theirs = _marks(other)
    return [name for name, value in mine.items() if theirs.get(name) == value]


def _as_request(mine: dict[str, Any], other: Case) -> rule.Request:
    """The other case as the rule sees it: the same person by any contact, the same thing by unit or serial."""
    shared = _shared(mine, other)
    return rule.Request(
        _text(other),
        other.created_at.date(),
        phone="same" if any(name in shared for name in _PERSON) else "",
        serial="same" if any(name in shared for name in _THING) else "",
        number=other.number,
    )


def _hint(given: payloads.Register | Case, mine: dict[str, Any], other: Case, score: int) -> Hint:
    likeness = max(similarity(_text(given), _text(other)), similarity(_text(given), other.subject))
    reasons = _shared(mine, other)
    if likeness >= LIKE_ENOUGH:
        reasons.append("text")
    return Hint(other, tuple(reasons), round(likeness, 2), score)
