"""C3.2: price lists over the API: read by staff, changed by the manager, never after they are published."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Query
from pydantic import BaseModel, Field

from baoxiu.cases import queries as cases
from baoxiu.charges import operations, queries, records
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import Kept, Related
from baoxiu.faces.api.pages import Page, json, said, whole
from baoxiu.faces.api.verbs import Verb, declare, listed
from baoxiu.faces.common import receipts
from baoxiu.faces.common.display import say
from baoxiu.lib import tables
from baoxiu.people.actors import Actor
from baoxiu.people.rules import Invalid
from baoxiu.sop.fields import Id

TAG = "C3.2"


class PriceRow(Kept):
    code: str
    kind: str
    name: str
    name_en: str
    unit: str
    price: Decimal
    tax_rate: Decimal | None
    remedy: str
    zone: str
    product_class: str
    model: str


class PriceListRow(Kept):
    """价目表: one version; drafts change, published ones do not."""

    id: int
    currency: str
    version: int
    status: str
    in_force_from: dt.datetime | None
    tax_included: bool
    tax_rate: Decimal
    minimum: Decimal
    approval_above: Decimal | None
    text: str
    sha256: str
    published_by: str
    published_at: dt.datetime | None


class PriceListDetail(PriceListRow):
    items: Related[PriceRow]


class PriceChange(Kept):
    code: str
    kind: str
    before: dict[str, str]
    after: dict[str, str]
    percent: Decimal | None


def _whole(by: Actor, pk: int) -> dict[str, Any]:
    return said(PriceListDetail, queries.price_list(by, pk))


def _draft(by: Actor, now: dt.datetime, payload: records.NewList) -> dict[str, Any]:
    return _whole(by, operations.draft(payload, by=by, now=now).pk)


def _head(by: Actor, now: dt.datetime, id: int, payload: records.HeadRecord) -> dict[str, Any]:
    operations.save_head(queries.price_list(by, id), payload, by=by, now=now)
    return _whole(by, id)


def _items(by: Actor, now: dt.datetime, id: int, payload: records.ItemList) -> dict[str, Any]:
    operations.load_items(queries.price_list(by, id), payload, by=by, now=now)
    return _whole(by, id)


class RefusedRow(BaseModel):
    row: int
    column: str
    reason: str


class Loaded(BaseModel):
    """The draft's id and its rows; or the rows that cannot stand, and then nothing was changed."""

    draft: int | None = None
    rows: int = 0
    refused: list[RefusedRow] = []


def _rows(by: Actor, now: dt.datetime, id: int, payload: records.ItemRows) -> dict[str, Any]:
    try:
        draft = operations.sheets.load(queries.price_list(by, id), enumerate(payload.rows, 1), by=by, now=now)
    except operations.sheets.BadRows as wrong:
        rows = [RefusedRow(row=r.row, column=r.column, reason=say(r.reason)) for r in wrong.refused]
        return Loaded(refused=rows).model_dump()
    except tables.BadTable as problem:
        raise Invalid("rows", f"Rows: {problem}.", f"行：{problem.zh}。") from None
    return Loaded(draft=draft.pk, rows=len(payload.rows)).model_dump()


@api.operation(
    "GET", "/price-lists/{id}/prices.csv", who=queries.READERS, gives=None, summary="A price list as CSV · 价目表 CSV",
    tag=TAG, extra={"x-bytes": True},
)  # fmt: skip
def get_price_sheet(request: Asked, id: Id) -> HttpResponse:
    """Every cell is safe to open in a spreadsheet; `POST …/rows` takes the same columns back."""
    by = request.auth
    found = queries.sheet(by, queries.price_list(by, id))
    return HttpResponse("".join(found), content_type="text/csv; charset=utf-8")


def _publish(by: Actor, now: dt.datetime, id: int, payload: records.Publication) -> dict[str, Any]:
    operations.publish(queries.price_list(by, id), payload, by=by, now=now)
    return _whole(by, id)


def _discard(by: Actor, now: dt.datetime, id: int) -> None:
    operations.discard(queries.price_list(by, id), by=by, now=now)


