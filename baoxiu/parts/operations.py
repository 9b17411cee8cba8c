"""M4: pieces come, go, change place, are counted and kept for a case. Every change is a posting, said once a key.

A holding is never below nothing and never below what is reserved of it: looked at with the rows held, and held by
the database. Holdings are taken in the order of their keys, so that nobody waits for somebody who waits for him.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from baoxiu.lib import canonical
from baoxiu.parts.models import Holding, Move, Posting, Reservation
from baoxiu.parts.queries import kept_for, may_count, of
from baoxiu.parts.records import HoldingRecord, StockRecord
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff, Station
from baoxiu.people.rules import Denied, Invalid

MOST = 2000  # parts a place holds
Line = tuple[str, int]  # part number, pieces


@dataclass(frozen=True, slots=True)
class Change:
    """What a posting does to one holding; `reserved` of it belongs to the posting's case."""

    holding: int
    pieces: int = 0
    reserved: int = 0


# -- by hand -----------------------------------------------------------------------------------


@transaction.atomic
def count(
    place: Staff | Station, record: HoldingRecord, *, by: Actor, now: dt.datetime, key: str | None = None
) -> Holding:
    """So many pieces are there. Raises Denied, Invalid (no engineer, too many parts, fewer than are reserved)."""
    _keeper(place, by)
    posting = _begin("count", [*_at(place), record.model_dump()], by=by, now=now, key=key, text=record.text)
    found = _found(place, record.number, record.name, now)
    if posting:
        held = _hold([found.pk])[found.pk]
        if record.quantity < held.reserved:
            raise Invalid(
                "quantity",
                f"Pieces: {held.reserved} of them are reserved for cases; release those that are not there first.",
                f"数量：其中{held.reserved}件已为服务单预留，请先释放缺少的预留。",
            )
        _put(posting, [Change(held.pk, record.quantity - held.quantity)], now)
        Holding.objects.filter(pk=held.pk).update(name=record.name or held.name, is_listed=True)
    return Holding.objects.get(pk=found.pk)


@transaction.atomic
def remove(holding: Holding, *, by: Actor, now: dt.datetime) -> None:
    """Not kept here any more: counted to nothing and off the list; its moves stay. Raises Denied, Invalid."""
    count(holding.place, HoldingRecord(number=holding.number, quantity=0), by=by, now=now)
    Holding.objects.filter(pk=holding.pk).update(is_listed=False)


@transaction.atomic
def move(
    place: Staff | Station, record: StockRecord, *, by: Actor, now: dt.datetime, key: str | None = None
) -> Holding:
    """Taken in, written off, or carried to another place with what is reserved of it for `record.case`.

    Raises Denied, Invalid.
    """
    _keeper(place, by)
    to = _destination(record)
    posting = _begin(record.kind, [*_at(place), record.model_dump()], by=by, now=now, key=key, reference=record.case, text=record.text)  # fmt: skip
    if record.kind == "received":
        found = _found(place, record.number, record.name, now)
    else:
        found = _known(place, record.number)
    if posting is None:
        return Holding.objects.get(pk=found.pk)
    if to is not None and to == place:
        raise Invalid("kind", "What happens: it is there already.", "操作：已在该处。")
    kept = record.quantity if record.case else 0
    if to is not None:
        there = _found(to, record.number, found.name, now)
        changes = [Change(found.pk, -record.quantity, -kept), Change(there.pk, record.quantity, kept)]
    else:
        changes = [Change(found.pk, record.quantity if record.kind == "received" else -record.quantity)]
    _put(posting, changes, now)
    return Holding.objects.get(pk=found.pk)


# -- for a case --------------------------------------------------------------------------------


@transaction.atomic
def reserve(
    holding: Holding, reference: str, pieces: int, *, by: Actor, now: dt.datetime, key: str | None = None
) -> None:
    """Kept for the case: nobody else is given these pieces. Who may is asked above. Raises Invalid (not enough free)."""
    if posting := _begin(
        "reserve", [holding.pk, reference, pieces], by=by, now=now, key=key, reference=reference
    ):
        _put(posting, [Change(holding.pk, 0, pieces)], now)


