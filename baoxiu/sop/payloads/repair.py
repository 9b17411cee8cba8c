"""C4.5: diagnosis, quote and consent, work, hand-over of the repaired product."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from baoxiu.sop import charges
from baoxiu.sop.fields import (
    Amount,
    Cause,
    ChargeReason,
    Code,
    ConsentWay,
    Currency,
    Exclusion,
    Fault,
    Files,
    LimitChoice,
    Line,
    LineKind,
    Loan,
    LoanerCondition,
    NeededLine,
    NeededWords,
    Objection,
    Part,
    PartWait,
    PaymentWay,
    Proof,
    QuoteOption,
    Remedy,
    Signature,
    Symptom,
    Words,
)
from baoxiu.sop.payloads.base import NeededParts, Payload


class Diagnose(Payload):
    symptom: Symptom = Field(title="Symptom")
    cause: Cause = Field(title="Cause")
    remedy: Remedy = Field(title="Planned remedy")
    fault: Fault = Field(title="Quality fault?")
    part: Part = Field(default="", title="Main part concerned")
    exclusion: Exclusion = Field(default="", title="What excludes it from the warranty")
    proof: Proof = Field(default="", title="Proof of purchase")
    found_on: dt.date | None = Field(default=None, title="Fault first seen on (empty: when reported)")
    text: Words = Field(default="", title="Findings")
    files: Files

    @model_validator(mode="after")
    def _documented(self) -> Diagnose:
        if self.exclusion and self.fault == "quality":
            raise ValueError("a quality fault is not excluded; say what it is")
        if self.exclusion and not self.text and not self.files:
            raise ValueError("an exclusion needs evidence: findings in words, or photos")
        return self


class QuoteLine(Payload):
    """A row of the price list (`item`: its words and price are the list's), or one written by hand."""

    item: Code = Field(default="", title="From the price list", json_schema_extra={"widget": "price_item"})
    kind: LineKind = Field(default="labour", title="Kind")
    text: Line = Field(default="", title="Description")
    quantity: Annotated[
        Decimal, Field(gt=0, le=10000, max_digits=8, decimal_places=2, allow_inf_nan=False)
    ] = Field(default=Decimal(1), title="Quantity")
    price: Amount | None = Field(default=None, title="Unit price")
    free: bool = Field(default=False, title="Free of charge")
    reason: ChargeReason = Field(default="", title="Why free or charged")
    option: QuoteOption = Field(default="", title="Only in")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.item and not self.text:
            raise ValueError("a line needs words or an item of the price list")
        if not self.item and self.price is None:
            raise ValueError("a line needs a price or an item of the price list")
        if self.item and self.price is not None:
            raise ValueError("the price of an item is the price list's")
        if not charges.fits(self.reason, self.free):
            raise ValueError("free and charged lines have reasons of their own")
        return self


class Quote(Payload):
    currency: Currency = Field(default="CNY", title="Currency")
    lines: Annotated[
        list[QuoteLine],
        Field(min_length=1, max_length=100, title="Lines", json_schema_extra={"widget": "lines"}),
    ]
    valid_days: Annotated[int, Field(ge=1, le=90)] = Field(default=14, title="Valid for (days)")
    text: Words = Field(default="", title="Explanation for the customer")


class SubmitQuote(Quote):
    pass


class ApproveQuote(Payload):
    version: Annotated[int, Field(ge=1, le=1000)] = Field(
        title="Quote version", json_schema_extra={"widget": "version"}
    )
    text: Words = Field(default="", title="Remark")


class ReturnQuote(Payload):
    reason: NeededWords = Field(title="Reason")


class AcceptQuote(Payload):
    version: Annotated[int, Field(ge=1, le=1000)] = Field(
        title="Quote version", json_schema_extra={"widget": "version"}
    )
    option: QuoteOption = Field(default="", title="Chosen option", json_schema_extra={"widget": "option"})
    name: NeededLine = Field(title="Who agreed")
    way: ConsentWay = Field(default="phone", title="How")
    signature: Signature = ""
    text_sha256: Code = Field(default="", title="Hash of the words shown")


class DeclineQuote(Payload):
    version: Annotated[int, Field(ge=1, le=1000)] = Field(
        title="Quote version", json_schema_extra={"widget": "version"}
    )
    name: Line = Field(default="", title="Who declined")
    way: ConsentWay = Field(default="phone", title="How")
    reason: Words = Field(default="", title="Reason")


class ReviseQuote(Payload):
    reason: NeededWords = Field(title="Reason")


Paid = Annotated[
    Decimal, Field(gt=0, le=Decimal("10000000"), max_digits=12, decimal_places=2, allow_inf_nan=False)
]


class RecordPayment(Payload):
    amount: Paid = Field(title="Amount")
    way: PaymentWay = Field(default="cash", title="How paid")
    reference: Code = Field(default="", title="Reference")
    text: Words = Field(default="", title="Remark")


class Refund(Payload):
    amount: Paid = Field(title="Amount")
    way: PaymentWay = Field(default="transfer", title="How paid")
    reference: Code = Field(default="", title="Reference")
    reason: NeededWords = Field(title="Reason")
    still_due: bool = Field(default=False, title="To be paid another way: the bill stays as it is")


class Contest(Payload):
    about: Objection = Field(default="entitlement", title="About what")
    text: Words = Field(default="", title="Why (optional)")


class Uphold(Payload):
    text: NeededWords = Field(title="Reasons for the customer")


class Concede(Payload):
    text: NeededWords = Field(title="Reasons for the customer")


class ReduceBill(Payload):
    amount: Paid = Field(title="Not asked for any more")
    text: NeededWords = Field(title="Reasons for the customer")


class Lend(Payload):
    outcome: Loan = Field(default="lent", title="Loaner")
    product: Line = Field(default="", title="What is lent")
    serial: Code = Field(default="", title="Its serial number")
    until: dt.date | None = Field(default=None, title="To be returned by")
    text: Words = Field(default="", title="Condition and accessories")
    files: Files


class ReturnLoaner(Payload):
    condition: LoanerCondition = Field(default="good", title="Condition")
    text: Words = Field(default="", title="What is damaged or missing")
    files: Files

    @model_validator(mode="after")
    def _said(self) -> ReturnLoaner:
        if self.condition not in ("good", "worn") and not self.text:
            raise ValueError("what is damaged or missing needs words")
        return self


class SettleLimit(Payload):
    """What the customer chose when the repair reached, or will reach, the limit of the law."""

    choice: LimitChoice = Field(title="The customer chose")
    name: Line = Field(default="", title="Who chose")
    text: Words = Field(default="", title="How it was agreed")
    terms_sha256: Code = Field(default="", title="Hash of the words shown")


class StartWork(Payload):
    pass


class PartLine(Payload):
    text: NeededLine = Field(title="Part")
    number: Code = Field(default="", title="Part number")
    quantity: Annotated[int, Field(ge=1, le=1000)] = Field(default=1, title="Quantity")


class Work(Payload):
    remedy: Remedy = Field(title="Remedy")
    text: NeededWords = Field(title="Work done")
    minutes: Annotated[int, Field(ge=0, le=6000)] = Field(default=0, title="Working time (minutes)")
    parts: Annotated[
        list[PartLine],
        Field(default_factory=list, max_length=50, title="Parts used", json_schema_extra={"widget": "lines"}),
    ]
    files: Files


class Replace(Payload):
    new_serial: Code = Field(title="New serial number", min_length=1)
    text: NeededWords = Field(title="Why replaced")
    files: Files


class PassTest(Payload):
    text: Words = Field(default="", title="What was tested")


class FailTest(Payload):
    text: NeededWords = Field(title="What failed")


class Condemn(Payload):
    reason: NeededWords = Field(title="Reason")


class WaitParts(Payload):
    part: NeededLine = Field(title="Missing part")
    waiting_for: PartWait = Field(default="repairer", title="Whose delay it is")
    expected: dt.date | None = Field(default=None, title="Expected on")


class PartsArrived(Payload):
    text: Words = Field(default="", title="Remark")


class ReturnVisit(Payload):
    text: Words = Field(default="", title="Remark")
    parts: NeededParts


class HandOver(Payload):
    signer: NeededLine = Field(title="Signed by")
    signature: Signature
    text: Words = Field(default="", title="Remark")
    files: Files
