"""The one gate. `take_step` is the only way a case moves; rooms act inside it.

A room's operation is a function decorated with `@operation("name")`: it runs inside the gate's
transaction, after the rules said yes and before anything of the spine is written. What it raises
undoes everything. The idempotency key covers the whole operation.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from baoxiu.cases import outbox
from baoxiu.cases.models import Attachment, Case, Content, Duty, IdempotencyKey, JournalEntry, Pause
from baoxiu.lib import canonical
from baoxiu.lib.calendars import ROUND_THE_CLOCK
from baoxiu.people.actors import Actor
from baoxiu.sop import payloads, procedure as sop
from baoxiu.sop.text import Text
from baoxiu.terms import procedures


class StepRefused(Exception):
    """The rules say no. `code` is for machines, `reason` for people in both languages."""

    def __init__(self, code: str, reason: Text, field: str = "") -> None:
        super().__init__(reason.en)
        self.code, self.reason, self.field = code, reason, field


class Conflict(Exception):
    """Somebody else moved the case in the same moment; nothing was changed."""


class KeyReused(Exception):
    """An idempotency key came again with another request."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer of a step; the same again when its key comes again (`replayed`)."""

    number: str
    step: str
    entry_no: int
    stage: str
    extra: dict[str, Any] = field(default_factory=dict)
    replayed: bool = False

    def to_json(self) -> dict[str, Any]:
        return {"number": self.number, "step": self.step, "entry_no": self.entry_no, "stage": self.stage, "extra": self.extra}


@dataclass
class Taking:
    """A step being taken: what the room's operation reads and adds.

    `facts`: values for the facts the step chooses. `changes`: columns of the case (journalled, so
    that `verify` can rebuild them). `data`: more for the journal's body; `words`: more personal
    content. `due`: due times other than the procedure's. `owners`: duty kind → staff id.
    `extra`: more for the answer. `context`: more for the message to the customer.
    """

    case: Case
    procedure: sop.Procedure
    step: sop.Step
    payload: payloads.Payload
    by: Actor
    now: dt.datetime
    entry_no: int
    open_duties: dict[str, Duty]
    facts: dict[str, str] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)
    due: dict[str, dt.datetime] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)

    def refuse(self, en: str, zh: str, code: str = "invalid", field: str = "") -> StepRefused:
        """`raise taking.refuse(…)`: a room's own no, naming the field where there is one."""
        return StepRefused(code, Text(en, zh), field)


Effect = Callable[[Taking, Any], None]
OPERATIONS: dict[str, Effect] = {}
COLUMNS = frozenset(
    "priority subject contact_name contact_phone contact_email customer_id unit_id site_id owner_id engineer_id "
    "station_id merged_into_id kind language".split()
)
_PERSONAL_COLUMNS = frozenset({"subject", "contact_name", "contact_phone", "contact_email"})


def operation(name: str) -> Callable[[Effect], Callable[..., Taken]]:
    """Registers a room's effect for step `name` and returns the operation that faces call."""

    def wrap(effect: Effect) -> Callable[..., Taken]:
        OPERATIONS[name] = effect

        def operate(case: Case, payload: Any, *, by: Actor, now: dt.datetime, key: str | None = None) -> Taken:
            return take_step(case, name, payload, by=by, now=now, key=key)

        operate.__doc__, operate.__name__, operate.__module__ = effect.__doc__, effect.__name__, effect.__module__
        return operate

    return wrap


def take_step(
    case: Case, name: str, payload: payloads.Payload, *, by: Actor, now: dt.datetime, key: str | None = None,
    seen: int | None = None,
) -> Taken:
    """Takes one step in one transaction.

    `seen`: the journal count the caller decided on; another one now is a Conflict.
    Raises StepRefused (rules), Conflict (moved meanwhile), KeyReused (key with another request).
    """
    with transaction.atomic():
        claim = _claim(by, key, [name, case.number, payload.model_dump(mode="json")], now)
        if isinstance(claim, Taken):
            return claim
        case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if seen is not None and seen != case.journal_count:
            raise Conflict(case.number)
        version = procedures.by_hash(case.procedure)
        duties = {d.kind: d for d in Duty.objects.filter(case=case, outcome="open")}
        refusal = sop.refusal(
            version, name, stage=case.stage, facts=case.facts, open_duties=set(duties), parties=by.parties
        )
        if refusal:
            raise StepRefused(refusal.code, refusal.reason)
        taking = Taking(case, version, version.step[name], payload, by, now, case.journal_count + 1, duties)
        effect = OPERATIONS.get(name)
        if effect:
            effect(taking, payload)
        return _finish(taking, claim)


