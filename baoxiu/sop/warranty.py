"""C3.3, C7: the company's promise as a document – its words in two languages and the coverages they imply.

Every coverage whose limits fit a unit holds; the best for the customer counts. So a row more never
takes anything away.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from baoxiu.lib import canonical
from baoxiu.sop import codes
from baoxiu.sop.entitlement.claim import Exclusion, Promise
from baoxiu.sop.entitlement.products import NAMES
from baoxiu.sop.fields import Code, OneOf, Words
from baoxiu.sop.payloads import Payload
from baoxiu.sop.text import Text

_ANY = {"": Text("any", "不限")}
_WHOLE = {"": Text("Whole unit", "整机")}
SCOPES: codes.Codes = {
    "all": Text("Labour, parts and travel", "工时、材料与上门"),
    "labour_parts": Text("Labour and parts", "工时与材料"),
    "labour": Text("Labour only", "仅工时"),
    "parts": Text("Parts only", "仅材料"),
}
PAYS: dict[str, frozenset[str]] = {
    "all": frozenset({"labour", "material", "travel"}),
    "labour_parts": frozenset({"labour", "material"}),
    "labour": frozenset({"labour"}),
    "parts": frozenset({"material"}),
}
STARTS: codes.Codes = {
    "purchase": Text("On the day of purchase", "购买之日"),
    "delivery": Text("On the day of delivery", "交付之日"),
}
NeededText = Annotated[Words, Field(min_length=1)]


class CoverageTerm(Payload):
    """One coverage. Empty limits fit everything."""

    product_class: Annotated[str, OneOf({**_ANY, **codes.PRODUCT_CLASSES})] = Field(
        default="", title="Product class"
    )
    law_class: Annotated[str, OneOf({**NAMES, **_ANY})] = Field(
        default="", title="Class under the Three Guarantees"
    )
    model: Code = Field(default="", title="Model code")
    part: Annotated[str, OneOf({**codes.PARTS, **_WHOLE})] = Field(default="", title="Main part")
    months: Annotated[int, Field(ge=0, le=240)] = Field(title="Months")
    scope: Annotated[str, OneOf(SCOPES)] = Field(default="all", title="Covers")
    starts: Annotated[str, OneOf(STARTS)] = Field(default="purchase", title="Begins")


class Exclusions(Payload):
    """What the promise does not cover, if it is documented. The law's own list stays as it is."""

    misuse: bool = Field(default=True, title="Wrong use, care or storage")
    unauth_open: bool = Field(default=True, title="Opened by somebody not authorised")
    no_proof: bool = Field(default=True, title="Neither card nor invoice")
    proof_mismatch: bool = Field(default=True, title="Card and product do not fit, or altered")
    force_majeure: bool = Field(default=True, title="Force majeure")
    modified: bool = Field(default=True, title="Modified against the manual")
    software: bool = Field(default=True, title="Virus or software the user installed")

    def codes(self) -> list[Exclusion]:
        """As the engine names them."""
        named: dict[str, Exclusion] = {
            "misuse": "MISUSE", "unauth_open": "UNAUTH_OPEN", "no_proof": "NO_PROOF", "proof_mismatch": "PROOF_MISMATCH",
            "force_majeure": "FORCE_MAJEURE", "modified": "MODIFIED", "software": "SOFTWARE",
        }  # fmt: skip
        return [code for name, code in named.items() if getattr(self, name)]


class Warranty(Payload):
    """The document. What customers read, and the rows the engine reads."""

    zh: NeededText = Field(title="Words in Chinese")
    en: NeededText = Field(title="Words in English")
    coverages: Annotated[list[CoverageTerm], Field(max_length=100)] = Field(
        title="Coverages", json_schema_extra={"widget": "lines"}
    )
    exclusions: Exclusions = Field(default=Exclusions(), title="Not covered")
    notice_days: Annotated[int, Field(ge=0, le=365)] = Field(
        default=30, title="Days of notice before less is promised"
    )

    def meaning(self) -> dict[str, Any]:
        """Plain JSON values, every field said."""
        return self.model_dump(mode="json")

    @property
    def canonical(self) -> str:
        return canonical.dumps(self.meaning())

    @property
    def is_end(self) -> bool:
        """Whether it promises nothing beyond the law."""
        return not self.coverages

    def sha256(self, in_force_from: dt.date) -> str:
        return canonical.sha256(named(self.meaning(), in_force_from))


def named(meaning: dict[str, Any], in_force_from: dt.date) -> dict[str, Any]:
    """What the hash of a version is over: the document and the day it begins."""
    return {"in_force_from": in_force_from.isoformat(), "warranty": meaning}


FIRST = Warranty(
    zh="自购买之日起一年内，产品出现质量问题的，本公司免费维修或更换；非质量问题、保修期外的，按实际维修收费，先报价、经您同意后维修。"
    "法律规定对您更有利的，按法律规定执行。",
    en="For one year from the day of purchase we repair or replace the product free of charge when it has a quality fault. "
    "Other faults, and faults after that year, are repaired for a fee: quoted first, done with your consent. "
    "Where the law gives you more, the law counts.",
    coverages=[CoverageTerm(months=12)],
)


def ended(before: Warranty) -> Warranty:
    """The document that ends the promise; its notice stays."""
    return Warranty(
        zh="自本条款生效之日起，本公司不再提供法定标准以外的保修承诺。此前购买的产品，仍按购买之日的承诺办理；您的法定权利不受影响。",
        en="From the day these terms take effect we promise nothing beyond what the law gives you. "
        "Products bought before keep the promise of the day of purchase; your rights by law stand.",
        coverages=[],
        exclusions=before.exclusions,
        notice_days=before.notice_days,
    )


@dataclass(frozen=True, slots=True)
class Goods:
    """What a unit is, as the limits of a coverage see it."""

    product_class: str = ""
    law_class: str = ""
    model: str = ""


def fits(coverage: CoverageTerm, goods: Goods) -> bool:
    """Whether the coverage holds for such a unit."""
    return (
        coverage.product_class in ("", goods.product_class)
        and coverage.law_class in ("", goods.law_class)
        and coverage.model in ("", goods.model)
    )


def promises(
    warranty: Warranty, goods: Goods, *, sold_on: dt.date | None, delivered_on: dt.date | None = None, name: str = ""
) -> list[Promise]:  # fmt: skip
    """The coverages of a unit as the engine takes them. One that begins with the delivery begins with the
    purchase while the day of delivery is not known, or lies before it."""
    days = [day for day in (sold_on, delivered_on) if day]
    starts = {"purchase": sold_on, "delivery": max(days, default=None)}
    return [
        Promise(
            name=name,
            months=c.months,
            starts_on=starts[c.starts],
            parts=[c.part] if c.part else [],
            labour="labour" in PAYS[c.scope],
            material="material" in PAYS[c.scope],
            travel="travel" in PAYS[c.scope],
            excludes=warranty.exclusions.codes(),
        )
        for c in warranty.coverages
        if fits(c, goods)
    ]
