"""C3: the facts a decision is made from, as one JSON object; the schema is derived from here.

Dates are the customer's local dates. What is not known is left out: nothing is assumed in its place.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Code = Annotated[str, Field(max_length=60, pattern=r"^[A-Za-z0-9_./-]*$")]
Money = Annotated[
    Decimal, Field(ge=0, le=Decimal("10000000000"), max_digits=14, decimal_places=2, allow_inf_nan=False)
]
Days = Annotated[int, Field(ge=0, le=36500)]
Months = Annotated[int, Field(ge=0, le=1200)]
Count = Annotated[int, Field(ge=0, le=1000)]
Kilometres = Annotated[int, Field(ge=0, le=10_000_000)]

Cause = Literal["repair", "wait_part_producer", "wait_part_repairer", "customer_delay"]
Exclusion = Literal[
    "",
    "MISUSE",
    "UNAUTH_OPEN",
    "NO_PROOF",
    "PROOF_MISMATCH",
    "FORCE_MAJEURE",
    "DISCLOSED",
    "MODIFIED",
    "SOFTWARE",
    "INDEPENDENT_SERVICE",
]


class Facts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Repair(Facts):
    """One stay in the workshop. Software re-flash and cleaning are repairs too."""

    handed_in_on: dt.date
    ready_on: dt.date | None = None
    """The customer was told that it is ready; missing: not yet."""
    handed_back_on: dt.date | None = None
    started_at: dt.datetime | None = None
    """With `finished_at`: counted in begun 24 hours (cars)."""
    finished_at: dt.datetime | None = None
    cause: Cause = "repair"
    """What the time was spent on; `wait_…` says whose fault the waiting is."""
    excluded_days: Days = 0
    """Days that count for nobody: the customer's own delay, special parts, transport of a traction battery."""
    producer_days: Days = 0
    """Of the time, days on which only the producer's parts were missing."""
    same_fault: bool = True
    """Whether it was for the fault claimed now."""
    covered: bool = True
    """False: paid by the customer."""
    replaced_part: Code = ""
    job: Literal["", "small", "secondary", "whole"] = ""
    """Paid work on a motor vehicle: small repair, secondary maintenance, whole vehicle or assembly."""

    @model_validator(mode="after")
    def _in_order(self) -> Repair:
        if self.ready_on and self.ready_on < self.handed_in_on:
            raise ValueError("ready_on lies before handed_in_on")
        if self.handed_back_on and self.handed_back_on < self.handed_in_on:
            raise ValueError("handed_back_on lies before handed_in_on")
        if (self.started_at is None) != (self.finished_at is None) and self.finished_at:
            raise ValueError("finished_at needs started_at")
        if self.started_at and self.finished_at:
            if (self.started_at.tzinfo is None) != (self.finished_at.tzinfo is None):
                raise ValueError("started_at and finished_at: give both an offset, or neither")
            if self.finished_at < self.started_at:
                raise ValueError("finished_at lies before started_at")
        return self


class Promise(Facts):
    """A coverage somebody promised: in months from the sale, or until a day."""

    source: Literal["maker", "seller", "extension", "contract", "goodwill"] = "seller"
    name: Annotated[str, Field(max_length=200)] = ""
    """What it is called and in which version, as shown."""
    months: Months | None = None
    starts_on: dt.date | None = None
    """Missing: the day of sale."""
    until: dt.date | None = None
    """The last day; beside `months` the later one counts."""
    parts: list[Code] = Field(default_factory=list, max_length=50)
    """Only these parts; empty: the whole unit."""
    labour: bool = True
    material: bool = True
    travel: bool = True
    km: Kilometres | None = None
    suspends: bool = True
    """Whether it is extended by the days of a repair."""
    excludes: list[Exclusion] | None = Field(default=None, max_length=20)
    """What it does not cover when documented; missing: everything a promise usually excludes."""

    @model_validator(mode="after")
    def _ends(self) -> Promise:
        if self.months is None and self.until is None:
            raise ValueError("months or until is needed")
        return self


