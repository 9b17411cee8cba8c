"""C1, C6.2: the journals of a period as an event log, written in the background: XES or OCEL 2.0.

The file appears under its name when it is whole; a killed worker's next one begins it anew.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from pydantic import Field

from baoxiu.cases import eventlog
from baoxiu.cases.models import Case, JournalEntry
from baoxiu.jobs import operations as jobs
from baoxiu.lib import zones
from baoxiu.people.actors import SYSTEM, Actor
from baoxiu.people.rules import Invalid, need
from baoxiu.sop.payloads import Payload
from baoxiu.supervision.models import LogExport

JOB = "event-log"
MOST = 20_000  # cases: what one run writes without keeping messages and clocks waiting
STEP = 500
KEPT = dt.timedelta(days=7)
KEEPERS = ("manager",)
WRITERS: dict[str, Callable[[Iterable[Case]], Iterator[str]]] = {"xes": eventlog.xes, "ocel": eventlog.ocel}
SUFFIX = {"xes": "xes", "ocel": "jsonocel"}
Day = Annotated[dt.date, Field(ge=dt.date(1970, 1, 2), le=dt.date(9000, 1, 1))]


class LogRecord(Payload):
    """Which log of which days, both included."""

    form: Literal["xes", "ocel"] = Field(default="xes", title="Format")
    first: Day = Field(title="From")
    last: Day = Field(title="Until")


def begin(record: LogRecord, *, by: Actor, now: dt.datetime) -> LogExport:
    """Queues an export. Raises Denied, Invalid where no case or too many were registered on these days."""
    need(by, *KEEPERS)
    if record.last < record.first:
        raise Invalid("last", "Until: it lies before the first day.", "截止日期早于开始日期。")
    _forget(now)
    total = _cases(record.first, record.last)[: MOST + 1].count()
    if not total:
        raise Invalid("first", "From: no case was registered on these days.", "这段时间没有受理的服务单。")
    if total > MOST:
        raise Invalid(
            "last",
            f"Until: more than {MOST:,} cases; choose fewer days, or use `baoxiu export` on the server.",
            f"超过{MOST:,}单，请缩短期间，或在服务器上使用 `baoxiu export`。",
        )
    with transaction.atomic():
        made = LogExport.objects.create(
            form=record.form, first=record.first, last=record.last, staff_id=by.staff_id, total=total,
            created_at=now, touched_at=now,
        )  # fmt: skip
        jobs.later(JOB, {"export": made.pk}, key=str(made.pk), now=now)
    return made


def work(export: int, *, now: dt.datetime) -> str:
    """Writes the file; may be repeated harmlessly."""
    made = LogExport.objects.filter(pk=export).exclude(status="done").first()
    if made is None:
        return ""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{made.pk}-{secrets.token_hex(8)}"
    part = path.with_suffix(".part")
    try:
        journal = Prefetch("journal", JournalEntry.objects.order_by("no"), to_attr="entries")
        cases = _cases(made.first, made.last).prefetch_related(journal).iterator(chunk_size=STEP)
        with part.open("w", encoding="utf-8") as out:
            out.writelines(WRITERS[made.form](_counted(cases, made, now)))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    LogExport.objects.filter(pk=made.pk).update(
        status="done", done=made.total, file=path.name, touched_at=now
    )
    return f"{made.total} cases"


def _counted(cases: Iterable[Case], made: LogExport, now: dt.datetime) -> Iterator[Case]:
    for i, case in enumerate(cases):
        if i % STEP == 0:
            done = min(i, made.total)
            LogExport.objects.filter(pk=made.pk).update(status="running", done=done, touched_at=now)
        yield case


def _cases(first: dt.date, last: dt.date) -> QuerySet[Case]:
    zone = zones.zone(settings.TIME_ZONE, "UTC")
    start = dt.datetime.combine(first, dt.time(), zone)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
    found: QuerySet[Case] = Case.objects.visible_to(SYSTEM).filter(created_at__gte=start, created_at__lt=end)
    return found.order_by("created_at", "pk")


def _folder() -> Path:
    return Path(settings.ATTACHMENTS) / "eventlogs"


def _forget(now: dt.datetime) -> None:
    """What is older than a week goes."""
    for old in LogExport.objects.filter(created_at__lt=now - KEPT):
        if old.file:
            (_folder() / old.file).unlink(missing_ok=True)
        old.delete()


def exports(viewer: Actor) -> QuerySet[LogExport]:
    """Those of the last days, newest first; for managers."""
    need(viewer, *KEEPERS)
    return LogExport.objects.select_related("staff").order_by("-pk")[:20]


def export(viewer: Actor, pk: int) -> LogExport:
    """Raises Denied, LogExport.DoesNotExist."""
    need(viewer, *KEEPERS)
    return LogExport.objects.get(pk=pk)


def file_of(viewer: Actor, pk: int) -> tuple[LogExport, Path]:
    """Raises Denied; LogExport.DoesNotExist also while it is not written."""
    found = export(viewer, pk)
    path = _folder() / found.file
    if found.status != "done" or not path.is_file():
        raise LogExport.DoesNotExist
    return found, path
