"""C3: a claim being decided – what rules read and add to, and the coverages they find."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from typing import Any

from baoxiu.sop.entitlement import days
from baoxiu.sop.entitlement.claim import Claim, Repair
from baoxiu.sop.entitlement.products import Product

ALL_PARTS: frozenset[str] = frozenset()
_CENT = Decimal("0.01")
_HANDED_IN = attrgetter("handed_in_on")
# families in which an exchanged unit begins anew: 95-009, AV-002, FP-001, CAR-010, AGR-005
RESTARTS = frozenset({"household", "av", "fixed", "car", "farm"})


def money(amount: Decimal) -> Decimal:
    """Two decimals, half up."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


@dataclass(slots=True)
class Cover:
    """One coverage of the unit as it stands: its last day is in. `end` None: no fixed end."""

    rule_id: str
    source: str  # statute | seller | maker | extension | contract | goodwill | part | repair
    start: dt.date
    end: dt.date | None
    nominal_end: dt.date | None  # before suspension and roll
    name: str = ""
    parts: frozenset[str] = ALL_PARTS
    suspended_days: int = 0
    labour: bool = True
    material: bool = True
    travel: bool = True
    km: int | None = None
    verified: bool = True
    matches: bool = False  # it holds for the fault claimed on the day of the claim

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule_id, "source": self.source, "name": self.name, "parts": sorted(self.parts) if self.parts else [],
            "start": self.start.isoformat(), "end": self.end.isoformat() if self.end else None,
            "suspended_days": self.suspended_days, "labour": self.labour, "material": self.material,
            "travel": self.travel, "km": self.km, "verified": self.verified, "matches": self.matches,
        }  # fmt: skip


def repair_days(repair: Repair, today: dt.date) -> int:
    """CN-DAY-005: days from hand-in until it is ready (or fetched, if earlier); the customer's own delay is none."""
    if repair.cause == "customer_delay":
        return 0
    return max(0, (_until(repair, today) - repair.handed_in_on).days - repair.excluded_days)


def _until(repair: Repair, today: dt.date) -> dt.date:
    ready, back = repair.ready_on, repair.handed_back_on
    if ready and back:
        return min(ready, back)
    return ready or back or max(today, repair.handed_in_on)


