"""C2: units from a file – many, fast, each row checked, nothing on record overwritten, repeating adds nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db import transaction
from pydantic import ValidationError

from baoxiu.catalogue.models import ProductModel, RefusedUnit, Unit, UnitImport
from baoxiu.catalogue.records import ImportRow
from baoxiu.lib import tables
from baoxiu.people import queries as people
from baoxiu.people.actors import Actor
from baoxiu.people.rules import CUSTOMER_KEEPERS, need
from baoxiu.sop.text import Text

BATCH_ROWS = 2000
COLUMNS = tuple(ImportRow.model_fields)
NEEDED = ("serial",)
OLDEST = dt.date(1990, 1, 1)

Key = tuple[int | None, str]  # model, serial


class Overtaken(Exception):
    """Somebody else has imported these rows meanwhile."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that cannot become a unit."""

    row: int
    column: str
    reason: Text


@dataclass(slots=True)
class Progress:
    """How far it has come; `refused` are the rows refused since the last one."""

    done: int = 0
    added: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)


@dataclass(slots=True)
class _Batch:
    """What the rows of one batch refer to, asked at once."""

    models: dict[str, ProductModel]
    customers: dict[str, int]
    there: set[Key]


def import_units(
    path: Path, *, by: Actor, now: dt.datetime, batch_rows: int = BATCH_ROWS
) -> Iterator[Progress]:
    """Yields after every batch, each a transaction of its own. Raises Denied, tables.BadTable."""
    return import_rows(tables.read(path), by=by, now=now, batch_rows=batch_rows)


def import_rows(
    rows: Iterable[tuple[int, tables.Row]], *, by: Actor, now: dt.datetime, batch_rows: int = BATCH_ROWS,
    record: UnitImport | None = None,
) -> Iterator[Progress]:  # fmt: skip
    """The same for numbered rows from anywhere. Owners are found among the customers `by` may see.

    `record`: the import they belong to, whose rows done are left out of `rows`; how far it has come is kept in each
    batch's transaction, so that whoever goes on after a kill does no row twice.
    """
    need(by, *CUSTOMER_KEEPERS)
    progress = Progress(record.done, record.added, record.known) if record else Progress()
    lines = iter(rows)
    while batch := list(islice(lines, batch_rows)):
        if missing := [c for c in NEEDED if c not in batch[0][1]]:
            raise tables.lacking(missing)
        progress.refused = []
        _import(batch, progress, by, now, record)
        yield progress


def _import(
    batch: list[tuple[int, tables.Row]], progress: Progress, by: Actor, now: dt.datetime, record: UnitImport | None
) -> None:  # fmt: skip
    rows = [found for number, row in batch if (found := _read(number, row, progress.refused))]
    with transaction.atomic():
        asked = _ask([row for _, row in rows], by)
        made: list[Unit] = []
        for number, row in rows:
            unit = _unit(number, row, asked, progress, now)
            if unit:
                unit.batch = record
                made.append(unit)
        Unit.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
        progress.added += len(made)
        progress.done += len(batch)
        progress.refused.sort(key=lambda r: r.row)
        if record:
            _note(record, progress, now)


def _note(record: UnitImport, progress: Progress, now: dt.datetime) -> None:
    """Raises Overtaken when another worker has done these rows; then nothing of the batch stands."""
    refused = [
        RefusedUnit(batch=record, row=r.row, column=r.column, reason={"en": r.reason.en, "zh": r.reason.zh})
        for r in progress.refused
    ]
    RefusedUnit.objects.bulk_create(refused, batch_size=500)
    before = UnitImport.objects.filter(pk=record.pk, done=record.done)
    record.done, record.added, record.known = progress.done, progress.added, progress.known
    record.refused, record.touched_at = record.refused + len(refused), now
    if not before.update(
        done=record.done, added=record.added, known=record.known, refused=record.refused, touched_at=now
    ):
        raise Overtaken(record.pk)


def _read(number: int, row: tables.Row, refused: list[Refused]) -> tuple[int, ImportRow] | None:
    given = {name: row[name] for name in COLUMNS if row.get(name)}
    try:
        return number, ImportRow.model_validate(given)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False)[:3]:
            column = str(detail["loc"][0]) if detail["loc"] else ""
            refused.append(
                Refused(
                    number, column, Text(f"not readable: {detail['msg']}"[:200], "无法识别，请检查格式。")
                )
            )
        return None


def _ask(rows: list[ImportRow], by: Actor) -> _Batch:
    models = {m.code: m for m in ProductModel.objects.filter(code__in={r.model for r in rows} - {""})}
    numbers = {r.customer for r in rows} - {""}
    customers = dict(
        people.visible_customers(by).filter(reference__in=numbers).values_list("reference", "pk")
    )
    serials = [r.serial for r in rows]
    there = set(Unit.objects.filter(serial__in=serials).values_list("model_id", "serial"))
    return _Batch(models, customers, there)


def _unit(number: int, row: ImportRow, asked: _Batch, progress: Progress, now: dt.datetime) -> Unit | None:
    """The unit of a row; None where it is known already, or refused."""
    model = asked.models.get(row.model)
    no = _wrong(row, model, asked, now)
    if no:
        progress.refused.append(Refused(number, *no))
        return None
    key = (model.pk if model else None, row.serial)
    if key in asked.there or (None, row.serial) in asked.there:
        progress.known += 1
        return None
    asked.there.add(key)
    return Unit(
        model=model,
        serial=row.serial,
        product=row.product or (model.name if model else ""),
        brand=row.brand or (model.brand if model else ""),
        product_class=model.product_class if model else row.product_class,
        purchase_date=row.purchase_date,
        delivered_date=row.delivered_date,
        made_date=row.made_date,
        installed_date=row.installed_date,
        price=row.price,
        currency=row.currency,
        proof="record" if row.purchase_date else "",
        customer_id=asked.customers.get(row.customer),
        created_at=now,
    )


def _wrong(
    row: ImportRow, model: ProductModel | None, asked: _Batch, now: dt.datetime
) -> tuple[str, Text] | None:
    if row.model and model is None:
        return "model", Text(f"“{row.model}” is not in the catalogue", f"产品目录中没有“{row.model}”")
    if row.customer and row.customer not in asked.customers:
        return "customer", Text(
            f"there is no customer with the number “{row.customer}”", f"没有编号为“{row.customer}”的客户"
        )
    if row.purchase_date and not OLDEST <= row.purchase_date <= now.date() + dt.timedelta(days=1):
        return "purchase_date", Text("it lies in the future or before 1990", "日期晚于今天或早于1990年")
    if row.made_date and row.purchase_date and row.purchase_date < row.made_date:
        return "made_date", Text("it lies after the purchase", "晚于购买日期")
    for column in ("delivered_date", "installed_date"):
        day = getattr(row, column)
        if day and row.purchase_date and day < row.purchase_date:
            return column, Text("it lies before the purchase", "早于购买日期")
    return None
