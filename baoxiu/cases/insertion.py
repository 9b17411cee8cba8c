"""INSERT and UPDATE with the statement built once per model.

A registration writes ten rows; building their SQL anew took most of its time. The database's own
constraints hold as ever. For plain models only: no parents, no `auto_now`, no database defaults.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connections, models

Row = TypeVar("Row", bound=models.Model)
Prepare = Callable[[Any, Any], Any]

_AS_IS = (models.CharField, models.TextField, models.BooleanField, models.IntegerField, models.ForeignKey)


def _prepare(field: models.Field[Any, Any]) -> Prepare | None:
    """How the value of a field is made fit for the database; None: it goes as it is."""
    if isinstance(field, _AS_IS):
        return None
    return _moment if isinstance(field, models.DateTimeField) else field.get_db_prep_save


def _moment(at: dt.datetime | None, connection: Any) -> Any:
    """Ours all have a zone, and are of that type already."""
    return connection.ops.adapt_datetimefield_value(at)


@lru_cache(maxsize=64)
def _statement(
    model: type[models.Model], with_key: bool
) -> tuple[str, tuple[tuple[str, Prepare | None], ...]]:
    """The SQL, and for each place the attribute and how its value is prepared (None: as it is)."""
    meta = model._meta
    fields = [f for f in meta.concrete_fields if with_key or not f.primary_key]
    names = ", ".join(f'"{f.column}"' for f in fields)
    key = "" if with_key else f' RETURNING "{meta.pk.column}"'
    sql = f'INSERT INTO "{meta.db_table}" ({names}) VALUES ({", ".join(["%s"] * len(fields))}){key}'
    return sql, tuple((f.attname, _prepare(f)) for f in fields)


def insert(row: Row) -> Row:
    """As `row.save(force_insert=True)`. Raises IntegrityError."""
    with_key = row.pk is not None
    sql, places = _statement(type(row), with_key)
    connection = connections["default"]
    values = [
        prepare(getattr(row, name), connection) if prepare else getattr(row, name) for name, prepare in places
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if not with_key:
            row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, "default"
    return row


@lru_cache(maxsize=512)
def _changing(
    model: type[models.Model], changed: tuple[str, ...], wanted: tuple[str, ...]
) -> tuple[str, tuple[Prepare | None, ...]]:
    """The SQL, and how the value of each place is prepared (None: as it is)."""
    meta = model._meta
    by_name = {f.attname: f for f in meta.concrete_fields}
    fields = [by_name[name] for name in changed]
    keys = [meta.pk if name == "pk" else by_name[name] for name in wanted]
    sets = ", ".join(f'"{f.column}" = %s' for f in fields)
    holds = " AND ".join(f'"{f.column}" = %s' for f in keys)
    prepared = tuple(_prepare(f) for f in (*fields, *keys))
    return f'UPDATE "{meta.db_table}" SET {sets} WHERE {holds}', prepared


def update(model: type[models.Model], values: Mapping[str, Any], **wanted: Any) -> int:
    """As `filter(**wanted).update(**values)`, by attribute names, none wanted None; how many rows it found."""
    sql, prepared = _changing(model, tuple(values), tuple(wanted))
    connection = connections["default"]
    given = (*values.values(), *wanted.values())
    with connection.cursor() as cursor:
        cursor.execute(sql, [p(v, connection) if p else v for p, v in zip(prepared, given, strict=True)])
        return int(cursor.rowcount)
