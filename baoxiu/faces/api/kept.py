"""Shapes of what the rooms keep about a case, read from their objects."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from baoxiu.faces.api.shapes import Named, UnitRow

Thing = TypeVar("Thing")
# rows behind a manager of Django's (prefetched)
Related = Annotated[
    list[Thing], BeforeValidator(lambda rows: list(rows.all()) if hasattr(rows, "all") else rows)
]


class Kept(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Person(Kept, Named):
    pass


class WorkOrderRow(Kept):
    id: int
    venue: str
    status: str
    engineer: Person | None
    station: Person | None
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    accepted_at: dt.datetime | None
    under_way_at: dt.datetime | None
    arrived_at: dt.datetime | None
    finished_at: dt.datetime | None
    created_at: dt.datetime


class QuoteLineRow(Kept):
    item: str
    kind: str
    text: str
    quantity: Decimal
    price: Decimal
    is_free: bool
    reason: str
    option: str
    tax_rate: Decimal
    tax: Decimal
    total: Decimal


class ConsentRow(Kept):
    outcome: str
    name: str
    way: str
    option: str
    agreed: Decimal
    is_signed: bool
    at: dt.datetime
    text_sha256: str
    sha256: str


class SumRow(Kept):
    net: Decimal
    tax: Decimal
    total: Decimal


class QuoteRow(Kept):
    version: int
    status: str
    currency: str
    net: Decimal
    tax: Decimal
    total: Decimal
    tax_included: bool
    sums: Annotated[dict[str, SumRow], BeforeValidator(lambda sums: sums() if callable(sums) else sums)] = (
        Field(description="By option; one sum under the empty name where there is one way only.")
    )
    text: str
    text_sha256: str
    valid_until: dt.datetime
    created_at: dt.datetime
    sent_at: dt.datetime | None
    approved_by: str
    lines: Related[QuoteLineRow]
    consent: ConsentRow | None = None


class BookingRow(Kept):
    """账目: a payment, refund or waiver; its receipt is a PDF."""

    id: int
    number: str
    kind: str
    way: str
    currency: str
    amount: Decimal
    reference: str
    recorded_by: str
    at: dt.datetime


class ParcelRow(Kept):
    id: int
    direction: str
    carrier: str
    tracking: str
    status: str
    sent_at: dt.datetime
    arrived_at: dt.datetime | None


class ReceiptRow(Kept):
    id: int
    condition: str
    accessories: str
    by: str
    at: dt.datetime


class DiagnosisRow(Kept):
    symptom: str
    cause: str
    remedy: str
    fault: str
    cover: str
    text: str
    by: Person | None
    at: dt.datetime


class PartUseRow(Kept):
    text: str
    number: str
    quantity: int


class WorkRecordRow(Kept):
    remedy: str
    text: str
    minutes: int
    parts: Related[PartUseRow]
    by: Person | None
    at: dt.datetime


class SwappedUnit(Kept, UnitRow):
    pass


class UnitSwapRow(Kept):
    old_unit: SwappedUnit | None
    new_unit: SwappedUnit
    text: str
    by: Person | None
    at: dt.datetime


class LoanRow(Kept):
    """备用机: a unit lent for the time of a repair; `condition` and `damage` once it is back."""

    product: str
    serial: str
    text: str
    station: Person | None
    lent_at: dt.datetime
    due_date: dt.date
    returned_at: dt.datetime | None
    condition: str
    damage: str


class FollowUpRow(Kept):
    kind: str
    round: int
    attempt: int
    outcome: str
    detail: str
    satisfaction: int | None
    text: str
    answers: list[dict[str, str]]
    caller: Person | None
    at: dt.datetime


class VerdictRow(Kept):
    """A round: the satisfaction callers wrote down, what the customer rated overall, whether these are two stories."""

    round: int
    told: list[int]
    rated: int | None
    disagrees: bool


class RatingRow(Kept):
    round: int
    engineer: Person | None
    attitude: int
    speed: int
    quality: int
    overall: int
    nps: int | None
    text: str
    at: dt.datetime


class LetterRow(Kept):
    """A message to the customer and its fate; its personal link is not repeated here."""

    id: int
    event: str
    channel: str
    recipient: str
    language: str
    subject: str
    state: str
    attempts: int
    created_at: dt.datetime
    due_at: dt.datetime
    sent_at: dt.datetime | None
    error: str


class SuggestionRow(Kept):
    id: int
    name: str
    eligible: bool
    score: float
    distance_km: float | None
    reasons: list[str]


class StationChoice(Kept):
    id: int
    code: str
    name: str
    region: str
    load: int


class SimilarCase(Kept):
    number: str
    subject: str
    stage: str
    outcome: str
    remedy: str
    product: str
    created_at: dt.datetime
    alike: float


class DuplicateRow(Kept):
    number: str
    subject: str
    stage: str
    created_at: dt.datetime
    reasons: list[str]
    likeness: float
    score: int


class DecisionRow(Kept):
    """判定: who pays, by which rules, and who overrode it why."""

    outcome: str
    decision: dict[str, Any]
    step: str
    entry_no: int
    at: dt.datetime
    by: str
    is_override: bool
    reason: str