@transaction.atomic
def release(
    holding: Holding, reference: str, pieces: int, *, by: Actor, now: dt.datetime, key: str | None = None
) -> None:
    """Not kept any more. Raises Invalid (not so many are)."""
    if posting := _begin(
        "release", [holding.pk, reference, pieces], by=by, now=now, key=key, reference=reference
    ):
        _put(posting, [Change(holding.pk, 0, -pieces)], now)


@transaction.atomic
def release_all(reference: str, *, by: Actor, now: dt.datetime, holding: int | None = None) -> None:
    """The case needs nothing any more, or nothing of one holding."""
    kept = Reservation.objects.filter(reference=reference, quantity__gt=0)
    kept = kept.filter(holding=holding) if holding else kept
    if pks := list(kept.values_list("holding", flat=True)):
        _hold(pks)
        changes = [Change(pk, 0, -n) for pk, n in kept.values_list("holding", "quantity")]
        if changes and (posting := _begin("release", [], by=by, now=now, reference=reference)):
            _put(posting, changes, now)


@transaction.atomic
def fetch(
    staff: Staff, lines: Iterable[Line], *, references: Sequence[str] = (), by: Actor, now: dt.datetime
) -> list[Line]:
    """From the stockroom of his station into the van, as far as it lies there: what is kept for these cases first.

    Gives what was taken.
    """
    taken = []
    for number, pieces in sorted(lines):
        room = (
            Holding.objects.filter(station=staff.station_id, number=number).first()
            if staff.station_id
            else None
        )
        if room is None or pieces <= 0:
            continue
        van = _found(staff, number, room.name, now)
        held = _hold([room.pk, van.pk])[room.pk]
        left, free = pieces, held.free
        for reference, kept in kept_for(references, holding=room.pk):
            if n := min(kept, left):
                _carry("fetched", room.pk, van.pk, n, reference, by, now)
                left -= n
        if n := min(free, left):
            _carry("fetched", room.pk, van.pk, n, "", by, now)
            left -= n
        if left < pieces:
            taken.append((number, pieces - left))
    return taken


@transaction.atomic
def use(
    lines: Iterable[Line],
    *,
    staff: int | None,
    station: int | None,
    reference: str = "",
    by: Actor,
    now: dt.datetime,
) -> None:
    """Put in: what is kept for the case first, then what is free; off the van first, then off the stockroom."""
    wanted = sorted((number, n) for number, n in lines if number)
    for number, pieces in wanted:
        here = list(Holding.objects.filter(of(staff, station), number=number).values_list("pk", flat=True))
        held = sorted(_hold(here).values(), key=lambda h: h.staff_id is None)
        kept = {
            pk: n for h in held for pk, n in ((h.pk, sum(n for _, n in kept_for([reference], holding=h.pk))),)
        }
        left, changes = pieces, dict.fromkeys(kept, (0, 0))
        for h in held:
            n = min(kept[h.pk], left)
            changes[h.pk], left = (-n, -n), left - n
        for h in held:
            n = min(h.free, left)
            changes[h.pk], left = (changes[h.pk][0] - n, changes[h.pk][1]), left - n
        told = [Change(pk, *c) for pk, c in changes.items() if any(c)]
        if told and (posting := _begin("used", [], by=by, now=now, reference=reference)):
            _put(posting, told, now)


# -- the ledger --------------------------------------------------------------------------------


def _begin(
    kind: str, request: Sequence[object], *, by: Actor, now: dt.datetime, key: str | None = None,
    reference: str = "", text: str = "",
) -> Posting | None:  # fmt: skip
    """A new posting; None where `key` said the same before. Raises Invalid (the key came with something else)."""
    digest = canonical.sha256([kind, by.identity, *request]) if key else ""
    made = Posting(kind=kind, reference=reference, text=text, key=key, digest=digest, by=by.name, at=now)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        if Posting.objects.get(key=key).digest != digest:
            raise Invalid(
                "", "This form was sent before with something else in it.", "该表单已用于另一次提交。"
            ) from None
        return None
    return made


