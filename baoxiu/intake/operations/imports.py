"""C4.1: a file of requests through the one registration, in batches, resumable, each row in its savepoint."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from baoxiu.cases import steps
from baoxiu.cases.models import Case
from baoxiu.catalogue.models import ProductModel, Unit
from baoxiu.intake import rows, who
from baoxiu.intake.models import ImportRefusal, ImportRun
from baoxiu.intake.operations.register import register
from baoxiu.people.actors import SYSTEM, Actor
from baoxiu.people.models import Contact

IMPORTER = replace(SYSTEM, name="Import", parties=frozenset({"agent"}))
BATCH_ROWS = 200


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come; `refused` are the rows refused since the last one."""

    done: int
    total: int
    registered: int
    known: int
    refused: tuple[rows.RowRefused, ...] = ()


def import_rows(
    path: Path, *, by: Actor = IMPORTER, now: dt.datetime, batch_rows: int = BATCH_ROWS
) -> Iterator[Progress]:
    """Registers the rows of a CSV file (also gzipped); yields after every batch, the first time before any.

    An interrupted run goes on after its last batch; a finished one starts again and finds its
    references known. `now`: the moment of the import, from which duties count. Raises rows.BadFile.
    """
    total, sha256 = rows.count(path), rows.digest(path)
    run, _ = ImportRun.objects.get_or_create(
        sha256=sha256, defaults={"name": path.name[:200], "started_at": now}
    )
    if run.is_finished:
        run.rows_done = run.registered = run.known = 0
        run.is_finished = False
        run.refusals.all().delete()
    yield Progress(run.rows_done, total, run.registered, run.known)
    lines = islice(rows.read(path), run.rows_done, None)
    while batch := list(islice(lines, batch_rows)):
        refused = _import_batch(run, batch, by=by, now=now)
        yield Progress(run.rows_done, total, run.registered, run.known, tuple(refused))
    run.is_finished = True
    run.save()


def _import_batch(
    run: ImportRun, batch: list[tuple[int, dict[str, str]]], *, by: Actor, now: dt.datetime
) -> list[rows.RowRefused]:
    """One transaction: the batch and how far the run has come stand or fall together."""
    requests, refused = _requests(run, batch, now)
    before = (run.registered, run.known, run.rows_done)
    try:
        with transaction.atomic():
            wanted = [r.payload.reference for r in requests]
            known = set(Case.objects.filter(reference__in=wanted).values_list("reference", flat=True))
            memory = _memory([r for r in requests if r.payload.reference not in known])
            for request in requests:
                if request.payload.reference in known or not _register(request, by, now, memory, refused):
                    run.known += request.payload.reference in known
                    continue
                known.add(request.payload.reference)
                run.registered += 1
            refused.sort(key=lambda r: r.row)
            ImportRefusal.objects.bulk_create(
                ImportRefusal(
                    run=run,
                    row=r.row,
                    field=r.field,
                    reason_en=r.reason.en[:300],
                    reason_zh=r.reason.zh[:300],
                )
                for r in refused
            )
            run.rows_done += len(batch)
            run.save()
    except BaseException:
        run.registered, run.known, run.rows_done = before
        raise
    return refused


def _requests(
    run: ImportRun, batch: list[tuple[int, dict[str, str]]], now: dt.datetime
) -> tuple[list[rows.Request], list[rows.RowRefused]]:
    good: list[rows.Request] = []
    bad: list[rows.RowRefused] = []
    for number, row in batch:
        try:
            good.append(rows.request(number, row, fallback_reference=f"{run.sha256[:12]}:{number}", now=now))
        except rows.RowRefused as refused:
            bad.append(refused)
    return good, bad


def _register(
    request: rows.Request, by: Actor, now: dt.datetime, memory: who.Memory, refused: list[rows.RowRefused]
) -> bool:
    """Whether the row was registered; otherwise it is among the refused, and nothing of it is remembered."""
    before = (dict(memory.customers), set(memory.serials_taken))
    try:
        register(
            request.payload, by=by, now=request.created_at, historic=True, duties_from=now, memory=memory
        )
    except steps.StepRefused as refusal:
        memory.customers, memory.serials_taken = before
        refused.append(rows.column_refused(request.row, refusal.field, refusal.reason))
        return False
    return True


def _memory(requests: list[rows.Request]) -> who.Memory:
    """What the batch is going to ask, asked at once: contacts, serials, models."""
    pairs = {p for r in requests for p in who.pairs_or_none(r.payload)}
    wanted = Q(pk__in=())
    for kind in ("phone", "email"):
        wanted |= Q(kind=kind, value__in=[v for k, v in pairs if k == kind])
    memory = who.Memory(asked=pairs)
    for contact in Contact.objects.filter(wanted).select_related("customer").order_by("-customer_id"):
        memory.customers[(contact.kind, contact.value)] = contact.customer
    serials = {r.payload.serial for r in requests} - {""}
    memory.serials_taken = set(Unit.objects.filter(serial__in=serials).values_list("serial", flat=True))
    codes = {r.payload.model for r in requests} - {""}
    memory.models = dict.fromkeys(codes)
    memory.models.update({m.code: m for m in ProductModel.objects.filter(code__in=codes, is_active=True)})
    return memory
