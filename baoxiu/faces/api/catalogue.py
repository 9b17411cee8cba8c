"""C2: product models and the units sold."""

from __future__ import annotations

import datetime as dt
import secrets
from decimal import Decimal
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import File, Query
from ninja.files import UploadedFile
from pydantic import BaseModel

from baoxiu.catalogue import batches, importing, operations, queries
from baoxiu.catalogue.models import Unit
from baoxiu.catalogue.records import ImportRows, LabelSheet, ModelRecord, UnitRecord
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import Kept, Person
from baoxiu.faces.api.pages import Page, Paging, by_id, json, read_number, said, sheet, write_cursor
from baoxiu.faces.api.verbs import Verb, declare, listed, saved
from baoxiu.faces.common import documents, labels
from baoxiu.faces.common.audience import DESK, STAFF
from baoxiu.faces.common.display import say, say_of
from baoxiu.lib import tables
from baoxiu.people.actors import Actor
from baoxiu.people.rules import CUSTOMER_KEEPERS as KEEPERS
from baoxiu.people.rules import Invalid
from baoxiu.sop.fields import Code, Id

SEERS, MODEL_KEEPERS = (*DESK, "administrator", "integration"), operations.MODEL_KEEPERS
TAG = "Catalogue"


class ModelRow(Kept):
    id: int
    code: str
    name: str
    brand: str
    product_class: str
    skill_id: int | None
    skill_level: int
    visit_minutes: int | None
    warranty_months: int | None
    serial_format: str
    is_active: bool


class ModelOf(Kept):
    id: int
    code: str
    name: str


class UnitDetail(Kept):
    id: int
    model: ModelOf | None
    product: str
    brand: str
    product_class: str
    serial: str
    purchase_date: dt.date | None
    delivered_date: dt.date | None
    made_date: dt.date | None
    installed_date: dt.date | None
    price: Decimal | None
    currency: str
    proof: str
    customer: Person | None
    site_id: int | None
    replaced_by_id: int | None
    created_at: dt.datetime


class Label(Kept):
    """The unit's QR token: the label used before is dead."""

    id: int
    qr_token: str


def _unit(by: Actor, unit: Unit) -> dict[str, Any]:
    """C9: whose it is, is told to those who serve customers."""
    told = said(UnitDetail, unit)
    return told if by.has(*DESK, "integration") else {**told, "customer": None}


class ModelsWanted(Paging):
    q: Code = ""
    product_class: Code = ""


class RefusedRow(Kept):
    row: int
    column: str
    reason: str


class Chosen(BaseModel):
    """Which units: how the serial begins or a part of the product's name; a model; an owner; an import."""

    q: Code = ""
    model: Id | None = None
    customer: Id | None = None
    batch: Id | None = None


class UnitsWanted(Paging, Chosen):
    pass


@api.operation("GET", "/models", who=STAFF, gives=Page[ModelRow], summary="List models · 型号列表", tag=TAG)
def list_models(request: Asked, wanted: ModelsWanted = Query(...)) -> HttpResponse:
    read = partial(queries.models, request.auth, wanted.q, product_class=wanted.product_class)
    return by_id(
        request, partial(said, ModelRow), wanted, lambda before, limit: read(before=before, limit=limit)
    )


@api.operation(
    "GET", "/units", who=SEERS, gives=Page[UnitDetail], summary="List units · 产品档案列表", tag=TAG
)
def list_units(request: Asked, wanted: UnitsWanted = Query(...)) -> HttpResponse:
    """Newest first; `q`: how the serial begins, or a part of the product's name."""
    read = partial(queries.units, request.auth, **_chosen(wanted))
    tell = partial(_unit, request.auth)
    return by_id(request, tell, wanted, lambda before, limit: read(before=before, limit=limit))


def _chosen(wanted: Chosen) -> dict[str, Any]:
    found = wanted.model_dump(include=set(Chosen.model_fields))
    return {"query": found.pop("q"), **found}


class Labels(Chosen, LabelSheet):
    unit: Id | None = None
    before: Id | None = None


@api.operation(
    "GET",
    "/units/labels.pdf",
    who=SEERS,
    gives=None,
    summary="QR labels as PDF · 二维码标签 PDF",
    tag=TAG,
    extra={"x-bytes": True},
)
def get_labels(request: Asked, wanted: Labels = Query(...)) -> HttpResponse:
    """A4 sheets of `columns` × `rows`; the newest 480 units chosen, or one; `before`: older than this id."""
    by = request.auth
    if wanted.unit:
        units = [queries.unit(by, wanted.unit)]
    else:
        units = queries.units(by, **_chosen(wanted), before=wanted.before, limit=labels.MOST)[::-1]
    if not units:
        raise Invalid("unit", "No unit is chosen.", "没有选中任何产品。")
    layout = LabelSheet(**wanted.model_dump(include=set(LabelSheet.model_fields)))
    return documents.answer(
        labels.sheet(units, layout, get_language() or "en", now=timezone.now()), "labels.pdf"
    )