def open_case(
    payload: payloads.Register, new: Callable[[], tuple[Case, dict[str, Any]]], *, by: Actor, now: dt.datetime,
    key: str | None = None,
) -> Taken:
    """C4.1: the step from nothing. `new` returns the unsaved case and more for the journal's body."""
    with transaction.atomic():
        claim = _claim(by, key, ["register", payload.model_dump(mode="json")], now)
        if isinstance(claim, Taken):
            return claim
        version = procedures.in_force(now)
        refusal = sop.refusal(
            version, "register", stage=sop.NEW, facts=version.initial_facts, open_duties=set(), parties=by.parties
        )
        if refusal:
            raise StepRefused(refusal.code, refusal.reason)
        case, data = new()
        case.procedure, case.stage, case.facts = version.sha256, sop.NEW, version.initial_facts
        case.stage_since = case.last_at = now
        case.save(force_insert=True)
        taking = Taking(case, version, version.step["register"], payload, by, now, 1, {}, data=data)
        taking.changes = {c: getattr(case, c) for c in COLUMNS if getattr(case, c) not in (None, "")}
        return _finish(taking, claim)


def _claim(by: Actor, key: str | None, request: list[Any], now: dt.datetime) -> IdempotencyKey | Taken | None:
    """Claims the key, or gives the first answer again. Raises KeyReused, Conflict (still running)."""
    if not key:
        return None
    digest = canonical.sha256(request)
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(actor=by.identity, key=key[:255], digest=digest, created_at=now)
    except IntegrityError:
        first = IdempotencyKey.objects.get(actor=by.identity, key=key[:255])
    if first.digest != digest:
        raise KeyReused(key)
    if first.answer is None:
        raise Conflict(key)
    return Taken(**first.answer, replayed=True)


def _finish(taking: Taking, claim: IdempotencyKey | None) -> Taken:
    case, step, now = taking.case, taking.step, taking.now
    unknown = set(taking.changes) - COLUMNS
    if unknown:
        raise ValueError(f"columns {sorted(unknown)} are not a step's to change")
    before, stage = case.journal_count, step.to_stage or case.stage
    opened, ended, moved = _plan_duties(taking)
    entry = _entry(taking, stage, opened, ended, moved)
    _apply(case, taking, stage, entry)
    duties = _write_duties(taking, opened, ended, moved)
    nearest = min(duties, key=lambda d: (d.due_at, d.kind), default=None)
    case.next_duty, case.next_due_at = (nearest.kind, nearest.due_at) if nearest else ("", None)
    columns = {
        c: getattr(case, c)
        for c in (*taking.changes, "stage", "stage_since", "is_open", "closed_at", "facts", "next_duty", "next_due_at",
                  "last_line", "last_at", "journal_count", "journal_head")
    }
    if Case.objects.filter(pk=case.pk, journal_count=before).update(**columns) != 1:
        raise Conflict(case.number)
    entry.save(force_insert=True)
    if entry.content_hash:
        Content.objects.create(entry=entry, salt=entry.salt, words=entry.words)
    _attach(taking, entry)
    outbox.write(taking)
    taken = Taken(case.number, step.name, entry.no, stage, taking.extra)
    if claim:
        claim.answer = taken.to_json()
        claim.save(update_fields=["answer"])
    return taken


def _plan_duties(taking: Taking) -> tuple[dict[str, dt.datetime], dict[str, str], dict[str, dt.datetime]]:
    """(opened: kind → due, ended: kind → outcome, moved: kind → new due after a pause)."""
    step, now = taking.step, taking.now
    opened = {
        kind: taking.due.get(kind) or ROUND_THE_CLOCK.add(now, taking.procedure.duty[kind].due_minutes)
        for kind in step.opens
    }
    ended = {kind: "done" for kind in step.discharges if kind in taking.open_duties}
    if step.cancels:
        ended = {kind: "cancelled" for kind in taking.open_duties}
    ended.update({kind: "replaced" for kind in opened if kind in taking.open_duties and kind not in ended})
    return opened, ended, _moved(taking, ended)


def _moved(taking: Taking, ended: dict[str, str]) -> dict[str, dt.datetime]:
    """Leaving a hold: the clocks that stood still go on from where they were."""
    if dict(taking.step.sets).get("on_hold") != "no" or taking.case.facts.get("on_hold") != "yes":
        return {}
    pause = Pause.objects.get(case=taking.case, until_at=None)
    pause.until_at = taking.now
    pause.save(update_fields=["until_at"])
    return {
        kind: duty.due_at + (taking.now - max(pause.from_at, duty.opened_at))
        for kind, duty in taking.open_duties.items()
        if kind not in ended
    }


def _entry(
    taking: Taking, stage: str, opened: dict[str, dt.datetime], ended: dict[str, str], moved: dict[str, dt.datetime]
) -> JournalEntry:
    case, step = taking.case, taking.step
    data, words = payloads.split(taking.payload)
    changes = {c: v for c, v in taking.changes.items() if c not in _PERSONAL_COLUMNS}
    personal = {c: v for c, v in taking.changes.items() if c in _PERSONAL_COLUMNS}
    words.update(taking.words)
    if personal:
        words["case"] = personal
    body: dict[str, Any] = {"data": {**data, **taking.data}}
    for name, value in (
        ("facts", {n: taking.facts[n] for n in step.chooses if n in taking.facts}),
        ("set", changes),
        ("opened", {k: [v.isoformat(), taking.owners.get(k) or _owner(taking, k)] for k, v in opened.items()}),
        ("ended", ended),
        ("moved", {k: v.isoformat() for k, v in moved.items()}),
    ):
        if value:
            body[name] = value
    entry = JournalEntry(
        case=case, no=taking.entry_no, at=taking.now, step=step.name, clause=step.clause, actor=taking.by.identity,
        actor_name=taking.by.name, party=_party(taking), from_stage=case.stage, to_stage=stage, body=body,
        previous=case.journal_head,
    )
    entry.salt, entry.words = secrets.token_hex(16), words  # type: ignore[attr-defined]
    entry.content_hash = content_hash(entry.salt, words) if words else ""  # type: ignore[attr-defined]
    entry.hash = entry_hash(entry, case.number)
    return entry


def content_hash(salt: str, words: Any) -> str:
    return canonical.sha256([salt, words])


def entry_hash(entry: JournalEntry, number: str) -> str:
    """What the chain is made of: everything but the name shown, over the hash before."""
    return canonical.sha256(
        [number, entry.no, entry.at.astimezone(dt.UTC).isoformat(), entry.step, entry.clause, entry.actor, entry.party,
         entry.from_stage, entry.to_stage, entry.body, entry.content_hash, entry.previous]
    )


def _party(taking: Taking) -> str:
    return min(taking.step.parties & taking.by.parties, default="")


def _owner(taking: Taking, kind: str) -> int | None:
    """Whose a new duty is: the case's engineer, agent or account manager, else the whole team's."""
    party = taking.procedure.duty[kind].party
    column = {"engineer": "engineer_id", "agent": "owner_id"}.get(party)
    value: int | None = taking.changes.get(column, getattr(taking.case, column)) if column else None
    return value


def _apply(case: Case, taking: Taking, stage: str, entry: JournalEntry) -> None:
    """The case after the step, in memory."""
    case.facts = sop.facts_after(taking.step, case.facts, taking.facts, taking.procedure)
    for column, value in taking.changes.items():
        setattr(case, column, value)
    if stage != case.stage:
        case.stage, case.stage_since = stage, taking.now
    if taking.procedure.stage[stage].is_end and case.is_open:
        case.is_open, case.closed_at = False, taking.now
    words = entry.words.get("text") or entry.words.get("problem") or entry.words.get("reason") or ""  # type: ignore[attr-defined]
    if words:
        case.last_line = " ".join(str(words).split())[:160]
    case.last_at, case.journal_count, case.journal_head = taking.now, entry.no, entry.hash


def _write_duties(
    taking: Taking, opened: dict[str, dt.datetime], ended: dict[str, str], moved: dict[str, dt.datetime]
) -> Iterable[Duty]:
    """Writes the changes; returns the duties open afterwards."""
    now, left = taking.now, dict(taking.open_duties)
    for outcome in set(ended.values()):
        kinds = [k for k, o in ended.items() if o == outcome]
        Duty.objects.filter(pk__in=[left.pop(k).pk for k in kinds]).update(
            outcome=outcome, ended_at=now, ended_by_no=taking.entry_no
        )
    for kind, due in moved.items():
        duty = left[kind]
        duty.warn_at, duty.due_at = duty.warn_at + (due - duty.due_at), due
        duty.save(update_fields=["due_at", "warn_at"])
    case = taking.case
    fresh = [
        Duty(
            case=case, kind=kind, clause=(d := taking.procedure.duty[kind]).clause, party=d.party,
            owner_id=taking.owners.get(kind) or _owner(taking, kind), station_id=case.station_id, opened_at=now, due_at=due,
            warn_at=now + (due - now) * d.warn_share, opened_by_no=taking.entry_no,
        )
        for kind, due in opened.items()
    ]
    if fresh:
        Duty.objects.bulk_create(fresh)
    return [*left.values(), *fresh]


def _attach(taking: Taking, entry: JournalEntry) -> None:
    """Files named by the payload become part of the entry; only the taker's own, not yet used, count."""
    ids = list(getattr(taking.payload, "files", None) or ())
    if not ids:
        return
    found = Attachment.objects.filter(pk__in=ids, uploader=taking.by.identity, entry=None, case=None).update(
        case=taking.case, entry=entry
    )
    if found != len(set(ids)):
        raise StepRefused("unknown_file", Text("A file is not there any more; add it again.", "有附件已失效，请重新添加。"), "files")
