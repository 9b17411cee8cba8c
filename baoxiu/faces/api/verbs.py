"""Operations on records as a table: one row a verb, its view made from the path and what it takes."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.utils import timezone
from pydantic import BaseModel

from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.pages import json, said
from baoxiu.people.actors import Actor
from baoxiu.sop.fields import Id

# do(by, now, …) with the path's numbers and the payload by name → what is told, None for nothing
Do = Callable[..., dict[str, Any] | None]
STATUS = {"POST": 201, "DELETE": 204}


@dataclass(frozen=True, slots=True)
class Verb:
    method: str
    path: str
    name: str
    words: str
    who: tuple[str, ...]
    do: Do
    gives: Any = None
    takes: type[BaseModel] | None = None
    more: str = ""
    secret: str = ""


def declare(tag: str, verbs: Iterable[Verb]) -> None:
    for verb in verbs:
        _declare(tag, verb)


def _declare(tag: str, verb: Verb) -> None:
    status = STATUS.get(verb.method, 200)

    def view(request: Asked, **values: Any) -> HttpResponse:
        told = verb.do(request.auth, timezone.now(), **values)
        if told is None:
            return HttpResponse(status=status)
        made = verb.method == "POST" and "{" not in verb.path and "id" in told
        return json(told, status, {"Location": f"/api{verb.path}/{told['id']}"} if made else None)

    kinds: dict[str, Any] = {"request": Asked, **dict.fromkeys(re.findall(r"{(\w+)}", verb.path), Id)}
    if verb.takes:
        kinds["payload"] = verb.takes
    view.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=k)
            for n, k in kinds.items()
        ]
    )
    api.operation(
        verb.method, verb.path, who=verb.who, gives=verb.gives, status=status, summary=verb.words, tag=tag,
        description=verb.more, name=verb.name, secret=verb.secret,
    )(view)  # fmt: skip


# -- what many rows do -------------------------------------------------------------------------


def listed(shape: type[BaseModel], read: Callable[[Actor], Iterable[Any]]) -> Do:
    """A list that has no second page."""
    return lambda by, now: {"items": [said(shape, thing) for thing in read(by)], "next": None}


def saved(shape: type[BaseModel], save: Callable[..., Any], find: Callable[[Actor, int], Any]) -> Do:
    """`save(found or None, payload, by=, now=)`: a new record, or the one with `id`."""

    def do(by: Actor, now: dt.datetime, payload: Any, id: int | None = None) -> dict[str, Any]:
        return said(shape, save(find(by, id) if id else None, payload, by=by, now=now))

    return do


def changed(
    tell: Callable[[Actor, int], dict[str, Any]],
    find: Callable[[Actor, int], Any],
    change: Callable[..., Any],
) -> Do:
    """`change(found, payload, by=, now=)`, then the whole told anew."""

    def do(by: Actor, now: dt.datetime, id: int, payload: Any) -> dict[str, Any]:
        change(find(by, id), payload, by=by, now=now)
        return tell(by, id)

    return do


def removed(
    part_of: type[Model], owner: str, find: Callable[[Actor, int], Any], remove: Callable[..., None]
) -> Do:
    """`remove(part, by=, now=)` for a part of the record with `id`, and of no other."""

    def do(by: Actor, now: dt.datetime, id: int, part: int) -> None:
        remove(part_of._default_manager.get(pk=part, **{owner: find(by, id)}), by=by, now=now)

    return do
