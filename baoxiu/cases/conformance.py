"""C1, C5, C6.2: how a case kept to its procedure, and the certificate that says so.

The certificate carries the procedure, the journal without its personal words and what follows from
both, so that whoever holds it can derive everything again with `tools/verify_certificate.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from baoxiu.cases import signing
from baoxiu.cases.models import Case, JournalEntry
from baoxiu.lib import canonical
from baoxiu.people.actors import Actor
from baoxiu.sop import clauses, conformance
from baoxiu.sop.conformance import KEPT, WAIVED, Event, Finding, Verdict
from baoxiu.terms import procedures

FORMAT = "baoxiu-certificate-2"


def journal(case: Case) -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(case=case).select_related("content").order_by("no"))


def examine(case: Case, entries: Iterable[JournalEntry], *, now: dt.datetime) -> tuple[Verdict, ...]:
    """The verdicts on the clauses the case came to. `entries`: its whole journal, oldest first."""
    version = procedures.by_hash(case.procedure)
    return conformance.examine(version, map(event, entries), now=now)


def event(entry: JournalEntry) -> Event:
    words = _words(entry)
    return plain_event(entry, entry.actor_name, str(words.get("reason") or words.get("text") or ""))


def plain_event(entry: JournalEntry, name: str = "", reason: str = "") -> Event:
    """Without the personal words, which decide nothing."""
    return Event(
        entry.no, entry.at, entry.step, entry.party, entry.actor, entry.from_stage, entry.to_stage, entry.body,
        name, reason,
    )  # fmt: skip


def of_case(viewer: Actor, case: Case, *, now: dt.datetime) -> tuple[Verdict, ...]:
    """Nothing for a viewer who may not see the case."""
    if not Case.objects.visible_to(viewer).filter(pk=case.pk).exists():
        return ()
    return examine(case, journal(case), now=now)


def certificate(viewer: Actor, case: Case, *, now: dt.datetime) -> dict[str, Any]:
    """The certificate as plain JSON values; `digest` covers all the rest, `signature` the digest.

    Raises Case.DoesNotExist for a viewer who may not see the case.
    """
    case = Case.objects.visible_to(viewer).get(pk=case.pk)
    entries = journal(case)
    version = procedures.by_hash(case.procedure)
    verdicts = examine(case, entries, now=now)
    waived = {f.entry_no for v in verdicts for f in v.findings if f.outcome == WAIVED}
    made: dict[str, Any] = {
        "format": FORMAT,
        "company": settings.COMPANY,
        "key": signing.public_key(),
        "number": case.number,
        "as_of": _utc(now),
        "procedure": {"name": version.name, "sha256": version.sha256, "meaning": version.meaning()},
        "journal": [_entry(e, e.no in waived) for e in entries],
        "count": case.journal_count,
        "head": case.journal_head,
        "outcome": conformance.overall(verdicts),
        "clauses": [_verdict(v) for v in verdicts],
    }
    made["digest"] = canonical.sha256(made)
    made["signature"] = signing.sign(FORMAT, made["digest"])
    return made


def _entry(entry: JournalEntry, shows_words: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "no": entry.no, "at": _utc(entry.at), "step": entry.step, "clause": entry.clause, "actor": entry.actor,
        "party": entry.party, "from_stage": entry.from_stage, "to_stage": entry.to_stage, "body": entry.body,
        "content_hash": entry.content_hash, "previous": entry.previous, "hash": entry.hash,
    }  # fmt: skip
    if shows_words and _words(entry):
        told["content"] = {"salt": entry.content.salt, "words": entry.content.words}
    return told


def _verdict(verdict: Verdict) -> dict[str, Any]:
    title = clauses.title(verdict.clause)
    return {
        "clause": verdict.clause,
        "title": {"en": title.en, "zh": title.zh},
        "outcome": verdict.outcome,
        "kept": sum(f.outcome == KEPT for f in verdict.findings),
        "findings": [finding(f) for f in verdict.findings if f.outcome != KEPT],
    }


def finding(found: Finding) -> dict[str, Any]:
    """A finding as plain JSON values; what is empty is left out."""
    told = {
        "what": found.what, "name": found.name, "outcome": found.outcome, "entry_no": found.entry_no,
        "at": _utc(found.at), "due_at": _utc(found.due_at), "by": found.by, "who": found.who, "why": found.why,
        "reason": found.reason,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _utc(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).isoformat() if at else ""


def _words(entry: JournalEntry) -> dict[str, Any]:
    content = getattr(entry, "content", None)
    return (content.words if content else None) or {}
