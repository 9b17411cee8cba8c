"""Search tokens: words of Latin letters and digits whole, runs of CJK as overlapping pairs.

Exact for two-character Chinese words, where trigrams find nothing and word cutters over-match.
"""

from __future__ import annotations

import re
import unicodedata

_RUN = re.compile(r"[0-9a-zà-öø-ÿа-яёα-ω]+|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]+")


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def tokens(text: str, limit: int = 4000) -> list[str]:
    """Tokens in order of appearance; a lone CJK character stands for itself."""
    out: list[str] = []
    for run in _runs(text[: limit * 2]):
        if run[0] < "\u3040" or len(run) == 1:
            out.append(run[:64])
        else:
            out.extend(run[i : i + 2] for i in range(len(run) - 1))
            out.append(run[-1])
        if len(out) >= limit:
            break
    return out[:limit]


def phrases(query: str) -> list[tuple[list[str], bool]]:
    """One (tokens that follow one another, last is a prefix) per word of the query, at most eight.

    A number however written (+86 138-0013-8001) becomes one run of digits.
    """
    digits = re.sub(r"[\s()+.-]", "", query)
    if digits.isascii() and digits.isdigit() and len(digits) >= 5:
        return [([digits[:64]], True)]
    out: list[tuple[list[str], bool]] = []
    for word in query[:200].split()[:8]:
        runs = _runs(word)
        found = [t for run in runs for t in tokens(run)]
        if not found:
            continue
        is_cjk = runs[-1][0] >= "\u3040"
        if is_cjk and len(runs[-1]) > 1:
            found.pop()  # the lone last character: the pair before it already says it
        out.append((found, not is_cjk or len(runs[-1]) == 1))
    return out
