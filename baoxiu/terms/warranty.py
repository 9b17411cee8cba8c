"""C3.3, C7: which version of the company's promise holds for a purchase. Others ask here and nowhere else."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from baoxiu.people.remembered import remembered
from baoxiu.sop import amendments
from baoxiu.sop.entitlement.claim import Promise
from baoxiu.sop.warranty import FIRST, Goods, Warranty, promises
from baoxiu.terms.models import WarrantyVersion


@dataclass(frozen=True, slots=True)
class Version:
    """A published version; 0 is the promise an installation starts with."""

    number: int
    in_force_from: dt.date
    sha256: str

    @property
    def warranty(self) -> Warranty:
        return by_sha(self.sha256) if self.number else FIRST

    @property
    def name(self) -> str:
        """As a coverage is named; the hash says which text it was."""
        return f"v{self.number} {self.sha256[:8]}" if self.number else ""


START = Version(0, dt.date.min, FIRST.sha256(dt.date.min))


@lru_cache(maxsize=64)
def by_sha(sha256: str) -> Warranty:
    """The document. Raises WarrantyVersion.DoesNotExist."""
    spec = WarrantyVersion.objects.values_list("spec", flat=True).get(sha256=sha256, status="published")
    return Warranty.model_validate(json.loads(spec))


def versions() -> tuple[Version, ...]:
    """Those published, by number; one statement."""
    return tuple(
        Version(row["number"], row["in_force_from"], row["sha256"])
        for row in _published()
        if row["in_force_from"]
    )


@remembered
def _published() -> QuerySet[WarrantyVersion, Any]:
    rows = WarrantyVersion.objects.filter(status="published").order_by("number")
    return rows.values("number", "in_force_from", "sha256")


def of_day(day: dt.date, known: tuple[Version, ...] | None = None) -> Version:
    """The version that holds for a purchase on `day`; `known`: `versions()`, where many days are asked about."""
    found = versions() if known is None else known
    number = amendments.holding(((v.in_force_from, v.number) for v in found), day)
    return next((v for v in found if v.number == number), START)


def newest() -> Warranty:
    """The document a draft begins with."""
    return max(versions(), key=lambda v: v.number, default=START).warranty


def promised(
    goods: Goods, *, sold_on: dt.date | None, today: dt.date, delivered_on: dt.date | None = None,
    known: tuple[Version, ...] | None = None,
) -> list[Promise]:  # fmt: skip
    """What the company promised for a unit: the version of the day it was sold (of today while that is not known)."""
    version = of_day(sold_on or today, known)
    return promises(version.warranty, goods, sold_on=sold_on, delivered_on=delivered_on, name=version.name)