class ImportState(Kept):
    """A file of units: waiting | running | done | failed, and the rows so far."""

    id: int
    name: str
    status: str
    problem: str
    problem_zh: str
    rows: int | None
    done: int
    added: int
    known: int
    refused: int
    created_at: dt.datetime
    touched_at: dt.datetime


@api.operation(
    "POST",
    "/unit-imports",
    who=KEEPERS,
    gives=ImportState,
    status=201,
    summary="Send a file of units · 上传产品文件",
    tag=TAG,
)
def add_unit_import(request: Asked, file: UploadedFile = File(...)) -> HttpResponse:
    """CSV, gzip or XLSX of up to a million rows, read in the background: ask how far it has come."""
    key = f"{request.auth.identity}:{secrets.token_hex(12)}"
    try:
        made = batches.begin(file, key=key, by=request.auth, now=timezone.now())
    except tables.BadTable as error:
        raise Invalid("file", str(error), f"无法读取该文件：{error.zh}") from None
    return json(said(ImportState, made), 201, {"Location": f"{request.path}/{made.pk}"})


class RefusalsWanted(Paging):
    pass


@api.operation(
    "GET",
    "/unit-imports/{id}/refused",
    who=KEEPERS,
    gives=Page[RefusedRow],
    summary="Refused rows · 被拒绝的行",
    tag=TAG,
)
def list_refused_units(request: Asked, id: Id, wanted: RefusalsWanted = Query(...)) -> HttpResponse:
    """In the order of the file."""
    found = queries.unit_import(request.auth, id)
    rows = queries.refusals(request.auth, found, read_number(wanted.cursor) or 0, wanted.limit + 1)
    following = write_cursor([rows[wanted.limit - 1].pk]) if len(rows) > wanted.limit else None
    told = [{"row": r.row, "column": r.column, "reason": say_of(r.reason)} for r in rows[: wanted.limit]]
    return sheet(request, told, following)


def _register(by: Actor, now: dt.datetime, payload: UnitRecord) -> dict[str, Any]:
    return _unit(by, operations.register_unit(payload, by=by, now=now))


def _update(by: Actor, now: dt.datetime, id: int, payload: UnitRecord) -> dict[str, Any]:
    return _unit(by, operations.update_unit(queries.unit(by, id), payload, by=by, now=now))


def _label(by: Actor, now: dt.datetime, id: int) -> dict[str, Any]:
    return said(Label, operations.new_label(queries.unit(by, id), by=by, now=now))


class Imported(Kept):
    """What became of the rows."""

    rows: int
    added: int
    known: int
    refused: list[RefusedRow]


def _import(by: Actor, now: dt.datetime, payload: ImportRows) -> dict[str, Any]:
    last, refused = importing.Progress(), list[importing.Refused]()
    try:
        for last in importing.import_rows(enumerate(payload.rows, 1), by=by, now=now):
            refused += last.refused
    except tables.BadTable as error:
        raise Invalid("rows", str(error), error.zh) from error
    told = [{"row": r.row, "column": r.column, "reason": say(r.reason)} for r in refused]
    return {"rows": last.done, "added": last.added, "known": last.known, "refused": told}


_save = saved(ModelRow, operations.save_model, queries.model)
_WHOLE = "The whole record: what is left out takes its default."

# one row, one verb: this is read as a table
# fmt: off
declare(TAG, (
    Verb("GET", "/models/{id}", "get_model", "Get a model · 查看型号", STAFF, lambda by, now, id: said(ModelRow, queries.model(by, id)), ModelRow),
    Verb("POST", "/models", "add_model", "Add a model · 新增型号", MODEL_KEEPERS, _save, ModelRow, ModelRecord),
    Verb("PUT", "/models/{id}", "put_model", "Change a model · 修改型号", MODEL_KEEPERS, _save, ModelRow, ModelRecord, _WHOLE),
    Verb("POST", "/units/import", "import_units", "Put many units on record · 批量导入产品", KEEPERS, _import, Imported, ImportRows, "Each row is added, known or refused with its number; nothing on record is overwritten, repeating adds nothing."),
    Verb("GET", "/unit-imports", "list_unit_imports", "List files of units · 产品文件列表", KEEPERS, listed(ImportState, queries.imports), Page[ImportState], more="The newest 20."),
    Verb("GET", "/unit-imports/{id}", "get_unit_import", "How far a file has come · 查看导入进度", KEEPERS, lambda by, now, id: said(ImportState, queries.unit_import(by, id)), ImportState),
    Verb("GET", "/units/{id}", "get_unit", "Get a unit · 查看产品", SEERS, lambda by, now, id: _unit(by, queries.unit(by, id)), UnitDetail),
    Verb("POST", "/units", "add_unit", "Register a unit · 登记产品", KEEPERS, _register, UnitDetail, UnitRecord),
    Verb("PUT", "/units/{id}", "put_unit", "Change a unit · 修改产品", KEEPERS, _update, UnitDetail, UnitRecord, _WHOLE),
        Verb("POST", "/units/{id}/label", "add_label", "A new QR label · 换发二维码", KEEPERS, _label, Label),
))
# fmt: on
