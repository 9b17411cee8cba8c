"""C3.2: what is filled in about prices: typed like the payloads of steps."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, model_validator

from baoxiu.sop import codes
from baoxiu.sop.fields import Amount, Code, Currency, Line, LineKind, NeededLine, OneOf, PriceUnit, Words
from baoxiu.sop.payloads import Payload
from baoxiu.sop.text import Text

_ANY = {"": Text("any", "不限")}
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2, allow_inf_nan=False)]


class ItemRecord(Payload):
    """One row of a price list."""

    code: Annotated[Code, Field(min_length=1)] = Field(title="Code")
    kind: LineKind = Field(default="labour", title="Kind")
    name: NeededLine = Field(title="Name")
    name_en: Line = Field(default="", title="Name in English")
    unit: PriceUnit = Field(default="job", title="Unit")
    price: Amount = Field(title="Unit price")
    tax_rate: Percent | None = Field(default=None, title="Tax rate in per cent")
    remedy: Annotated[str, OneOf({**_ANY, **codes.REMEDIES})] = Field(default="", title="For the remedy")
    zone: Annotated[Line, Field(max_length=100)] = Field(default="", title="Zone (travel)")
    product_class: Annotated[str, OneOf({**_ANY, **codes.PRODUCT_CLASSES})] = Field(
        default="", title="Product class"
    )
    model: Code = Field(default="", title="Model code")


class HeadRecord(Payload):
    """What holds for the whole list."""

    tax_included: bool = Field(default=True, title="Prices include tax")
    tax_rate: Percent = Field(default=Decimal(0), title="Tax rate in per cent")
    minimum: Amount = Field(default=Decimal(0), title="Minimum charge")
    approval_above: Amount | None = Field(default=None, title="Approval needed above")
    text: Words = Field(default="", title="Words for the customer")


class NewList(Payload):
    currency: Currency = Field(default="CNY", title="Currency")


class Publication(Payload):
    in_force_from: AwareDatetime | None = Field(default=None, title="In force from (empty: at once)")


class ItemList(Payload):
    """The whole list at once; what is not in it is not in the draft any more."""

    items: Annotated[list[ItemRecord], Field(max_length=5000)] = Field(title="Rows")

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len({item.code for item in self.items}) < len(self.items):
            raise ValueError("every code stands once")
        return self


class ItemRows(Payload):
    """Rows of a spreadsheet as texts by column; numbered from 1 in the answer."""

    rows: Annotated[
        list[dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=1000)]]],
        Field(min_length=1, max_length=5000),
    ] = Field(title="Rows")
