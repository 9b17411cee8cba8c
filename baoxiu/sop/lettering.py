"""How wide words are on paper and where their lines break; close enough for boxes and arrows."""

from __future__ import annotations


def text_width(words: str, em: float) -> float:
    """CJK one em, others a good half."""
    return sum(em if c >= "\u2e80" else em * 0.56 for c in words)


def wrap(words: str, width: float, em: float) -> list[str]:
    """Lines no wider than `width`; Chinese breaks anywhere, English at spaces."""
    lines, line = [], ""
    pieces = words.split(" ") if " " in words else list(words) if words[:1] >= "\u2e80" else [words]
    joiner = " " if " " in words else ""
    for piece in pieces:
        longer = f"{line}{joiner}{piece}" if line else piece
        if line and text_width(longer, em) > width:
            lines.append(line)
            line = piece
        else:
            line = longer
    return [*lines, line]
