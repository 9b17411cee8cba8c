"""A signature as points, drawn: numbers only, whatever was sent."""

from __future__ import annotations

import json
import math
from typing import Any

MAX_STROKES, MAX_POINTS = 300, 20_000

Stroke = list[tuple[float, float]]


def strokes(sent: str) -> list[Stroke]:
    """The strokes in a signature, `[[[x, y], …], …]` or one stroke; nothing where it is none."""
    try:
        found = json.loads(sent or "[]")
    except (ValueError, RecursionError):
        return []
    if isinstance(found, list) and found and all(_point(p) for p in found):
        found = [found]
    lines: list[Stroke] = []
    total = 0
    for stroke in found[:MAX_STROKES] if isinstance(found, list) else ():
        points = [point for p in (stroke if isinstance(stroke, list) else ()) if (point := _point(p))]
        total += len(points)
        if points and total <= MAX_POINTS:
            lines.append(points)
    return lines


def _point(sent: Any) -> tuple[float, float] | None:
    if not isinstance(sent, list) or len(sent) < 2:
        return None
    x, y = sent[0], sent[1]
    if any(isinstance(v, bool) or not isinstance(v, int | float) for v in (x, y)):
        return None
    if any(not math.isfinite(v) or abs(v) > 100_000 for v in (x, y)):
        return None
    return float(x), float(y)


def svg(sent: str) -> str:
    """The signature as a drawing cut to its strokes; empty where there is none."""
    lines = strokes(sent)
    if not lines:
        return ""
    xs, ys = [x for line in lines for x, _ in line], [y for line in lines for _, y in line]
    left, top = min(xs) - 4, min(ys) - 4
    width, height = max(xs) - left + 4, max(ys) - top + 4
    path = " ".join(
        "M" + " L".join(f"{x - left:.1f} {y - top:.1f}" for x, y in (line if len(line) > 1 else line * 2))
        for line in lines
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {height:.1f}" width="{width:.0f}" '
        f'height="{height:.0f}"><path d="{path}" fill="none" stroke="#16313d" stroke-width="2.2" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
