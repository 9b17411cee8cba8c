"""One typed payload per step: form, API schema and validation derive from it.

Free words are `Words`/`Line`: personal content that the journal keeps erasable. Everything else goes
into the journal's body. Titles are English message ids.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from baoxiu.sop import codes
from baoxiu.sop.text import Text

_CONTROL = {i for i in range(32)} - {9, 10} | {127, 0x2028, 0x2029}


def _clean(value: str) -> str:
    """Refuses control characters; CRLF becomes LF. Raises ValueError."""
    value = value.replace("\r\n", "\n").strip()
    if any(ord(c) in _CONTROL or 0xD800 <= ord(c) <= 0xDFFF for c in value):
        raise ValueError("control characters are not allowed")
    return value


def _one_line(value: str) -> str:
    if "\n" in value or "\t" in value:
        raise ValueError("must be one line")
    return value


PERSONAL: dict[str, Any] = {"personal": True}
Words = Annotated[str, AfterValidator(_clean), Field(max_length=8000, json_schema_extra={**PERSONAL, "widget": "textarea"})]
NeededWords = Annotated[str, AfterValidator(_clean), Field(min_length=1, max_length=8000, json_schema_extra={**PERSONAL, "widget": "textarea"})]
Line = Annotated[str, AfterValidator(_clean), AfterValidator(_one_line), Field(max_length=200, json_schema_extra=PERSONAL)]
NeededLine = Annotated[str, AfterValidator(_clean), AfterValidator(_one_line), Field(min_length=1, max_length=200, json_schema_extra=PERSONAL)]
Code = Annotated[str, AfterValidator(_clean), AfterValidator(_one_line), Field(max_length=80)]
Count = Annotated[int, Field(ge=0, le=1_000_000, strict=False)]
Amount = Annotated[Decimal, Field(ge=0, le=Decimal("10000000"), max_digits=12, decimal_places=2, allow_inf_nan=False)]
Id = Annotated[int, Field(ge=1, le=2**53)]
Files = Annotated[list[Id], Field(default_factory=list, max_length=20, title="Photos and files", json_schema_extra={"widget": "files"})]


@dataclass(frozen=True)
class OneOf:
    """A code of `table`; schema and form carry the table's words."""

    table: codes.Codes

    def check(self, value: str) -> str:
        if value not in self.table:
            raise ValueError("must be one of: " + ", ".join(self.table))
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        words = {code: [text.en, text.zh] for code, text in self.table.items()}
        return {**handler(schema), "enum": list(self.table), "x-words": words}


Channel = Annotated[str, OneOf(codes.CHANNELS)]
Kind = Annotated[str, OneOf(codes.KINDS)]
Priority = Annotated[str, OneOf(codes.PRIORITIES)]
Fault = Annotated[str, OneOf(codes.FAULTS)]
Service = Annotated[str, OneOf(codes.SERVICES)]
Venue = Annotated[str, OneOf(codes.VENUES)]
Symptom = Annotated[str, OneOf(codes.SYMPTOMS)]
Cause = Annotated[str, OneOf(codes.CAUSES)]
Remedy = Annotated[str, OneOf(codes.REMEDIES)]
ConsentWay = Annotated[str, OneOf(codes.CONSENT_WAYS)]
HoldReason = Annotated[str, OneOf(codes.HOLD_REASONS)]
CarriedBy = Annotated[str, OneOf(codes.CARRIED_BY)]
DeclineReason = Annotated[str, OneOf(codes.DECLINE_REASONS)]
WithdrawReason = Annotated[str, OneOf(codes.WITHDRAW_REASONS)]
LineKind = Annotated[str, OneOf(codes.LINE_KINDS)]
ProductClass = Annotated[str, OneOf(codes.PRODUCT_CLASSES)]
Language = Annotated[str, OneOf(codes.LANGUAGES)]
Currency = Annotated[str, OneOf({c: Text(c, c) for c in codes.CURRENCIES})]
Score = Annotated[int, Field(ge=1, le=5, json_schema_extra={"widget": "stars"})]


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


class Register(Payload):
    """C4.1: one registration for every channel. Who: phone or e-mail or a known customer."""

    channel: Channel = Field(title="Channel")
    kind: Kind = Field(default="repair", title="Kind of request")
    problem: NeededWords = Field(title="What is the matter?")
    subject: Line = Field(default="", title="Subject")
    language: Language = Field(default="zh", title="Language")
    customer_id: Id | None = Field(default=None, title="Known customer")
    name: Line = Field(default="", title="Name")
    company: Line = Field(default="", title="Company")
    phone: Line = Field(default="", title="Phone")
    email: Line = Field(default="", title="E-mail")
    address: Address | None = Field(default=None, title="Address")
    unit_id: Id | None = Field(default=None, title="Known unit")
    serial: Code = Field(default="", title="Serial number")
    model: Code = Field(default="", title="Model")
    product_class: ProductClass = Field(default="appliance", title="Product class")
    product: Line = Field(default="", title="Product")
    brand: Line = Field(default="", title="Brand")
    purchase_date: dt.date | None = Field(default=None, title="Purchase date")
    venue: Annotated[str, Field(pattern="^(|onsite|depot)$", title="Preferred service type")] = ""
    reference: Code = Field(default="", title="Your reference")
    files: Files

    @model_validator(mode="after")
    def _somebody(self) -> Register:
        if not (self.customer_id or self.phone or self.email or self.name):
            raise ValueError("a phone number, an e-mail address or a name is needed")
        return self


