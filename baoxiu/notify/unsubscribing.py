"""The link that ends what may be left unsaid: one message's, good for its recipient and channel alone."""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

from baoxiu.cases.models import Outgoing


def token_of(pk: int) -> str:
    """The message's number and 128 bits that only this installation can compute."""
    mac = hmac.new(settings.SECRET_KEY.encode(), f"unsubscribe:{pk}".encode(), hashlib.sha256).digest()
    return f"{pk}-{base64.urlsafe_b64encode(mac[:16]).decode().rstrip('=')}"


def address(row: Outgoing) -> str:
    return f"{str(settings.ORIGIN).rstrip('/')}/n/{token_of(row.pk)}/"


def resolve(token: str) -> Outgoing | None:
    """The message a token came with."""
    number = token[:60].partition("-")[0]
    if not (number.isdecimal() and number.isascii() and len(number) < 16):
        return None
    if not hmac.compare_digest(token_of(int(number)).encode(), token.encode()):
        return None
    return Outgoing.objects.filter(pk=int(number)).first()
