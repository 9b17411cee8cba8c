"""VRPLIB text, site-dependent with time windows: which vehicle may go where, capacity, longest route.

Lengths and times are a thousandfold, rounded, as the published solutions count them.
"""

from __future__ import annotations

import numpy as np

from baoxiu.dispatch.plan.formats import faults
from baoxiu.dispatch.plan.model import Day, Engineer, Goals, Job, Place
from baoxiu.dispatch.plan.referee import Verdict
from baoxiu.sop.eligibility import Abilities, Needs

SCALE = 1000
LOST = 10_000 * SCALE


def matches(head: str) -> bool:
    return "NODE_COORD_SECTION" in head and "DIMENSION" in head


def read(raw: bytes, name: str) -> Day:
    """Node 1 is the depot; customer n of a solution is node n + 1."""
    header, sections = _parse(raw.decode("utf-8"))
    nodes = int(header["DIMENSION"])
    fleet = int(header.get("VEHICLES", 0)) or nodes
    xy = np.array([row[1:3] for row in sections["NODE_COORD_SECTION"]])
    travel = faults.whole(np.rint(faults.apart(xy) * SCALE))
    demand = [int(r[1]) for r in sections["DEMAND_SECTION"]]
    windows = [(int(r[1] * SCALE), int(r[2] * SCALE)) for r in sections["TIME_WINDOW_SECTION"]]
    service = [int(r[1] * SCALE) for r in sections.get("SERVICE_TIME_SECTION", [])] or [0] * nodes
    return Day(
        _vehicles(header, sections, fleet, windows[0]),
        tuple(
            Job(
                str(n - 1),
                n - 1,
                service[n - 1],
                (windows[n - 1],),
                needs=Needs(parts=(("load", demand[n - 1]),)),
                only=_allowed(sections, n),
            )
            for n in range(2, nodes + 1)
        ),
        travel,
        goals=Goals(unserved={3: LOST}),
        places=tuple(Place(str(i), float(p[1]), float(p[0])) for i, p in enumerate(xy)),
        scale=SCALE,
        name=name,
    )


def _parse(text: str) -> tuple[dict[str, str], dict[str, list[list[float]]]]:
    header: dict[str, str] = {}
    sections: dict[str, list[list[float]]] = {}
    current = None
    for line in map(str.strip, text.splitlines()):
        if line.endswith("_SECTION"):
            current = sections.setdefault(line, [])
        elif ":" in line:
            key, value = line.split(":", 1)
            header[key.strip()] = value.strip()
        elif line and line != "EOF" and current is not None:
            current.append(list(map(float, line.split())))
    return header, sections


def _vehicles(
    header: dict[str, str], sections: dict[str, list[list[float]]], fleet: int, horizon: tuple[int, int]
) -> tuple[Engineer, ...]:
    rows = sections.get("CAPACITY_SECTION", [])
    capacity = {int(r[0]): int(r[1]) for r in rows}
    common = int(header.get("CAPACITY", 10**9))
    longest = int(float(header.get("VEHICLES_MAX_DURATION", 0)) * SCALE)
    return tuple(
        Engineer(str(v), 0, 0, horizon, Abilities(van=(("load", capacity.get(v, common)),)), longest=longest)
        for v in range(1, fleet + 1)
    )


def _allowed(sections: dict[str, list[list[float]]], node: int) -> frozenset[str]:
    rows = sections.get("VEHICLES_ALLOWED_CLIENTS_SECTION", [])
    return frozenset(str(int(r[0])) for r in rows if node in r[1:])


def measure(day: Day, verdict: Verdict) -> float:
    """Distance, a thousandfold, as in the `.sol` files."""
    return verdict.travel
