"""C4: the journal entry of a step: canonical, hashed over the one before, personal words apart."""

from __future__ import annotations

import datetime as dt
from typing import Any

from baoxiu.cases import duties
from baoxiu.cases.models import JournalEntry
from baoxiu.cases.taking import PERSONAL_COLUMNS, Taking
from baoxiu.lib import canonical
from baoxiu.sop import payloads


def words(taking: Taking) -> dict[str, Any]:
    """The personal content of the entry, changed personal columns under "case"."""
    personal = {c: v for c, v in taking.changes.items() if c in PERSONAL_COLUMNS}
    return {**payloads.split(taking.payload)[1], **taking.words, **({"case": personal} if personal else {})}


def entry(taking: Taking, stage: str, plan: duties.Plan, hash_of_words: str) -> JournalEntry:
    case, step = taking.case, taking.step
    body: dict[str, Any] = {"data": {**payloads.split(taking.payload)[0], **taking.data}}
    moved, spans_moved = (
        {k: c for k, c in clocks.items() if not c.is_quiet} for clocks in (plan.moved, plan.spans_moved)
    )
    begun = {**plan.opened, **plan.spans_opened, **moved, **spans_moved}
    for name, value in (
        ("facts", {n: taking.facts[n] for n in step.chooses if n in taking.facts}),
        ("set", {c: v for c, v in taking.changes.items() if c not in PERSONAL_COLUMNS}),
        (
            "opened",
            {
                k: [c.due.isoformat(), taking.owners.get(k) or duties.owner(taking, k)]
                for k, c in plan.opened.items()
            },
        ),
        ("ended", plan.ended),
        ("moved", {k: c.due.isoformat() for k, c in moved.items()}),
        ("spans", {k: c.due.isoformat() for k, c in {**plan.spans_opened, **spans_moved}.items()}),
        ("clocks", {k: c.told() for k, c in begun.items()}),
        ("reassigned", taking.reassign),
        ("orders", taking.orders),
    ):
        if value:
            body[name] = value
    made = JournalEntry(
        case=case,
        no=taking.entry_no,
        at=taking.now,
        step=step.name,
        clause=step.clause,
        actor=taking.by.identity,
        actor_name=taking.by.name,
        party=_party(taking),
        from_stage=case.stage,
        to_stage=stage,
        body=body,
        content_hash=hash_of_words,
        previous=case.journal_head,
    )
    made.hash = entry_hash(made, case.number)
    return made


def content_hash(salt: str, words: Any) -> str:
    return canonical.sha256([salt, words])


def entry_hash(entry: JournalEntry, number: str) -> str:
    """What the chain is made of: everything but the name shown, over the hash before."""
    return canonical.sha256(
        [
            number,
            entry.no,
            entry.at.astimezone(dt.UTC).isoformat(),
            entry.step,
            entry.clause,
            entry.actor,
            entry.party,
            entry.from_stage,
            entry.to_stage,
            entry.body,
            entry.content_hash,
            entry.previous,
        ]
    )


def _party(taking: Taking) -> str:
    return min(taking.step.parties & taking.by.parties, default="")
