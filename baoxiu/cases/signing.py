"""C6.2: what leaves the house under its name is signed with the key of this installation."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.conf import settings

from baoxiu.lib import ed25519

ALGORITHM = "Ed25519"


@lru_cache(maxsize=2)
def _keys(secret: str) -> tuple[bytes, str]:
    seed = hashlib.sha256(b"baoxiu signing key " + secret.encode()).digest()
    return seed, ed25519.public_key(seed).hex()


def public_key() -> str:
    """Hexadecimal; published, so that others can tell ours from what somebody made up."""
    return _keys(settings.SIGNING_KEY)[1]


def sign(purpose: str, text: str) -> str:
    """Hexadecimal signature over "purpose text"; a purpose's signature is none for another."""
    return ed25519.sign(_keys(settings.SIGNING_KEY)[0], f"{purpose} {text}".encode()).hex()