class Claim(Facts):
    """One claim: product, sale, fault, history, promises."""

    id: Annotated[str, Field(max_length=100)] = ""
    """Given back with the decision."""
    kind: Literal["repair", "installation", "consultation", "complaint", "return_exchange"] = "repair"
    jurisdiction: Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,6})?$")] = "CN"
    """CN, CN-ZJ, EU-DE, UK, US-CA, AU, JP, KR …: where the buyer lived when it was sold."""
    buyer: Literal["consumer", "business"] = "consumer"
    product_class: Code = ""
    """washing_machine, mobile_phone, family_car, tractor_20kw …; others have no national rule."""
    condition: Literal["new", "used", "refurbished"] = "new"
    low_value: bool = False
    """A low-value consumable."""
    price: Money | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    """Of `price` and of every sum in the answer; nothing is converted."""
    claim_on: dt.date
    """The fault was reported."""
    today: dt.date | None = None
    """The day the clocks are read; missing: `claim_on`."""
    now: dt.datetime | None = None
    """The moment, for clocks that count hours (cars)."""
    sold_on: dt.date | None = None
    """Date of the invoice."""
    delivered_on: dt.date | None = None
    installed_on: dt.date | None = None
    """Delivered, installed and put into operation."""
    factory_on: dt.date | None = None
    found_on: dt.date | None = None
    """The fault showed itself; missing: `claim_on`."""
    fault: Literal["quality", "other", "unknown"] = "unknown"
    listed: bool = True
    """A performance fault in the sense of the list for the product."""
    non_conforming: bool = False
    """Established: the goods did not meet the requirements on quality when they were delivered."""
    rescission: bool = False
    """The statutory conditions for ending the contract are met."""
    part: Code = ""
    part_class: Literal["", "assembly", "main_part", "wear_part"] = ""
    safety: Literal["", "steering", "brakes", "body_cracking", "fuel_leak", "battery_fire", "other"] = ""
    severity: Literal["", "minor", "major"] = ""
    exclusion: Exclusion = ""
    evidence: bool | None = None
    """Whether `exclusion` is documented; false: it is not, and does not count."""
    proof: Literal["", "invoice", "card", "record", "none"] = ""
    """Of the purchase; `record`: the seller's own."""
    repairs: list[Repair] = Field(default_factory=list, max_length=100)
    repair_reported_on: dt.date | None = None
    """A repair was asked for and not begun (clock of the peak season)."""
    peak_season: bool = False
    exchanged_on: dt.date | None = None
    exchanges: Count = 0
    same_model_available: bool | None = None
    wants: Literal["", "repair", "exchange", "refund", "return", "card"] = ""
    requested_on: dt.date | None = None
    """The customer asked for exchange, refund or a new card."""
    returned_on: dt.date | None = None
    """The goods came back to the seller."""
    distance_sale: bool = False
    intact: bool = True
    no_return: Literal["", "made_to_order", "perishable", "unsealed_media", "newspaper", "by_nature"] = ""
    no_return_confirmed: bool = False
    """The customer confirmed the exception `by_nature` at the purchase."""
    km: Kilometres | None = None
    use_rate_percent: Annotated[Decimal, Field(ge=0, le=Decimal("0.5"))] | None = None
    """A car's use fee per 1,000 km as printed on the card."""
    agreed_inspection_days: Days | None = None
    seller_knew: bool = False
    fraud: bool = False
    paid: Money | None = None
    """What was paid in the case of fraud."""
    reasonable_months: Months | None = None
    """How long goods of this kind and price should reasonably last (Australia)."""
    agreed_used_months: Months | None = None
    """Liability agreed for second-hand goods (EU)."""
    promises: list[Promise] = Field(default_factory=list, max_length=50)

    @model_validator(mode="after")
    def _in_order(self) -> Claim:
        if self.sold_on and self.sold_on > self.claim_on:
            raise ValueError(f"the purchase date {self.sold_on} lies after the claim on {self.claim_on}")
        if self.today and self.today < self.claim_on:
            raise ValueError("today lies before claim_on")
        return self
