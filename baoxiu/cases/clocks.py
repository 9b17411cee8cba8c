"""C5.2: what a clock runs under, and when it is due: from the levels in force, the calendar and the pauses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils import timezone

from baoxiu.cases.models import Clocked, Pause
from baoxiu.cases.taking import Taking
from baoxiu.catalogue.models import Unit
from baoxiu.lib.clocks import Interval
from baoxiu.service_levels import queries as levels
from baoxiu.sop.procedure import Procedure
from baoxiu.sop.service_levels import PAUSES, SPANS, STAGE_PAUSES, UNRESOLVED, Book, Subject, Terms

CLAUSE = "C5.2"  # of clocks over the whole case
ASKED = ("priority", "unit_id", "customer_id", "kind")  # columns that levels ask for
HOLD = ("hold",)  # what a clock stands still for unless its level says otherwise
RETIMES = frozenset({"retime", "escalate"})


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock as a step leaves it; `minutes` None: the due time was agreed and stays."""

    start: dt.datetime
    minutes: int | None
    due: dt.datetime
    warn: dt.datetime
    calendar: str = ""
    level: str = ""
    book: int = 0
    sha256: str = ""
    inner: dt.datetime | None = None
    is_provisional: bool = False
    paused: dt.datetime | None = None
    alarm: dt.datetime | None = None
    fired: str = ""
    stops_for: tuple[str, ...] = HOLD
    is_quiet: bool = False  # it only stands or runs on: nothing for the journal, pauses say it

    def columns(self) -> dict[str, Any]:
        """As the row of a duty or span holds it."""
        return {
            "clock_from": self.start, "minutes": self.minutes, "calendar": self.calendar, "level": self.level,
            "book": self.book, "is_provisional": self.is_provisional, "warn_at": self.warn, "inner_due_at": self.inner,
            "due_at": self.due, "paused_at": self.paused, "alarm_at": self.alarm, "fired": self.fired,
        }  # fmt: skip

    def told(self) -> list[Any]:
        """As the journal tells it: what `verify` needs to find the due time again, and why it stands still."""
        told = [self.start.isoformat(), self.minutes, self.calendar, self.level, self.sha256]
        return told if self.stops_for == HOLD else [*told, list(self.stops_for)]


def stops(book: Book, level: str, kind: str, clause: str) -> tuple[str, ...]:
    """Why a clock under this level stands still."""
    terms = book.terms_of(level, kind, clause) if level else None
    return terms.stops_for if terms else HOLD


def scopes(step_sets: dict[str, str], on_hold: bool, before: str, after: str) -> tuple[set[str], set[str]]:
    """(begun, ended): what a step makes clocks stand for, by the fact on_hold and the stages it leads from and to."""
    begun, ended = set(), set()
    if step_sets.get("on_hold") == "yes":
        begun.add("hold")
    elif step_sets.get("on_hold") == "no" and on_hold:
        ended.add("hold")
    if before != after:
        begun |= {STAGE_PAUSES[after]} if after in STAGE_PAUSES else set()
        ended |= {STAGE_PAUSES[before]} if before in STAGE_PAUSES else set()
    return begun, ended


