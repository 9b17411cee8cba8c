"""What is filled in about models and units: typed like the payloads of steps."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from baoxiu.sop.entitlement.products import NAMES
from baoxiu.sop.fields import (
    Amount,
    Code,
    Currency,
    EarlierOwner,
    Files,
    Id,
    Language,
    Line,
    NeededLine,
    OneOf,
    ProductClass,
    Proof,
)
from baoxiu.sop.payloads import Payload

LawClass = Annotated[str, OneOf(NAMES)]


class ModelRecord(Payload):
    """C2: a product model. Its class decides which add-ons apply."""

    code: Annotated[Code, Field(min_length=1)] = Field(title="Model code")
    name: NeededLine = Field(title="Model name")
    brand: Annotated[Line, Field(max_length=100)] = Field(default="", title="Brand")
    product_class: ProductClass = Field(default="appliance", title="Product class")
    skill: Id | None = Field(default=None, title="Skill needed", json_schema_extra={"widget": "skill"})
    skill_level: Annotated[int, Field(ge=1, le=5)] = Field(
        default=1, title="Level of the skill, at least (1–5)"
    )
    visit_minutes: Annotated[int, Field(ge=5, le=1440)] | None = Field(
        default=None, title="A visit takes, minutes (empty: as the planning policy says)"
    )
    law_class: LawClass = Field(default="", title="Class under the Three Guarantees")
    warranty_months: Annotated[int, Field(ge=0, le=240)] | None = Field(
        default=None, title="The maker's own warranty in months (empty: the warranty terms)"
    )
    serial_format: Code = Field(
        default="", title="Form of its serial numbers (# digit, @ letter, * either; empty: any)"
    )
    is_active: bool = Field(default=True, title="In use")


class UnitRecord(Payload):
    """C2: one piece sold. Model, serial or product: one of them must say what it is."""

    model: Id | None = Field(default=None, title="Model", json_schema_extra={"widget": "model"})
    product: Line = Field(default="", title="Product")
    brand: Annotated[Line, Field(max_length=100)] = Field(default="", title="Brand")
    product_class: ProductClass = Field(default="appliance", title="Product class")
    serial: Code = Field(default="", title="Serial number")
    purchase_date: dt.date | None = Field(default=None, title="Purchase date")
    delivered_date: dt.date | None = Field(default=None, title="Delivery date (if later)")
    made_date: dt.date | None = Field(default=None, title="Made on")
    installed_date: dt.date | None = Field(default=None, title="Installed on")
    price: Amount | None = Field(default=None, title="Price paid (invoice)")
    currency: Currency = Field(default="CNY", title="Currency")
    proof: Proof = Field(default="", title="Proof of purchase")
    customer: Id | None = Field(default=None, title="Owner", json_schema_extra={"widget": "customer"})
    site: Id | None = Field(default=None, title="Where it stands", json_schema_extra={"widget": "site"})


Millimetres = Annotated[float, Field(ge=-20, le=20, allow_inf_nan=False)]


class LabelSheet(Payload):
    """C2: a sheet of labels as it lies in the printer: A4, `columns` by `rows` of the same size, moved by so much."""

    columns: Annotated[int, Field(ge=1, le=8)] = Field(default=3, title="Labels across")
    rows: Annotated[int, Field(ge=1, le=20)] = Field(default=8, title="Labels down")
    left: Millimetres = Field(default=0, title="Moved to the right, mm")
    top: Millimetres = Field(default=0, title="Moved down, mm")
    skip: Annotated[int, Field(ge=0, le=159)] = Field(default=0, title="Labels used already")


class ImportRow(Payload):
    """One row of a file of units: a serial number and what it is; the owner by his own number."""

    serial: Annotated[Code, Field(min_length=1)] = Field(title="Serial number")
    model: Code = Field(default="", title="Model code")
    product: Line = Field(default="", title="Product")
    brand: Annotated[Line, Field(max_length=100)] = Field(default="", title="Brand")
    product_class: ProductClass = Field(default="appliance", title="Product class")
    purchase_date: dt.date | None = Field(default=None, title="Purchase date")
    delivered_date: dt.date | None = Field(default=None, title="Delivery date (if later)")
    made_date: dt.date | None = Field(default=None, title="Made on")
    installed_date: dt.date | None = Field(default=None, title="Installed on")
    price: Amount | None = Field(default=None, title="Price paid (invoice)")
    currency: Currency = Field(default="CNY", title="Currency")
    customer: Code = Field(default="", title="Own number of the customer")


class RegistrationRecord(Payload):
    """C2: what a customer says to own. The label scanned, if any, says which product it is."""

    model: Code = Field(default="", title="Model")
    product: Line = Field(default="", title="Product")
    serial: Annotated[Code, Field(min_length=1)] = Field(title="Serial number")
    purchase_date: dt.date = Field(title="Bought on")
    dealer: Line = Field(default="", title="Bought from")
    name: NeededLine = Field(title="Name")
    phone: Line = Field(default="", title="Phone")
    email: Line = Field(default="", title="E-mail")
    language: Language = Field(default="zh", title="Language")
    consent: Literal[True] | None = Field(default=None, title="Agreed to the use of personal data")
    files: Files


class AcceptanceRecord(Payload):
    """C2: what goes on record, corrected by whoever looked at the proof."""

    model: Id | None = Field(default=None, title="Model", json_schema_extra={"widget": "model"})
    product: Line = Field(default="", title="Product")
    serial: Annotated[Code, Field(min_length=1)] = Field(title="Serial number")
    purchase_date: dt.date = Field(title="Purchase date (of the first sale)")
    proof: Proof = Field(default="", title="Proof of purchase")
    earlier_owner: EarlierOwner = Field(default="", title="The owner on record so far")


class RefusalRecord(Payload):
    reason: Annotated[NeededLine, Field(max_length=500)] = Field(title="Reason for the customer")


class ImportRows(Payload):
    """Rows of units as texts by column; numbered from 1 in the answer."""

    rows: Annotated[
        list[dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=1000)]]],
        Field(min_length=1, max_length=5000),
    ] = Field(title="Rows")
