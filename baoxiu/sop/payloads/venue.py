"""C4.3, C4.4: assignment, visits, parcels."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import AwareDatetime, Field, model_validator

from baoxiu.sop.fields import (
    CarriedBy,
    DeclineReason,
    Files,
    Id,
    Line,
    NeededLine,
    NeededWords,
    Signature,
    Words,
)
from baoxiu.sop.payloads.base import NeededParts, Payload


class NeedParts(Payload):
    """All the parts a job needs; they replace what was on record."""

    parts: NeededParts


class Assign(Payload):
    engineer: Id = Field(title="Engineer", json_schema_extra={"widget": "engineer"})
    text: Words = Field(default="", title="Remark")


class AssignStation(Payload):
    station: Id = Field(title="Station", json_schema_extra={"widget": "station"})
    text: Words = Field(default="", title="Packing instructions")


class Accept(Payload):
    pass


class AcceptPromised(Payload):
    pass


class Decline(Payload):
    reason: DeclineReason = Field(title="Reason")
    text: Words = Field(default="", title="Remark")


class Reassign(Payload):
    engineer: Id = Field(title="Engineer", json_schema_extra={"widget": "engineer"})
    reason: NeededWords = Field(title="Reason")


class Appoint(Payload):
    starts_at: AwareDatetime = Field(title="From")
    ends_at: AwareDatetime = Field(title="Until")
    agreed_with: Line = Field(default="", title="Agreed with")

    @model_validator(mode="after")
    def _in_order(self) -> Appoint:
        if not dt.timedelta(0) < self.ends_at - self.starts_at <= dt.timedelta(hours=24):
            raise ValueError("the window must end after it starts, within 24 hours")
        return self


class PromiseWindow(Appoint):
    """C4.3: the same, before an engineer has said yes."""


class SetOut(Payload):
    minutes: Annotated[int, Field(ge=0, le=1440)] | None = Field(default=None, title="Minutes until arrival")


class CheckIn(Payload):
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = Field(
        default=None, title="Latitude"
    )
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = Field(
        default=None, title="Longitude"
    )
    files: Files


class CustomerAbsent(Payload):
    text: Words = Field(default="", title="Remark")
    files: Files


class ShipIn(Payload):
    carrier: Line = Field(title="Carrier", min_length=1)
    tracking: Line = Field(title="Tracking number", min_length=1)


class Receive(Payload):
    condition: NeededWords = Field(title="Condition on receipt")
    accessories: Words = Field(default="", title="Accessories")
    files: Files


class TakeOn(Payload):
    engineer: Id = Field(title="Engineer", json_schema_extra={"widget": "engineer"})


class ToDepot(Payload):
    station: Id = Field(title="Station", json_schema_extra={"widget": "station"})
    carried_by: CarriedBy = Field(title="How does it get there?")
    reason: NeededWords = Field(title="Reason")


class ToSite(Payload):
    reason: NeededWords = Field(title="Reason")


class ShipOut(Payload):
    carrier: Line = Field(title="Carrier", min_length=1)
    tracking: Line = Field(title="Tracking number", min_length=1)


class Deliver(Payload):
    text: Words = Field(default="", title="Remark")


class Collect(Payload):
    signer: NeededLine = Field(title="Collected by")
    signature: Signature = ""
