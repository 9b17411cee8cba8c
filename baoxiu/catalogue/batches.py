"""C2: a file of units as background work: kept until it is read, done in slices, counted row by row.

A slice is short, so that messages and clocks need not wait for a long file; the next one is queued behind them.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from baoxiu.catalogue import importing
from baoxiu.catalogue.models import UnitImport
from baoxiu.jobs import operations as jobs
from baoxiu.lib import tables
from baoxiu.people.actors import Actor
from baoxiu.people.rules import CUSTOMER_KEEPERS, Denied, need

JOB = "units"
SLICE_ROWS = 20_000
KEPT = dt.timedelta(days=7)  # a file nobody came back for


def begin(file: Any, *, key: str, by: Actor, now: dt.datetime) -> UnitImport:
    """Keeps an uploaded file (with `.chunks()` and `.name`) and queues it; the same key is the same import.

    Raises Denied, tables.BadTable for what is seen at the first row to be no table of units.
    """
    need(by, *CUSTOMER_KEEPERS)
    if first := UnitImport.objects.filter(key=key).first():
        return first
    path = _keep(file, now)
    try:
        _look(path)
        with transaction.atomic():
            made = UnitImport.objects.create(
                key=key,
                name=str(file.name or "")[-200:],
                path=path.name,
                staff_id=by.staff_id,
                created_at=now,
                touched_at=now,
            )
            _queue(made, now)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return made


def _folder() -> Path:
    return Path(settings.ATTACHMENTS) / "imports"


def _keep(file: Any, now: dt.datetime) -> Path:
    """The bytes on disk, synced, under a name nobody can guess. Raises tables.BadTable."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < (now - KEPT).timestamp():
            old.unlink(missing_ok=True)
    path, size = folder / secrets.token_hex(16), 0
    try:
        with path.open("xb") as out:
            for chunk in file.chunks():
                size += len(chunk)
                if size > settings.UPLOAD_BYTES:
                    size_mb = settings.UPLOAD_BYTES // 1_000_000
                    raise tables.BadTable(f"it is larger than {size_mb} MB", f"超过{size_mb} MB")
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _look(path: Path) -> None:
    first = next(tables.read(path), None)
    if first is None:
        raise tables.BadTable("there is no row under the header line", "表头之下没有数据行")
    if missing := [c for c in importing.NEEDED if c not in first[1]]:
        raise tables.lacking(missing)


def _queue(record: UnitImport, now: dt.datetime) -> None:
    jobs.later(JOB, {"batch": record.pk}, key=f"{record.pk}:{record.done}:{record.status}", now=now)


def work(batch: int, *, now: dt.datetime) -> str:
    """One slice; may be repeated harmlessly. What cannot be read any more fails with its sentence."""
    record = UnitImport.objects.select_related("staff").get(pk=batch)
    path = _folder() / record.path
    if record.status in ("done", "failed"):
        path.unlink(missing_ok=True)
        return ""
    try:
        if record.rows is None:
            record.rows = tables.count(path)
        record.status = "running"
        record.save(update_fields=["rows", "status"])
        is_over = _slice(record, path, now)
    except tables.BadTable as problem:
        return _end(record, path, "failed", now, (str(problem), problem.zh))
    except Denied:
        return _end(record, path, "failed", now, ("its sender may not do it any more", "提交人已无此权限"))
    except importing.Overtaken:
        return ""
    if is_over:
        return _end(record, path, "done", now)
    _queue(record, now)
    return f"{record.done} of {record.rows} rows"


def _slice(record: UnitImport, path: Path, now: dt.datetime) -> bool:
    """Whether the file is at its end."""
    if record.staff is None or not record.staff.is_active:
        raise Denied("")
    started = record.done
    for step in importing.import_rows(
        tables.read(path, started), by=record.staff.actor(), now=now, record=record
    ):
        if step.done - started >= SLICE_ROWS:
            return step.done >= (record.rows or 0)
    return True


def _end(
    record: UnitImport, path: Path, status: str, now: dt.datetime, problem: tuple[str, str] = ("", "")
) -> str:
    """`problem`: why it failed, in English and Chinese."""
    en, zh = (text[:300] for text in problem)
    UnitImport.objects.filter(pk=record.pk).update(status=status, problem=en, problem_zh=zh, touched_at=now)
    path.unlink(missing_ok=True)
    return f"{record.done} rows: {record.added} added, {record.known} known, {record.refused} refused"
