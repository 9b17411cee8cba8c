"""C2: product models and the units sold."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query

from baoxiu.catalogue import operations, queries
from baoxiu.catalogue.models import ProductModel, Unit
from baoxiu.catalogue.records import ModelRecord, UnitRecord
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import Kept, Person
from baoxiu.faces.api.pages import Page, Paging, by_id, json, said
from baoxiu.faces.common.audience import DESK, STAFF
from baoxiu.people.actors import Actor
from baoxiu.sop.fields import Code, Id

SEERS, KEEPERS, MODEL_KEEPERS = (
    (*DESK, "administrator"),
    ("agent", "manager", "account_manager"),
    operations.MODEL_KEEPERS,
)
TAG = "Catalogue"


class ModelRow(Kept):
    id: int
    code: str
    name: str
    brand: str
    product_class: str
    skill_id: int | None
    warranty_months: int
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


class UnitsWanted(Paging):
    q: Code = ""
    model: Id | None = None
    customer: Id | None = None


@api.operation("GET", "/models", who=STAFF, gives=Page[ModelRow], summary="List models · 型号列表", tag=TAG)
def list_models(request: Asked, wanted: ModelsWanted = Query(...)) -> HttpResponse:
    def read(before: int | None, limit: int) -> list[ProductModel]:
        by = request.auth
        return queries.models(by, wanted.q, product_class=wanted.product_class, before=before, limit=limit)

    return by_id(request, partial(said, ModelRow), wanted, read)


@api.operation("GET", "/models/{id}", who=STAFF, gives=ModelRow, summary="Get a model · 查看型号", tag=TAG)
def get_model(request: Asked, id: Id) -> HttpResponse:
    return json(said(ModelRow, queries.model(request.auth, id)))


@api.operation(
    "POST",
    "/models",
    who=MODEL_KEEPERS,
    gives=ModelRow,
    status=201,
    summary="Add a model · 新增型号",
    tag=TAG,
)
def add_model(request: Asked, payload: ModelRecord) -> HttpResponse:
    made = operations.save_model(None, payload, by=request.auth, now=timezone.now())
    return json(said(ModelRow, made), 201, {"Location": f"/api/models/{made.pk}"})


@api.operation(
    "PUT", "/models/{id}", who=MODEL_KEEPERS, gives=ModelRow, summary="Change a model · 修改型号", tag=TAG
)
def put_model(request: Asked, id: Id, payload: ModelRecord) -> HttpResponse:
    """The whole record: what is left out takes its default."""
    by = request.auth
    return json(
        said(ModelRow, operations.save_model(queries.model(by, id), payload, by=by, now=timezone.now()))
    )


@api.operation(
    "GET",
    "/units",
    who=(*SEERS, "integration"),
    gives=Page[UnitDetail],
    summary="List units · 产品档案列表",
    tag=TAG,
)
def list_units(request: Asked, wanted: UnitsWanted = Query(...)) -> HttpResponse:
    """Newest first; `q`: how the serial begins, or a part of the product's name."""
    by = request.auth

    def read(before: int | None, limit: int) -> list[Unit]:
        return queries.units(
            by, wanted.q, model=wanted.model, customer=wanted.customer, before=before, limit=limit
        )

    return by_id(request, partial(_unit, by), wanted, read)


@api.operation(
    "GET",
    "/units/{id}",
    who=(*SEERS, "integration"),
    gives=UnitDetail,
    summary="Get a unit · 查看产品",
    tag=TAG,
)
def get_unit(request: Asked, id: Id) -> HttpResponse:
    by = request.auth
    return json(_unit(by, queries.unit(by, id)))


@api.operation(
    "POST", "/units", who=KEEPERS, gives=UnitDetail, status=201, summary="Register a unit · 登记产品", tag=TAG
)
def add_unit(request: Asked, payload: UnitRecord) -> HttpResponse:
    made = operations.register_unit(payload, by=request.auth, now=timezone.now())
    return json(said(UnitDetail, made), 201, {"Location": f"/api/units/{made.pk}"})


@api.operation(
    "PUT", "/units/{id}", who=KEEPERS, gives=UnitDetail, summary="Change a unit · 修改产品", tag=TAG
)
def put_unit(request: Asked, id: Id, payload: UnitRecord) -> HttpResponse:
    """The whole record: what is left out takes its default."""
    by = request.auth
    return json(
        said(UnitDetail, operations.update_unit(queries.unit(by, id), payload, by=by, now=timezone.now()))
    )


@api.operation(
    "POST",
    "/units/{id}/label",
    who=KEEPERS,
    gives=Label,
    status=201,
    summary="A new QR label · 换发二维码",
    tag=TAG,
)
def add_label(request: Asked, id: Id) -> HttpResponse:
    by = request.auth
    return json(said(Label, operations.new_label(queries.unit(by, id), by=by, now=timezone.now())), 201)
