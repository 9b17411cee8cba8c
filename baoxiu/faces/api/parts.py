"""M4, C4.3: parts on hand by van and stockroom, their moves, what is kept for cases; the parts a job needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from pydantic import BaseModel, Field

from baoxiu.cases import queries as cases
from baoxiu.dispatch import operations as dispatch
from baoxiu.dispatch import queries as planning
from baoxiu.dispatch.operations.reserving import RESERVERS
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import Kept, Related
from baoxiu.faces.api.pages import Page, json, said
from baoxiu.faces.api.verbs import Verb, declare
from baoxiu.parts import operations, queries, records
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff, Station
from baoxiu.sop import payloads
from baoxiu.sop.standard import STANDARD

TAG = "Parts"
KEEPERS = queries.KEEPERS


class KeptPieces(Kept):
    reference: str = Field(description="The case's number.")
    quantity: int


class HoldingRow(Kept):
    """Pieces of a part that are there; `free` of them are kept for no case."""

    id: int
    number: str
    name: str
    quantity: int
    reserved: int
    free: int
    reservations: Related[KeptPieces]
    changed_at: dt.datetime


class MoveRow(Kept):
    """One line of the ledger; all lines of a part add up to what is there."""

    id: int
    kind: str
    number: str
    pieces: int
    reserved: int
    quantity_after: int
    reserved_after: int
    reference: str
    text: str
    by: str
    at: dt.datetime


class ReservationRow(BaseModel):
    """Pieces kept for the case, and where they lie."""

    holding: int
    number: str
    name: str
    quantity: int
    van: int | None = Field(description="Staff number of the engineer.")
    station: int | None


class NeedRow(Kept):
    number: str
    name: str
    quantity: int


class Needs(BaseModel):
    """Parts whoever is sent has to bring."""

    parts: list[NeedRow]


def _van(id: int) -> Staff:
    return Staff.objects.with_role("engineer").get(pk=id)


def _stockroom(id: int) -> Station:
    return Station.objects.get(pk=id)


def _list(find: Any) -> Any:
    def do(by: Actor, now: dt.datetime, id: int) -> dict[str, Any]:
        return {"items": [said(HoldingRow, h) for h in queries.holdings(by, find(id))], "next": None}

    return do


def _count(find: Any) -> Any:
    def do(by: Actor, now: dt.datetime, id: int, payload: records.HoldingRecord) -> dict[str, Any]:
        return said(HoldingRow, operations.count(find(id), payload, by=by, now=now))

    return do


def _moves(find: Any) -> Any:
    def do(by: Actor, now: dt.datetime, id: int) -> dict[str, Any]:
        return {"items": [_line(m) for m in queries.moves(by, find(id))], "next": None}

    return do


def _line(move: Any) -> dict[str, Any]:
    posting = {name: getattr(move.posting, name) for name in ("kind", "reference", "text", "by", "at")}
    own = {n: getattr(move, n) for n in ("id", "pieces", "reserved", "quantity_after", "reserved_after")}
    return said(MoveRow, {**own, **posting, "number": move.holding.number})


def _move(find: Any) -> Any:
    def do(by: Actor, now: dt.datetime, id: int, payload: records.StockRecord) -> dict[str, Any]:
        return said(HoldingRow, dispatch.move_stock(find(id), payload, by=by, now=now))

    return do


def _own_van(by: Actor, now: dt.datetime) -> dict[str, Any]:
    return {
        "items": [said(HoldingRow, h) for h in queries.holdings(by, _van(by.staff_id or 0))],
        "next": None,
    }


def _remove(find: Any) -> Any:
    def do(by: Actor, now: dt.datetime, id: int, part: int) -> None:
        operations.remove(find(id).holdings.get(pk=part), by=by, now=now)

    return do


_RECORD = records.HoldingRecord
_ROWS = Page[HoldingRow]

# one row, one verb: this is read as a table
# fmt: off
declare(TAG, (
    Verb("GET", "/staff/{id}/parts", "list_van", "Parts in a van · 车载备件", KEEPERS, _list(_van), _ROWS),
    Verb("POST", "/staff/{id}/parts", "count_van", "Count a part in a van · 盘点车载备件", KEEPERS, _count(_van), HoldingRow, _RECORD),
    Verb("DELETE", "/staff/{id}/parts/{part}", "delete_van_part", "Remove a part from a van · 删除车载备件", KEEPERS, _remove(_van)),
    Verb("GET", "/staff/{id}/stock-moves", "list_van_moves", "Moves of a van's parts · 车载备件流水", KEEPERS, _moves(_van), Page[MoveRow]),
    Verb("POST", "/staff/{id}/stock-moves", "move_van_stock", "Move a van's parts · 车载备件出入库", KEEPERS, _move(_van), HoldingRow, records.StockRecord),
    Verb("GET", "/van", "get_van", "Parts in one's own van · 本人车载备件", ("engineer",), _own_van, _ROWS),
    Verb("GET", "/stations/{id}/stock-moves", "list_stockroom_moves", "Moves of a stockroom's parts · 仓库备件流水", KEEPERS, _moves(_stockroom), Page[MoveRow]),
    Verb("POST", "/stations/{id}/stock-moves", "move_stockroom_stock", "Move a stockroom's parts · 仓库备件出入库", KEEPERS, _move(_stockroom), HoldingRow, records.StockRecord),
    Verb("GET", "/stations/{id}/parts", "list_stockroom", "Parts in a stockroom · 仓库备件", KEEPERS, _list(_stockroom), _ROWS),
    Verb("POST", "/stations/{id}/parts", "count_stockroom", "Count a part in a stockroom · 盘点仓库备件", KEEPERS, _count(_stockroom), HoldingRow, _RECORD),
    Verb("DELETE", "/stations/{id}/parts/{part}", "delete_stockroom_part", "Remove a part from a stockroom · 删除仓库备件", KEEPERS, _remove(_stockroom)),
))
# fmt: on


def _needs(found: list[Any]) -> dict[str, Any]:
    return {"parts": [said(NeedRow, need) for need in found]}


@api.operation(
    "GET",
    "/cases/{slug:number}/parts",
    who=tuple(sorted(STANDARD.step["need_parts"].parties)),
    gives=Needs,
    summary="Parts to bring · 需带备件",
    tag=TAG,
)
def get_needs(request: Asked, number: str) -> HttpResponse:
    return json(_needs(planning.needed(request.auth, cases.get(request.auth, number))))


@api.operation(
    "PUT",
    "/cases/{slug:number}/parts",
    who=tuple(sorted(STANDARD.step["need_parts"].parties)),
    gives=Needs,
    summary="Set parts to bring · 设定需带备件",
    tag=TAG,
)
def put_needs(request: Asked, number: str, payload: payloads.NeedParts) -> HttpResponse:
    """The whole list; only engineers who have everything in the van or in their stockroom can be sent then."""
    case = cases.get(request.auth, number)
    dispatch.need_parts(case, payload, by=request.auth, now=timezone.now())
    return json(_needs(planning.needed(request.auth, case)))


# -- kept for a case ---------------------------------------------------------------------------


def _kept(number: str) -> dict[str, Any]:
    rows = [
        ReservationRow(
            holding=r.holding_id, number=r.holding.number, name=r.holding.name, quantity=r.quantity,
            van=r.holding.staff_id, station=r.holding.station_id,
        ).model_dump()
        for r in queries.reservations([number])
    ]  # fmt: skip
    return {"items": rows, "next": None}


@api.operation(
    "GET", "/cases/{slug:number}/reservations", who=RESERVERS, gives=Page[ReservationRow],
    summary="Parts kept for a case · 预留备件", tag=TAG,
)  # fmt: skip
def list_reservations(request: Asked, number: str) -> HttpResponse:
    return json(_kept(cases.get(request.auth, number).number))


@api.operation(
    "POST", "/cases/{slug:number}/reservations", who=RESERVERS, gives=Page[ReservationRow], status=201,
    summary="Keep parts for a case · 为服务单预留备件", tag=TAG,
)  # fmt: skip
def reserve_part(request: Asked, number: str, payload: records.ReservationRecord) -> HttpResponse:
    """Pieces that are free; nobody else is given them then. 422 where there are not so many."""
    case = cases.get(request.auth, number)
    dispatch.reserve_part(case, payload, by=request.auth, now=timezone.now())
    return json(_kept(case.number), 201)


@api.operation(
    "DELETE", "/cases/{slug:number}/reservations/{int:id}", who=RESERVERS, gives=None, status=204,
    summary="Let parts go · 取消预留", tag=TAG,
)  # fmt: skip
def release_part(request: Asked, number: str, id: int) -> HttpResponse:
    """`id`: the holding. All that is kept of it for the case."""
    case = cases.get(request.auth, number)
    dispatch.release_part(case, id, by=request.auth, now=timezone.now())
    return HttpResponse(status=204)
