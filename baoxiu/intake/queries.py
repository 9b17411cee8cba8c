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
from baoxiu.lib import bigrams, phones
from baoxiu.people import queries as people
from baoxiu.people.actors import Actor
from baoxiu.people.models import Contact, Customer
from baoxiu.sop import payloads

DUPLICATE_DAYS = 30
LIKE_ENOUGH = 0.5  # share of common word pairs from which two texts tell the same


@dataclass(frozen=True, slots=True)
class Hint:
    """An open case that may be the same request, and why: phone, email, serial, unit, text."""

    case: Case
    reasons: tuple[str, ...]
    likeness: float


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
    begins = [f"+{digits}"] if phone.strip().startswith("+") else [f"+86{digits}", f"+{digits}"]
    with contextlib.suppress(ValueError):
        begins.append(phones.normalise(phone[:40], region))
    wanted = Q()
    for start in begins:
        wanted |= Q(value__gte=start, value__lt=start[:-1] + chr(ord(start[-1]) + 1))
    return wanted


def duplicates(
    viewer: Actor, given: payloads.Register | Case, *, now: dt.datetime, limit: int = 5
) -> list[Hint]:
    """Open cases of the last 30 days that may be the same request, the most alike first.

    Before registration `given` is what was typed so far; afterwards it is the case itself.
    """
    if not (wanted := _same(given)):
        return []
    rows = (
        Case.objects.visible_to(viewer)
        .filter(wanted, is_open=True, created_at__gt=now - dt.timedelta(days=DUPLICATE_DAYS))
        .select_related("unit", "customer")
        .order_by("-created_at", "-pk")
    )
    if isinstance(given, Case):
        rows = rows.exclude(pk=given.pk)
    hints = [_hint(given, row) for row in rows[:50]]
    return sorted(hints, key=lambda h: (len(h.reasons), h.likeness), reverse=True)[:limit]


def _same(given: payloads.Register | Case) -> Q | None:
    """What makes another case a candidate; None when there is nothing to go by."""
    wanted = Q()
    for name, value in _marks(given).items():
        wanted |= Q(**{_COLUMN[name]: value})
    return wanted or None


_COLUMN = {
    "phone": "contact_phone",
    "email": "contact_email",
    "unit": "unit_id",
    "serial": "unit__serial",
    "customer": "customer_id",
}


def _marks(given: payloads.Register | Case) -> dict[str, Any]:
    if isinstance(given, Case):
        marks = {
            "phone": given.contact_phone,
            "email": given.contact_email,
            "unit": given.unit_id,
            "serial": given.unit.serial if given.unit else "",
            "customer": given.customer_id if not given.customer.is_company else None,
        }
    else:
        country = given.address.country if given.address else "CN"
        try:
            phone = phones.normalise(given.phone, country) if given.phone else ""
        except ValueError:
            phone = ""
        marks = {
            "phone": phone,
            "email": given.email.lower(),
            "unit": given.unit_id,
            "serial": given.serial,
            "customer": given.customer_id,
        }
    return {name: value for name, value in marks.items() if value}


def _hint(given: payloads.Register | Case, other: Case) -> Hint:
    mine, theirs = _marks(given), _marks(other)
    text = given.last_line if isinstance(given, Case) else given.problem
    likeness = max(_likeness(text, other.last_line), _likeness(given.subject or text, other.subject))
    reasons = tuple(name for name in mine if mine[name] == theirs.get(name))
    if likeness >= LIKE_ENOUGH:
        reasons = (*reasons, "text")
    return Hint(other, reasons, round(likeness, 2))


def _likeness(one: str, other: str) -> float:
    a, b = set(bigrams.tokens(one[:400])), set(bigrams.tokens(other[:400]))
    return len(a & b) / len(a | b) if a and b else 0.0
