"""C4.3, M4: pieces kept for a case, and let go when it needs them no more."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from baoxiu.cases.models import Case
from baoxiu.cases.steps import Taking, beside
from baoxiu.parts import operations as parts
from baoxiu.parts.models import Holding
from baoxiu.parts.queries import may_count, may_reserve
from baoxiu.parts.records import ReservationRecord, StockRecord
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff, Station
from baoxiu.people.rules import Denied, Invalid, need
from baoxiu.sop import payloads

RESERVERS = ("agent", "dispatcher", "account_manager", "engineer", "stock_keeper", "manager")
__all__ = ["RESERVERS", "Denied", "Invalid", "move_stock", "release_part", "reserve_part"]


def reserve_part(
    case: Case, record: ReservationRecord, *, by: Actor, now: dt.datetime, key: str | None = None
) -> None:
    """Raises Denied, Invalid (the case is closed, no such stock for them, not so many are free)."""
    need(by, *RESERVERS)
    holding = _holding(record, by)
    if key is None and holding.free < record.quantity:
        raise parts.too_few(holding)  # said without waiting for the lock
    with transaction.atomic():
        number = _open(case, by).number
        parts.reserve(holding, number, record.quantity, by=by, now=now, key=key)


@transaction.atomic
def release_part(case: Case, holding: int, *, by: Actor, now: dt.datetime) -> None:
    """All that is kept of one holding; nothing is changed where nothing is. Raises Denied."""
    need(by, *RESERVERS)
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise Denied
    parts.release_all(case.number, holding=holding, by=by, now=now)


@transaction.atomic
def move_stock(
    place: Staff | Station, record: StockRecord, *, by: Actor, now: dt.datetime, key: str | None = None
) -> Holding:
    """Whatever a stock keeper does at one place. Raises Denied, Invalid."""
    if record.kind not in ("reserve", "release"):
        return parts.move(place, record, by=by, now=now, key=key)
    if not may_count(by, place):
        raise Denied
    found: Holding | None = place.holdings.filter(number=record.number).first()
    if found is None:
        raise Invalid("number", "Part number: it is not kept here.", "备件号：此处没有该备件。")
    if record.kind == "reserve":
        case = Case.objects.visible_to(by).filter(number=record.case).first()
        if case is None:
            raise Invalid(
                "case", "For the case: there is no such case for you.", "服务单：没有您可用的该服务单。"
            )
        parts.reserve(found, _open(case, by).number, record.quantity, by=by, now=now, key=key)
    else:
        parts.release(found, record.case, record.quantity, by=by, now=now, key=key)
    return Holding.objects.get(pk=found.pk)


def _open(case: Case, by: Actor) -> Case:
    """The case, held, so that it does not end meanwhile. Raises Denied, Invalid."""
    held = Case.objects.select_for_update(of=("self",)).filter(pk=case.pk)
    found = held.first() if Case.objects.visible_to(by).filter(pk=case.pk).exists() else None
    if found is None:
        raise Denied
    if not found.is_open:
        raise Invalid("", "Reserve: the case is closed.", "预留：服务单已关闭。")
    return found


def _holding(record: ReservationRecord, by: Actor) -> Holding:
    """One answer for stock that is not there and stock that is not theirs to give."""
    found = Holding.objects.select_related("staff", "station").filter(pk=record.holding).first()
    if found is None or not may_reserve(by, found.place):
        raise Invalid("holding", "From: there is no such stock.", "来源：没有该库存。")
    return found


@beside(
    "pass_test",
    "replace",
    "condemn",
    "decline_quote",
    "advise",
    "withdraw",
    "withdraw_return",
    "merge",
    "close",
)
def _let_go(taking: Taking, payload: payloads.Payload) -> None:
    parts.release_all(taking.case.number, by=taking.by, now=taking.now)
