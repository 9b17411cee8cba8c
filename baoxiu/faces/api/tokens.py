"""Keys: `Authorization: Bearer …`, never a cookie, never a query string. Only hashes are stored."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import HttpBearer

from baoxiu.faces.api.problems import Problem
from baoxiu.people.actors import Actor
from baoxiu.people.models import ApiKey
from baoxiu.sop.text import Text as T

FAILURES_PER_MINUTE = 60
_NO_KEY = T("Send “Authorization: Bearer …” with a key.", "请在请求头中携带 “Authorization: Bearer …” 密钥。")
_BAD_KEY = T("This key is unknown or revoked.", "密钥不存在或已停用。")


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def actor_of(token: str) -> Actor | None:
    """Whoever the key stands for: a staff member with all roles held today, or one company's machine."""
    key = ApiKey.objects.select_related("staff", "customer").filter(token_hash=digest(token), revoked_at=None).first()
    if key is None:
        return None
    if key.staff:
        return key.staff.actor() if key.staff.is_active else None
    return Actor("integration", key.name, frozenset({"integration"}), customer_id=key.customer_id, key_id=key.pk)


class Key(HttpBearer):
    """A key of a staff member (their roles) or of one company (only its own cases)."""

    def __call__(self, request: HttpRequest) -> Actor:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Problem("unauthorized", _NO_KEY, headers={"WWW-Authenticate": 'Bearer realm="baoxiu"'})
        return self.authenticate(request, token.strip()[:200])

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """A good key always passes: throttling slows guessing and locks nobody out."""
        if actor := actor_of(token):
            request.actor = actor  # type: ignore[attr-defined]
            return actor
        _count_failure(request.META.get("REMOTE_ADDR", ""))
        raise Problem(
            "unauthorized", _BAD_KEY, headers={"WWW-Authenticate": 'Bearer realm="baoxiu", error="invalid_token"'}
        )


def _count_failure(peer: str) -> None:
    """Past the limit the answer is 429. Counted per process and true peer; forwarded headers are not believed."""
    name = f"api-failures:{peer}"
    cache.add(name, 0, 60)
    try:
        failures = cache.incr(name)
    except ValueError:
        return
    if failures > FAILURES_PER_MINUTE:
        raise Problem("throttled", headers={"Retry-After": "60"})