class Reply(Payload):
    text: NeededWords = Field(title="Reply")
    files: Files


class Message(Payload):
    text: NeededWords = Field(title="Message")
    files: Files


class Note(Payload):
    text: NeededWords = Field(title="Internal note")
    files: Files


class Call(Payload):
    direction: Literal["in", "out"] = Field(default="out", title="Direction")
    text: NeededWords = Field(title="What was said")


class CallAttempt(Payload):
    text: Words = Field(default="", title="Remark")


class Chase(Payload):
    text: Words = Field(default="", title="Message")


class Correct(Payload):
    """C4.1: a wrong phone, unit or address on record. Only what is filled in changes."""

    name: Line = Field(default="", title="Name")
    phone: Line = Field(default="", title="Phone")
    email: Line = Field(default="", title="E-mail")
    address: Address | None = Field(default=None, title="Address")
    serial: Code = Field(default="", title="Serial number")
    purchase_date: dt.date | None = Field(default=None, title="Purchase date")
    reason: NeededWords = Field(title="Reason")


class Hold(Payload):
    reason: HoldReason = Field(title="Reason")
    until: dt.date | None = Field(default=None, title="Until")
    text: NeededWords = Field(title="Remark")


class Resume(Payload):
    text: Words = Field(default="", title="Remark")


class Merge(Payload):
    into: Code = Field(title="Number of the case to keep", min_length=1)
    text: Words = Field(default="", title="Remark")


class Withdraw(Payload):
    reason: WithdrawReason = Field(title="Reason")
    text: Words = Field(default="", title="Remark")


class WithdrawReturn(Withdraw):
    pass


class Triage(Payload):
    """C4.2: the entitlement is computed from these, never sent in."""

    symptom: Symptom = Field(title="Symptom")
    fault: Fault = Field(default="unknown", title="Quality fault?")
    cause: Line = Field(default="", title="Presumed cause")
    priority: Priority = Field(default="3", title="Priority")
    purchase_date: dt.date | None = Field(default=None, title="Purchase date (if it was missing)")
    text: Words = Field(default="", title="Remark")


class OverrideCover(Payload):
    cover: Literal["free", "paid"] = Field(title="Decision")
    reason: NeededWords = Field(title="Reason")


class Advise(Payload):
    text: NeededWords = Field(title="Advice that solved it")


class Confirm(Payload):
    service: Service = Field(default="repair", title="Repair or replacement")
    venue: Venue = Field(title="Service type")
    agreed_by: Line = Field(default="", title="Who agreed")
    way: ConsentWay = Field(default="phone", title="How")


class Assign(Payload):
    engineer: Id = Field(title="Engineer", json_schema_extra={"widget": "engineer"})
    text: Words = Field(default="", title="Remark")


class AssignStation(Payload):
    station: Id = Field(title="Station", json_schema_extra={"widget": "station"})
    text: Words = Field(default="", title="Packing instructions")


class Accept(Payload):
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


class SetOut(Payload):
    minutes: Annotated[int, Field(ge=0, le=1440)] | None = Field(default=None, title="Minutes until arrival")


class CheckIn(Payload):
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = Field(default=None, title="Latitude")
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = Field(default=None, title="Longitude")
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


class Diagnose(Payload):
    symptom: Symptom = Field(title="Symptom")
    cause: Cause = Field(title="Cause")
    remedy: Remedy = Field(title="Planned remedy")
    fault: Fault = Field(title="Quality fault?")
    text: Words = Field(default="", title="Findings")
    files: Files


class QuoteLine(Payload):
    kind: LineKind = Field(default="labour", title="Kind")
    text: NeededLine = Field(title="Description")
    quantity: Annotated[Decimal, Field(gt=0, le=10000, max_digits=8, decimal_places=2, allow_inf_nan=False)] = Field(default=Decimal(1), title="Quantity")
    price: Amount = Field(title="Unit price")
    free: bool = Field(default=False, title="Free of charge")


class Quote(Payload):
    currency: Currency = Field(default="CNY", title="Currency")
    lines: Annotated[list[QuoteLine], Field(min_length=1, max_length=100, title="Lines", json_schema_extra={"widget": "lines"})]
    valid_days: Annotated[int, Field(ge=1, le=90)] = Field(default=14, title="Valid for (days)")
    text: Words = Field(default="", title="Explanation for the customer")


