"""What every payload is."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from baoxiu.sop.fields import Code, Line


class Payload(BaseModel):
    """Unknown fields are refused: nothing computed by the server can be sent in."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Address(Payload):
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$", title="Country")] = "CN"
    province: Line = Field(default="", title="Province")
    city: Line = Field(default="", title="City")
    district: Line = Field(default="", title="District")
    street: Line = Field(default="", title="Street and number")
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, title="Latitude")] | None = None
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, title="Longitude")] | None = None


class NeededPart(Payload):
    """A part somebody has to bring along."""

    number: Annotated[Code, Field(min_length=1, title="Part number")]
    name: Line = Field(default="", title="Part")
    quantity: Annotated[int, Field(ge=1, le=1000)] = Field(default=1, title="Quantity")


NeededParts = Annotated[
    list[NeededPart],
    Field(default_factory=list, max_length=20, title="Parts to bring", json_schema_extra={"widget": "lines"}),
]
