"""What answers look like. Lists and single rows are read by these shapes (see `pages.columns`)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, Field

COMPUTED: dict[str, Any] = {"computed": True}


class Named(BaseModel):
    id: int
    name: str


class UnitRow(BaseModel):
    id: int
    product: str
    brand: str
    serial: str
    product_class: str


class CaseRow(BaseModel):
    """服务单, as in lists."""

    id: int
    number: str
    reference: str | None = Field(description="The sender's own number.")
    stage: str
    stage_since: dt.datetime
    is_open: bool
    channel: str
    kind: str
    language: str
    priority: int
    subject: str
    customer: Named | None
    unit: UnitRow | None
    owner: Named | None
    engineer: Named | None
    station: Named | None
    next_duty: str
    next_due_at: dt.datetime | None
    created_at: dt.datetime
    closed_at: dt.datetime | None
    last_at: dt.datetime


class Contacts(BaseModel):
    """How the customer is reached; null for those who need not know (C9)."""

    name: str
    phone: str
    email: str


class SiteRow(BaseModel):
    id: int
    label: str
    country: str
    province: str
    city: str
    district: str
    street: str
    lat: float | None
    lon: float | None


class DutyOfCase(BaseModel):
    id: int
    kind: str
    clause: str
    party: str
    owner: Named | None
    opened_at: dt.datetime
    warn_at: dt.datetime
    due_at: dt.datetime
    title: str = Field(json_schema_extra=COMPUTED)


class CaseOfDuty(BaseModel):
    id: int
    number: str
    subject: str
    stage: str
    priority: int
    customer: Named | None


class DutyRow(DutyOfCase):
    """应办事项: what is owed next."""

    case: CaseOfDuty


class StepNow(BaseModel):
    """A step you may take now: POST its payload to `href`."""

    name: str
    noun: str
    title: str
    clause: str
    href: str


class CaseDetail(CaseRow):
    """One case with what stands around it."""

    facts: dict[str, str] = Field(json_schema_extra=COMPUTED)
    contact: Contacts | None = Field(json_schema_extra=COMPUTED)
    site: SiteRow | None
    merged_into: str | None = Field(json_schema_extra=COMPUTED)
    procedure: str = Field(description="SHA-256 of the procedure it runs under.")
    journal_count: int = Field(
        description="Also the ETag: send it as If-Match to be told when somebody was faster."
    )
    duties: list[DutyOfCase] = Field(json_schema_extra=COMPUTED)
    steps: list[StepNow] = Field(json_schema_extra=COMPUTED)


class Taken(BaseModel):
    """A step taken; the same again when the Idempotency-Key comes again."""

    number: str
    step: str
    entry_no: int
    stage: str
    extra: dict[str, Any]


class FileRow(BaseModel):
    id: int
    name: str
    media_type: str
    size: int
    created_at: dt.datetime


class Entry(BaseModel):
    """流水: one step taken. `body`, `words` and `hash` are for staff; a company's key gets `text` of what was said to it."""

    no: int
    at: dt.datetime
    step: str
    title: str
    clause: str
    party: str
    actor_name: str
    from_stage: str
    to_stage: str
    text: str
    files: list[FileRow]
    body: dict[str, Any] | None
    words: dict[str, Any] | None
    hash: str | None
