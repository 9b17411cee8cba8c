"""What every payload is."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from baoxiu.sop.fields import Line


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
