"""C3.1–C3.4: who pays – the engine of `entitlement` behind the house's `Decision`.

The company's promise (one year unless the product's says more) is one coverage among those of the law;
the best for the customer counts. Nobody types a warranty date.
"""

from __future__ import annotations

import datetime as dt

from baoxiu.sop.decision import Decision, Plain
from baoxiu.sop.entitlement import engine
from baoxiu.sop.entitlement.cause import FREE_KINDS
from baoxiu.sop.entitlement.claim import Claim, Promise
from baoxiu.sop.entitlement.days import WorkingDays, last_day
from baoxiu.sop.entitlement.rules import PERIOD, Finding
from baoxiu.sop.entitlement.verdict import Verdict

__all__ = ["decide", "entitlement", "last_day"]

FREE, PAID, UNKNOWN = "free", "paid", "unknown"
FAULTS = ("quality", "other", "unknown")
# the rules by which a repair is paid, beside the exclusions
DECIDES = frozenset({"C3.2", "C3.2-installation", "C3.4"})


def entitlement(
    *, kind: str, fault: str, purchase_date: dt.date | None, claim_date: dt.date, months: int = 12
) -> Decision:
    """free, paid or unknown for a request of `kind` raised on `claim_date`, by the promise of `months` alone.

    Raises ValueError when the purchase lies after the claim, or for an unknown fault code.
    """
    if fault not in FAULTS:
        raise ValueError(f"unknown fault code: {fault!r}")
    return decide(
        Claim(
            kind=kind,
            fault=fault,
            sold_on=purchase_date,
            claim_on=claim_date,
            promises=[Promise(months=months)],
        )
    )


def decide(claim: Claim, table: WorkingDays | None = None, off: frozenset[str] = engine.WEAK) -> Decision:
    """The engine's verdict as the decision that is stored, shown and contested; `detail` holds all of it."""
    verdict = engine.decide(claim, table, off)
    promised = [c for c in verdict.covers if c.rule_id == "C3.3" and c.end]
    months = [p.months for p in claim.promises if p.months is not None]
    facts: dict[str, Plain] = {
        "kind": claim.kind,
        "fault": claim.fault,
        "purchase_date": claim.sold_on.isoformat() if claim.sold_on else None,
        "claim_date": claim.claim_on.isoformat(),
        "months": max(months, default=None),
        "last_day": max(c.end for c in promised if c.end).isoformat() if promised else None,
        "jurisdiction": claim.jurisdiction,
        "product_class": claim.product_class,
    }
    said = [f for f in verdict.findings if _is_told(f, verdict)]
    if (
        verdict.outcome == PAID
    ):  # why it is not free comes first: a period that holds would read as if it were
        said.sort(key=lambda f: 0 if f.rule.id in DECIDES else 1 if f.rule.needs == "exclusion" else 2)
    return Decision(
        verdict.outcome, clause(claim, verdict), tuple(f.rule.id for f in said), tuple(f.say() for f in said), facts,
        {"verdict": verdict.to_json(), "claim": claim.model_dump(mode="json", exclude_defaults=True)},
    )  # fmt: skip


def _is_told(finding: Finding, verdict: Verdict) -> bool:
    """Whether it is a reason: what fired, a period that is over, a year that is not published. What is paid is not told
    that a quality fault is free."""
    id = finding.rule.id
    if id == "C3.1":
        return verdict.outcome != PAID
    if finding.fired:
        return True
    if id == "CN-DAY-003":
        return verdict.token == "UNDECIDED"
    return finding.rule.phase == PERIOD and verdict.outcome == PAID


def clause(claim: Claim, verdict: Verdict) -> str:
    """The clause of the procedure a verdict falls under."""
    if claim.kind in FREE_KINDS or verdict.outcome == FREE or verdict.token in ("DIAGNOSE", "UNDECIDED"):
        return "C3.1"
    if verdict.token == "PROVE":
        return "C3.3"
    return "C3.4" if verdict.values.get("EXCLUSION") == "EXPIRED" else "C3.2"
