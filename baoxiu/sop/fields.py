"""The field types of payloads: cleaned words, codes with their words, bounded numbers.

Free words are personal content that the journal keeps erasable; everything else goes into its body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from baoxiu.sop import codes
from baoxiu.sop.text import Text

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")


def _clean(value: str) -> str:
    """Refuses control characters; CRLF becomes LF. Raises ValueError."""
    value = value.replace("\r\n", "\n").strip()
    if _CONTROL.search(value):
        raise ValueError("control characters are not allowed")
    return value


def _one_line(value: str) -> str:
    if "\n" in value or "\t" in value:
        raise ValueError("must be one line")
    return value


PERSONAL: dict[str, Any] = {"personal": True}
Words = Annotated[
    str, AfterValidator(_clean), Field(max_length=8000, json_schema_extra={**PERSONAL, "widget": "textarea"})
]
NeededWords = Annotated[
    str,
    AfterValidator(_clean),
    Field(min_length=1, max_length=8000, json_schema_extra={**PERSONAL, "widget": "textarea"}),
]
Line = Annotated[
    str, AfterValidator(_clean), AfterValidator(_one_line), Field(max_length=200, json_schema_extra=PERSONAL)
]
NeededLine = Annotated[
    str,
    AfterValidator(_clean),
    AfterValidator(_one_line),
    Field(min_length=1, max_length=200, json_schema_extra=PERSONAL),
]
Code = Annotated[str, AfterValidator(_clean), AfterValidator(_one_line), Field(max_length=80)]
Count = Annotated[int, Field(ge=0, le=1_000_000, strict=False)]
Amount = Annotated[
    Decimal, Field(ge=0, le=Decimal("10000000"), max_digits=12, decimal_places=2, allow_inf_nan=False)
]
Id = Annotated[int, Field(ge=1, le=2**53)]
Files = Annotated[
    list[Id],
    Field(
        default_factory=list, max_length=20, title="Photos and files", json_schema_extra={"widget": "files"}
    ),
]


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

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        words = {code: [text.en, text.zh] for code, text in self.table.items()}
        return {**handler(schema), "enum": list(self.table), "x-words": words}


Channel = Annotated[str, OneOf(codes.CHANNELS)]
Kind = Annotated[str, OneOf(codes.KINDS)]
Priority = Annotated[str, OneOf(codes.PRIORITIES)]
PriorityOrNone = Annotated[str, OneOf({"": Text("unchanged", "不变"), **codes.PRIORITIES})]
Fault = Annotated[str, OneOf(codes.FAULTS)]
Service = Annotated[str, OneOf(codes.SERVICES)]
Venue = Annotated[str, OneOf(codes.VENUES)]
Symptom = Annotated[str, OneOf(codes.SYMPTOMS)]
Part = Annotated[str, OneOf(codes.PARTS)]
Exclusion = Annotated[str, OneOf(codes.EXCLUSIONS)]
Proof = Annotated[str, OneOf(codes.PROOFS)]
PartWait = Annotated[str, OneOf(codes.PART_WAITS)]
LimitChoice = Annotated[str, OneOf(codes.LIMIT_CHOICES)]
Loan = Annotated[str, OneOf(codes.LOANS)]
LoanerCondition = Annotated[str, OneOf(codes.LOANER_CONDITIONS)]
Cause = Annotated[str, OneOf(codes.CAUSES)]
Remedy = Annotated[str, OneOf(codes.REMEDIES)]
ConsentWay = Annotated[str, OneOf(codes.CONSENT_WAYS)]
HoldReason = Annotated[str, OneOf(codes.HOLD_REASONS)]
CarriedBy = Annotated[str, OneOf(codes.CARRIED_BY)]
DeclineReason = Annotated[str, OneOf(codes.DECLINE_REASONS)]
WithdrawReason = Annotated[str, OneOf(codes.WITHDRAW_REASONS)]
LineKind = Annotated[str, OneOf(codes.LINE_KINDS)]
ChargeReason = Annotated[str, OneOf({"": Text("", ""), **codes.CHARGE_REASONS})]
QuoteOption = Annotated[str, OneOf({"": Text("", ""), **codes.QUOTE_OPTIONS})]
Objection = Annotated[str, OneOf(codes.OBJECTIONS)]
PaymentWay = Annotated[str, OneOf(codes.PAYMENT_WAYS)]
PriceUnit = Annotated[str, OneOf(codes.PRICE_UNITS)]
ProductClass = Annotated[str, OneOf(codes.PRODUCT_CLASSES)]
Language = Annotated[str, OneOf(codes.LANGUAGES)]
_CURRENCIES = {c: Text(c, c) for c in codes.CURRENCIES}
Currency = Annotated[str, OneOf(_CURRENCIES)]
CurrencyKept = Annotated[str, OneOf({"": Text("As on record", "与登记一致"), **_CURRENCIES})]
LinkPurpose = Annotated[str, OneOf(codes.LINK_PURPOSES)]
EarlierOwner = Annotated[str, OneOf(codes.EARLIER_OWNERS)]
Score = Annotated[int, Field(ge=1, le=5, json_schema_extra={"widget": "stars"})]
Signature = Annotated[
    str,
    Field(
        max_length=100_000,
        pattern=r"^[\[\]{}0-9a-zA-Z\":,._ -]*$",
        title="Signature",
        json_schema_extra={**PERSONAL, "widget": "signature"},
    ),
]
