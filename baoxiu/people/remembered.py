"""A read whose statement is built once: on hot pages building SQL costs more than running it.

Stands on the lowest floor that knows the database. What comes back is what the queryset would give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models.query import ModelIterable, ValuesIterable, get_related_populators

Row = TypeVar("Row")
_NUMBER, _TEXT = 2_001_001_000, "⟦{}⟧"  # stand-ins: no real values, yet an integer column could hold them


class Read:
    """SQL with places for its values, and how its rows become objects or, after `values()`, dictionaries."""

    def __init__(self, queryset: models.QuerySet[Any], stand_ins: Sequence[Any] = ()) -> None:
        kind = queryset._iterable_class  # type: ignore[attr-defined]
        if kind not in (ModelIterable, ValuesIterable) or queryset._known_related_objects:  # type: ignore[attr-defined]
            raise TypeError("only plain querysets of objects or values are remembered")
        compiler = queryset.query.get_compiler(queryset.db)
        try:
            self.sql, params = compiler.as_sql()
        except EmptyResultSet:  # nobody may see anything of it
            self.sql = ""
            return
        self.places = [stand_ins.index(p) if p in stand_ins else None for p in params]
        self.params = list(params)
        if set(range(len(stand_ins))) - set(self.places):
            raise TypeError("a value does not stand in the statement as it is")
        self.compiler, self.db = compiler, queryset.db
        wanted = compiler.select[: compiler.col_count] if compiler.col_count else compiler.select
        self.converters = compiler.get_converters([s[0] for s in wanted])
        if kind is ValuesIterable:
            query = queryset.query
            self.names = list(query.selected or (*query.values_select, *query.annotation_select))
            self.made = self._values
            return
        select, info = compiler.select, compiler.klass_info
        self.model = compiler.klass_info["model"]
        self.first, self.last = info["select_fields"][0], info["select_fields"][-1] + 1
        self.names = [f[0].target.attname for f in select[self.first : self.last]]
        self.populators = get_related_populators(info, select, queryset.db)
        self.annotations = list(compiler.annotation_col_map.items())
        self.made = self._object

    def run(self, values: tuple[Any, ...] = ()) -> list[Any]:
        """The rows now, with `values` in the places of the stand-ins."""
        if not self.sql:
            return []
        params = [p if i is None else values[i] for p, i in zip(self.params, self.places, strict=True)]
        with connections[self.db].cursor() as cursor:
            cursor.execute(self.sql, params)
            rows: Any = cursor.fetchall()
        if self.converters:
            rows = self.compiler.apply_converters(rows, self.converters)
        return [self.made(row) for row in rows]

    def _values(self, row: Any) -> dict[str, Any]:
        return dict(zip(self.names, row, strict=True))

    def _object(self, row: Any) -> Any:
        made = self.model.from_db(self.db, self.names, row[self.first : self.last])
        for populator in self.populators:
            populator.populate(row, made)
        for name, column in self.annotations:
            setattr(made, name, row[column])
        return made


def remembered(make: Callable[..., models.QuerySet[Any, Row]]) -> Callable[..., list[Row]]:
    """Turns a function that makes a queryset of its arguments (numbers and texts) into one that reads it."""
    known: dict[tuple[str, tuple[type, ...]], Read] = {}

    @wraps(make)
    def read(*values: int | str) -> list[Row]:
        kind = (connections["default"].vendor, tuple(type(v) for v in values))
        if kind not in known:
            stand_ins = [_NUMBER + i if isinstance(v, int) else _TEXT.format(i) for i, v in enumerate(values)]
            known[kind] = Read(make(*stand_ins), stand_ins)
        return known[kind].run(values)

    return read
