"""C3: the engine. Cause first, then coverages, windows, breaches, counts, remedies, duties – law.md's order.

Substantive rules hold as of the sale, procedural ones as of the claim. Rules that are switched off are
not looked at; switches change by the id of a rule or of a product's row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Set
from functools import lru_cache

from baoxiu.sop.entitlement import abroad, cars, cause, farm, household, periods, promises, provinces, sales
from baoxiu.sop.entitlement.claim import Claim
from baoxiu.sop.entitlement.days import WorkingDays
from baoxiu.sop.entitlement.products import ROWS, Product, find
from baoxiu.sop.entitlement.rules import RULES, Finding, Judge, Rule
from baoxiu.sop.entitlement.verdict import KEYS, RANK, Verdict
from baoxiu.sop.entitlement.working import Working

MODULES = (cause, periods, promises, household, provinces, cars, farm, sales, abroad)
_RANKED = {key: n for n, key in enumerate(KEYS)}.__getitem__
# what ships switched off, and why: it is believed, not read
WEAK = frozenset(
    [r.id for r in RULES.values() if not r.ships_on] + [row.id for row in ROWS if row.confidence == "low"]
)


@lru_cache(4096)
def applicable(
    jurisdiction: str, buyer: str, family: str, off: frozenset[str], given: tuple[bool, ...]
) -> tuple[tuple[Rule, Judge], ...]:
    """The rules that may concern such a claim, in the order of looking; what is dated looks at its day first."""
    found = [r for r in RULES.values() if r.id not in off and r.concerns(jurisdiction, buyer, family, given)]
    found.sort(key=lambda r: r.phase)
    return tuple((r, _in_force(r) if r.valid_from or r.valid_until else r.judge) for r in found)


def _in_force(rule: Rule) -> Judge:
    def judge(w: Working) -> bool | None:
        return rule.judge(w) if rule.is_valid(w.sold if rule.as_of == "sale" else w.today) else None

    return judge


def product(claim: Claim, off: Set[str] = WEAK) -> Product | None:
    """The row with a national rule that is switched on and held on the day of the sale; China's consumers only."""
    if claim.jurisdiction[:2] != "CN" or claim.buyer != "consumer":
        return None
    row = find(claim.product_class)
    if row is None or row.id in off:
        return None
    if row.valid_from and (claim.sold_on or claim.delivered_on or claim.claim_on) < row.valid_from:
        return None
    return row


def decide(claim: Claim, table: WorkingDays | None = None, off: frozenset[str] = WEAK) -> Verdict:
    """What is owed for `claim`. `table`: China's working days; None: nothing rolls. `off`: ids switched off."""
    row = product(claim, off)
    w = Working(claim, row, table)
    findings: list[Finding] = []
    is_verified = True
    family = row.family if row else ""
    for rule, judge in applicable(claim.jurisdiction, claim.buyer, family, off, _given(claim, row)):
        if (fired := judge(w)) is None:
            continue
        findings.append(Finding(rule, fired, w.words))
        if fired and not rule.verified:
            is_verified = False
        w.words = {}
    options = _options(w)
    for cover in w.covers:
        if cover.matches and not cover.verified:
            is_verified = False
    return Verdict(
        claim.id, options, tuple(w.extras), _values(w), tuple(w.covers), tuple(findings), is_verified, w.denied
    )  # fmt: skip


def _given(claim: Claim, row: Product | None) -> tuple[bool, ...]:
    """Which of NEEDS the claim and its product's row have."""
    return (
        claim.repairs != [], claim.exclusion != "", claim.requested_on is not None, claim.returned_on is not None,
        claim.distance_sale, claim.fraud, claim.safety != "", claim.exchanged_on is not None,
        claim.factory_on is not None, claim.wants != "", claim.kind != "repair", claim.promises != [],
        row is not None and row.durable, row is not None and row.accessory, row is None, row is not None,
    )  # fmt: skip


def _options(w: Working) -> tuple[str, ...]:
    """The best for the customer first."""
    claim = w.claim
    if claim.kind in cause.FREE_KINDS:
        return ("SERVICE_FREE",)
    found = w.choices or w.base
    if w.fault != "quality" and (w.denied or "NO_REASON_RETURN" in w.choices):
        return (w.denied or "NO_REASON_RETURN",)
    if found and w.fault == "unknown":
        w.values["REASON"] = "FAULT"
        return ("DIAGNOSE",)
    if found:
        if len(found) == 1:
            return tuple(found)
        # a repair of the whole unit holds that of a part
        if "REPAIR_FREE" in found:
            found.pop("PART_FREE", None)
        return tuple(sorted(found, key=RANK.__getitem__))
    if w.is_owed and not w.covers:
        w.values.setdefault("REASON", "NO_COVERAGE")
        return ("PROVE",) if w.start is None else ("PAID_REPAIR_QUOTE",)
    if w.is_owed and w.undecided:
        w.values["REASON"] = f"CALENDAR_{w.undecided}"
        w.values.pop("EXCLUSION", None)
        return ("UNDECIDED",)
    return ("PAID_REPAIR_QUOTE",)


def _values(w: Working) -> dict[str, str]:
    """The values of the result, in the order of the grammar."""
    values = w.values
    if expiry := _expiry(w):
        values["EXPIRY"] = expiry
    keys = sorted(values, key=_RANKED) if len(values) > 1 else values
    return {key: str(values[key]) for key in keys}


def _expiry(w: Working) -> dt.date | None:
    """The last day of the longest coverage that holds for the fault; of all for the unit when none does."""
    held = longest = None
    for cover in w.covers:
        if (end := cover.end) is None:
            continue
        if cover.matches and (held is None or end > held):
            held = end
        if (longest is None or end > longest) and (not cover.parts or w.claim.part in cover.parts):
            longest = end
    return held or longest
