"""C3: the facts of a case as a claim for the engine; the company's promise as one coverage among the law's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings

from baoxiu.cases import stays
from baoxiu.cases.models import Case
from baoxiu.cases.taking import Taking
from baoxiu.catalogue import coverage
from baoxiu.lib import zones
from baoxiu.sop import commitments
from baoxiu.sop.decision import Decision
from baoxiu.sop.entitlement import engine, places
from baoxiu.sop.entitlement.claim import Claim
from baoxiu.sop.entitlement.verdict import Verdict
from baoxiu.terms import laid_down, switches, warranty

TABLE = coverage.TABLE
# the duty of the case ← what the law's deadline is for
DUTIES = {"loaner": "loaner", "repair_limit": "exchange"}


def of_case(
    case: Case, *, sold_on: dt.date | None, claim_on: dt.date, known: tuple[warranty.Version, ...] | None = None, **more: Any
) -> Claim:  # fmt: skip
    """The claim of `case`; `more`: fault, part, repairs … `known`: `warranty.versions()`, where they are at hand.

    Raises pydantic's ValidationError (a ValueError).
    """
    unit = case.unit
    # where the buyer lives: where the unit stands, else the customer's first place
    site = case.site or (unit.site if unit else None) or case.customer.sites.order_by("pk").first()
    place = places.jurisdiction(site.country, site.province) if site else "CN"
    return Claim(
        kind=case.kind,
        jurisdiction=place,
        buyer="business" if case.customer.is_company else "consumer",
        promises=coverage.promises(unit, sold_on, claim_on, known),
        sold_on=sold_on,
        claim_on=claim_on,
        **coverage.facts(unit),
        **more,
    )


def repairs(case: Case, symptom: str = "", taking: Taking | None = None, *, now: dt.datetime) -> list[Any]:
    """The unit's stays as the engine counts them."""
    zone = case.customer.timezone
    return [stay.to_repair(zone, symptom, now) for stay in stays.of_unit(case.unit, taking)]


def verdict_on(claim: Claim) -> Verdict:
    """The engine's word, by the rules that are switched on."""
    return engine.decide(claim, TABLE, switches.off())


def decision_on(claim: Claim) -> Decision:
    """The same as the decision that is stored."""
    return commitments.decide(claim, TABLE, switches.off())


def claim_date(case: Case) -> dt.date:
    """The customer's local date on which the fault was reported."""
    return zones.local_date(case.created_at, case.customer.timezone, settings.TIME_ZONE)


def limits(taking: Taking, *, fault: str = "unknown") -> None:
    """C4.5: opens the duties of the law for the stay that begins or goes on with this step, before they are breached.

    A duty no rule asks for, or already settled (a unit was lent), is not opened.
    """
    case = taking.case
    found = stays.of_unit(case.unit, taking)
    taking.unowed |= set(DUTIES)
    stay = found[-1] if found else None
    if case.unit is None or case.unit.purchase_date is None or stay is None or not stay.is_open:
        return
    zone = case.customer.timezone
    today = zones.local_date(taking.now, zone, settings.TIME_ZONE)
    verdict = on_stays(case, [s.to_repair(zone, stay.symptom, taking.now) for s in found], fault, today)
    owed = verdict.deadlines()
    for duty, kind in DUTIES.items():
        is_settled = stay.is_lent if duty == "loaner" else stay.is_settled
        if kind not in owed or is_settled or verdict.outcome == "paid":
            continue
        due, rule_id = owed[kind]
        taking.unowed.discard(duty)
        taking.due[duty] = zones.end_of(due, zone, settings.TIME_ZONE)
        taking.data.setdefault("limits", {})[duty] = [due.isoformat(), rule_id]


def on_stays(case: Case, history: list[Any], fault: str, today: dt.date) -> Verdict:
    """The engine's word on `today` about a unit with a purchase date and these repairs."""
    claim, off = as_of(case, history, fault, today)
    return engine.decide(claim, TABLE, off)


def as_of(case: Case, history: list[Any], fault: str, today: dt.date) -> tuple[Claim, frozenset[str]]:
    """The claim behind it, and the rules that are switched off; one statement."""
    bought = case.unit.purchase_date if case.unit else None
    claimed = claim_date(case)
    published, off = laid_down.read()
    claim = of_case(
        case, fault=fault, sold_on=bought, claim_on=max(claimed, bought or claimed), today=max(today, claimed),
        repairs=history, known=published,
    )  # fmt: skip
    return claim, off
