"""C4.1, C4.2: how alike two descriptions are, by pairs of characters; works for Chinese and English."""

from __future__ import annotations

import unicodedata
from collections import Counter


def _pairs(text: str) -> Counter[str]:
    kept = "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
    return Counter(kept[i : i + 2] for i in range(max(len(kept) - 1, 0))) or Counter([kept] if kept else [])


def similarity(one: str, other: str) -> float:
    """Dice coefficient over character bigrams: 0.0 nothing shared … 1.0 the same letters."""
    a, b = _pairs(one), _pairs(other)
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0
