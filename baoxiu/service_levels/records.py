"""C5.2: what is filled in to keep contracts."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from baoxiu.sop.fields import Id
from baoxiu.sop.payloads import Payload

Slug = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]


class ContractRecord(Payload):
    customer: Id = Field(title="Customer number")
    code: Slug = Field(title="Contract number")
    tier: Slug | None = Field(default=None, title="Tier")
    from_date: dt.date = Field(title="From")
    until_date: dt.date | None = Field(default=None, title="Until (exclusive)")
