"""C4: cases in lists, newest first; every filter finds an index, every page costs the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from django.db.models import Case as When_
from django.db.models import F, QuerySet
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from baoxiu.cases import search
from baoxiu.cases.models import Case, Duty
from baoxiu.people.actors import Actor
from baoxiu.sop import payloads
from baoxiu.sop.standard import STANDARD

After = tuple[dt.datetime, int]  # created_at and id of the last row seen
SEARCHED = 2000  # how many hits of a search the other filters look through
ROW = (
    "id", "number", "subject", "stage", "stage_since", "is_open", "channel", "kind", "priority", "created_at", "closed_at",
    "next_duty", "next_due_at", "customer__name", "contact_name", "unit__brand", "unit__product", "unit__serial",
    "unit__product_class", "owner_id", "owner__name", "engineer__name", "station__name", "last_line", "last_at",
)  # fmt: skip


def _known(names: Any, what: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in names:
            raise ValueError(f"there is no {what} “{value[:30]}”")
        return value

    return AfterValidator(check)


Stage = Annotated[str, _known(STANDARD.stage, "stage")]
DutyKind = Annotated[str, _known(STANDARD.duty, "duty")]
Clause = Annotated[str, Field(pattern=r"^[A-Z]\d+(\.\d+[a-z]?)?$")]
Optional = None


class Filter(BaseModel):
    """What a list is narrowed to. Dates are days of `timezone` of the caller, both included."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    q: Annotated[str, Field(max_length=200)] = ""
    status: Literal["open", "closed", ""] = ""
    stage: Stage | None = None
    owner: payloads.Id | Literal["none"] | None = None
    engineer: payloads.Id | None = None
    station: payloads.Id | None = None
    customer: payloads.Id | None = None
    unit: payloads.Id | None = None
    channel: payloads.Channel | None = None
    kind: payloads.Kind | None = None
    product_class: payloads.ProductClass | None = None
    priority: payloads.Priority | None = None
    late: bool = False
    duty: DutyKind | None = None
    clause: Clause | None = None
    from_date: dt.date | None = None
    to_date: dt.date | None = None
