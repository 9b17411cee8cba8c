"""C4.5: the repair clock as it is read – days against the limits of the law, repairs counted, warranty extended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from baoxiu.cases import claims, decisions, stays
from baoxiu.cases.models import Case
from baoxiu.cases.stays import Stay
from baoxiu.lib import zones
from baoxiu.sop.entitlement import engine, remedies
from baoxiu.sop.entitlement.remedies import Remedy
from baoxiu.sop.entitlement.verdict import Verdict
from baoxiu.sop.entitlement.working import Cover
from baoxiu.sop.text import Text


@dataclass(frozen=True, slots=True)
class Limit:
    """What the law wants if the repair is not done by `last_day`; `days` None: not counted in calendar days."""

    kind: str  # loaner | exchange
    rule: str
    title: Text
    last_day: dt.date
    days: int | None
    counted: int | None
    is_settled: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class RepairClock:
    stays: list[Stay]  # newest first, one at least
    limits: list[Limit]  # of the stay that is open, the nearest first
    repairs: int  # done under warranty
    same_fault: int  # … for the fault of the newest stay
    extended: list[Cover]  # coverages that end later for the days in repair
    lacks_purchase: bool  # no limit can be counted
    remedies: list[Remedy]  # what the customer may choose beside the repair, with every sum

    @property
    def newest(self) -> Stay:
        return self.stays[0]

    @property
    def following(self) -> Limit | None:
        """The next limit that still asks for something."""
        return next((limit for limit in self.limits if not limit.is_settled), None)


def read(case: Case, now: dt.datetime, *, fault: str = "unknown") -> RepairClock | None:
    """The clock of the case's unit; None where we never had it in hand. `fault`: as last decided."""
    found = stays.of_unit(case.unit)
    if not found:
        return None
    newest, zone = found[-1], case.customer.timezone
    today = zones.local_date(now, zone, settings.TIME_ZONE)
    history = [stay.to_repair(zone, newest.symptom, now) for stay in found]
    bought = case.unit.purchase_date if case.unit else None
    is_told = bought and (
        fault != "other" or len(found) > 1
    )  # the first stay of a paid repair has no limit and adds nothing
    claim, off = claims.as_of(case, history, fault, today) if is_told else (None, frozenset())
    verdict = engine.decide(claim, claims.TABLE, off) if claim else None
    done = [
        r
        for stay, r in zip(found, history, strict=True)
        if not stay.is_open and stay.is_repaired and r.covered
    ]
    return RepairClock(
        stays=found[::-1],
        limits=_limits(verdict, newest, today) if verdict and newest.is_open else [],
        repairs=len(done),
        same_fault=sum(1 for r in done if r.same_fault),
        extended=[c for c in verdict.covers if c.suspended_days] if verdict else [],
        lacks_purchase=bought is None,
        remedies=remedies.offered(claim, claims.TABLE, off) if claim and fault != "other" else [],
    )


def of_case(case: Case, now: dt.datetime) -> RepairClock | None:
    """The same, with the fault as last decided."""
    decided = decisions.latest(case)
    facts = decided.decision.get("facts", {}) if decided else {}
    return read(case, now, fault=facts.get("fault", "unknown"))


def _limits(verdict: Verdict, stay: Stay, today: dt.date) -> list[Limit]:
    if verdict.outcome == "paid":
        return []
    found = []
    for finding in verdict.findings:
        kind, words = finding.rule.duty, finding.words
        due, length = words.get("due"), words.get("limit")
        if not kind or not isinstance(due, dt.date):
            continue
        left = (due - today).days
        days = length if isinstance(length, int) else None
        settled = stay.is_lent if kind == "loaner" else stay.is_settled
        found.append(
            Limit(
                kind, finding.rule.id, finding.rule.title, due, days, None if days is None else max(days - left, 0),
                settled, left < 0,
            )
        )  # fmt: skip
    return sorted(found, key=lambda limit: limit.last_day)