def _hold(pks: Iterable[int]) -> dict[int, Holding]:
    """The holdings as they are, held until the transaction ends."""
    return {
        h.pk: h for h in Holding.objects.select_for_update().filter(pk__in=list(pks)).order_by("number", "pk")
    }


def _put(posting: Posting, changes: Sequence[Change], now: dt.datetime) -> None:
    """Balances and moves together. Raises Invalid where there is not enough."""
    held = _hold([c.holding for c in changes])
    for change in changes:
        holding = held[change.holding]
        if holding.free + change.pieces < change.reserved:
            raise too_few(holding)
        holding.quantity += change.pieces
        holding.reserved += change.reserved
        if change.reserved:
            _keep(posting.reference, change)
        holding.changed_at = now
        holding.save(update_fields=["quantity", "reserved", "changed_at"])
        Move.objects.create(
            posting=posting, holding=holding, pieces=change.pieces, reserved=change.reserved,
            quantity_after=holding.quantity, reserved_after=holding.reserved,
        )  # fmt: skip


def _keep(reference: str, change: Change) -> None:
    """What the case has of the holding. The holding is held."""
    kept, _ = Reservation.objects.get_or_create(
        holding_id=change.holding, reference=reference, defaults={"quantity": 0}
    )
    if kept.quantity + change.reserved < 0:
        raise Invalid(
            "quantity",
            f"Pieces: only {kept.quantity} are reserved for {reference}.",
            f"数量：为{reference}预留的只有{kept.quantity}件。",
        )
    kept.quantity += change.reserved
    kept.save(update_fields=["quantity"])


def too_few(holding: Holding) -> Invalid:
    return Invalid(
        "quantity",
        f"Pieces: only {holding.free} × {holding.number} are free here.",
        f"数量：此处“{holding.number}”可用仅{holding.free}件。",
    )


def _carry(kind: str, source: int, to: int, pieces: int, reference: str, by: Actor, now: dt.datetime) -> None:
    posting = _begin(kind, [], by=by, now=now, reference=reference)
    kept = pieces if reference else 0
    assert posting  # without a key it is always new
    _put(posting, [Change(source, -pieces, -kept), Change(to, pieces, kept)], now)


def _found(place: Staff | Station, number: str, name: str, now: dt.datetime) -> Holding:
    """The holding of a part here; a new one, of nothing, for a part that was not. Raises Invalid (too many parts)."""
    if known := place.holdings.filter(number=number).first():
        if not known.is_listed:
            place.holdings.filter(pk=known.pk).update(is_listed=True)
        return known
    if place.holdings.count() >= MOST:
        raise Invalid(
            "number", f"Part number: {MOST} parts are here already.", f"备件号：此处已有{MOST}种备件。"
        )
    fresh = {"name": name, "quantity": 0, "changed_at": now}
    return place.holdings.get_or_create(number=number, defaults=fresh)[0]


def _known(place: Staff | Station, number: str) -> Holding:
    found: Holding | None = place.holdings.filter(number=number).first()
    if found is None:
        raise Invalid("number", "Part number: it is not kept here.", "备件号：此处没有该备件。")
    return found


def _destination(record: StockRecord) -> Staff | Station | None:
    """Raises Invalid."""
    if record.to_station:
        station = Station.objects.filter(is_active=True, pk=record.to_station).first()
        if station is None:
            raise Invalid("to_station", "Stockroom: there is no such station.", "目的仓库：没有该站点。")
        return station
    if record.to_staff:
        staff = Staff.objects.with_role("engineer").filter(pk=record.to_staff).first()
        if staff is None:
            raise Invalid("to_staff", "Van: only an engineer has one.", "车载：只有工程师有车载备件。")
        return staff
    return None


def _keeper(place: Staff | Station, by: Actor) -> None:
    """Raises Denied, Invalid."""
    if not may_count(by, place):
        raise Denied
    if isinstance(place, Staff) and "engineer" not in place.role_set:
        raise Invalid("", "Van: only an engineer has one.", "车载：只有工程师有车载备件。")


def _at(place: Staff | Station) -> tuple[str, int]:
    return ("van" if isinstance(place, Staff) else "stockroom", place.pk)
