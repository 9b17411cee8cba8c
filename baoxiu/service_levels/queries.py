"""C5.2: the book in force, any book by its number, a customer's contract on a day."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from baoxiu.people.actors import Actor
from baoxiu.people.models import Customer
from baoxiu.people.remembered import remembered
from baoxiu.service_levels.models import Contract, LevelBook
from baoxiu.sop.service_levels import FIRST, Book

SEERS = ("agent", "dispatcher", "account_manager", "manager", "administrator")


class UnknownBook(LookupError):
    """No book has this number."""


@lru_cache(maxsize=64)
def by_sha(sha256: str) -> Book:
    """The book with this content. Raises UnknownBook when it was never published here."""
    if sha256 == FIRST.sha256:
        return FIRST
    row = LevelBook.objects.filter(sha256=sha256).first()
    if row is None:
        raise UnknownBook(sha256)
    return Book.model_validate(json.loads(row.spec))


def by_number(number: int) -> Book:
    """0 is the book an installation starts with. Raises UnknownBook."""
    if number == 0:
        return FIRST
    found = LevelBook.objects.filter(pk=number).values_list("sha256", flat=True).first()
    if found is None:
        raise UnknownBook(number)
    return by_sha(found)


def in_force() -> tuple[int, Book]:
    """(number, book) now; one statement."""
    newest = _newest()
    return (newest[0]["pk"], by_sha(newest[0]["sha256"])) if newest else (0, FIRST)


@remembered
def _newest() -> QuerySet[LevelBook, Any]:
    return LevelBook.objects.order_by("-pk").values("pk", "sha256")[:1]


def versions(viewer: Actor) -> list[LevelBook]:
    """Newest first; empty for those who have nothing to do with levels."""
    return list(LevelBook.objects.order_by("-pk")) if viewer.has(*SEERS) else []


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a customer's contract says to levels."""

    contract: str = ""
    tier: str = ""


def agreed(customer_id: int | None, day: dt.date) -> Agreed:
    """The customer's youngest contract that holds on a day; nothing where there is none."""
    held = Contract.objects.filter(Q(until_date=None) | Q(until_date__gt=day), customer_id=customer_id or 0)
    found = held.filter(from_date__lte=day).order_by("-from_date", "-pk").values_list("code", "tier").first()
    return Agreed(*found) if found else Agreed()


def contracts(viewer: Actor) -> list[Contract]:
    """All contracts, by customer."""
    if not viewer.has(*SEERS):
        return []
    return list(Contract.objects.select_related("customer").order_by("customer__name", "-from_date", "-pk"))


def customer_exists(pk: int) -> bool:
    return Customer.objects.filter(pk=pk).exists()
