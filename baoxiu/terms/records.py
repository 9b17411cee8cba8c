"""C3, C7: what is filled in to publish the company's promise and to switch rules."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from baoxiu.sop.fields import Code, Line, NeededLine
from baoxiu.sop.payloads import Payload


class WarrantyPublication(Payload):
    in_force_from: dt.date | None = Field(default=None, title="In force from (empty: as soon as may be)")
    reason: NeededLine = Field(title="Why it is published")
    sign_off: Line = Field(default="", title="Signed off by legal counsel (who, on what ground)")


class WarrantyWithdrawal(Payload):
    reason: NeededLine = Field(title="Why it is withdrawn")


class Switch(Payload):
    rule: Annotated[Code, Field(min_length=1)] = Field(title="Rule")
    is_on: bool = Field(title="Switched on")
    reason: NeededLine = Field(title="Reason")
