"""Small pages of the whole installation: language, health, and the components for review."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from baoxiu.faces.common.audience import PUBLIC, audience
from baoxiu.faces.common.middleware import LANGUAGE_COOKIE


def safe_next(request: HttpRequest, wish: str, default: str = "/") -> str:
    """An address on this host only."""
    if url_has_allowed_host_and_scheme(wish, {request.get_host()}, require_https=request.is_secure()):
        return wish
    return default


@audience(PUBLIC)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remembers the chosen language on this device."""
    answer = redirect(safe_next(request, request.POST.get("next", "")))
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        answer.set_cookie(
            LANGUAGE_COOKIE, code, max_age=31_536_000, httponly=True, samesite="Lax", secure=settings.HTTPS
        )
    return answer


@audience(PUBLIC)
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For a watchdog: the process serves and the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"})
