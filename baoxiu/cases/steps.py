"""The one gate. `take_step` is the only way a case moves; rooms act inside it.

A room's operation is a function decorated with `@operation("name")`: it runs inside the gate's
transaction, after the rules said yes and before anything of the spine is written. What it raises
undoes everything. The idempotency key covers the whole operation.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from baoxiu.cases import duties, insertion, journal, links, outbox
from baoxiu.cases.models import Attachment, Case, Content, Duty, IdempotencyKey, JournalEntry
from baoxiu.cases.taking import COLUMNS, Conflict, KeyReused, StepRefused, Taken, Taking
from baoxiu.lib import canonical
from baoxiu.people.actors import Actor
from baoxiu.people.remembered import remembered
from baoxiu.sop import payloads
from baoxiu.sop import procedure as sop
from baoxiu.sop.text import Text
from baoxiu.terms import procedures

__all__ = [
    "Conflict",
    "KeyReused",
    "StepRefused",
    "Taken",
    "Taking",
    "beside",
    "open_case",
    "operation",
    "take_step",
]

Effect = Callable[[Taking, Any], None]
OPERATIONS: dict[str, Effect] = {}
BESIDE: dict[str, list[Effect]] = {}


def operation(name: str) -> Callable[[Effect], Callable[..., Taken]]:
    """Registers a room's effect for step `name` and returns the operation that faces call."""

    def wrap(effect: Effect) -> Callable[..., Taken]:
        OPERATIONS[name] = effect

        def operate(
            case: Case, payload: Any, *, by: Actor, now: dt.datetime, key: str | None = None
        ) -> Taken:
            return take_step(case, name, payload, by=by, now=now, key=key)

        operate.__doc__, operate.__name__, operate.__module__ = (
            effect.__doc__,
            effect.__name__,
            effect.__module__,
        )
        return operate

    return wrap


def beside(*names: str) -> Callable[[Effect], Effect]:
    """Registers what a room has to add to steps that are not its own: run after the step's own effect."""

    def wrap(effect: Effect) -> Effect:
        for name in names:
            BESIDE.setdefault(name, []).append(effect)
        return effect

    return wrap


def take_step(
    case: Case,
    name: str,
    payload: payloads.Payload,
    *,
    by: Actor,
    now: dt.datetime,
    key: str | None = None,
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
        case = _locked(case.pk)[0]
        if seen is not None and seen != case.journal_count:
            raise Conflict(case.number)
        if not links.covers(by, name):
            raise StepRefused(
                "wrong_party", Text("This link is for something else.", "此链接不能用于该操作。")
            )
        version = procedures.by_hash(case.procedure)
        open_now = {d.kind: d for d in _open_duties(case.pk)}
        refusal = sop.refusal(
            version, name, stage=case.stage, facts=case.facts, open_duties=set(open_now), parties=by.parties
        )
        if refusal:
            raise StepRefused(refusal.code, refusal.reason)
        taking = Taking(case, version, version.step[name], payload, by, now, case.journal_count + 1, open_now)
        effect = OPERATIONS.get(name)
        if effect:
            effect(taking, payload)
        for more in BESIDE.get(name, ()):
            more(taking, payload)
        return _finish(taking, claim)


@remembered
def _locked(case_id: int) -> QuerySet[Case]:
    return Case.objects.select_for_update(of=("self",)).filter(pk=case_id)


@remembered
def _open_duties(case_id: int) -> QuerySet[Duty]:
    return Duty.objects.filter(case_id=case_id, outcome="open")


def open_case(
    payload: payloads.Register,
    new: Callable[[], tuple[Case, dict[str, Any]]],
    *,
    by: Actor,
    now: dt.datetime,
    key: str | None = None,
    duties_from: dt.datetime | None = None,
    after: Callable[[Case], None] | None = None,
) -> Taken:
    """C4.1: the step from nothing. `new` returns the unsaved case and more for the journal's body.

    `duties_from`: what a historic registration owes is counted from then. `after`: once it is saved.
    """
    with transaction.atomic():
        claim = _claim(by, key, ["register", payload.model_dump(mode="json")], now)
        if isinstance(claim, Taken):
            return claim
        version = procedures.in_force(now)
        refusal = sop.refusal(
            version,
            "register",
            stage=sop.NEW,
            facts=version.initial_facts,
            open_duties=set(),
            parties=by.parties,
        )
        if refusal:
            raise StepRefused(refusal.code, refusal.reason)
        case, data = new()
        case.procedure, case.stage, case.facts = version.sha256, sop.NEW, version.initial_facts
        case.stage_since = now
        taking = Taking(case, version, version.step["register"], payload, by, now, 1, {}, data=data)
        taking.changes = {c: getattr(case, c) for c in COLUMNS if getattr(case, c) not in (None, "")}
        taking.clock_from = duties_from
        taken = _finish(taking, claim)
        if after:
            after(case)
        return taken


_CLAIM = (
    "INSERT INTO cases_idempotencykey (actor, key, digest, created_at) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT DO NOTHING RETURNING id"
)


def _claim(by: Actor, key: str | None, request: list[Any], now: dt.datetime) -> IdempotencyKey | Taken | None:
    """Claims the key, or gives the first answer again. Raises KeyReused, Conflict (still running)."""
    if not key:
        return None
    digest = canonical.sha256(request)
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM, [by.identity, key[:255], digest, connection.ops.adapt_datetimefield_value(now)]
        )
        if row := cursor.fetchone():
            return IdempotencyKey(pk=row[0])
    first = IdempotencyKey.objects.get(actor=by.identity, key=key[:255])
    if first.digest != digest:
        raise KeyReused(key)
    if first.answer is None:
        raise Conflict(key)
    return Taken(**first.answer, replayed=True)


