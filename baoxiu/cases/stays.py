"""C4.5: the repair clock – when a unit was handed in, what was waited for and through whom, ready, handed back.

Read from the journals of the unit's cases, never typed. A stay begins when we have the product in hand
(received, or the engineer has arrived) and is ready when the test is passed. Repair, warranty and the
duties of the law count from here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from baoxiu.cases.models import JournalEntry
from baoxiu.cases.taking import Taking
from baoxiu.catalogue.models import Unit
from baoxiu.lib import zones
from baoxiu.people.remembered import remembered
from baoxiu.sop.entitlement.claim import Repair

STEPS = (
    "triage", "receive", "check_in", "to_depot", "diagnose", "wait_parts", "parts_arrived", "return_visit", "hold", "resume",
    "lend", "settle_limit", "pass_test", "condemn", "decline_quote", "withdraw_return", "hand_over", "deliver", "collect",
)  # fmt: skip
BEGIN = frozenset({"receive", "check_in"})
BACK = frozenset({"hand_over", "deliver", "collect"})
WITHOUT = frozenset({"condemn", "decline_quote", "withdraw_return"})  # ended unrepaired


@dataclass(frozen=True, slots=True)
class Wait:
    """Time in which nothing was done. `whose` delay: producer | repairer | customer; `reason`: parts, or a pause's code."""

    whose: str
    reason: str
    from_at: dt.datetime
    until_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """One repair. `waiting`: whose delay the part is, "" while it is worked on; spans are closed intervals."""

    case_id: int
    began_at: dt.datetime
    ready_at: dt.datetime | None = None
    back_at: dt.datetime | None = None
    symptom: str = ""
    waiting: str = ""
    waiting_since: dt.datetime | None = None
    paused_at: dt.datetime | None = None
    producer: dt.timedelta = field(default=dt.timedelta(0))
    customer: dt.timedelta = field(default=dt.timedelta(0))
    is_covered: bool = True
    is_repaired: bool = True
    is_lent: bool = False
    is_settled: bool = False  # the customer chose what happens at the limit of the law
    waits: tuple[Wait, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.ready_at is None and self.back_at is None

    def days(self, now: dt.datetime) -> int:
        """Days since the hand-in, whole ones."""
        return ((self.ready_at or self.back_at or now) - self.began_at).days

    def waited(self, now: dt.datetime) -> dt.timedelta:
        """How long the customer had us wait, a wait that runs included."""
        return self.customer + (
            max(now - self.paused_at, dt.timedelta(0)) if self.paused_at else dt.timedelta(0)
        )

    def to_repair(self, zone: str, symptom: str, now: dt.datetime) -> Repair:
        """The stay as the engine counts it `now`, in dates of `zone`; the same fault where the symptoms agree or are unknown."""

        def day(at: dt.datetime) -> dt.date:
            return zones.local_date(at, zone, settings.TIME_ZONE)

        return Repair(
            handed_in_on=day(self.began_at),
            ready_on=day(self.ready_at) if self.ready_at else None,
            handed_back_on=day(self.back_at) if self.back_at else None,
            cause="wait_part_producer" if self.waiting == "producer" else "wait_part_repairer" if self.waiting else "repair",
            excluded_days=self.waited(now).days,
            producer_days=self.producer.days,
            same_fault=self.is_repaired and (not symptom or not self.symptom or symptom == self.symptom),
            covered=self.is_covered,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    case_id: int
    step: str
    at: dt.datetime
    data: dict[str, Any]


def of_unit(unit: Unit | None, taking: Taking | None = None) -> list[Stay]:
    """Every stay of the unit, oldest first, across its cases; `taking`: the step being taken counts already."""
    events = []
    if unit and unit.pk:
        rows = _of_unit(unit.pk)
        events = [Event(r["case_id"], r["step"], r["at"], r["body"].get("data", {})) for r in rows]
    if taking:
        data = taking.payload.model_dump(mode="json")
        events.append(Event(taking.case.pk, taking.step.name, taking.now, data))
        events.sort(key=lambda e: e.case_id)  # stable: within a case as they came
    return sorted(fold(events), key=lambda s: s.began_at)


@remembered
def _of_unit(unit_id: int) -> QuerySet[JournalEntry, Any]:
    found = JournalEntry.objects.filter(case__unit_id=unit_id, step__in=STEPS).order_by("case_id", "no")
    return found.values("case_id", "step", "at", "body")


def fold(events: Iterable[Event]) -> list[Stay]:
    """The stays that the steps of one case after another tell."""
    done: list[Stay] = []
    now: Stay | None = None
    symptom, case_id = "", 0
    for event in events:
        if event.case_id != case_id:
            done += [now] if now else []
            now, symptom, case_id = None, "", event.case_id
        if event.step in ("triage", "diagnose"):
            symptom = event.data.get("symptom") or symptom
        if now is None:
            carried = event.step == "to_depot" and event.data.get("carried_by") == "ours"
            if event.step in BEGIN or carried:
                now = Stay(event.case_id, event.at, symptom=symptom)
            continue
        if now.ready_at and event.step in BEGIN:  # it came back before it was fetched
            done.append(now)
            now = Stay(event.case_id, event.at, symptom=symptom)
            continue
        now = _after(replace(now, symptom=symptom), event)
        if event.step in BACK:
            done.append(now)
            now = None
    return done + ([now] if now else [])


def _after(stay: Stay, event: Event) -> Stay:
    step, at, data = event.step, event.at, event.data
    if step == "diagnose":
        outcome = (data.get("decision") or {}).get("outcome")
        return replace(stay, is_covered=outcome != "paid") if outcome else stay
    stay = replace(stay, waits=_waits(stay.waits, event))
    if step == "wait_parts":
        return replace(stay, waiting=data.get("waiting_for") or "repairer", waiting_since=at)
    if step in ("parts_arrived", "return_visit") and stay.waiting_since:
        waited = at - stay.waiting_since if stay.waiting == "producer" else dt.timedelta(0)
        return replace(stay, waiting="", waiting_since=None, producer=stay.producer + waited)
    if step == "hold" and data.get("reason") == "customer":
        return replace(stay, paused_at=at)
    if step == "resume" and stay.paused_at:
        return replace(stay, paused_at=None, customer=stay.customer + (at - stay.paused_at))
    if step == "lend":
        return replace(stay, is_lent=True)
    if step == "settle_limit":
        return replace(stay, is_settled=True)
    if step == "pass_test":
        return replace(stay, ready_at=at)
    if step in WITHOUT:
        return replace(stay, ready_at=stay.ready_at or at, is_repaired=False)
    return replace(stay, back_at=at) if step in BACK else stay


_PARTS = "wait_parts"
_GO_ON = {
    "parts_arrived": True,
    "return_visit": True,
    "resume": False,
}  # step → whether it ends the wait for parts


def _waits(known: tuple[Wait, ...], event: Event) -> tuple[Wait, ...]:
    """With the wait that begins with this step, or those that end with it."""
    step, at, data = event.step, event.at, event.data
    if step == _PARTS:
        return (*known, Wait(data.get("waiting_for") or "repairer", _PARTS, at))
    if step == "hold":
        whose = "customer" if data.get("reason") == "customer" else "repairer"
        return (*known, Wait(whose, data.get("reason") or "other", at))
    if step in _GO_ON or step == "pass_test" or step in WITHOUT or step in BACK:
        for_parts = _GO_ON.get(step)
        return tuple(
            replace(w, until_at=at) if w.until_at is None and for_parts in (None, w.reason == _PARTS) else w
            for w in known
        )
    return known