class AcceptQuote(Payload):
    version: Annotated[int, Field(ge=1, le=1000)] = Field(title="Quote version", json_schema_extra={"widget": "version"})
    name: NeededLine = Field(title="Who agreed")
    way: ConsentWay = Field(default="phone", title="How")


class DeclineQuote(Payload):
    version: Annotated[int, Field(ge=1, le=1000)] = Field(title="Quote version", json_schema_extra={"widget": "version"})
    name: Line = Field(default="", title="Who declined")
    way: ConsentWay = Field(default="phone", title="How")
    reason: Words = Field(default="", title="Reason")


class ReviseQuote(Payload):
    reason: NeededWords = Field(title="Reason")


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
    parts: Annotated[list[PartLine], Field(default_factory=list, max_length=50, title="Parts used", json_schema_extra={"widget": "lines"})]
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
    expected: dt.date | None = Field(default=None, title="Expected on")


class PartsArrived(Payload):
    text: Words = Field(default="", title="Remark")


class ReturnVisit(Payload):
    text: Words = Field(default="", title="Remark")


class HandOver(Payload):
    signer: NeededLine = Field(title="Signed by")
    signature: Annotated[str, Field(max_length=100_000, pattern=r"^[\[\]{}0-9a-zA-Z\":,._ -]*$", title="Signature", json_schema_extra={**PERSONAL, "widget": "signature"})]
    text: Words = Field(default="", title="Remark")
    files: Files


class ShipOut(Payload):
    carrier: Line = Field(title="Carrier", min_length=1)
    tracking: Line = Field(title="Tracking number", min_length=1)


class Deliver(Payload):
    text: Words = Field(default="", title="Remark")


class Collect(Payload):
    signer: NeededLine = Field(title="Collected by")
    signature: Annotated[str, Field(default="", max_length=100_000, pattern=r"^[\[\]{}0-9a-zA-Z\":,._ -]*$", title="Signature", json_schema_extra={**PERSONAL, "widget": "signature"})]


class FollowUp(Payload):
    works: Literal[True] = Field(default=True, title="The product works")
    satisfaction: Score = Field(title="How satisfied does the customer say he is?")
    questions: Words = Field(default="", title="Questions and answers")


class FollowUpMissed(Payload):
    text: Words = Field(default="", title="Remark")


class WaiveFollowUp(Payload):
    reason: NeededWords = Field(title="Reason")


class FinalFollowUp(Payload):
    works: Literal[True] = Field(default=True, title="The product works")
    satisfaction: Score = Field(title="How satisfied does the customer say he is?")
    text: Words = Field(default="", title="What the customer said")


class FinalMissed(FollowUpMissed):
    pass


class WaiveFinal(WaiveFollowUp):
    pass


class Reopen(Payload):
    reason: NeededWords = Field(title="What is still wrong?")
    owner: Id | None = Field(default=None, title="Who takes care of it", json_schema_extra={"widget": "agent"})


class Rate(Payload):
    """C5.1: from the customer only, once."""

    attitude: Score = Field(title="Attitude")
    speed: Score = Field(title="Speed")
    quality: Score = Field(title="Quality")
    overall: Score = Field(title="Overall")
    nps: Annotated[int, Field(ge=0, le=10, json_schema_extra={"widget": "nps"})] | None = Field(default=None, title="Would you recommend us? (0–10)")
    text: Words = Field(default="", title="Your words")


class Close(Payload):
    text: Words = Field(default="", title="Remark")


def _name(cls: type[Payload]) -> str:
    return "".join(("_" if c.isupper() and i else "") + c.lower() for i, c in enumerate(cls.__name__))


_PARTS = {Address, QuoteLine, PartLine}
PAYLOADS: dict[str, type[Payload]] = {
    _name(cls): cls
    for cls in list(globals().values())
    if isinstance(cls, type) and issubclass(cls, Payload) and cls is not Payload and cls not in _PARTS
}


def is_personal(field: Any) -> bool:
    """Whether a model field holds personal words (kept outside the hashed body)."""
    extra = field.json_schema_extra
    if isinstance(extra, dict) and extra.get("personal"):
        return True
    return any(isinstance(getattr(m, "json_schema_extra", None), dict) and m.json_schema_extra.get("personal") for m in field.metadata)


def split(payload: Payload) -> tuple[dict[str, Any], dict[str, Any]]:
    """(body, personal): JSON-ready values; nested models follow their own fields' marks."""
    body: dict[str, Any] = {}
    personal: dict[str, Any] = {}
    dumped = payload.model_dump(mode="json")
    for name, field in type(payload).model_fields.items():
        value = getattr(payload, name)
        nested = isinstance(value, Payload) or (isinstance(value, list) and value and isinstance(value[0], Payload))
        if value in ("", None, [], ()):
            continue
        (personal if nested or is_personal(field) else body)[name] = dumped[name]
    return body, personal