def _changes(by: Actor, now: dt.datetime, id: int) -> dict[str, Any]:
    found = queries.changes(by, queries.price_list(by, id))
    return {"items": [said(PriceChange, change) for change in found], "next": None}


class BalanceOut(Kept):
    """A case's money, in one currency."""

    currency: str
    billed: Decimal
    waived: Decimal
    paid: Decimal
    refunded: Decimal
    due: Decimal


class TakingsRow(Kept):
    """One currency's money in a period; `booked`: by kind and way."""

    currency: str
    agreed: Decimal
    quotes: int
    booked: dict[str, Decimal]


class LastDays(BaseModel):
    days: Annotated[int, Field(ge=1, le=366)] = 30


PAYING = (*receipts.READERS, "integration", "track")


@api.operation(
    "GET",
    "/cases/{slug:number}/balance",
    who=PAYING,
    gives=BalanceOut,
    summary="What is due · 待付金额",
    tag="C4.5",
)
def get_balance(request: Asked, number: str) -> HttpResponse:
    by = request.auth
    return json(said(BalanceOut, queries.balance(by, cases.get(by, number))))


@api.operation(
    "GET", "/cases/{slug:number}/bookings/{id}/receipt.pdf", who=PAYING, gives=None, summary="Receipt as PDF · 收据 PDF", tag="C4.5",
    extra={"x-bytes": True},
)  # fmt: skip
def get_receipt(request: Asked, number: str, id: Id) -> HttpResponse:
    """In the language of `Accept-Language`."""
    by = request.auth
    return receipts.answer(cases.get(by, number), by, id, get_language() or "en")


@api.operation(
    "GET",
    "/figures/money",
    who=("manager",),
    gives=Page[TakingsRow],
    summary="Money by currency · 各币种收支",
    tag="C1",
)
def get_money(request: Asked, wanted: LastDays = Query(...)) -> HttpResponse:
    """Agreed, paid, refunded and waived in the last `days`; currencies are never added up."""
    until = timezone.now()
    return whole(TakingsRow, queries.takings(request.auth, until - dt.timedelta(days=wanted.days), until))


SEERS, KEEPERS = queries.READERS, operations.PRICE_KEEPERS
# one row, one verb: this is read as a table
# fmt: off
declare(TAG, (
    Verb("GET", "/price-lists", "list_price_lists", "List price lists · 价目表列表", SEERS, listed(PriceListRow, queries.price_lists), Page[PriceListRow]),
    Verb("POST", "/price-lists", "add_price_list", "Begin a new version · 新建价目表版本", KEEPERS, _draft, PriceListDetail, records.NewList, "The currency's draft: the one there is, else a copy of its newest version."),
    Verb("GET", "/price-lists/{id}", "get_price_list", "Get a price list · 查看价目表", SEERS, lambda by, now, id: _whole(by, id), PriceListDetail),
    Verb("PUT", "/price-lists/{id}", "put_price_list", "Tax, minimum, approval limit · 税率与限额", KEEPERS, _head, PriceListDetail, records.HeadRecord, "The whole record: what is left out takes its default. A published list is refused."),
    Verb("DELETE", "/price-lists/{id}", "delete_price_list", "Throw a draft away · 删除草稿", KEEPERS, _discard),
    Verb("PUT", "/price-lists/{id}/items", "put_price_items", "All rows of a draft · 全部项目", KEEPERS, _items, PriceListDetail, records.ItemList, "All rows at once, instead of those there were."),
    Verb("POST", "/price-lists/{id}/rows", "load_price_rows", "Rows of a spreadsheet into the draft · 表格行导入草稿", KEEPERS, _rows, Loaded, records.ItemRows, "Texts by column, all or none: `refused` names row and column. The currency's draft is begun where there is none."),
    Verb("GET", "/price-lists/{id}/changes", "list_price_changes", "What it changes · 与上一版的差异", SEERS, _changes, Page[PriceChange]),
    Verb("POST", "/price-lists/{id}/publication", "publish_price_list", "Publish · 发布", KEEPERS, _publish, PriceListDetail, records.Publication),
))
# fmt: on