class Reckoning:
    """The clocks of one step being taken. What it needs of the database it asks once, and only when needed."""

    def __init__(self, taking: Taking) -> None:
        self.taking, self.now, self.case = taking, taking.now, taking.case
        self.before, self.after = self.case.stage, taking.step.to_stage or self.case.stage
        self.begun, self.ended = scopes(
            dict(taking.step.sets), self.case.facts.get("on_hold") == "yes", self.before, self.after
        )

    @cached_property
    def in_force(self) -> tuple[int, Book]:
        return levels.in_force()

    @cached_property
    def subject(self) -> Subject:
        """What the levels ask about the case, as the step leaves it."""
        _, book = self.in_force
        value = {c: self.taking.changes.get(c, getattr(self.case, c)) for c in ASKED}
        agreed = levels.Agreed()
        if book.asks_contract:
            agreed = levels.agreed(value["customer_id"], timezone.localdate(self.now))
        product_class = ""
        if value["unit_id"] and any(level.classes for level in book.levels):
            product_class = Unit.objects.values_list("product_class", flat=True).get(pk=value["unit_id"])
        return Subject(product_class, value["priority"], value["kind"], agreed.contract, agreed.tier)

    @cached_property
    def pauses(self) -> list[Pause]:
        """All of the case, those that end now with their end."""
        found = list(Pause.objects.filter(case=self.case).order_by("from_at", "pk")) if self.case.pk else []
        for pause in found:
            if pause.until_at is None and pause.scope in self.ended:
                pause.until_at = self.now
        return found

    def intervals(self, stops_for: Iterable[str]) -> list[Interval]:
        return [(p.from_at, p.until_at) for p in self.pauses if p.scope in stops_for]

    # -- new clocks

    def new(self, kind: str, minutes: int | None = None) -> Clock | None:
        """The clock of a duty or span that begins with this step; None for a span nobody promised."""
        duty = self.taking.procedure.duty.get(kind)
        default = Terms(duty.due_minutes, warn_share=duty.warn_share) if duty else None
        start = self.taking.clock_from or self.now
        if kind in self.taking.due:
            return self.fixed(start, self.taking.due[kind], default)
        number, book = self.in_force
        terms = book.terms(kind, duty.clause if duty else CLAUSE, self.subject, default)
        if terms is None:
            return None
        if minutes:
            terms = replace(terms, minutes=minutes, inner_minutes=None)
        clock = self.run(start, terms, number, book, [])
        stands = self.is_standing(terms.stops_for)
        return replace(clock, paused=self.now, alarm=None) if stands else clock

    def fixed(self, start: dt.datetime, due: dt.datetime, terms: Terms | None) -> Clock:
        share = terms.warn_share if terms else 0.75
        return Clock(start, None, due, due - (due - start) * (1 - share))

    def is_standing(self, stops_for: Iterable[str]) -> bool:
        """Whether a clock that stops for these stands after the step."""
        if self.begun & set(stops_for):
            return True
        if self.case.facts.get("on_hold") != "yes" and self.after not in STAGE_PAUSES:
            return False
        return any(until is None for _, until in self.intervals(stops_for))

    def run(
        self,
        start: dt.datetime,
        terms: Terms,
        number: int,
        book: Book,
        pauses: list[Interval],
        row: Clocked | None = None,
    ) -> Clock:
        """A running clock: promise, inner target, warning, and the first moment at which something is to be done."""
        due, provisional = book.due(terms.calendar, start, terms.minutes, pauses)
        if due is None:
            raise ValueError("a clock that stands has no due time")
        warn, _ = book.due(terms.calendar, start, terms.minutes * terms.warn_share, pauses)
        inner = None
        if terms.inner_minutes:
            inner, _ = book.due(terms.calendar, start, terms.inner_minutes, pauses)
        clock = Clock(
            start, terms.minutes, due, warn or due, terms.calendar, terms.level, number, book.sha256, inner, provisional,
            stops_for=terms.stops_for,
        )  # fmt: skip
        points = {"warn": clock.warn, "inner": clock.inner, "breach": clock.due}
        was = {"warn": row.warn_at, "inner": row.inner_due_at, "breach": row.due_at} if row else {}
        # a point that is moved ahead will come again; one that stays was acted on, whatever the wall clock says
        left = [
            p
            for p in (row.fired.split() if row else ())
            if (at := points[p]) and (at <= self.now or at == was[p])
        ]
        asked = {action.at for action in terms.actions}
        ahead = [at for p, at in points.items() if at and p in asked and p not in left]
        return replace(clock, alarm=min(ahead, default=None), fired=" ".join(left))

    # -- clocks that run already

    def again(self, kind: str, clause: str, row: Clocked) -> Clock | None:
        """The clock as the step leaves it; None when it stays as it is."""
        if row.clock_from is None:
            return self._from_before_levels(row)
        if row.minutes is None:
            return None
        if not (self.changes_terms or self.begun or self.ended):
            return None
        number, book, terms = self._terms(kind, clause, row)
        stood = [i for i in self.intervals(terms.stops_for) if i[1] is not None]
        clock = self.run(row.clock_from, terms, number, book, stood, row)
        if self.is_standing(terms.stops_for):
            clock = replace(clock, paused=row.paused_at or self.now, alarm=None)
        new, old = clock.columns(), {name: getattr(row, name) for name in clock.columns()}
        differs = {name for name in new if new[name] != old[name]} - {"book"}
        if not differs:
            return None
        return replace(clock, is_quiet=differs <= {"paused_at", "alarm_at", "fired"})

    @cached_property
    def changes_terms(self) -> bool:
        """Whether another level may fit after the step."""
        changes = self.taking.changes
        asked = any(c in changes and changes[c] != getattr(self.case, c) for c in ASKED)
        return self.case.pk is not None and (self.taking.step.name in RETIMES or asked)

    def _terms(self, kind: str, clause: str, row: Clocked) -> tuple[int, Book, Terms]:
        """What the clock runs under from now: the book in force when the step may change it, else its own."""
        own = levels.by_number(row.book)
        duty = self.taking.procedure.duty.get(kind)
        default = Terms(duty.due_minutes, warn_share=duty.warn_share) if duty else None
        kept = own.terms_of(row.level, kind, clause) or default or Terms(row.minutes or 0, row.calendar)
        if self.changes_terms and kept.minutes == row.minutes:
            number, book = self.in_force
            if terms := book.terms(kind, clause, self.subject, default):
                return number, book, terms
        return row.book, own, replace(kept, minutes=row.minutes or 0)

    def _from_before_levels(self, row: Clocked) -> Clock | None:
        """A duty opened by an older program: its due time moves by the length of the pause."""
        held = [p for p in self.pauses if p.scope == "hold" and p.until_at == self.now] if self.ended else []
        if "hold" not in self.ended or not held:
            return None
        opened_at: dt.datetime = row.opened_at  # type: ignore[attr-defined]
        moved = self.now - max(held[-1].from_at, opened_at)
        return Clock(opened_at, None, row.due_at + moved, row.warn_at + moved)

    # -- pauses

    def write_pauses(self) -> None:
        """Ends and begins the intervals; a hold is written by its own operation, which knows the reason."""
        if self.ended:
            running = Pause.objects.filter(case=self.case, until_at=None, scope__in=self.ended)
            running.update(until_at=self.now)
        for scope in self.begun - {"hold"}:
            Pause.objects.create(
                case=self.case, scope=scope, reason=scope, clause=PAUSES[scope][1], from_at=self.now,
                opened_by_no=self.taking.entry_no,
            )  # fmt: skip


def promised(version: Procedure, kind: str, subject: Subject, *, now: dt.datetime) -> dt.datetime:
    """When a duty that began now would be due, by the levels in force: what may be promised before there is a case."""
    duty = version.duty[kind]
    _, book = levels.in_force()
    default = Terms(duty.due_minutes, warn_share=duty.warn_share)
    terms = book.terms(kind, duty.clause, subject, default) or default
    due, _ = book.due(terms.calendar, now, terms.minutes)
    return due or now


def spans(before: str, after: str) -> tuple[set[str], set[str]]:
    """(begun, ended): the clocks over the case that a step from one stage to another begins and ends."""
    kinds = set(SPANS)
    if before not in UNRESOLVED and after in UNRESOLVED:
        return kinds, set()
    return (set(), kinds) if before in UNRESOLVED and after not in UNRESOLVED else (set(), set())
