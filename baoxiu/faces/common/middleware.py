"""Language, audience and security headers of every answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from baoxiu.faces.common.audience import LINK, PUBLIC, TOKEN
from baoxiu.faces.common.errors import bad_request
from baoxiu.people.actors import ANONYMOUS, Actor


class Compressed(GZipMiddleware):
    """Pages travel compressed (padded at random, so that their length tells nothing); files go as they are."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        return response if response.streaming else super().process_response(request, response)


Answer = Callable[[HttpRequest], HttpResponse]
LANGUAGE_COOKIE = "language"
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def language(answer: Answer) -> Answer:
    """Cookie, else the browser's wish, else the installation's first language."""
    known = {code for code, _name in settings.LANGUAGES}

    def middleware(request: HttpRequest) -> HttpResponse:
        code = request.COOKIES.get(LANGUAGE_COOKIE, "")
        if code not in known:
            wish = request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:200].lower()
            code = "en" if wish.startswith("en") else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = answer(request)
            response.headers.setdefault("Content-Language", code)
            return response

    return middleware


def actor_of(request: HttpRequest) -> Actor:
    user = request.user
    return user.actor() if user.is_authenticated and user.is_active else ANONYMOUS


def is_over(request: HttpRequest) -> bool:
    """Signs out a session not used for SESSION_IDLE_MINUTES; writes the row at most every 5 minutes."""
    now = timezone.now()
    last = request.session.get("seen")
    if last and now - dt.datetime.fromisoformat(last) > dt.timedelta(minutes=settings.SESSION_IDLE_MINUTES):
        logout(request)
        return True
    if not last or now - dt.datetime.fromisoformat(last) > dt.timedelta(minutes=5):
        request.session["seen"] = now.isoformat()
    return False


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in and then back; a fragment sends its whole page there."""
    if request.headers.get("HX-Request") != "true":
        return redirect_to_login(request.get_full_path())
    page = urlsplit(request.headers.get("HX-Current-URL", "/")[:2000])
    back = page.path + (f"?{page.query}" if page.query else "")
    return HttpResponse(
        status=401, headers={"HX-Redirect": f"{settings.LOGIN_URL}?{urlencode({'next': back}, safe='/')}"}
    )


class audience:
    """Lets a request through only to a view that declared the actor's role."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        who: frozenset[str] | None = getattr(view, "audience", None)
        if who is None:
            raise ImproperlyConfigured(f"{view} has no declared audience")
        if who & {PUBLIC, LINK, TOKEN}:
            return None
        request.actor = actor = actor_of(request)  # type: ignore[attr-defined]
        if actor.kind == "anonymous" or is_over(request):
            return _to_sign_in(request)
        if not actor.has(*who):
            raise PermissionDenied
        return None


class unstorable:
    """A NUL in an address or a field, which PostgreSQL keeps in no text, is a bad request and not a fault of ours."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        return bad_request(request) if isinstance(problem, DataError) and "NUL" in str(problem) else None


def headers(answer: Answer) -> Answer:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware
