"""`baoxiu verify`: every case derived again from its journal and compared with what is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from baoxiu.cases import clocks, replay, work_orders
from baoxiu.cases.attachments import path_of
from baoxiu.cases.journal import content_hash, entry_hash
from baoxiu.cases.models import Attachment, Case, Duty, JournalEntry, Pause, Sequence, Span
from baoxiu.lib import prefixes
from baoxiu.sop import procedure as sop
from baoxiu.terms import procedures


@dataclass(frozen=True, slots=True)
class Difference:
    """Where stored and derived part: the case, the entry (0: the case itself), what, both values."""

    number: str
    entry_no: int
    what: str
    stored: Any
    derived: Any

    def __str__(self) -> str:
        return f"{self.number} entry {self.entry_no}: {self.what}: stored {self.stored!r}, derived {self.derived!r}"


def verify(numbers: list[str] | None = None) -> Iterator[tuple[str, list[Difference]]]:
    """Each case's number with its differences, in order; reads in chunks, memory stays flat."""
    cases = Case.objects.order_by("pk")
    if numbers:
        cases = cases.filter(number__in=numbers)
    journal = Prefetch(
        "journal", JournalEntry.objects.order_by("no").select_related("content"), to_attr="entries"
    )
    duties = Prefetch("duties", Duty.objects.filter(outcome="open"), to_attr="open_now")
    spans = Prefetch("spans", Span.objects.filter(outcome="open"), to_attr="spans_now")
    for case in cases.prefetch_related(journal, duties, spans, "pauses", "work_orders").iterator(
        chunk_size=200
    ):
        yield case.number, list(differences(case, case.entries))  # type: ignore[attr-defined]


def differences(case: Case, entries: list[JournalEntry]) -> Iterator[Difference]:
    try:
        version = procedures.by_hash(case.procedure)
    except sop.ProcedureError as problem:
        yield Difference(case.number, 0, "procedure", case.procedure, str(problem))
        return
    state = _State(version)
    for i, entry in enumerate(entries, 1):
        yield from _chain(case, entry, i, state)
        try:
            state.apply(entry)
        except (sop.ProcedureError, KeyError, ValueError, TypeError) as problem:
            yield Difference(case.number, entry.no, "step", entry.step, str(problem))
            return
        for kind, stored, derived in state.ledger.replayed(entry):
            yield Difference(case.number, entry.no, f"clock {kind}", stored, derived)
        if state.stage != entry.to_stage:
            yield Difference(case.number, entry.no, "to_stage", entry.to_stage, state.stage)
    yield from _compare(case, state, case.open_now, case.spans_now, list(case.pauses.all()))  # type: ignore[attr-defined]


class _State:
    """A case as its journal tells it."""

    def __init__(self, version: sop.Procedure) -> None:
        self.version, self.stage, self.facts = version, sop.NEW, version.initial_facts
        self.columns: dict[str, Any] = {}
        self.duties: dict[str, tuple[dt.datetime, int | None]] = {}
        self.spans: dict[str, dt.datetime] = {}
        self.orders: dict[int, dict[str, Any]] = {}
        self.ledger = replay.Ledger(version)
        self.count, self.head = 0, ""
        self.stage_since: dt.datetime | None = None
        self.closed_at: dt.datetime | None = None

    def apply(self, entry: JournalEntry) -> None:
        step, body = self.version.step[entry.step], entry.body
        if self.stage not in step.from_stages or entry.from_stage != self.stage:
            raise sop.ProcedureError(f"taken from {entry.from_stage}, the case was at {self.stage}")
        missing = [c for c in step.requires if not c.holds(self.facts)]
        if missing or entry.party not in step.parties:
            raise sop.ProcedureError(f"not allowed for {entry.party}: {missing}")
        self.ledger.pause(step, self.facts, self.stage, entry)
        self.facts = sop.facts_after(step, self.facts, body.get("facts", {}), self.version)
        if step.to_stage and step.to_stage != self.stage:
            self.stage, self.stage_since = step.to_stage, entry.at
        if self.closed_at is None and self.version.stage[self.stage].is_end:
            self.closed_at = entry.at
        self.columns.update(body.get("set", {}))
        if hasattr(entry, "content") and entry.content.words:
            self.columns.update(entry.content.words.get("case", {}))
        for kind in body.get("ended", {}):
            del self.duties[kind]
        for kind, (due, owner) in body.get("opened", {}).items():
            self.duties[kind] = (dt.datetime.fromisoformat(due), owner)
        for kind, due in body.get("moved", {}).items():
            self.duties[kind] = (dt.datetime.fromisoformat(due), self.duties[kind][1])
        for kind, owner in body.get("reassigned", {}).items():
            self.duties[kind] = (self.duties[kind][0], owner)
        for kind in clocks.spans(entry.from_stage, entry.to_stage)[1]:
            self.spans.pop(kind, None)
        for pk, columns in body.get("orders", {}).items():
            self.orders.setdefault(int(pk), {}).update(columns)
        self.spans.update({k: dt.datetime.fromisoformat(v) for k, v in body.get("spans", {}).items()})
        self.count, self.head = entry.no, entry.hash


