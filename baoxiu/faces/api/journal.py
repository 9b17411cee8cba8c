"""C4: a case's journal. Staff get it whole; a company's key gets what a customer is told, never a note."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Query

from baoxiu.cases import queries
from baoxiu.cases.models import Attachment, JournalEntry
from baoxiu.cases.queries import case as case_queries
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.pages import Page, Paging, read_number, sheet, write_cursor
from baoxiu.faces.api.shapes import Entry
from baoxiu.faces.api.steps import MACHINES
from baoxiu.faces.common.display import step as step_title
from baoxiu.faces.portal.story import STORY

# words that say who the customer is or how to reach him
WHO = frozenset(
    {
        "name",
        "company",
        "phone",
        "email",
        "address",
        "case",
        "agreed_by",
        "agreed_with",
        "signer",
        "signature",
    }
)


@api.operation(
    "GET",
    "/cases/{slug:number}/journal",
    who=(*MACHINES, "track"),
    gives=Page[Entry],
    summary="A case's journal · 流水",
    tag="C4",
)
def list_journal(request: Asked, number: str, paging: Paging = Query(...)) -> HttpResponse:
    """Newest first. A company's key gets what a customer is told; internal notes never leave."""
    by = request.auth
    case = queries.get(by, number)
    line = case_queries.timeline(case, before=read_number(paging.cursor), limit=paging.limit)
    reach = case_queries.shows_contact(by, case)
    outside = by.kind in ("integration", "link")
    tell = _told if outside else _whole
    items = [
        tell(entry, line.files.get(entry.pk, []), reach)
        for entry in reversed(line.entries)
        if not outside or entry.step in STORY
    ]
    return sheet(request, items, write_cursor([line.entries[0].no]) if line.has_older else None)


def _words(entry: JournalEntry) -> dict[str, Any]:
    """The entry's personal words; none where there were none or they were erased."""
    return (entry.content.words or {}) if entry.content_hash and hasattr(entry, "content") else {}


def _entry(entry: JournalEntry, text: str, files: list[Attachment]) -> dict[str, Any]:
    return {
        "no": entry.no, "at": entry.at, "step": entry.step, "title": step_title(entry.step), "clause": entry.clause,
        "party": entry.party, "actor_name": entry.actor_name, "from_stage": entry.from_stage,
        "to_stage": entry.to_stage, "text": text, "files": [file_row(f) for f in files],
        "body": None, "words": None, "hash": None,
    }  # fmt: skip


def _whole(entry: JournalEntry, files: list[Attachment], reach: bool) -> dict[str, Any]:
    words = _words(entry)
    text = str(words.get("text") or words.get("problem") or words.get("reason") or "")
    shown = words if reach else {k: v for k, v in words.items() if k not in WHO}
    return {**_entry(entry, text, files), "body": entry.body, "words": shown, "hash": entry.hash}


def _told(entry: JournalEntry, files: list[Attachment], reach: bool) -> dict[str, Any]:
    told = STORY[entry.step]
    text = str(_words(entry).get(told.text, "")) if told.text else ""
    said = _entry(entry, text, files if told.files else [])
    # as on the customer's own page: colleagues stay nameless outside
    return said if entry.party in ("customer", "integration") else {**said, "actor_name": ""}


def file_row(file: Attachment) -> dict[str, Any]:
    return {n: getattr(file, n) for n in ("id", "name", "media_type", "size", "created_at")}
