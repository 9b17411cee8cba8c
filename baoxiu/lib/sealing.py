"""Short secrets at rest: encrypted and authenticated with what the standard library has.

HMAC-SHA256 as a pseudo-random function in counter mode under a fresh nonce, then an HMAC over all of it
(encrypt-then-MAC, separate keys). Meant for addresses and tokens of some hundred characters.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

MARK = "sealed1:"
NONCE, TAG = 16, 32


class Broken(ValueError):
    """Not sealed with this key, or changed since."""


def seal(key: bytes, text: str) -> str:
    """Another result every time."""
    nonce = secrets.token_bytes(NONCE)
    hidden = nonce + _mixed(key, nonce, text.encode())
    return MARK + base64.urlsafe_b64encode(hidden + _tag(key, hidden)).decode()


def unseal(key: bytes, sealed: str) -> str:
    """Raises Broken."""
    try:
        if not sealed.startswith(MARK):
            raise ValueError
        data = base64.urlsafe_b64decode(sealed.removeprefix(MARK))
    except ValueError:
        raise Broken("not sealed") from None
    hidden, tag = data[:-TAG], data[-TAG:]
    if len(hidden) < NONCE or not hmac.compare_digest(tag, _tag(key, hidden)):
        raise Broken("sealed with another key, or changed")
    return _mixed(key, hidden[:NONCE], hidden[NONCE:]).decode()


def _mixed(key: bytes, nonce: bytes, data: bytes) -> bytes:
    own = hmac.digest(key, b"hide", hashlib.sha256)
    blocks = -(-len(data) // 32)
    stream = b"".join(hmac.digest(own, nonce + i.to_bytes(8, "big"), hashlib.sha256) for i in range(blocks))
    return bytes(a ^ b for a, b in zip(data, stream, strict=False))


def _tag(key: bytes, hidden: bytes) -> bytes:
    return hmac.digest(hmac.digest(key, b"prove", hashlib.sha256), hidden, hashlib.sha256)
