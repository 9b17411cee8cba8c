"""M4: counting, fetching, using up. Never below zero: what was used and not on record changes nothing here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from baoxiu.parts.models import Holding
from baoxiu.parts.queries import may_count
from baoxiu.parts.records import HoldingRecord
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff, Station
from baoxiu.people.rules import Denied, Invalid

MOST = 2000  # parts a place holds
Line = tuple[str, int]  # part number, pieces


@transaction.atomic
def count(place: Staff | Station, record: HoldingRecord, *, by: Actor, now: dt.datetime) -> Holding:
    """So many pieces are there. Raises Denied, Invalid (no engineer, too many parts)."""
    if not may_count(by, place):
        raise Denied
    if isinstance(place, Staff) and "engineer" not in place.role_set:
        raise Invalid("", "Van: only an engineer has one.", "车载：只有工程师有车载备件。")
    here = _at(place)
    if not here.filter(number=record.number).exists() and here.count() >= MOST:
        raise Invalid(
            "number", f"Part number: {MOST} parts are here already.", f"备件号：此处已有{MOST}种备件。"
        )
    values = {"name": record.name, "quantity": record.quantity, "changed_at": now}
    return Holding.objects.update_or_create(**_of(place), number=record.number, defaults=values)[0]


def remove(holding: Holding, *, by: Actor, now: dt.datetime) -> None:
    """Raises Denied."""
    place = holding.staff or holding.station
    if place is None or not may_count(by, place):
        raise Denied
    holding.delete()


@transaction.atomic
def fetch(staff: Staff, lines: Iterable[Line], *, now: dt.datetime) -> list[Line]:
    """From the stockroom of his station into the van, as far as it lies there; what was taken."""
    taken = []
    for number, pieces in lines:
        van, room = _held(number, staff.pk, staff.station_id)
        n = min(room.quantity, pieces) if room else 0
        if not room or n <= 0:
            continue
        _put(room, room.quantity - n, now)
        if van:
            _put(van, van.quantity + n, now)
        else:
            Holding.objects.create(staff=staff, number=number, name=room.name, quantity=n, changed_at=now)
        taken.append((number, n))
    return taken


@transaction.atomic
def use(lines: Iterable[Line], *, staff: int | None, station: int | None, now: dt.datetime) -> None:
    """Off the van first, what it has not off the stockroom."""
    for number, pieces in lines:
        left = pieces
        for found in _held(number, staff, station):
            if found and (n := min(found.quantity, left)):
                _put(found, found.quantity - n, now)
                left -= n


def _held(number: str, staff: int | None, station: int | None) -> tuple[Holding | None, Holding | None]:
    """The part in the van and in the stockroom, held until the transaction ends.

    The stockroom first, whoever asks: so nobody waits for somebody who waits for him, and a van's first piece
    is put on record once.
    """
    rows = Holding.objects.select_for_update().filter(number=number)
    room = rows.filter(station=station).first() if number and station else None
    van = rows.filter(staff=staff).first() if number and staff else None
    return van, room


def _put(holding: Holding, quantity: int, now: dt.datetime) -> None:
    Holding.objects.filter(pk=holding.pk).update(quantity=quantity, changed_at=now)


def _of(place: Staff | Station) -> dict[str, Staff | Station]:
    return {"staff" if isinstance(place, Staff) else "station": place}


def _at(place: Staff | Station) -> QuerySet[Holding]:
    return Holding.objects.filter(**_of(place))
