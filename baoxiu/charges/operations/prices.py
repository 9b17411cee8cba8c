"""C3.2: price lists are drafted, published from a moment on, and never change after that."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Max

from baoxiu.charges.models import PriceItem, PriceList
from baoxiu.charges.records import HeadRecord, ItemList, ItemRecord, NewList, Publication
from baoxiu.lib import money
from baoxiu.people.actors import Actor
from baoxiu.people.rules import Denied, Invalid, need

PRICE_KEEPERS = ("manager",)
AHEAD = dt.timedelta(days=366)

__all__ = [
    "Denied",
    "Invalid",
    "discard",
    "draft",
    "load_items",
    "publish",
    "remove_item",
    "save_head",
    "save_item",
]


def draft(record: NewList, *, by: Actor, now: dt.datetime) -> PriceList:
    """The currency's draft: the one there is, else a copy of its newest version. Raises Denied."""
    need(by, *PRICE_KEEPERS)
    known = PriceList.objects.filter(currency=record.currency)
    if there := known.filter(status="draft").first():
        return there
    last = known.order_by("-version").first()
    made = PriceList(currency=record.currency, version=1, made_by=by.name, created_at=now)
    if last:
        for name in ("tax_included", "tax_rate", "minimum", "approval_above", "text"):
            setattr(made, name, getattr(last, name))
        made.version = last.version + 1
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            rows = list(last.items.all()) if last else []
            for row in rows:
                row.pk, row.price_list = None, made
            PriceItem.objects.bulk_create(rows, batch_size=500)
    except IntegrityError:  # a colleague began one in the same moment
        return known.get(status="draft")
    return made


def _open_draft(prices: PriceList, by: Actor) -> PriceList:
    """The draft, held. Raises Denied, Invalid when it is published."""
    need(by, *PRICE_KEEPERS)
    held = PriceList.objects.select_for_update().get(pk=prices.pk)
    if not held.is_draft:
        raise Invalid(
            "",
            "A published price list never changes; make a new version.",
            "已发布的价目表不可更改，请新建版本。",
        )
    return held


def _payable(field: str, prices: PriceList, amount: object) -> None:
    if amount is not None and not money.is_exact(amount, prices.currency):  # type: ignore[arg-type]
        raise Invalid(
            field, f"{prices.currency} has no such small coins.", f"{prices.currency}没有这么小的单位。"
        )


@transaction.atomic
def save_head(prices: PriceList, record: HeadRecord, *, by: Actor, now: dt.datetime) -> PriceList:
    """Tax, minimum charge, approval limit. Raises Denied, Invalid."""
    held = _open_draft(prices, by)
    for name in ("minimum", "approval_above"):
        _payable(name, held, getattr(record, name))
    for name, value in record.model_dump().items():
        setattr(held, name, value)
    held.save()
    return held


@transaction.atomic
def save_item(
    prices: PriceList, item: PriceItem | None, record: ItemRecord, *, by: Actor, now: dt.datetime
) -> PriceItem:
    """A new row (None) or a changed one. Raises Denied, Invalid."""
    held = _open_draft(prices, by)
    _payable("price", held, record.price)
    saved = item or PriceItem(price_list=held)
    if saved.price_list_id != held.pk:
        raise Denied("item")
    for name, value in record.model_dump().items():
        setattr(saved, name, value)
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError:
        raise Invalid("code", "Code: another row has it.", "编码：已有其他项目使用。") from None
    return saved


@transaction.atomic
def remove_item(item: PriceItem, *, by: Actor, now: dt.datetime) -> None:
    """Raises Denied, Invalid."""
    _open_draft(item.price_list, by)
    item.delete()


@transaction.atomic
def load_items(prices: PriceList, record: ItemList, *, by: Actor, now: dt.datetime) -> PriceList:
    """All rows at once, instead of those there were. Raises Denied, Invalid."""
    held = _open_draft(prices, by)
    for row in record.items:
        _payable("price", held, row.price)
    held.items.all().delete()
    PriceItem.objects.bulk_create(
        [PriceItem(price_list=held, **row.model_dump()) for row in record.items], batch_size=500
    )
    return held


@transaction.atomic
def publish(prices: PriceList, record: Publication, *, by: Actor, now: dt.datetime) -> PriceList:
    """From now, or from a later moment, this version holds for new quotes. Raises Denied, Invalid."""
    held = _open_draft(prices, by)
    begins = record.in_force_from or now
    if not now <= begins <= now + AHEAD:
        raise Invalid(
            "in_force_from", "In force from: now or later, within a year.", "生效时间：须为现在或以后一年内。"
        )
    items = list(held.items.all())
    if not items:
        raise Invalid("", "A price list without rows cannot be published.", "价目表没有任何项目，不能发布。")
    latest = PriceList.objects.filter(currency=held.currency, status="published").aggregate(
        last=Max("in_force_from")
    )["last"]
    if latest and begins < latest:
        raise Invalid(
            "in_force_from",
            "In force from: an earlier version begins after that.",
            "生效时间：早于上一版本的生效时间。",
        )
    held.status, held.in_force_from, held.published_at, held.published_by = "published", begins, now, by.name
    held.sha256 = held.fingerprint(items)
    held.save()
    return held


@transaction.atomic
def discard(prices: PriceList, *, by: Actor, now: dt.datetime) -> None:
    """A draft nobody wants. Raises Denied, Invalid."""
    _open_draft(prices, by).delete()
