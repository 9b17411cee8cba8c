"""Public forms: a key made here, photos kept over an error, a look at who sends. The key is signed, so that nobody
brings one of his own."""

from __future__ import annotations

import secrets

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from baoxiu.faces.portal import limits

MIN_SECONDS, MAX_SECONDS = 3, 24 * 3600
MAX_PHOTOS = 8
KEPT = "kept-photos"


def new_key() -> str:
    return signing.dumps(secrets.token_urlsafe(9), salt="request-key")


def age(key: str) -> tuple[str, float]:
    """(the key, its age in seconds); ("", 0) when it is not ours or too old."""
    try:
        signing.loads(key[:200], salt="request-key", max_age=MAX_SECONDS)
    except signing.BadSignature:
        return "", 0.0
    stamp = signing.b62_decode(key.rsplit(":", 2)[1])
    return key, timezone.now().timestamp() - stamp


def kept(request: HttpRequest) -> list[int]:
    """Photos sent before an error, known by our own signature."""
    try:
        ids: list[int] = signing.loads(request.POST.get("kept", "")[:2000], salt=KEPT, max_age=MAX_SECONDS)
    except signing.BadSignature:
        return []
    return ids


def signed(kept: list[int]) -> str:
    return signing.dumps(kept, salt=KEPT) if kept else ""


def suspicious(request: HttpRequest, age: float, kind: str) -> tuple[str, int] | None:
    """(sentence, status) for what looks like a machine; `kind`: which of `limits.PER_HOUR` counts."""
    if limits.exceeded(kind, limits.peer_of(request)):
        return _(
            "Too many requests came from your network in this hour. Please call us or try again later."
        ), 429
    if len(request.FILES.getlist("photos-upload")) > MAX_PHOTOS:
        return _("At most %(n)s photos, please.") % {"n": MAX_PHOTOS}, 422
    if request.POST.get("website"):
        return _("A field that must stay empty was filled in. Please check and send again."), 422
    if age < MIN_SECONDS:
        return _("That was very quick. Please check what you wrote and send again."), 422
    return None
