"""C4: everything the case page shows, read once for one viewer; nothing is decided here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from baoxiu.cases import conformance, decisions, queries, repair_clock
from baoxiu.cases.models import Case, Duty, JournalEntry, WorkOrder
from baoxiu.catalogue import coverage as units
from baoxiu.charges import queries as charges
from baoxiu.charges.models import Booking, Quote
from baoxiu.depot import queries as depot
from baoxiu.depot.models import Parcel
from baoxiu.dispatch import queries as dispatch
from baoxiu.dispatch.models import PartNeed
from baoxiu.faces.common import coverage
from baoxiu.faces.common.display import say
from baoxiu.faces.common.steps import worth_a_button
from baoxiu.faces.desk.entries import readable
from baoxiu.followups import queries as followups
from baoxiu.lib import zones
from baoxiu.people.actors import Actor
from baoxiu.repair import queries as repair
from baoxiu.repair.models import Loan
from baoxiu.sop.charges import Balance
from baoxiu.sop.conformance import Verdict
from baoxiu.sop.decision import Decision
from baoxiu.sop.entitlement import lacking
from baoxiu.sop.procedure import Procedure, Step
from baoxiu.sop.text import Text
from baoxiu.terms import procedures

# the composer's tabs, in their order; other conversation steps follow
TALK = ("reply", "note", "call", "call_attempt", "message")
# what the agent does to the record itself rather than to the work
RECORD = ("chase", "correct", "take_over", "hold", "merge")
VISITED = ("dispatch", "assigned", "visit", "repair", "parts")
TONES = {"primary": 0, "normal": 1, "danger": 2}


@dataclass(frozen=True, slots=True)
class Warranty:
    """The unit's warranty as a span of days; `share` of it that is over, 0 … 1."""

    from_date: dt.date
    until_date: dt.date
    share: float
    is_over: bool


@dataclass(slots=True)
class Reading:
    case: Case
    procedure: Procedure
    duties: list[Duty]
    line: queries.Timeline
    steps: list[Step]
    talk: list[Step] = field(default_factory=list)
    record: list[Step] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)
    orders: list[WorkOrder] = field(default_factory=list)
    needs: list[PartNeed] | None = None  # None: nobody is to be sent
    quotes: list[Quote] = field(default_factory=list)
    balance: Balance | None = None
    bookings: list[Booking] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    rounds: list[followups.Verdicts] = field(default_factory=list)  # what callers and the customer say
    decision: Decision | None = None
    decided: JournalEntry | None = None
    override: str = ""  # whose word stands against the rules' result, and why
    warranty: Warranty | None = None
    card: coverage.Card | None = None
    clock: repair_clock.RepairClock | None = None
    loans: list[Loan] = field(default_factory=list)
    lacking: list[Text] = field(default_factory=list)  # facts of the unit that would say more
    verdicts: tuple[Verdict, ...] = ()  # none when the journal is longer than the page

    @property
    def basis(self) -> list[str]:
        return basis(self.decision)[:1] if self.override else basis(self.decision)

    @property
    def reasons(self) -> list[str]:
        """The rules' words; a manager's word against them stands alone, for theirs would say the contrary."""
        return [self.override] if self.override else reasons(self.decision)


def basis(decision: Decision | None) -> list[str]:
    """Clause and rules of a decision, each once."""
    return list(dict.fromkeys((decision.clause, *decision.rule_ids))) if decision else []


def reasons(decision: Decision | None) -> list[str]:
    return [say(text) for text in decision.reasons] if decision else []


def read(viewer: Actor, case: Case, now: dt.datetime) -> Reading:
    """What the page needs, panel by panel; a panel that cannot have content is not asked for."""
    duties = queries.open_duties(case)
    allowed = queries.allowed_steps(viewer, case, {d.kind for d in duties})
    found = Reading(
        case, procedures.by_hash(case.procedure), duties, readable(queries.timeline(case)), allowed
    )
    _sort(found)
    _decide(found)
    found.others = queries.others(viewer, case)
    coverages = _coverages(found, now)
    found.warranty = warranty(case, coverages, now)
    found.card = coverage.card(coverages, _today(case, now))
    if found.card and found.override:
        found.card = replace(found.card, options=[], rows=[])
    if case.unit:
        known = {**units.facts(case.unit), "sold_on": case.unit.purchase_date}
        found.lacking = lacking.facts(known, tuple((coverages or {}).get("options", ())))
    if _was_in_hand(found):
        found.clock = repair_clock.read(case, now, fault=_fault(found.decision))
    if any(d.kind == "loaner_return" for d in duties) or any(e.step == "lend" for e in found.line.entries):
        found.loans = repair.loans(viewer, case)
    if not found.line.has_older:
        found.verdicts = conformance.examine(case, found.line.entries, now=now)
    if case.facts["venue"] != "none":
        found.orders = queries.work_orders(case)
    if case.is_open and case.stage in VISITED and case.facts["venue"] == "onsite":
        found.needs = dispatch.needed(viewer, case)
    if case.facts["venue"] == "depot" or case.facts["possession"] == "ours":
        found.parcels = depot.parcels(viewer, case)
    if case.stage in ("followup", "final", "closed") or case.facts["engineer_followup"] != "due":
        found.rounds = followups.verdicts(viewer, case)
    if case.facts["consent"] != "none" or case.stage == "quote_approval":
        found.quotes = charges.of_case(viewer, case)
    if case.facts.get("money", "none") != "none":
        found.balance, found.bookings = charges.balance(viewer, case), charges.bookings(viewer, case)
        found.steps = [s for s in found.steps if not _is_idle(s, found.balance)]
    return found


