"""`baoxiu export`: cases as rows for spreadsheets, whole with their journals, or as event logs (XES, OCEL 2.0)."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, Any

import orjson
from django.db.models import Prefetch

from baoxiu.cases import eventlog
from baoxiu.cases.models import Case, JournalEntry
from baoxiu.faces.console.progress import counting
from baoxiu.faces.console.start import MISUSED, Trouble, need_database, say
from baoxiu.lib import csvsafe
from baoxiu.people.actors import SYSTEM

COLUMNS = (
    "number", "reference", "stage", "is_open", "kind", "channel", "language", "priority", "subject",
    "contact_name", "contact_phone", "contact_email", "customer", "unit", "serial", "owner", "engineer",
    "station", "created_at", "closed_at", "next_duty", "next_due_at", "journal_count", "journal_head",
)  # fmt: skip


def run(file: Path, wish: str, numbers: list[str]) -> None:
    form = wish or SUFFIXES.get(file.suffix, "csv")
    if form not in FORMS:
        raise Trouble(f"--format is {', '.join(FORMS)}, not {wish}.", MISUSED)
    need_database()
    cases = Case.objects.visible_to(SYSTEM).order_by("pk")
    if numbers:
        cases = cases.filter(number__in=[number.upper() for number in numbers])
    total = cases.count()
    cases = cases.select_related("customer", "unit", "owner", "engineer", "station", "site")
    with _open(file) as out, counting("exporting", total) as count:
        write = FORMS[form]
        if form != "csv":
            journal = JournalEntry.objects.order_by("no").select_related("content")
            cases = cases.prefetch_related(Prefetch("journal", journal, to_attr="entries"))
        write(out, _counted(cases.iterator(chunk_size=500), count))
    if str(file) != "-":
        say(f"{total:,} cases written to {file}.")


def _log(form: str, out: IO[str], cases: Iterator[Case]) -> None:
    """An event log; what stands behind the events waits in files without a name."""
    with _waiting() as objects, _waiting() as shared:
        parts = {"log": out, "objects": objects, "shared": shared}
        out.write(eventlog.opening(form))
        for part, text in eventlog.pieces(form, cases, is_first=True):
            parts[part].write(text)
        objects.seek(0)
        shared.seek(0)
        out.writelines(eventlog.closing(form, objects, shared))


def _waiting() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8")


def _counted(cases: Iterator[Case], count: Any) -> Iterator[Case]:
    for i, case in enumerate(cases, 1):
        yield case
        if i % 500 == 0:
            count(i)


@contextlib.contextmanager
def _open(file: Path) -> Iterator[IO[str]]:
    """The file appears under its name when it is whole."""
    if str(file) == "-":
        yield sys.stdout
        return
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as out:
            yield out
        part.replace(file)
    except OSError as error:
        raise Trouble(f"{file}: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def row(case: Case) -> dict[str, Any]:
    names = {
        "customer": case.customer.name,
        "unit": str(case.unit) if case.unit else "",
        "serial": case.unit.serial if case.unit else "",
        "owner": case.owner.name if case.owner else "",
        "engineer": case.engineer.name if case.engineer else "",
        "station": case.station.name if case.station else "",
    }
    return {name: names[name] if name in names else getattr(case, name) for name in COLUMNS}


def _csv(out: IO[str], cases: Iterator[Case]) -> None:
    rows = chain([COLUMNS], (map(_text, row(case).values()) for case in cases))
    out.writelines(csvsafe.lines(rows))


def _text(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _jsonl(out: IO[str], cases: Iterator[Case]) -> None:
    for case in cases:
        whole = {**row(case), "procedure": case.procedure, "facts": case.facts, "journal": _journal(case)}
        out.write(orjson.dumps(whole).decode() + "\n")


FORMS: dict[str, Callable[[IO[str], Iterator[Case]], None]] = {
    "csv": _csv,
    "jsonl": _jsonl,
    "xes": partial(_log, "xes"),
    "ocel": partial(_log, "ocel"),
}
SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".xes": "xes", ".jsonocel": "ocel"}


def _journal(case: Case) -> list[dict[str, Any]]:
    found: list[JournalEntry] = case.entries  # type: ignore[attr-defined]
    return [
        {
            "no": e.no, "at": e.at, "step": e.step, "clause": e.clause, "actor": e.actor, "party": e.party,
            "from_stage": e.from_stage, "to_stage": e.to_stage, "body": e.body,
            "words": e.content.words if hasattr(e, "content") else None,
            "content_hash": e.content_hash, "previous": e.previous, "hash": e.hash,
        }
        for e in found
    ]  # fmt: skip
