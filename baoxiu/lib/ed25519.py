"""Signatures by Ed25519 (RFC 8032, section 5.1) in integers alone; some milliseconds each.

`tools/verify_certificate.py` verifies them with arithmetic of its own. Not in constant time: made for a few
documents signed by a server, where nobody can measure single signatures beside everything else it does.
"""

from __future__ import annotations

import hashlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # of -1
Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z
NEUTRAL: Point = (0, 1, 1, 0)


def public_key(seed: bytes) -> bytes:
    """32 bytes that belong to 32 secret ones."""
    return _encoded(_times(_secrets(seed)[0], BASE))


def sign(seed: bytes, message: bytes) -> bytes:
    """64 bytes; the same for the same seed and message."""
    scalar, prefix = _secrets(seed)
    key = _encoded(_times(scalar, BASE))
    nonce = _number(prefix + message) % ORDER
    commitment = _encoded(_times(nonce, BASE))
    challenge = _number(commitment + key + message) % ORDER
    return commitment + ((nonce + challenge * scalar) % ORDER).to_bytes(32, "little")


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether whoever holds the key's secret signed this message; False for what is no key or no signature."""
    if len(key) != 32 or len(signature) != 64:
        return False
    response = int.from_bytes(signature[32:], "little")
    point = _decoded(key)
    if point is None or response >= ORDER:
        return False
    challenge = _number(signature[:32] + key + message) % ORDER
    x, y, z, t = _times(challenge, point)
    return _encoded(_plus(_times(response, BASE), (-x % P, y, z, -t % P))) == signature[:32]


def _number(data: bytes) -> int:
    return int.from_bytes(hashlib.sha512(data).digest(), "little")


def _secrets(seed: bytes) -> tuple[int, bytes]:
    if len(seed) != 32:
        raise ValueError("a seed has 32 bytes")
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little")
    return scalar & ~7 & ~(1 << 255) | 1 << 254, digest[32:]


def _plus(one: Point, other: Point) -> Point:
    """Complete: holds for equal points too (Hisil, Wong, Carter, Dawson 2008)."""
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * D * t1 * t2 % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(factor: int, point: Point) -> Point:
    found = NEUTRAL
    while factor:
        if factor & 1:
            found = _plus(found, point)
        point, factor = _plus(point, point), factor >> 1
    return found


def _encoded(point: Point) -> bytes:
    x, y, z, _ = point
    inverse = pow(z, -1, P)
    return ((y * inverse % P) | (x * inverse % P & 1) << 255).to_bytes(32, "little")


def _decoded(data: bytes) -> Point | None:
    number = int.from_bytes(data, "little")
    odd, y = number >> 255, number & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT % P
    if x * x % P != square or (x == 0 and odd):
        return None
    x = x if x & 1 == odd else P - x
    return x, y, 1, x * y % P


def _base() -> Point:
    found = _decoded((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    if found is None:
        raise ValueError("no base point")
    return found


BASE = _base()
