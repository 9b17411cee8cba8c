"""Search tokens: words of Latin letters and digits whole, runs of CJK as overlapping pairs.

A query is a list of phrases; a phrase is a list of tokens that must follow one another.
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


def phrases(query: str) -> list[list[str]]:
    """One phrase per run of the query, at most eight. The last Latin word is meant as a prefix."""
    out: list[list[str]] = []
    for run in _runs(query[:200])[:8]:
        if run[0] < "\u3040" or len(run) == 1:
            out.append([run[:64]])
        else:
            out.append([run[i : i + 2] for i in range(len(run) - 1)])
    return out
