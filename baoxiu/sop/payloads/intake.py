"""C4.1, C4.2: registration, the conversation on the case, triage."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from baoxiu.sop.fields import (
    Amount,
    Channel,
    Code,
    ConsentWay,
    CurrencyKept,
    Fault,
    Files,
    HoldReason,
    Id,
    Kind,
    Language,
    Line,
    LinkPurpose,
    NeededWords,
    Part,
    Priority,
    PriorityOrNone,
    ProductClass,
    Proof,
    Service,
    Symptom,
    Venue,
    WithdrawReason,
    Words,
)
from baoxiu.sop.payloads.base import Address, NeededParts, Payload


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
    consent: Literal[True] | None = Field(default=None, title="Agreed to the use of personal data")
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
    delivered_date: dt.date | None = Field(default=None, title="Delivery date (if later)")
    installed_date: dt.date | None = Field(default=None, title="Installed on")
    price: Amount | None = Field(default=None, title="Price paid (invoice)")
    currency: CurrencyKept = Field(default="", title="Currency of the price")
    proof: Proof = Field(default="", title="Proof of purchase")
    reason: NeededWords = Field(title="Reason")


class TakeOver(Payload):
    """C4.1: who answers for the case to the customer; the open duties of the agents go along."""

    owner: Id = Field(title="Owner", json_schema_extra={"widget": "agent"})


class GiveLink(Payload):
    """C9: a colleague copies a personal link for the customer; who holds it acts as the customer."""

    purpose: LinkPurpose = Field(default="track", title="For what")


class RevokeLink(Payload):
    purpose: LinkPurpose = Field(default="track", title="For what")


class Hold(Payload):
    reason: HoldReason = Field(title="Reason")
    until: dt.date | None = Field(default=None, title="Until")
    text: NeededWords = Field(title="Remark")


class Resume(Payload):
    text: Words = Field(default="", title="Remark")


class Escalate(Payload):
    """C5.2: more urgent, or for the whole team. Due times follow the new priority."""

    priority: PriorityOrNone = Field(default="", title="Priority")
    duty: Code = Field(
        default="", title="Duty to give to the whole team", json_schema_extra={"widget": "duty"}
    )
    reason: NeededWords = Field(title="Reason")


class Retime(Payload):
    """C5.2: by the levels, calendars and contract in force now; no pause is lost."""

    reason: NeededWords = Field(title="Reason")


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
    part: Part = Field(default="", title="Main part concerned")
    cause: Line = Field(default="", title="Presumed cause")
    priority: Priority = Field(default="3", title="Priority")
    purchase_date: dt.date | None = Field(default=None, title="Purchase date (if it was missing)")
    proof: Proof = Field(default="", title="Proof of purchase")
    found_on: dt.date | None = Field(default=None, title="Fault first seen on (empty: when reported)")
    text: Words = Field(default="", title="Remark")
    parts: NeededParts


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
