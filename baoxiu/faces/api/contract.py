"""The one API object: reading, refusing, and one way to declare an operation."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import orjson
from django.core.exceptions import (
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.params.models import Query
from ninja.parser import Parser

from baoxiu import __version__
from baoxiu.cases import steps
from baoxiu.faces.api import problems, reasons, repeats
from baoxiu.faces.api.problems import Problem
from baoxiu.faces.api.tokens import Key
from baoxiu.people import rules
from baoxiu.people.actors import Actor
from baoxiu.sop.text import Text as T

log = logging.getLogger(__name__)
_NO_SUCH = T("There is no such parameter.", "没有这个查询参数。")
_ONCE = T("Give this parameter once.", "该查询参数只能出现一次。")
View = TypeVar("View", bound=Callable[..., Any])

STATUS = {
    "wrong_party": "denied",
    "unknown_step": "unknown",
    "wrong_stage": "refused",
    "missing_fact": "refused",
    "owed": "refused",
}


class Asked(HttpRequest):
    """A request whose key is known: `auth` is who asks."""

    auth: Actor


class Reader(Parser):
    """JSON by orjson: no NaN, no lone surrogates, bounded depth."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type and request.content_type != "application/json":
            raise Problem(
                "media_type", T("Send application/json.", "请发送 application/json。"), "Content-Type"
            )
        try:
            return orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            raise Problem(
                "unreadable",
                T(
                    f"This is not JSON: line {error.lineno}, column {error.colno}.",
                    f"不是有效的 JSON：第 {error.lineno} 行第 {error.colno} 列。",
                ),
            ) from None


class Contract(NinjaAPI):
    """Declares operations; `openapi.py` completes what is said of them."""

    def __init__(self) -> None:
        super().__init__(
            title="Baoxiu",
            version=__version__,
            parser=Reader(),
            docs_url=None,
            openapi_url=None,
            urls_namespace="api",
        )
        for error, handler in HANDLERS.items():
            self.add_exception_handler(
                error, lambda request, exc, make=handler: problems.answer(request, make(exc))
            )

    def operation(
        self,
        method: str,
        path: str,
        *,
        who: tuple[str, ...],
        gives: Any,
        status: int = 200,
        summary: str,
        tag: str,
        description: str = "",
        name: str = "",
        secret: str = "",
        extra: dict[str, Any] | None = None,
    ) -> Callable[[View], View]:
        """Declares `method path` for `who` (see `tokens.may`); `gives` is the answer's schema.

        `secret`: a field of the answer that is said once and not kept for repeats.
        """

        def declare(view: View) -> View:
            signature = inspect.signature(view, eval_str=True)
            known = {
                n
                for p in signature.parameters.values()
                if isinstance(p.default, Query)
                for n in p.annotation.model_fields
            }

            @wraps(view)
            def guarded(request: Asked, **values: Any) -> HttpResponse:
                for name, given in request.GET.lists():
                    if name not in known or len(given) > 1:
                        raise Problem("invalid", _ONCE if name in known else _NO_SUCH, name[:200])
                if method == "POST":
                    return repeats.once(
                        request, request.auth, values, lambda: view(request, **values), secret
                    )
                return view(request, **values)

            guarded.__signature__ = signature  # type: ignore[attr-defined]
            self.api_operation(
                [method],
                path,
                auth=Key(who),
                response={status: gives},
                summary=summary,
                description=description or inspect.getdoc(view) or "",
                tags=[tag],
                operation_id=name or view.__name__,
                url_name=name or view.__name__,
                openapi_extra={"x-for": sorted(who), **(extra or {})},
            )(guarded)
            return view

        return declare


def _http_error(exc: HttpError) -> Problem:
    """ninja's own errors; what our reader raised stands behind them."""
    if isinstance(exc.__cause__, Problem):
        return exc.__cause__
    return Problem({401: "unauthorized", 403: "denied", 429: "throttled"}.get(exc.status_code, "unreadable"))


def _refused(exc: steps.StepRefused) -> Problem:
    kind = STATUS.get(exc.code, "invalid")
    errors = [(exc.field, exc.reason)] if exc.field else []
    return Problem(kind, exc.reason, code=exc.code, errors=errors)


def _record_refused(exc: rules.Invalid) -> Problem:
    return Problem("invalid", exc.reason, errors=[(exc.field, exc.reason)] if exc.field else [])


def _unstorable(exc: DataError) -> Problem:
    """PostgreSQL keeps no NUL in a text; any other complaint of the database is a fault of ours."""
    return Problem("unreadable") if "NUL" in str(exc) else _broken(exc)


def _broken(exc: Exception) -> Problem:
    log.error("API", exc_info=exc)
    return Problem("broken")


HANDLERS: dict[type[Exception], Callable[[Any], Problem]] = {
    Exception: _broken,
    Problem: lambda exc: exc,
    HttpError: _http_error,
    ValidationError: lambda exc: Problem("invalid", errors=reasons.of(exc.errors)),
    rules.Invalid: _record_refused,
    rules.Denied: lambda exc: Problem("denied"),
    steps.StepRefused: _refused,
    steps.Conflict: lambda exc: Problem("conflict"),
    steps.KeyReused: lambda exc: Problem("key_reused", field=repeats.HEADER),
    Http404: lambda exc: Problem("unknown"),
    ObjectDoesNotExist: lambda exc: Problem("unknown"),
    PermissionDenied: lambda exc: Problem("denied"),
    RequestDataTooBig: lambda exc: Problem("too_large"),
    SuspiciousOperation: lambda exc: Problem("unreadable"),
    MultiPartParserError: lambda exc: Problem("unreadable"),
    UnreadablePostError: lambda exc: Problem("unreadable"),
    DataError: _unstorable,
    OperationalError: lambda exc: Problem("busy", headers={"Retry-After": "2"}),
}


api = Contract()
