"""C3: the decision (判定) who pays – computed by the rules, kept in the journal, read from there.

Triage, diagnosis and override each leave one in the body of their entry (`data.decision`), so the
chain of hashes covers it. The latest of the round holds; an override holds until the round ends.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from baoxiu.cases import claims, rounds
from baoxiu.cases.claims import claim_date
from baoxiu.cases.models import Case, JournalEntry
from baoxiu.cases.steps import Taking
from baoxiu.lib import zones
from baoxiu.people.actors import Actor
from baoxiu.people.remembered import remembered

__all__ = ["STEPS", "Entitlement", "claim_date", "decide", "history", "keep_proof", "latest", "override"]
STEPS = ("triage", "diagnose", "override_cover", "concede")


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One stored decision: the outcome in force, the rules' own words, who made it, why overridden."""

    outcome: str  # free | paid | unknown
    decision: dict[str, Any]
    step: str
    entry_no: int
    at: dt.datetime
    by: str
    is_override: bool
    reason: str


def decide(taking: Taking, *, fault: str, purchase_date: dt.date | None) -> None:
    """Computes the decision from the facts of the case, stores it and sets the fact `cover`."""
    case, payload = taking.case, taking.payload
    claimed, standing = _claimed(taking, purchase_date), latest(case)
    excluded = getattr(payload, "exclusion", "")
    claim = claims.of_case(
        case,
        fault=fault,
        sold_on=purchase_date,
        claim_on=claimed,
        today=max(claimed, zones.local_date(taking.now, case.customer.timezone, settings.TIME_ZONE)),
        part=getattr(payload, "part", ""),
        exclusion=excluded,
        # the payload takes no exclusion without findings or photos
        evidence=True if excluded else None,
        found_on=_found_on(taking, purchase_date, standing),
        repairs=claims.repairs(case, getattr(payload, "symptom", ""), taking, now=taking.now),
    )
    decision = claims.decision_on(claim).to_json()
    if standing and standing.is_override:
        kept = {"computed": decision["outcome"], "outcome": standing.outcome}
        decision = {**decision, **kept, "overridden_by": standing.decision["overridden_by"]}
    taking.data["decision"] = decision
    taking.facts["cover"] = decision["outcome"]


def keep_proof(taking: Taking, proof: str) -> None:
    """The proof of purchase that was seen, on the unit's record; "" changes nothing."""
    unit = taking.case.unit
    if proof and unit and unit.proof != proof:
        unit.proof = proof
        unit.save(update_fields=["proof"])


def _found_on(taking: Taking, purchase_date: dt.date | None, standing: Entitlement | None) -> dt.date | None:
    """The day the fault showed itself: as said now, else as said earlier in this round."""
    said: dt.date | None = getattr(taking.payload, "found_on", None)
    if said is None:
        kept = standing.decision.get("detail", {}).get("claim", {}).get("found_on") if standing else None
        return dt.date.fromisoformat(kept) if kept else None
    if said > claim_date(taking.case):
        raise taking.refuse(
            "Fault first seen on: it lies after the request.",
            "首次发现日期：晚于报修日期。",
            field="found_on",
        )
    if purchase_date and said < purchase_date:
        raise taking.refuse(
            "Fault first seen on: it lies before the purchase.",
            "首次发现日期：早于购买日期。",
            field="found_on",
        )
    return said


def _claimed(taking: Taking, purchase_date: dt.date | None) -> dt.date:
    """The claim date; for a unit given in exchange before this round, the day the round began."""
    claimed = claim_date(taking.case)
    if purchase_date and purchase_date > claimed:
        began = JournalEntry.objects.get(case=taking.case, no=rounds.began_with(taking.case))
        claimed = zones.local_date(began.at, taking.case.customer.timezone, settings.TIME_ZONE)
        if purchase_date > claimed:
            raise taking.refuse(
                f"Purchase date: {purchase_date} lies after the request; correct the record first.",
                f"购买日期：{purchase_date}晚于报修日期，请先更正信息。",
                field="purchase_date",
            )
    return claimed


def override(taking: Taking, cover: str) -> None:
    """The manager's word instead of the rules'; theirs stays beside it."""
    standing = latest(taking.case)
    before = standing.decision if standing else {}
    taking.data["decision"] = {
        **before,
        "computed": before.get("computed", before.get("outcome", "unknown")),
        "outcome": cover,
        "overridden_by": taking.entry_no,
    }
    taking.facts["cover"] = cover


def history(viewer: Actor, case: Case) -> list[Entitlement]:
    """Every decision of the case the viewer may see, oldest first."""
    if not Case.objects.visible_to(viewer).filter(pk=case.pk).exists():
        return []
    entries = JournalEntry.objects.filter(case=case, step__in=STEPS).select_related("content").order_by("no")
    return [_read(entry) for entry in entries]


def latest(case: Case) -> Entitlement | None:
    """The decision in force in this round of the case."""
    return next(map(_read, _latest(case.pk, rounds.began_with(case))), None)


@remembered
def _latest(case_id: int, since: int) -> QuerySet[JournalEntry]:
    found = JournalEntry.objects.filter(case_id=case_id, step__in=STEPS, no__gte=since)
    return found.select_related("content").order_by("-no")[:1]


def _read(entry: JournalEntry) -> Entitlement:
    decision = entry.body["data"].get("decision") or {}
    words = (entry.content.words if hasattr(entry, "content") else None) or {}
    overridden = "overridden_by" in decision
    return Entitlement(
        decision.get("outcome", "unknown"),
        decision,
        entry.step,
        entry.no,
        entry.at,
        entry.actor_name,
        overridden,
        str(words.get("reason") or words.get("text", ""))
        if entry.step in ("override_cover", "concede")
        else "",
    )