def _finish(taking: Taking, claim: IdempotencyKey | None) -> Taken:
    case, step = taking.case, taking.step
    unknown = set(taking.changes) - COLUMNS
    if unknown:
        raise ValueError(f"columns {sorted(unknown)} are not a step's to change")
    before, stage = case.journal_count, step.to_stage or case.stage
    plan = duties.plan(taking)
    words = journal.words(taking)
    salt = secrets.token_hex(16)
    entry = journal.entry(taking, stage, plan, journal.content_hash(salt, words) if words else "")
    _apply(case, taking, stage, entry, words)
    case.next_due_at, case.next_duty = duties.nearest(taking, plan)
    _write_case(case, taking, before)
    duties.write(taking, plan)
    entry.case_id = case.pk  # a new case has its key only now
    insertion.insert(entry)
    if words:
        insertion.insert(Content(entry=entry, salt=salt, words=words))
    _attach(taking, entry)
    outbox.write(taking)
    taken = Taken(case.number, step.name, entry.no, stage, taking.extra)
    if claim:
        insertion.update(IdempotencyKey, {"answer": taken.to_json()}, pk=claim.pk)
    return taken


_KEPT = [
    "stage",
    "stage_since",
    "is_open",
    "closed_at",
    "facts",
    "next_duty",
    "next_due_at",
    "last_line",
    "last_at",
    "journal_count",
    "journal_head",
]


def _write_case(case: Case, taking: Taking, before: int) -> None:
    """The new row, or the guarded update that must touch exactly one. Raises Conflict."""
    if case.pk is None:
        insertion.insert(case)
        return
    columns = {c: getattr(case, c) for c in (*taking.changes, *_KEPT)}
    if insertion.update(Case, columns, pk=case.pk, journal_count=before) != 1:
        raise Conflict(case.number)


def _apply(case: Case, taking: Taking, stage: str, entry: JournalEntry, words: dict[str, Any]) -> None:
    """The case after the step, in memory."""
    case.facts = sop.facts_after(taking.step, case.facts, taking.facts, taking.procedure)
    for column, value in taking.changes.items():
        setattr(case, column, value)
    if stage != case.stage:
        case.stage, case.stage_since = stage, taking.now
    if taking.procedure.stage[stage].is_end and case.is_open:
        case.is_open, case.closed_at = False, taking.now
    said = words.get("text") or words.get("problem") or words.get("reason")
    if said:
        case.last_line = " ".join(str(said).split())[:160]
    case.last_at, case.journal_count, case.journal_head = taking.now, entry.no, entry.hash


def _attach(taking: Taking, entry: JournalEntry) -> None:
    """Files named by the payload become part of the entry; only the taker's own, not yet used, count."""
    ids = list(getattr(taking.payload, "files", None) or ())
    if not ids:
        return
    found = Attachment.objects.filter(
        pk__in=ids, uploader=taking.by.identity, entry=None, case=None, registration=None
    ).update(case=taking.case, entry=entry)
    if found != len(set(ids)):
        raise StepRefused(
            "unknown_file",
            Text("A file is not there any more; add it again.", "有附件已失效，请重新添加。"),
            "files",
        )
