"""C7: what a version of the warranty terms means before it is published – which units and open cases come out otherwise.

A purchase keeps the promise of its day, so only units bought on or after the day it begins are touched.
Beside that: what the open cases would be if everything had been bought under it. Both are bounded, and say so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from baoxiu.cases import claims
from baoxiu.cases.models import Case
from baoxiu.catalogue import coverage
from baoxiu.catalogue import queries as catalogue
from baoxiu.catalogue.models import Unit
from baoxiu.people.actors import Actor
from baoxiu.people.models import Site
from baoxiu.sop.entitlement import engine, places
from baoxiu.sop.entitlement.claim import Claim
from baoxiu.sop.warranty import Warranty, promises
from baoxiu.terms import switches

CHUNK, LISTED = 500, 50
_WORTH = {"paid": 0, "unknown": 1, "free": 2}
Row = TypeVar("Row", bound=Model)
Outcome = tuple[str, dt.date | None]  # who pays, last day


@dataclass(frozen=True, slots=True)
class Changed:
    """An open case that comes out otherwise: who pays for a quality fault, days in repair left out."""

    number: str
    subject: str
    stage: str
    before: str  # free | paid | unknown
    after: str
    until_before: dt.date | None
    until_after: dt.date | None


@dataclass(slots=True)
class Count:
    """Of `looked` things `changed` come out otherwise; `is_all`: none was left out for being too many."""

    looked: int = 0
    better: int = 0
    worse: int = 0
    is_all: bool = True
    cases: list[Changed] = field(default_factory=list)  # the first LISTED

    @property
    def changed(self) -> int:
        return self.better + self.worse

    def add(self, was: int, now: int) -> None:
        """One thing more, worth so much to the customer before and after."""
        self.better += now > was
        self.worse += now < was


@dataclass(frozen=True, slots=True)
class Impact:
    units: Count  # bought on or after the day: another last day
    cases: Count  # open ones of these: another outcome
    as_if: Count  # open cases, had all been bought under it


@dataclass(frozen=True, slots=True)
class Rival:
    """Two documents, and the rules both are judged by."""

    before: Warranty
    after: Warranty
    off: frozenset[str]

    def judge(self, unit: Unit, **facts: Any) -> tuple[Outcome, Outcome]:
        return self._one(self.before, unit, facts), self._one(self.after, unit, facts)

    def _one(self, document: Warranty, unit: Unit, facts: dict[str, Any]) -> Outcome:
        goods, sold = coverage.goods(unit), unit.purchase_date
        found = promises(document, goods, sold_on=sold, delivered_on=unit.delivered_date)
        claim = Claim(
            sold_on=sold, promises=[*found, *coverage.of_maker(unit)], fault="quality", **coverage.facts(unit), **facts
        )  # fmt: skip
        verdict = engine.decide(claim, claims.TABLE, self.off)
        return verdict.outcome, coverage.covered_until(verdict)


def weigh(
    viewer: Actor, before: Warranty, after: Warranty, begins: dt.date, *, today: dt.date, limit: int = 2000
) -> Impact:
    """What `after` changes against `before` from `begins` on; of units and of open cases at most `limit` are looked at."""
    rival = Rival(before, after, switches.off())
    bought = catalogue.visible_units(viewer).filter(purchase_date__gte=begins)
    bought = bought.select_related("model", "site", "customer").order_by("purchase_date", "pk")
    units, cases, as_if = Count(), Count(), Count()
    for chunk in _chunks(bought, limit, units):
        for unit in chunk:
            was, now = rival.judge(
                unit,
                jurisdiction=_place(unit.site),
                buyer="business" if unit.customer and unit.customer.is_company else "consumer",
                claim_on=max(today, unit.purchase_date or today),
            )
            units.add(*(day.toordinal() if day else 0 for _, day in (was, now)))
        touched = _open(viewer).filter(unit__in=[unit.pk for unit in chunk]).order_by("pk")
        for found in _chunks(touched, limit, cases):
            _compare(cases, found, rival)
    recent = _open(viewer).filter(unit__purchase_date__isnull=False).order_by("-created_at", "-pk")
    for found in _chunks(recent, limit, as_if):
        _compare(as_if, found, rival)
    return Impact(units, cases, as_if)


def _open(viewer: Actor) -> QuerySet[Case]:
    found = Case.objects.visible_to(viewer).open()
    return found.select_related("customer", "site", "unit__model", "unit__site")


def _chunks(rows: QuerySet[Row], limit: int, count: Count) -> Iterator[list[Row]]:
    """The first `limit` rows in chunks; `count` learns how many there were and whether more are left."""
    for start in range(0, limit + 1, CHUNK):
        found = list(rows[start : min(start + CHUNK, limit + 1)])
        count.is_all = count.is_all and start + len(found) <= limit
        kept = found[: limit - start]
        count.looked += len(kept)
        if kept:
            yield kept
        if len(found) < CHUNK:
            return


def _place(site: Site | None) -> str:
    return places.jurisdiction(site.country, site.province) if site else "CN"


def _compare(count: Count, found: list[Case], rival: Rival) -> None:
    for case in found:
        unit, claimed = case.unit, claims.claim_date(case)
        if unit is None or unit.purchase_date is None or unit.purchase_date > claimed:
            continue
        was, now = rival.judge(
            unit,
            kind=case.kind,
            jurisdiction=_place(case.site or unit.site),
            buyer="business" if case.customer.is_company else "consumer",
            claim_on=claimed,
        )
        count.add(_WORTH[was[0]], _WORTH[now[0]])
        if was[0] != now[0] and len(count.cases) < LISTED:
            count.cases.append(Changed(case.number, case.subject, case.stage, was[0], now[0], was[1], now[1]))
