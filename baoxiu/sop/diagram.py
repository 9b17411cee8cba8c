"""C4: the procedure as a picture, drawn from the same object that runs.

An SVG without style attributes (strict CSP): classes for the page's own style sheet, and presentation
attributes with CSS variables and system colours, so that it is right in light and dark and on paper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

from baoxiu.sop import clauses, layout
from baoxiu.sop.layout import BOX_H, BOX_W, LABEL_EM, START_H, Arrow, Layout
from baoxiu.sop.lettering import text_width, wrap
from baoxiu.sop.procedure import NEW, Procedure, Stage
from baoxiu.sop.text import Text

SURFACE = "var(--tblr-bg-surface, Canvas)"
INK = "var(--tblr-body-color, CanvasText)"
ACCENT = "var(--tblr-primary, LinkText)"
DANGER = "var(--tblr-danger, CanvasText)"
QUIET = "var(--tblr-secondary, GrayText)"
_COLOUR = {"primary": ACCENT, "danger": DANGER, "normal": QUIET}
_START = Text("Service request", "报修")
_TOLD = Text("* Possible at several stages:", "* 多个阶段均可：")
_OPEN = Text("{n} open", "在办{n}单")


def svg(
    procedure: Procedure,
    language: str,
    counts: Mapping[str, int] | None = None,
    current: str | None = None,
    *,
    href: Callable[[str], str | None] | None = None,
) -> str:
    """The stage diagram. `counts`: open cases per stage; `current`: the stage of the case shown.

    `href` gives a stage's link; with it the picture is a group of links, without it one image.
    """
    made = layout.lay_out(procedure, language)
    notes = _notes(procedure, made, language)
    height = made.height + (14 + 20 * len(notes) if notes else 0)
    title = procedure.title.to(language) or procedure.name
    role = "group" if href else "img"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sop-diagram" role="{role}" '
        f'viewBox="0 0 {made.width:.0f} {height:.0f}" font-size="13" aria-label="{escape(title)}">',
        f"<title>{escape(title)}</title>",
        *_lanes(made, language),
        *(_arrow(a) for a in sorted(made.arrows, key=lambda a: a.tone == "primary")),
        *(_label(a, language) for a in made.arrows),
        *_stubs(made, procedure, language),
        _start_box(made, language),
        *(_box(s, made, language, counts or {}, current, href) for s in procedure.stages),
        *(
            f'<text class="sop-note" x="14" y="{made.height + 14 + 20 * i:.0f}" font-size="12" fill="{QUIET}">'
            f"{escape(line)}</text>"
            for i, line in enumerate(notes)
        ),
        "</svg>",
    ]
    return "".join(parts)


def _lanes(made: Layout, language: str) -> list[str]:
    out = []
    for i, lane in enumerate(made.lanes):
        top, height = made.lane_top[i], made.lane_height[i]
        shade = 0.045 if i % 2 == 0 else 0.0
        out.append(
            f'<rect class="sop-lane" x="4" y="{top:.1f}" width="{made.width - 8:.1f}" height="{height:.1f}" '
            f'rx="10" fill="currentColor" fill-opacity="{shade}"/>'
        )
        y = _lane_label_y(made, i)
        out.append(
            f'<text class="sop-clause" x="16" y="{y:.1f}" font-size="12" font-weight="600" fill="{QUIET}">{lane}</text>'
        )
        for n, line in enumerate(wrap(clauses.title(lane).to(language), 92, 12)):
            out.append(
                f'<text class="sop-lane-title" x="16" y="{y + 17 + 15 * n:.1f}" font-size="12" fill="{INK}">{escape(line)}</text>'
            )
    return out


def _lane_label_y(made: Layout, i: int) -> float:
    """Beside the boxes of the lane."""
    top, bottom = made.lane_top[i], made.lane_top[i] + made.lane_height[i]
    y = next((y for _, y in made.boxes.values() if top < y < bottom), (top + bottom) / 2)
    return y - 8


def _arrow(a: Arrow) -> str:
    colour, strong = _COLOUR[a.tone], a.tone == "primary"
    dash = ' stroke-dasharray="4 4"' if a.tone == "danger" else ""
    (px, py), (x, y) = a.points[-2], a.points[-1]
    dx, dy = (x > px) - (x < px), (y > py) - (y < py)
    tip = f"{x},{y} {x - 8 * dx - 4 * dy},{y - 8 * dy - 4 * dx} {x - 8 * dx + 4 * dy},{y - 8 * dy + 4 * dx}"
    return (
        f'<g class="sop-arrow is-{a.tone}"><path d="{_path(a.points, dx, dy)}" fill="none" stroke="{colour}" '
        f'stroke-width="{1.8 if strong else 1.2}" stroke-linejoin="round"{dash}/>'
        f'<polygon points="{tip}" fill="{colour}"/></g>'
    )


def _path(points: list[tuple[float, float]], dx: int, dy: int) -> str:
    """Straight runs with rounded corners; ends short of the tip."""
    last = (points[-1][0] - 6 * dx, points[-1][1] - 6 * dy)
    points = [*points[:-1], last]
    d = f"M{points[0][0]:.1f},{points[0][1]:.1f}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        enter, leave = _near(corner, before), _near(corner, after)
        d += f"L{enter[0]:.1f},{enter[1]:.1f}Q{corner[0]:.1f},{corner[1]:.1f} {leave[0]:.1f},{leave[1]:.1f}"
    return d + f"L{last[0]:.1f},{last[1]:.1f}"


def _near(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """The point where the curve of a corner begins, towards `other`."""
    distance = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    share = min(7.0, distance / 2) / distance if distance else 0.0
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share


def _label(a: Arrow, language: str) -> str:
    words = a.steps[0].title.to(language)
    more = f" +{len(a.steps) - 1}" if len(a.steps) > 1 else ""
    x, y, anchor = a.label_at
    whole = " / ".join(s.title.to(language) for s in a.steps)
    lines = wrap(words + more, a.label_room, LABEL_EM)
    above = a.label_at[1] < a.points[0][1]
    y -= 13 * (len(lines) - 1) if above else 0
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{y + 13 * i:.1f}">{escape(line)}</tspan>' for i, line in enumerate(lines)
    )
    return (
        f'<text class="sop-step is-{a.tone}" text-anchor="{anchor}" font-size="{LABEL_EM:.0f}" fill="{INK}" '
        f'stroke="{SURFACE}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke">'
        f"<title>{escape(whole)}</title>{spans}</text>"
    )


def _stubs(made: Layout, procedure: Procedure, language: str) -> list[str]:
    """What is told in words below still points at its end."""
    out = []
    for step in made.told:
        if procedure.stage[step.to_stage or ""].is_end:
            x, y = made.boxes[step.to_stage or ""]
            tip = x - BOX_W / 2
            words = escape(step.title.to(language)) + " *"
            stub = Arrow("", "", [step], [(tip - 74, y), (tip, y)])
            out.append(
                _arrow(stub)
                + f'<text class="sop-step" x="{tip - 42:.1f}" y="{y - 7:.1f}" text-anchor="middle" '
                f'font-size="{LABEL_EM:.0f}" fill="{INK}">{words}</text>'
            )
    return out


def _start_box(made: Layout, language: str) -> str:
    x, y = made.boxes[NEW]
    return (
        f'<g class="sop-start"><rect x="{x - BOX_W / 2 + 14:.1f}" y="{y - START_H / 2:.1f}" width="{BOX_W - 28:.1f}" height="{START_H:.0f}" '
        f'rx="{START_H / 2:.0f}" fill="{SURFACE}" stroke="{QUIET}" stroke-width="1.2"/>'
        f'<text x="{x:.1f}" y="{y + 4.5:.1f}" text-anchor="middle" fill="{INK}">{escape(_START.to(language))}</text></g>'
    )


def _box(
    stage: Stage,
    made: Layout,
    language: str,
    counts: Mapping[str, int],
    current: str | None,
    href: Callable[[str], str | None] | None,
) -> str:
    x, y = made.boxes[stage.name]
    left, top = x - BOX_W / 2, y - BOX_H / 2
    here = stage.name == current
    kind = "is-end" if stage.completes else "is-lost" if stage.is_end else "is-open"
    dash = ' stroke-dasharray="5 4"' if stage.is_end and not stage.completes else ""
    words = wrap(stage.title.to(language), BOX_W - 20, 14)[:2]
    first = y + (1 if len(words) == 1 else -10)
    body = [
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{BOX_W:.0f}" height="{BOX_H:.0f}" rx="9" fill="{SURFACE}" '
        f'stroke="{ACCENT if here else INK}" stroke-width="{3 if here else 1.3}"{dash}/>',
        f'<rect x="{left + 4:.1f}" y="{top + 4:.1f}" width="{BOX_W - 8:.0f}" height="{BOX_H - 8:.0f}" rx="6" '
        f'fill="none" stroke="{INK}" stroke-width="1"/>' if stage.completes else "",
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{BOX_W:.0f}" height="{BOX_H:.0f}" rx="9" fill="{ACCENT}" '
        f'fill-opacity="0.12"/>' if here else "",
        *(
            f'<text x="{x:.1f}" y="{first + 15 * i:.1f}" text-anchor="middle" font-size="14" font-weight="600" '
            f'fill="{INK}">{escape(line)}</text>' for i, line in enumerate(words)
        ),
        f'<text class="sop-clause" x="{x:.1f}" y="{y + 21:.1f}" text-anchor="middle" font-size="11" fill="{QUIET}">'
        f"{stage.clause}</text>",
        _count(counts.get(stage.name, 0), left + BOX_W - 8, top, language),
    ]  # fmt: skip
    marked = ' aria-current="step"' if here else ""
    inner = f'<g class="sop-stage {kind}{" is-current" if here else ""}"{marked}>{"".join(body)}</g>'
    link = href(stage.name) if href else None
    return f'<a href="{escape(link)}">{inner}</a>' if link else inner


def _count(n: int, x: float, y: float, language: str) -> str:
    if not n:
        return ""
    width = max(24.0, text_width(str(n), 12) + 14)
    return (
        f'<g class="sop-count"><rect x="{x - width / 2:.1f}" y="{y - 11:.1f}" width="{width:.1f}" height="22" rx="11" '
        f'fill="{ACCENT}" stroke="{SURFACE}" stroke-width="2"/><text x="{x:.1f}" y="{y + 4.2:.1f}" text-anchor="middle" '
        f'font-size="12" font-weight="600" fill="{SURFACE}"><title>{_OPEN.to(language).format(n=n)}</title>{n}</text></g>'
    )


def _notes(procedure: Procedure, made: Layout, language: str) -> list[str]:
    """The steps from many stages, in words."""
    zh = language.lower().startswith("zh")
    lines: list[str] = []
    for step in made.told:
        names = [procedure.stage[s].title.to(language) for s in step.from_stages if s in procedure.stage]
        to = procedure.stage[step.to_stage or ""].title.to(language)
        listed = "、".join(names) if zh else ", ".join(names)
        arrow = f"{step.title.to(language)} → {to}"
        lines += wrap(f"{arrow}（{listed}）" if zh else f"{arrow} ({listed})", made.width - 40, 12)
    return [_TOLD.to(language), *lines] if lines else []
