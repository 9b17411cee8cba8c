"""Addresses of the API: the document, the operations, and one answer for everything else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from baoxiu.faces.api import openapi, problems
from baoxiu.faces.api.contract import api
from baoxiu.faces.common.audience import PUBLIC, TOKEN, audience


def _served(pattern: URLPattern) -> URLPattern:
    """HEAD is GET without the content; a method not taken is a problem like every other."""
    inner: Callable[..., HttpResponse] = pattern.callback

    @csrf_exempt  # no cookie is believed here
    @audience(TOKEN)
    @wraps(inner)
    def view(request: HttpRequest, **values: Any) -> HttpResponse:
        if request.method == "HEAD":
            request.method = "GET"
            return _head(view(request, **values))
        response = inner(request, **values)
        if response.status_code == 405:
            allowed = {"Allow": response.headers["Allow"]}
            return problems.answer(request, problems.Problem("method", headers=allowed))
        return response

    pattern.callback = view
    return pattern


def _head(response: HttpResponse) -> HttpResponse:
    """The headers alone."""
    if not response.streaming:
        response.headers.setdefault("Content-Length", str(len(response.content)))
    response.close()
    return HttpResponse(status=response.status_code, headers=dict(response.headers))


@csrf_exempt
@audience(PUBLIC)
def nothing(request: HttpRequest, **values: Any) -> HttpResponse:
    return problems.answer(request, problems.Problem("unknown"))


app_name = "api"
urlpatterns = [
    path("openapi.json", openapi.openapi, name="openapi"),
    path("docs", openapi.docs, name="docs"),
    *(_served(pattern) for pattern in api.urls[0] if pattern.name != "api-root"),
    re_path(r"", nothing, name="nothing"),
]
