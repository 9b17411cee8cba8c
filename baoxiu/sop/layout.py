"""C4: where the stages of a procedure stand on paper and how the arrows between them run.

One lane per clause, top to bottom in the order of the procedure; inside a lane left to right. Arrows
leave downwards or upwards into the gap between two lanes, run there on a track of their own, and go
round by the right margin downwards, by the left margin back upwards.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from baoxiu.sop import clauses
from baoxiu.sop.lettering import text_width
from baoxiu.sop.procedure import NEW, Procedure, Step

BOX_W, BOX_H, PITCH, MARGIN_LEFT = 156.0, 58.0, 284.0, 116.0
TRACK, GAP, GUTTER, SIDE = 21.0, 15.0, 13.0, 26.0
SEVERAL = 3  # a step from more stages than this is told in words below the diagram
LABEL_EM, START_H = 11.0, 40.0


@dataclass
class Arrow:
    """All steps from one stage to another."""

    start: str
    end: str
    steps: list[Step]
    points: list[tuple[float, float]] = field(default_factory=list)
    label_at: tuple[float, float, str] = (0.0, 0.0, "middle")
    label_room: float = 999.0  # a label wider than this goes on a second line

    @property
    def tone(self) -> str:
        tones = {s.tone for s in self.steps}
        return "primary" if "primary" in tones else "danger" if tones == {"danger"} else "normal"


@dataclass
class Layout:
    lanes: list[str] = field(default_factory=list)
    lane_top: list[float] = field(default_factory=list)
    lane_height: list[float] = field(default_factory=list)
    boxes: dict[str, tuple[float, float]] = field(default_factory=dict)  # stage → centre
    arrows: list[Arrow] = field(default_factory=list)
    told: list[Step] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


def main_order(procedure: Procedure) -> dict[str, int]:
    """Stage → rank on the longest way forward; forward means: to a stage declared later."""
    place = {s.name: i for i, s in enumerate(procedure.stages)}
    rank = dict.fromkeys(place, 0)
    moves = {
        (place[a], place[s.to_stage])
        for s in procedure.steps
        if s.to_stage
        for a in s.from_stages
        if a != NEW
    }
    forward = sorted((a, b) for a, b in moves if a < b)
    names = list(place)
    for a, b in forward:
        rank[names[b]] = max(rank[names[b]], rank[names[a]] + 1)
    return rank


def arrows_of(procedure: Procedure) -> tuple[list[Arrow], list[Step]]:
    """Arrows, and the steps from so many stages that they are told in words instead."""
    grouped: dict[tuple[str, str], list[Step]] = defaultdict(list)
    told = []
    for step in procedure.steps:
        if step.to_stage is None:
            continue
        if len(step.from_stages) > SEVERAL:
            told.append(step)
            continue
        for start in step.from_stages:
            if start != step.to_stage:
                grouped[start, step.to_stage].append(step)
    for steps in grouped.values():
        steps.sort(key=lambda s: s.tone != "primary")
    return [Arrow(a, b, steps) for (a, b), steps in grouped.items()], told


def lay_out(procedure: Procedure, language: str) -> Layout:
    arrows, told = arrows_of(procedure)
    made = Layout(arrows=arrows, told=told)
    columns, lane_of = _grid(procedure, made)
    router = _Router(made, columns, lane_of, language)
    router.place()
    return made


def _grid(procedure: Procedure, made: Layout) -> tuple[dict[str, int], dict[str, int]]:
    """Lanes in order of their first stage; columns by what leads there."""
    rank = main_order(procedure)
    start = next(s for s in procedure.steps if NEW in s.from_stages)
    members: dict[str, list[str]] = defaultdict(list)
    members[clauses.group_of(start.clause)].append(NEW)
    first: dict[str, int] = {clauses.group_of(start.clause): -1}
    for stage in sorted(procedure.stages, key=lambda s: rank[s.name]):
        lane = clauses.group_of(stage.clause)
        members[lane].append(stage.name)
        if not (stage.is_end and not stage.completes):
            first[lane] = min(first.get(lane, 99), rank[stage.name])
    made.lanes = sorted(members, key=lambda lane: (first.get(lane, 99), lane))
    lost = {s.name for s in procedure.stages if s.is_end and not s.completes}
    columns: dict[str, int] = {}
    widest = max(len(m) for m in members.values())
    for lane in made.lanes:
        regular = [m for m in members[lane] if m not in lost]
        came = [
            columns[a.start] for m in regular[:1] for a in made.arrows if a.end == m and a.start in columns
        ]
        at = min(came[-1] if came else 0, max(widest - len(members[lane]), 0))
        for i, name in enumerate(regular):
            columns[name] = at + i
        for i, name in enumerate(m for m in members[lane] if m in lost):
            columns[name] = max(widest - 1 - i, at + len(regular) + i)
    return columns, {m: made.lanes.index(lane) for lane in made.lanes for m in members[lane]}


class _Router:
    """Ports on boxes, tracks in gaps, channels in the margins; then coordinates."""

    def __init__(self, made: Layout, columns: dict[str, int], lane: dict[str, int], language: str) -> None:
        self.made, self.column, self.lane, self.language = made, columns, lane, language
        self.port: dict[tuple[int, str], float] = {}  # (arrow, which end) → offset from the box's centre
        self.tracks: dict[int, list[list[tuple[float, float]]]] = defaultdict(list)
        self.on_track: dict[tuple[int, str], tuple[int, int]] = {}  # (arrow, which end) → (gap, track)
        self.gutters: dict[str, list[list[tuple[float, float]]]] = {"left": [], "right": []}
        self.in_gutter: dict[int, tuple[str, int]] = {}

    def label(self, arrow: Arrow) -> str:
        words = arrow.steps[0].title.to(self.language)
        more = len(arrow.steps) - 1
        return f"{words} +{more}" if more else words

    def direct(self, a: Arrow) -> bool:
        """Neighbours in one lane: a straight arrow between their sides."""
        return self.lane[a.start] == self.lane[a.end] and abs(self.column[a.start] - self.column[a.end]) == 1

    def sides(self, a: Arrow) -> tuple[str, str]:
        """Where it leaves and where it arrives: bottom or top of the boxes."""
        down = self.lane[a.end] - self.lane[a.start]
        return ("bottom", "top") if down > 0 else ("top", "bottom") if down < 0 else ("bottom", "bottom")

    def gaps(self, a: Arrow) -> tuple[int, int]:
        """The gaps it leaves through and arrives through; gap n lies above lane n."""
        out, into = self.sides(a)
        return self.lane[a.start] + (out == "bottom"), self.lane[a.end] + (into == "bottom")

    def place(self) -> None:
        routed = [a for a in self.made.arrows if not self.direct(a)]
        self._ports(routed)
        routed.sort(key=lambda a: (a.tone != "primary", abs(self.lane[a.start] - self.lane[a.end])))
        far = [a for a in routed if self.gaps(a)[0] != self.gaps(a)[1]]
        for a in far:
            side = self.side(a)
            ends = sorted((float(self.lane[a.start]), float(self.lane[a.end])))
            self.in_gutter[id(a)] = (side, _free(self.gutters[side], ends[0], ends[1]))
        self.left = MARGIN_LEFT + SIDE + GUTTER * len(self.gutters["left"])
        self.right = self.left + PITCH * max(self.column.values()) + BOX_W
        beside = [self._beside(a) for a in routed if self._straight(a)]
        self.right = max(self.right, *(x - SIDE / 2 for x in beside)) if beside else self.right
        for a in routed:
            self._tracks(a)
        self._coordinates(routed)

    def side(self, a: Arrow) -> str:
        """Round by the right on the way forward, by the left on the way back."""
        across = self.column[a.end] - self.column[a.start] > 1
        return "right" if across or self.lane[a.end] > self.lane[a.start] else "left"

    def _beside(self, a: Arrow) -> float:
        """How far right the label of a straight arrow reaches."""
        return self.x(a.start) + self.port[id(a), "start"] + text_width(self.label(a), LABEL_EM) + 14

    def x(self, name: str) -> float:
        return self.left + BOX_W / 2 + PITCH * self.column[name]

    def _ports(self, routed: list[Arrow]) -> None:
        """Straight pairs in the middle, others towards the side they turn to."""
        ends: dict[tuple[str, str], list[tuple[Arrow, str, str]]] = defaultdict(list)
        for a in routed:
            out, into = self.sides(a)
            ends[a.start, out].append((a, "start", a.end))
            ends[a.end, into].append((a, "end", a.start))
        for (name, _), attached in ends.items():
            straight = [e for e in attached if self._straight(e[0])]
            for a, which, _other in straight:
                pair = [b for b in routed if {b.start, b.end} == {a.start, a.end}]
                shift = (
                    18.0 * (pair.index(a) * 2 - len(pair) + 1) / max(len(pair) - 1, 1) if len(pair) > 1 else 0
                )
                self.port[id(a), which] = shift
            for sign in (-1, 1):
                turning = [e for e in attached if e not in straight and self._turn(e[0], name, e[2]) == sign]
                turning.sort(key=lambda e: (abs(self.column[e[2]] - self.column[name]), e[2]), reverse=True)
                room = (BOX_W / 2 - 12) - 34
                step = min(18.0, room / max(len(turning) - 1, 1))
                for i, (a, which, _other) in enumerate(turning):
                    self.port[id(a), which] = sign * (BOX_W / 2 - 12 - i * step if len(turning) > 1 else 46.0)

    def _straight(self, a: Arrow) -> bool:
        near = abs(self.lane[a.start] - self.lane[a.end]) == 1
        return near and self.column[a.start] == self.column[a.end]

    def _turn(self, a: Arrow, name: str, other: str) -> int:
        if abs(self.lane[a.start] - self.lane[a.end]) > 1:
            return 1 if self.side(a) == "right" else -1
        return 1 if self.column[other] > self.column[name] else -1

    def gutter_x(self, a: Arrow) -> float:
        side, i = self.in_gutter[id(a)]
        return self.left - SIDE / 2 - GUTTER * i if side == "left" else self.right + SIDE / 2 + GUTTER * i

    def _tracks(self, a: Arrow) -> None:
        """Reserves room for each horizontal run, and with it for the label."""
        x1, x2 = self.x(a.start) + self.port[id(a), "start"], self.x(a.end) + self.port[id(a), "end"]
        width = text_width(self.label(a), LABEL_EM) + 14
        out, into = self.gaps(a)
        runs = [("start", out, x1, x2)] if out == into else [
            ("start", out, x1, self.gutter_x(a)), ("end", into, self.gutter_x(a), x2)
        ]  # fmt: skip
        for which, gap, p, q in runs:
            low, high = min(p, q), max(p, q)
            if which == "start" and high - low < width:
                high = low + width if high - low < 1 else max(high, (low + high + width) / 2)
                low = low if high - low <= width else min(low, high - width)
            self.on_track[id(a), which] = (gap, _free(self.tracks[gap], low, high))

    def _coordinates(self, routed: list[Arrow]) -> None:
        made, top = self.made, 8.0
        gap_top = []
        for i in range(len(made.lanes) + 1):
            gap_top.append(top)
            gap = GAP * 2 + TRACK * max(len(self.tracks[i]), 0.4)
            made.lane_top.append(top)
            top += gap + (BOX_H if i < len(made.lanes) else 0)
        made.height, made.width = top, self.right + SIDE + GUTTER * len(self.gutters["right"]) + 8
        for name in self.column:
            y = gap_top[self.lane[name] + 1] - BOX_H / 2
            made.boxes[name] = (self.x(name), y)
        made.lane_top = [(gap_top[i] + gap_top[i + 1] - BOX_H) / 2 for i in range(len(made.lanes))]
        ends = [*made.lane_top[1:], (gap_top[-1] + made.height) / 2]
        made.lane_height = [end - start for start, end in zip(made.lane_top, ends, strict=True)]
        for a in made.arrows:
            if self.direct(a):
                self._side_to_side(a)
        for a in routed:
            self._through_gaps(a, gap_top)

    def _side_to_side(self, a: Arrow) -> None:
        (x1, y1), (x2, y2) = self.made.boxes[a.start], self.made.boxes[a.end]
        way = 1 if x2 > x1 else -1
        both = any(b.start == a.end and b.end == a.start for b in self.made.arrows)
        dy = -14.0 * way if both else 0.0
        a.points = [(x1 + way * BOX_W / 2, y1 + dy), (x2 - way * BOX_W / 2, y2 + dy)]
        a.label_at = ((x1 + x2) / 2, y1 + dy + (-6 if way > 0 or not both else 15), "middle")
        a.label_room = PITCH - BOX_W - 10

    def _through_gaps(self, a: Arrow, gap_top: list[float]) -> None:
        (x1, y1), (x2, y2) = self.made.boxes[a.start], self.made.boxes[a.end]
        out, into = self.sides(a)
        p, q = x1 + self.port[id(a), "start"], x2 + self.port[id(a), "end"]
        half = START_H / 2 if a.start == NEW else BOX_H / 2
        start = (p, y1 + (half if out == "bottom" else -half))
        end = (q, y2 + (BOX_H / 2 if into == "bottom" else -BOX_H / 2))
        gap, track = self.on_track[id(a), "start"]
        run = gap_top[gap] + GAP + TRACK * (track + 0.6)
        if (id(a), "end") in self.on_track:
            last_gap, last_track = self.on_track[id(a), "end"]
            last = gap_top[last_gap] + GAP + TRACK * (last_track + 0.6)
            g = self.gutter_x(a)
            a.points = [start, (p, run), (g, run), (g, last), (q, last), end]
            self._label(a, p, g, run)
        else:
            a.points = [start, end] if p == q else [start, (p, run), (q, run), end]
            self._label(a, p, q, run)

    def _label(self, a: Arrow, p: float, q: float, run: float) -> None:
        width = text_width(self.label(a), LABEL_EM) + 14
        if abs(p - q) < 1:
            a.label_at = (p + 7, run + 1, "start")
        elif abs(p - q) < width:
            a.label_at = (min(p, q) + 5, run - 5, "start")
        else:
            a.label_at = ((p + q) / 2, run - 5, "middle")


def _free(tracks: list[list[tuple[float, float]]], low: float, high: float) -> int:
    """The first track with room between low and high; a new one when there is none."""
    for i, taken in enumerate(tracks):
        if all(high + 8 <= a or low - 8 >= b for a, b in taken):
            taken.append((low, high))
            return i
    tracks.append([(low, high)])
    return len(tracks) - 1