class Working:
    """Reads: `claim`, `row`, `start` of the statutory periods, `repairs` in order. Adds: offers, covers, values."""

    __slots__ = (
        "base", "choices", "claim", "covers", "day", "denied", "excluded", "extras", "fault", "has_rolled", "missing_year",
        "open_repair", "repairs", "row", "start", "table", "today", "undecided", "values", "words",
    )  # fmt: skip

    def __init__(self, claim: Claim, row: Product | None, table: days.WorkingDays | None) -> None:
        self.claim, self.row = claim, row
        # weekends and holidays are China's: elsewhere nothing rolls
        self.table = table if claim.jurisdiction[:2] == "CN" else None
        self.day = claim.claim_on
        self.today = claim.today or claim.claim_on
        self.fault = claim.fault
        self.excluded = ""
        self.base: dict[str, None] = {}  # what a coverage gives: repair
        self.choices: dict[str, None] = {}  # what the customer may choose
        self.denied = ""  # a request of its own that is refused
        self.extras: dict[str, None] = {}
        self.values: dict[str, object] = {}
        self.covers: list[Cover] = []
        self.words: dict[str, object] = {}
        self.has_rolled = False
        self.missing_year = 0  # a period ends in a year whose working days are not published
        self.undecided = 0  # … and the claim depends on it
        self.repairs = claim.repairs
        self.open_repair: Repair | None = None
        if claim.repairs:
            if len(claim.repairs) > 1:
                self.repairs = sorted(claim.repairs, key=_HANDED_IN)
            last = self.repairs[-1]
            if last.ready_on is None and last.handed_back_on is None:
                self.open_repair = last
        self.start = _start(claim, row)

    @property
    def sold(self) -> dt.date:
        """The day whose law holds."""
        return self.claim.sold_on or self.claim.delivered_on or self.day

    @property
    def is_owed(self) -> bool:
        """Not shown to be the customer's own doing."""
        return self.fault != "other"

    def rolled(self, day: dt.date) -> dt.date:
        """CN-DAY-003; the day itself where there is no table, or none for its year (kept in `missing_year`)."""
        if self.table is None:
            return day
        try:
            last = days.roll(day, self.table)
        except days.MissingYear as missing:
            self.missing_year = missing.args[0]
            return day
        if last != day:
            self.has_rolled = True
        return last

    def extended(self, start: dt.date, end: dt.date) -> tuple[dt.date, int]:
        """CN-DAY-005: `end` moved by the days the unit lay in repair under warranty, and how many."""
        total, cursor = 0, start
        for repair in self.repairs:
            if repair.handed_in_on > end:
                break
            if not repair.covered or repair.handed_in_on < start or repair.cause == "customer_delay":
                continue
            ready = _until(repair, self.today)
            count = (ready - max(repair.handed_in_on, cursor)).days - repair.excluded_days
            if count > 0:
                total += count
                end = days.after(end, count)
            cursor = max(cursor, ready)
        return end, total

    def cover(
        self, rule_id: str, source: str, start: dt.date, nominal: dt.date,
        parts: frozenset[str] = ALL_PARTS, suspends: bool = True, name: str = "", labour: bool = True,
        material: bool = True, travel: bool = True, km: int | None = None, verified: bool = True,
    ) -> Cover:  # fmt: skip
        """Adds a coverage from `start`; its end is suspended first, rolled then (law.md's order)."""
        end, count, day, claim = nominal, 0, self.day, self.claim
        if suspends and self.repairs:
            end, count = self.extended(start, end)
        if self.table is not None:
            missed, self.missing_year = self.missing_year, 0
            end = self.rolled(end)
            if not self.missing_year:
                self.missing_year = missed
            elif end < day <= days.after(end, 31):
                self.undecided = self.missing_year
        matches = (
            start <= day <= end
            and (not parts or claim.part in parts)
            and (km is None or claim.km is None or claim.km <= km)
        )
        cover = Cover(
            rule_id, source, start, end, nominal, name, parts, count, labour, material, travel, km, verified, matches
        )  # fmt: skip
        self.covers.append(cover)
        return cover

    def closed_repairs(self) -> int:
        """Repairs done under warranty for the fault that is there again."""
        return sum(1 for r in self.repairs if (r.ready_on or r.handed_back_on) and r.same_fault and r.covered)

    def is_lawful(self, whole: bool = False) -> bool:
        """Whether a period set by law covers the fault; `whole`: that of the whole unit."""
        return any(c.matches and c.source == "statute" and not (whole and c.parts) for c in self.covers)

    def offer(self, *tokens: str) -> None:
        for token in tokens:
            self.choices[token] = None

    def fee(self, rate: Decimal) -> Decimal:
        """CN-3BAO-95-008: price × daily rate × days used; repair and waiting days are not; at most the price."""
        price = self.claim.price or Decimal(0)
        if self.start is None:
            return Decimal(0)
        back = self.claim.returned_on or self.today
        idle = sum(repair_days(r, back) for r in self.repairs if r.handed_in_on >= self.start)
        used = max(0, (back - self.start).days - idle)
        self.words["days"] = self.values["DAYS"] = used
        return min(price, money(price * rate * used / 100))


def _start(claim: Claim, row: Product | None) -> dt.date | None:
    """Where the statutory periods begin: the exchange, the installation of a flat TV, the invoice."""
    if claim.exchanged_on and (row is None or row.family in RESTARTS):
        return claim.exchanged_on
    if row and row.from_installation and claim.installed_on:
        return claim.installed_on
    if row and row.family == "car" and claim.delivered_on:
        return claim.delivered_on
    return claim.sold_on or claim.delivered_on or claim.installed_on
