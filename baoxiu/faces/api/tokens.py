"""Keys: `Authorization: Bearer …`, never a cookie, never a query string. Only hashes are stored.

The token of a personal link is a key too: to its one case, for its one purpose.
"""

from __future__ import annotations

import hashlib

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from baoxiu.cases import links
from baoxiu.faces.api.problems import Problem
from baoxiu.people import tallies
from baoxiu.people.actors import Actor
from baoxiu.people.models import ApiKey
from baoxiu.people.remembered import remembered
from baoxiu.sop.text import Text as T

FAILURES_PER_MINUTE = 60
_NO_KEY = T("Send “Authorization: Bearer …” with a key.", "请在请求头中携带 “Authorization: Bearer …” 密钥。")
_BAD_KEY = T("This key is unknown or revoked.", "密钥不存在或已停用。")


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def actor_of(token: str) -> Actor | None:
    """A staff member with all roles held today, one company's machine, or the customer behind a personal link."""
    key = next(iter(_keys(digest(token))), None)
    if key is None:
        link = links.live(token, now=timezone.now())
        return links.actor(link) if link else None
    if key.staff:
        return key.staff.actor() if key.staff.is_active else None
    return Actor(
        "integration", key.name, frozenset({"integration"}), customer_id=key.customer_id, key_id=key.pk
    )


@remembered
def _keys(token_hash: str) -> QuerySet[ApiKey]:
    return ApiKey.objects.select_related("staff").filter(token_hash=token_hash, revoked_at=None)


def may(actor: Actor, who: tuple[str, ...]) -> bool:
    """Whether an operation for `who` – roles, "integration", purposes of links – is for this actor."""
    return actor.purpose in who if actor.kind == "link" else actor.has(*who)


class Key(HttpBearer):
    """A key of a staff member, of one company, or the token of a personal link.

    `who`: whom the operation is for; asked before anything of the request is read.
    """

    def __init__(self, who: tuple[str, ...]) -> None:
        super().__init__()
        self.who = who

    def __call__(self, request: HttpRequest) -> Actor:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Problem("unauthorized", _NO_KEY, headers={"WWW-Authenticate": 'Bearer realm="baoxiu"'})
        return self.authenticate(request, token.strip()[:200])

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """A good key always passes: throttling slows guessing and locks nobody out."""
        if actor := actor_of(token):
            if not may(actor, self.who):
                raise Problem("denied")
            request.actor = actor  # type: ignore[attr-defined]
            return actor
        _count_failure(request.META.get("REMOTE_ADDR", ""))
        raise Problem(
            "unauthorized",
            _BAD_KEY,
            headers={"WWW-Authenticate": 'Bearer realm="baoxiu", error="invalid_token"'},
        )


def _count_failure(peer: str) -> None:
    """Past the limit the answer is 429. Counted by true peer; forwarded headers are not believed."""
    if tallies.exceeded(f"api-failures:{peer}", FAILURES_PER_MINUTE, seconds=60, now=timezone.now()):
        raise Problem("throttled", headers={"Retry-After": "60"})
