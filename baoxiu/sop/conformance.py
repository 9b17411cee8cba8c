"""C1, C5, C6.2: which clauses a case kept, which were waived and by whom, which were broken.

Derived from the journal alone and the procedure the case runs under: what was owed and when it was
done, who set a clause aside and why, whether each step was allowed. The same journal always gives the
same answer; `tools/verify_certificate.py` derives it a second time from a certificate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from baoxiu.sop.procedure import NEW, Procedure, ProcedureError, facts_after
from baoxiu.sop.service_levels import STAGE_PAUSES

KEPT, WAIVED, BROKEN, OWED = "kept", "waived", "broken", "owed"
# the worst of a clause's findings is its outcome
SEVERITY = (BROKEN, OWED, WAIVED, KEPT)
# steps by which a person puts a word in place of the rules'
OVERRIDES = frozenset({"override_cover"})
STOPS_AT = 5  # in what the journal tells of a clock: what it stands still for, where that is not a hold alone


@dataclass(frozen=True, slots=True)
class Event:
    """One journal entry. `name` and `reason` are shown with what it waived; they decide nothing."""

    no: int
    at: dt.datetime
    step: str
    party: str
    actor: str
    from_stage: str
    to_stage: str
    body: Mapping[str, Any]
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a clause asked for. `what`: duty | step | waiver | decision | end; `name`: which.

    `at`: when it happened (None: not yet); `why`: for a breach late | overdue | skipped | unlawful.
    """

    clause: str
    what: str
    name: str
    outcome: str
    entry_no: int
    at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    by: str = ""
    who: str = ""
    why: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    clause: str
    outcome: str
    findings: tuple[Finding, ...]

    @property
    def told(self) -> tuple[Finding, ...]:
        """What is worth a line: everything but steps taken as they should be."""
        return tuple(f for f in self.findings if f.what != "step" or f.outcome != KEPT)


@dataclass(slots=True)
class _Owed:
    entry_no: int
    opened_at: dt.datetime
    due_at: dt.datetime
    stops_for: Sequence[str] = ("hold",)


@dataclass
class _Replay:
    procedure: Procedure
    stage: str = NEW
    facts: dict[str, str] = field(default_factory=dict)
    owed: dict[str, _Owed] = field(default_factory=dict)
    stands: dict[str, dt.datetime] = field(default_factory=dict)  # why clocks stand → since when
    last_no: int = 0

    def clock(self, owed: _Owed, at: dt.datetime) -> dt.datetime:
        """What the clock of a duty shows at `at`: it stands still while what it stops for lasts."""
        since = [began for scope, began in self.stands.items() if scope in owed.stops_for]
        return max(min(since), owed.opened_at) if since else at

    def take(self, event: Event) -> Iterator[Finding]:
        step = self.procedure.step.get(event.step)
        if step is None:
            yield Finding(
                "C4", "step", event.step, BROKEN, event.no, event.at, by=event.actor, why="unlawful"
            )
            return
        lawful = (
            self.stage in step.from_stages
            and event.from_stage == self.stage
            and event.party in step.parties
            and all(c.holds(self.facts) for c in step.requires)
        )
        yield Finding(
            step.clause, "step", step.name, KEPT if lawful else BROKEN, event.no, event.at, by=event.actor,
            why="" if lawful else "unlawful",
        )  # fmt: skip
        yield from self._waived(event)
        yield from self._decided(event)
        yield from self._duties(event)
        try:
            self.facts = facts_after(step, self.facts, event.body.get("facts", {}), self.procedure)
        except ProcedureError:
            yield Finding(
                step.clause, "step", step.name, BROKEN, event.no, event.at, by=event.actor, why="unlawful"
            )
        self.stage, self.last_no = event.to_stage, event.no
        yield from self._end(event)

    def _waived(self, event: Event) -> Iterator[Finding]:
        step = self.procedure.step[event.step]
        for name, value in step.sets:
            if value == "waived":
                duty = self.procedure.duty.get(name)
                yield Finding(
                    duty.clause if duty else step.clause, "waiver", name, WAIVED, event.no, event.at,
                    by=event.actor, who=event.name, why=event.step, reason=event.reason,
                )  # fmt: skip

    def _decided(self, event: Event) -> Iterator[Finding]:
        decision = event.body.get("data", {}).get("decision")
        if not isinstance(decision, Mapping):
            return
        outcome = WAIVED if event.step in OVERRIDES else KEPT
        step = self.procedure.step[event.step]
        yield Finding(
            str(decision.get("clause") or step.clause), "decision", event.step, outcome, event.no, event.at,
            by=event.actor, who=event.name, why=event.step if outcome == WAIVED else "",
            reason=event.reason if outcome == WAIVED else "",
        )  # fmt: skip

    def _duties(self, event: Event) -> Iterator[Finding]:
        body = event.body
        waived = {name for name, value in self.procedure.step[event.step].sets if value == "waived"}
        for kind, how in body.get("ended", {}).items():
            owed = self.owed.pop(kind, None)
            if owed is None:
                continue
            late = self.clock(owed, event.at) > owed.due_at
            if late or (how == "done" and kind not in waived):
                yield self._duty(kind, owed, BROKEN if late else KEPT, event, "late" if late else "")
        for kind, (due, _) in body.get("opened", {}).items():
            self.owed[kind] = _Owed(event.no, event.at, dt.datetime.fromisoformat(due))
        for kind, due in body.get("moved", {}).items():
            if kind in self.owed:
                self.owed[kind].due_at = dt.datetime.fromisoformat(due)
        for kind, told in body.get("clocks", {}).items():
            if kind in self.owed and len(told) > STOPS_AT:
                self.owed[kind].stops_for = told[STOPS_AT]
        self._stand(event)

    def _stand(self, event: Event) -> None:
        """The pauses that begin and end with an entry (record 31)."""
        if event.from_stage != event.to_stage:
            self.stands.pop(STAGE_PAUSES.get(event.from_stage, ""), None)
            if event.to_stage in STAGE_PAUSES:
                self.stands[STAGE_PAUSES[event.to_stage]] = event.at
        hold = dict(self.procedure.step[event.step].sets).get("on_hold")
        if hold == "yes":
            self.stands["hold"] = event.at
        elif hold == "no":
            self.stands.pop("hold", None)

    def _duty(self, kind: str, owed: _Owed, outcome: str, event: Event | None, why: str) -> Finding:
        return Finding(
            self.procedure.duty[kind].clause, "duty", kind, outcome, event.no if event else owed.entry_no,
            event.at if event else None, owed.due_at, by=event.actor if event else "", why=why,
        )  # fmt: skip

    def _end(self, event: Event) -> Iterator[Finding]:
        """At the regular end nothing a clause asks for may be left undone."""
        stage = self.procedure.stage.get(self.stage)
        if stage is None or not stage.completes or event.from_stage == self.stage:
            return
        for kind, duty in self.procedure.duty.items():
            if self.facts.get(kind) == "due":
                yield Finding(duty.clause, "end", kind, BROKEN, event.no, event.at, why="skipped")

    def left(self, now: dt.datetime) -> Iterator[Finding]:
        for kind, owed in self.owed.items():
            over = self.clock(owed, now) > owed.due_at
            yield self._duty(kind, owed, BROKEN if over else OWED, None, "overdue" if over else "")


def examine(procedure: Procedure, events: Iterable[Event], *, now: dt.datetime) -> tuple[Verdict, ...]:
    """One verdict per clause the case came to, in the order of the register's ids.

    `events`: the whole journal, oldest first. What is open at `now` is owed, or broken when its time is over.
    """
    replay = _Replay(procedure, facts=procedure.initial_facts)
    findings: list[Finding] = []
    for event in events:
        findings += replay.take(event)
    findings += replay.left(now)
    by_clause: dict[str, list[Finding]] = {}
    for found in findings:
        by_clause.setdefault(found.clause, []).append(found)
    return tuple(Verdict(c, worst(by_clause[c]), tuple(by_clause[c])) for c in sorted(by_clause))


def worst(findings: Iterable[Finding]) -> str:
    outcomes = {f.outcome for f in findings}
    return next(o for o in SEVERITY if o in outcomes)


def overall(verdicts: Iterable[Verdict]) -> str:
    """The worst clause's outcome; kept for a journal that asked for nothing."""
    outcomes = {v.outcome for v in verdicts}
    return next((o for o in SEVERITY if o in outcomes), KEPT)
