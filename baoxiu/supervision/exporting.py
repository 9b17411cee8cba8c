"""C1, C6.2: the journals of a period as an event log, written in the background: XES or OCEL 2.0.

Written in slices, so that messages and clocks need not wait for a long one. A slice counts once its octets are on disk
and the row says so; what a killed writer left behind that is cut off by the next.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Annotated, Literal

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
SLICE = 2000  # cases
STEP = 200
KEPT = dt.timedelta(days=7)
PARTS = {"xes": ("log",), "ocel": ("log", "objects", "shared")}
KEEPERS = ("manager",)
SUFFIX = {"xes": "xes", "ocel": "jsonocel"}
Parts = Mapping[str, IO[bytes]]
Day = Annotated[dt.date, Field(ge=dt.date(1970, 1, 2), le=dt.date(9000, 1, 1))]


class LogRecord(Payload):
    """Which log of which days, both included."""

    form: Literal["xes", "ocel"] = Field(default="xes", title="Format")
    first: Day = Field(title="From")
    last: Day = Field(title="Until")


def begin(record: LogRecord, *, by: Actor, now: dt.datetime) -> LogExport:
    """Queues an export. Raises Denied, Invalid where no case was registered on these days."""
    need(by, *KEEPERS)
    if record.last < record.first:
        raise Invalid("last", "Until: it lies before the first day.", "截止日期早于开始日期。")
    _forget(now)
    total = _cases(record.first, record.last).count()
    if not total:
        raise Invalid("first", "From: no case was registered on these days.", "这段时间没有受理的服务单。")
    with transaction.atomic():
        made = LogExport.objects.create(
            form=record.form, first=record.first, last=record.last, staff_id=by.staff_id, total=total,
            created_at=now, touched_at=now,
        )  # fmt: skip
        _queue(made, now)
    return made


def _queue(made: LogExport, now: dt.datetime) -> None:
    jobs.later(JOB, {"export": made.pk}, key=f"{made.pk}:{made.last_case}", now=now)


def work(export: int, *, now: dt.datetime) -> str:
    """One slice; may be repeated harmlessly. Raises BlockingIOError while a writer whose lease ran out is at it."""
    made = LogExport.objects.filter(pk=export).first()
    if made is None or made.status == "done":
        _tidy(export)
        return ""
    _folder().mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        parts = {part: opened.enter_context(_path(export, part).open("ab")) for part in PARTS[made.form]}
        fcntl.flock(parts["log"], fcntl.LOCK_EX | fcntl.LOCK_NB)
        made.refresh_from_db()
        if made.status != "done":
            _cut(made, parts)
            made.status = "running" if _slice(made, parts) else "done"
            if made.status == "done":
                _end(made, parts)
            _keep(made, parts, now)
    if made.status == "done":
        _tidy(export)
    else:
        _queue(made, now)
    return f"{made.done} of {made.total} cases"


def _path(export: int, part: str) -> Path:
    return _folder() / f"{export}.{part}"


def _tidy(export: int) -> None:
    for part in PARTS["ocel"][1:]:
        _path(export, part).unlink(missing_ok=True)


def _cut(made: LogExport, parts: Parts) -> None:
    """To what counts; where a file is shorter than the row says, it begins anew."""
    if any(out.tell() < made.sizes.get(part, 0) for part, out in parts.items()):
        made.done, made.last_case, made.sizes = 0, 0, {}
    for part, out in parts.items():
        out.truncate(made.sizes.get(part, 0))


def _slice(made: LogExport, parts: Parts) -> bool:
    """Whether there may be more."""
    if not made.done:
        parts["log"].write(eventlog.opening(made.form).encode())
    journal = Prefetch("journal", JournalEntry.objects.order_by("no"), to_attr="entries")
    before = made.done
    for case in _after(made).prefetch_related(journal)[:SLICE].iterator(chunk_size=STEP):
        for part, text in eventlog.pieces(made.form, [case], is_first=not made.done):
            parts[part].write(text.encode())
        made.done, made.last_case = made.done + 1, case.pk
    return made.done - before == SLICE


def _end(made: LogExport, parts: Parts) -> None:
    with ExitStack() as opened:
        for part in PARTS[made.form]:
            parts[part].flush()
        behind = [
            opened.enter_context(_path(made.pk, p).open(encoding="utf-8")) for p in PARTS[made.form][1:]
        ]
        for text in eventlog.closing(made.form, *(behind or ([], []))):
            parts["log"].write(text.encode())
    made.total = made.done


def _keep(made: LogExport, parts: Parts, now: dt.datetime) -> None:
    """On disk first, then in the row."""
    for out in parts.values():
        out.flush()
        os.fsync(out.fileno())
    made.sizes = {part: out.tell() for part, out in parts.items()}
    made.touched_at = now
    made.save(update_fields=["status", "total", "done", "last_case", "sizes", "touched_at"])


def _after(made: LogExport) -> QuerySet[Case]:
    found = _cases(made.first, made.last)
    if not made.last_case:
        return found
    at = Case.objects.values_list("created_at", flat=True).get(pk=made.last_case)
    return found.filter(created_at__gte=at).exclude(created_at=at, pk__lte=made.last_case)


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
        for part in PARTS["ocel"]:
            _path(old.pk, part).unlink(missing_ok=True)
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
    path = _path(pk, "log")
    if found.status != "done" or not path.is_file():
        raise LogExport.DoesNotExist
    return found, path
