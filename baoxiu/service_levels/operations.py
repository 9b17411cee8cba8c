"""C5.2: publishing a book; agreeing and ending contracts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from pydantic import ValidationError

from baoxiu.people.actors import Actor
from baoxiu.people.rules import Invalid, need
from baoxiu.service_levels import queries, records
from baoxiu.service_levels.models import Contract, LevelBook
from baoxiu.sop.service_levels import Book

KEEPERS = ("manager", "administrator")


def publish(book: Book, *, reason: str, by: Actor, now: dt.datetime, base: int | None = None) -> int:
    """Puts a book in force; returns its number. Publishing what is in force already changes nothing.

    `base`: the number the change was made on. Raises Denied; Invalid when another was published meanwhile.
    """
    need(by, *KEEPERS)
    with transaction.atomic():
        newest = LevelBook.objects.select_for_update().order_by("-pk").first()
        number = newest.pk if newest else 0
        if base is not None and base != number:
            raise Invalid(
                "",
                "Somebody else changed the service levels meanwhile; look at them again.",
                "服务等级刚被他人修改，请重新查看。",
            )
        if queries.by_number(number).sha256 == book.sha256:
            return number
        made = LevelBook.objects.create(
            sha256=book.sha256,
            spec=book.canonical,
            reason=reason[:300],
            published_at=now,
            published_by=by.name,
        )
    return made.pk


def save_contract(
    contract: Contract | None, payload: records.ContractRecord, *, by: Actor, now: dt.datetime
) -> Contract:
    """A new contract or a changed one. Raises Denied, Invalid."""
    need(by, *KEEPERS)
    if payload.until_date and payload.until_date <= payload.from_date:
        raise Invalid("until_date", "It ends before it begins.", "结束日期早于开始日期。")
    if not queries.customer_exists(payload.customer):
        raise Invalid("customer", "There is no such customer.", "没有这位客户。")
    kept = contract or Contract()
    kept.customer_id, kept.code, kept.tier = payload.customer, payload.code, payload.tier
    kept.from_date, kept.until_date = payload.from_date, payload.until_date
    kept.save()
    return kept


def edit(change: Callable[[Book], Book], *, reason: str, by: Actor, now: dt.datetime, field: str = "") -> int:
    """Publishes the book in force as `change` leaves it; returns its number. Raises Denied, Invalid, LookupError."""
    need(by, *KEEPERS)
    number, book = queries.in_force()
    try:
        changed = change(book)
    except ValueError as problem:
        said = _sentence(problem)
        raise Invalid(field, f"This cannot stand: {said}.", f"无法保存：{said}。") from None
    return publish(changed, reason=reason, by=by, now=now, base=number)


def _sentence(problem: ValueError) -> str:
    """What is wrong, without the library's wrapping."""
    if isinstance(problem, ValidationError):
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        said = str(first["msg"]).removeprefix("Value error, ")
        return f"{where}: {said}" if where else said
    return str(problem)
