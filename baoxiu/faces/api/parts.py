"""M4, C4.3: parts on hand by van and stockroom; the parts a job needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from pydantic import BaseModel

from baoxiu.cases import queries as cases
from baoxiu.dispatch import operations as dispatch
from baoxiu.dispatch import queries as planning
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import Kept
from baoxiu.faces.api.pages import Page, json, said
from baoxiu.faces.api.verbs import Verb, declare
from baoxiu.parts import operations, queries, records
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff, Station
from baoxiu.sop import payloads
from baoxiu.sop.standard import STANDARD

TAG = "Parts"
KEEPERS = queries.KEEPERS


class HoldingRow(Kept):
    """Pieces of a part that are there."""

    id: int
    number: str
    name: str
    quantity: int
    changed_at: dt.datetime


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
