"""Lists: columns from the answer's schema, keyset pages with an opaque cursor, nothing counted."""

from __future__ import annotations

import base64
import datetime as dt
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin
from urllib.parse import urlencode

import orjson
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel, Field

from baoxiu.faces.api.problems import Problem, invalid

Row = TypeVar("Row", bound=BaseModel)
Limit = Annotated[int, Field(ge=1, le=200, description="Rows a page.")]
Cursor = Annotated[str, Field(max_length=200, description="From the page before; opaque.")]


class Paging(BaseModel):
    cursor: Cursor = ""
    limit: Limit = 50


class Page(BaseModel, Generic[Row]):
    """One page; `next` is the cursor of the following one, null on the last (and in the `Link` header)."""

    items: list[Row]
    next: str | None


def json(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    if isinstance(data, BaseModel):
        data = data.model_dump(mode="json")
    return HttpResponse(
        orjson.dumps(data, default=str), status=status, content_type="application/json", headers=headers or {}
    )


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model of `Model` or `Model | None`; None for plain values and lists."""
    options = get_args(annotation) if isinstance(annotation, types.UnionType) else (annotation,)
    return next((o for o in options if isinstance(o, type) and issubclass(o, BaseModel)), None)


def columns(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """The look-ups a schema needs: `owner: Named | None` → owner__id, owner__name.

    A field marked `json_schema_extra={"computed": True}` is added by code.
    """
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra
        if isinstance(extra, dict) and extra.get("computed"):
            continue
        inner = _model_in(field.annotation)
        if inner:
            yield from columns(inner, f"{prefix}{name}__")
        elif get_origin(field.annotation) is not list:
            yield prefix + name


def nest(model: type[BaseModel], row: dict[str, Any], prefix: str = "") -> dict[str, Any] | None:
    """A row of `.values(*columns(model))` in the schema's shape; None where a joined row is missing."""
    out: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if inner := _model_in(field.annotation):
            if any(key.startswith(f"{prefix}{name}__") for key in row):
                out[name] = nest(inner, row, f"{prefix}{name}__")
        elif prefix + name in row:
            out[name] = row[prefix + name]
    if prefix and "id" in out and out["id"] is None:
        return None
    return out


def page(
    request: HttpRequest,
    queryset: QuerySet[Any],
    model: type[BaseModel],
    paging: Paging,
    *,
    order: tuple[str, ...] = ("-id",),
    finish: Callable[[list[dict[str, Any]]], None] | None = None,
) -> HttpResponse:
    """One page of `queryset` in `order` (unique at its end). `finish` completes the rows in place."""
    names = [o.lstrip("-") for o in order]
    extra = [n for n in names if n not in set(columns(model))]
    after = read_cursor(queryset, paging.cursor, names)
    if after:
        queryset = queryset.filter(_beyond(order, after))
    rows = list(queryset.order_by(*order).values(*columns(model), *extra)[: paging.limit + 1])
    following = None
    if len(rows) > paging.limit:
        rows.pop()
        following = write_cursor([rows[-1][n] for n in names])
    items = [nest(model, row) or {} for row in rows]
    if finish:
        finish(items)
    return sheet(request, items, following)


def sheet(request: HttpRequest, items: list[dict[str, Any]], following: str | None) -> HttpResponse:
    """A page as an answer, with its `Link` header."""
    headers = {}
    if following:
        query = {k: v for k, v in request.GET.items() if k != "cursor"} | {"cursor": following}
        headers["Link"] = f'<{request.path}?{urlencode(query)}>; rel="next"'
    return json({"items": items, "next": following}, headers=headers)


def _beyond(order: tuple[str, ...], values: list[Any]) -> Q:
    """Everything after `values`: (a, b) > (x, y), with a look at `a` alone that an index can use."""
    condition = Q(pk__in=())
    equal = Q()
    for name, value in zip(order, values, strict=True):
        column = name.lstrip("-")
        condition |= equal & Q(**{f"{column}__{'lt' if name != column else 'gt'}": value})
        equal &= Q(**{column: value})
    first = order[0].lstrip("-")
    return Q(**{f"{first}__{'lte' if order[0] != first else 'gte'}": values[0]}) & condition


def write_cursor(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def read_cursor(queryset: QuerySet[Any], cursor: str, names: list[str]) -> list[Any]:
    """The values a cursor stands for, each of its column's type. Raises Problem."""
    if not cursor:
        return []
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(names):
            raise ValueError
        return [_typed(queryset, name, value) for name, value in zip(names, values, strict=True)]
    except (ValueError, TypeError):
        raise bad_cursor() from None


def read_number(cursor: str) -> int | None:
    """A cursor of one positive number, or None. Raises Problem."""
    if not cursor:
        return None
    try:
        (number,) = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError):
        raise bad_cursor() from None
    if type(number) is not int or not 1 <= number <= 2**53:
        raise bad_cursor()
    return number


def bad_cursor() -> Problem:
    return invalid("cursor", "This cursor did not come from this list.", "游标无效，请使用上一页返回的游标。")


def _typed(queryset: QuerySet[Any], name: str, value: Any) -> Any:
    kind = queryset.model._meta.get_field(name).get_internal_type()
    if kind == "DateTimeField":
        moment = dt.datetime.fromisoformat(value)
        if moment.tzinfo is None or not 1970 <= moment.year <= 9000:
            raise ValueError
        return moment
    if kind in ("BigAutoField", "PositiveIntegerField"):
        if not isinstance(value, int) or isinstance(value, bool) or not -(2**53) <= value <= 2**53:
            raise ValueError
        return value
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    return value


def by_id(
    request: HttpRequest,
    tell: Callable[[Any], dict[str, Any]],
    paging: Paging,
    read: Callable[[int | None, int], list[Any]],
) -> HttpResponse:
    """One page of what `read(before, limit)` gives, newest first; `tell` makes an item of each."""
    before = read_number(paging.cursor)
    rows = read(before, paging.limit + 1)
    following = write_cursor([rows[paging.limit - 1].pk]) if len(rows) > paging.limit else None
    return sheet(request, [tell(row) for row in rows[: paging.limit]], following)


def said(shape: type[BaseModel], thing: Any) -> dict[str, Any]:
    return shape.model_validate(thing, from_attributes=True).model_dump(mode="json")


def whole(shape: type[BaseModel], things: Iterable[Any]) -> HttpResponse:
    """A list that has no second page."""
    return json({"items": [said(shape, thing) for thing in things], "next": None})
