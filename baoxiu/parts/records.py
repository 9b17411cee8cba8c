"""M4: what is filled in about parts on hand; forms and API derive from it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from baoxiu.sop.fields import Code, Line
from baoxiu.sop.payloads import Payload


class HoldingRecord(Payload):
    """What is counted of one part; it replaces what was on record for the number."""

    number: Annotated[Code, Field(min_length=1)] = Field(title="Part number")
    name: Annotated[Line, Field(max_length=200)] = Field(default="", title="Part")
    quantity: Annotated[int, Field(ge=0, le=100_000)] = Field(title="Pieces")
