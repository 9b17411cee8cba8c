"""Where the texts that begin alike end: a range that an index can use."""

from __future__ import annotations

LAST, SURROGATES = 0x10FFFF, range(0xD800, 0xE000)


def after(start: str) -> str:
    """The first text after all that begin with `start`; a sign no text can hold is passed over."""
    for i in range(len(start) - 1, -1, -1):
        following = ord(start[i]) + 1
        if following in SURROGATES:
            following = SURROGATES.stop
        if following <= LAST:
            return start[:i] + chr(following)
    return start + chr(LAST)
