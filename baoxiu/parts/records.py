"""M4: what is filled in about parts on hand; forms and API derive from it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from baoxiu.sop import codes
from baoxiu.sop.fields import Code, Id, Line, OneOf
from baoxiu.sop.payloads import Payload

Number = Annotated[Code, Field(min_length=1)]
Pieces = Annotated[int, Field(ge=1, le=100_000)]


class HoldingRecord(Payload):
    """What is counted of one part; it replaces what was on record for the number."""

    number: Number = Field(title="Part number")
    name: Annotated[Line, Field(max_length=200)] = Field(default="", title="Part")
    quantity: Annotated[int, Field(ge=0, le=100_000)] = Field(title="Pieces")
    text: Line = Field(default="", title="Remark")


class StockRecord(Payload):
    """Pieces that come, go, change place, or are kept for a case from now on or no longer."""

    kind: Annotated[str, OneOf(codes.STOCK_ACTS)] = Field(default="received", title="What happens")
    number: Number = Field(title="Part number")
    name: Line = Field(default="", title="Part (if new here)")
    quantity: Pieces = Field(default=1, title="Pieces")
    case: Annotated[str, Field(max_length=20)] = Field(default="", title="For the case (number)")
    to_station: Id | None = Field(
        default=None, title="To the stockroom of", json_schema_extra={"widget": "station"}
    )
    to_staff: Id | None = Field(default=None, title="To the van of", json_schema_extra={"widget": "engineer"})
    text: Line = Field(default="", title="Remark")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.kind == "transfer") != bool(self.to_station or self.to_staff):
            raise ValueError("a transfer, and nothing else, has a place to go to")
        if self.to_station and self.to_staff:
            raise ValueError("one place to go to")
        if self.kind in ("reserve", "release") and not self.case:
            raise ValueError("say for which case")
        if self.kind in ("received", "written_off") and self.case:
            raise ValueError("what comes in or is written off belongs to no case")
        if self.kind == "written_off" and not self.text:
            raise ValueError("say why it is written off")
        return self


class ReservationRecord(Payload):
    """Pieces of one holding kept for a case."""

    holding: Id = Field(title="Stock", json_schema_extra={"widget": "holding"})
    quantity: Pieces = Field(default=1, title="Pieces")