def glance(viewer: Actor, case: Case, now: dt.datetime) -> Reading:
    """The same for the panel beside a list: the last words only."""
    duties = queries.open_duties(case)
    allowed = queries.allowed_steps(viewer, case, {d.kind for d in duties})
    line = readable(queries.timeline(case, limit=6))
    found = Reading(case, procedures.by_hash(case.procedure), duties, line, allowed)
    _sort(found)
    found.warranty = warranty(case, _coverages(found, now), now)
    return found


def _is_idle(step: Step, balance: Balance) -> bool:
    """A booking for which there is no money: nothing due to take, nothing paid to give back."""
    left = {"record_payment": balance.due, "refund": balance.kept}.get(step.name)
    return left is not None and left <= 0


def _sort(found: Reading) -> None:
    """Into the composer's tabs, the next steps (what is owed first, what cannot be undone last), and the record's own."""
    talk = {s.name: s for s in found.steps if s.tone == "talk"}
    found.talk = [talk[name] for name in TALK if name in talk]
    found.record = [s for s in found.steps if s.name in RECORD]
    owed = {d.kind for d in found.duties}
    rest = [s for s in found.steps if s.tone != "talk" and s.name not in RECORD]
    found.steps = sorted(
        worth_a_button(rest, owed), key=lambda s: (TONES.get(s.tone, 1), not owed & set(s.discharges))
    )


def _decide(found: Reading) -> None:
    """The decision in force: in the entries at hand, else asked for."""
    if found.case.facts["cover"] == "unknown" and found.case.facts["triaged"] == "no":
        return
    for entry in reversed(found.line.entries):
        if entry.step == "reopen":
            return
        if stored := entry.body.get("data", {}).get("decision"):
            found.decision, found.decided = Decision.from_json(stored), entry
            found.override = _overridden(found, stored)
            return
    if found.line.has_older and (latest := decisions.latest(found.case)):
        found.decision = Decision.from_json(latest.decision)
        found.override = _overridden(found, latest.decision)


def _overridden(found: Reading, stored: Mapping[str, Any]) -> str:
    """By whom and why, where a manager's word differs from the rules' result."""
    if stored.get("computed") in (None, stored["outcome"]):
        return ""
    said = next((e for e in found.line.entries if e.no == stored.get("overridden_by")), None)
    if said is None:
        return _("Decided by our manager against the rule's result.")
    words = (said.content.words if hasattr(said, "content") else None) or {}
    who = _("Overridden by %(name)s") % {"name": said.actor_name}
    return " – ".join(filter(None, (who, str(words.get("reason") or words.get("text", "")))))


def _was_in_hand(found: Reading) -> bool:
    """Whether the unit may have been in repair, now or on an earlier case."""
    case = found.case
    if case.unit_id is None:
        return False
    here = case.facts["possession"] == "ours" or case.facts["diagnosed"] == "yes" or case.stage == "repair"
    return here or any(other["unit_id"] == case.unit_id for other in found.others)


def _fault(decision: Decision | None) -> str:
    return str(decision.facts.get("fault", "unknown")) if decision else "unknown"


def _coverages(found: Reading, now: dt.datetime) -> Mapping[str, Any] | None:
    """The stored verdict of the decision in force; before there is one, the coverages as they stand today."""
    case = found.case
    if found.decision and (verdict := found.decision.detail.get("verdict")):
        stored: Mapping[str, Any] = verdict
        return stored
    standing = units.standing(case.unit, _today(case, now), case.customer, case.site)
    return standing.to_json() | {"options": [], "values": {}} if standing else None


def _today(case: Case, now: dt.datetime) -> dt.date:
    return zones.local_date(now, case.customer.timezone, settings.TIME_ZONE)


def warranty(case: Case, coverages: Mapping[str, Any] | None, now: dt.datetime) -> Warranty | None:
    """None without a purchase date. The days are the customer's."""
    unit, today = case.unit, _today(case, now)
    whole = [c["end"] for c in (coverages or {}).get("coverages", ()) if c["end"] and not c["parts"]]
    if unit is None or unit.purchase_date is None or not whole:
        return None
    until = dt.date.fromisoformat(max(whole))
    span = max((until - unit.purchase_date).days, 1)
    share = min(max((today - unit.purchase_date).days / span, 0.0), 1.0)
    return Warranty(unit.purchase_date, until, share, today > until)
