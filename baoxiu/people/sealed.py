"""Secrets that lie in the database sealed with this installation's secret key."""

from __future__ import annotations

import hashlib

from django.conf import settings

from baoxiu.lib import sealing

Broken = sealing.Broken


def _key() -> bytes:
    return hashlib.sha256(b"baoxiu sealed " + settings.SECRET_KEY.encode()).digest()


def seal(text: str) -> str:
    """Empty stays empty."""
    return sealing.seal(_key(), text) if text else ""


def unseal(text: str) -> str:
    """Raises Broken when it was sealed under another secret key."""
    return sealing.unseal(_key(), text) if text else ""
