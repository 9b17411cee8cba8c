"""Pages for what went wrong: what, where, how to mend."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from baoxiu.faces.common.audience import PUBLIC, audience
from baoxiu.people.actors import ANONYMOUS


def _page(request: HttpRequest, status: int) -> HttpResponse:
    # the page must come even when the database does not answer or no middleware has run
    if status == 500 or not hasattr(request, "actor"):
        request.actor = ANONYMOUS  # type: ignore[attr-defined]
    return render(request, "common/error.html", {"status": status, "request": request}, status=status)


@audience(PUBLIC)
def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, 400)


@audience(PUBLIC)
def denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, 403)


@audience(PUBLIC)
def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, 404)


@audience(PUBLIC)
def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, 500)


@audience(PUBLIC)
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403)