def _chain(case: Case, entry: JournalEntry, no: int, state: _State) -> Iterator[Difference]:
    for what, stored, derived in (
        ("no", entry.no, no),
        ("previous", entry.previous, state.head),
        ("hash", entry.hash, entry_hash(entry, case.number)),
    ):
        if stored != derived:
            yield Difference(case.number, entry.no, what, stored, derived)
    content = getattr(entry, "content", None)
    if (
        content
        and content.words is not None
        and content_hash(content.salt, content.words) != entry.content_hash
    ):
        yield Difference(
            case.number, entry.no, "content", entry.content_hash, content_hash(content.salt, content.words)
        )
    if entry.content_hash and content is None:
        yield Difference(case.number, entry.no, "content", entry.content_hash, None)


def _compare(
    case: Case, state: _State, open_now: list[Duty], spans: list[Span], pauses: list[Pause]
) -> Iterator[Difference]:
    nearest = min(((due, kind) for kind, (due, _) in state.duties.items()), default=None)
    pairs: dict[str, tuple[Any, Any]] = {
        "stage": (case.stage, state.stage),
        "stage_since": (case.stage_since, state.stage_since),
        "closed_at": (case.closed_at, state.closed_at),
        "facts": (case.facts, state.facts),
        "journal_count": (case.journal_count, state.count),
        "journal_head": (case.journal_head, state.head),
        "is_open": (case.is_open, state.stage == sop.NEW or not state.version.stage[state.stage].is_end),
        "next_duty": (case.next_duty, nearest[1] if nearest else ""),
        "next_due_at": (case.next_due_at, nearest[0] if nearest else None),
        "duties": ({d.kind: (d.due_at, d.owner_id) for d in open_now}, state.duties),
        "duty parties": (
            {d.kind: (d.party, d.clause) for d in open_now},
            {k: (d.party, d.clause) for k in state.duties if (d := state.version.duty.get(k))},
        ),
        "spans": ({s.kind: s.due_at for s in spans}, state.spans),
        "pauses": (state.ledger.stored(pauses), state.ledger.pauses),
        **{c: (getattr(case, c), v) for c, v in state.columns.items()},
    }
    for what, (stored, derived) in pairs.items():
        if stored != derived:
            yield Difference(case.number, 0, what, stored, derived)
    yield from _work_orders(case, state)


def _work_orders(case: Case, state: _State) -> Iterator[Difference]:
    """Rows against the journal. One the journal never began is passed over only where an older program made it."""
    rows = {order.pk: order for order in case.work_orders.all()}
    for pk, told in state.orders.items():
        row = rows.pop(pk, None)
        if row is None and "venue" in told:
            yield Difference(case.number, 0, f"work order {pk}", None, told)
        stored = {name: work_orders.as_told(getattr(row, name)) for name in told} if row else told
        if stored != told:
            yield Difference(case.number, 0, f"work order {pk}", stored, told)
    silent = {entry.at for entry in case.entries if not entry.body.get("orders")}  # type: ignore[attr-defined]
    for pk, row in rows.items():
        if row.created_at not in silent:
            yield Difference(case.number, 0, f"work order {pk}", row.status, None)


def missing_cases() -> Iterator[Difference]:
    """Numbers that were given out and lead to no case, and cases whose number was never given out.

    Within a month numbers have no gaps: a deleted case leaves one, whatever else was deleted with it.
    """
    for counter in Sequence.objects.filter(name__startswith="case-").order_by("name"):
        prefix = f"BX-{counter.name.removeprefix('case-')}-"
        month = Case.objects.filter(number__gte=prefix, number__lt=prefixes.after(prefix))
        last = f"{prefix}{counter.value:06d}"
        given = month.filter(number__lte=last)
        if given.count() != counter.value:
            there = set(given.values_list("number", flat=True).iterator())
            for n in range(1, counter.value + 1):
                if (number := f"{prefix}{n:06d}") not in there:
                    yield Difference(number, 0, "case", None, "given out")
        for number in month.filter(number__gt=last).values_list("number", flat=True)[:100]:
            yield Difference(number, 0, "number", number, f"none after {last} was given out")


def missing_files() -> Iterator[str]:
    """Attachments whose bytes are not there."""
    for sha256, name in Attachment.objects.values_list("sha256", "name").iterator():
        if not path_of(sha256).exists():
            yield f"{name} ({sha256[:12]})"
