"""What is filled in about models and units: typed like the payloads of steps."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from baoxiu.sop.entitlement.products import NAMES
from baoxiu.sop.fields import Code, Id, Line, NeededLine, OneOf, ProductClass
from baoxiu.sop.payloads import Payload

LawClass = Annotated[str, OneOf(NAMES)]


class ModelRecord(Payload):
    """C2: a product model. Its class decides which add-ons apply."""

    code: Annotated[Code, Field(min_length=1)] = Field(title="Model code")
    name: NeededLine = Field(title="Model name")
    brand: Annotated[Line, Field(max_length=100)] = Field(default="", title="Brand")
    product_class: ProductClass = Field(default="appliance", title="Product class")
    skill: Id | None = Field(default=None, title="Skill needed", json_schema_extra={"widget": "skill"})
    law_class: LawClass = Field(default="", title="Class under the Three Guarantees")
    warranty_months: Annotated[int, Field(ge=0, le=240)] | None = Field(
        default=None, title="The maker's own warranty in months (empty: the warranty terms)"
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
    customer: Id | None = Field(default=None, title="Owner", json_schema_extra={"widget": "customer"})
    site: Id | None = Field(default=None, title="Where it stands", json_schema_extra={"widget": "site"})


class ImportRow(Payload):
    """One row of a file of units: a serial number and what it is; the owner by his own number."""

    serial: Annotated[Code, Field(min_length=1)] = Field(title="Serial number")
    model: Code = Field(default="", title="Model code")
    product: Line = Field(default="", title="Product")
    brand: Annotated[Line, Field(max_length=100)] = Field(default="", title="Brand")
    product_class: ProductClass = Field(default="appliance", title="Product class")
    purchase_date: dt.date | None = Field(default=None, title="Purchase date")
    customer: Code = Field(default="", title="Own number of the customer")


class ImportRows(Payload):
    """Rows of units as texts by column; numbered from 1 in the answer."""

    rows: Annotated[
        list[dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=1000)]]],
        Field(min_length=1, max_length=5000),
    ] = Field(title="Rows")
