"""TRSP text (Pillac, Guéret, Medaglia 2013): homes, skills, tools, spare parts, one visit to the depot for what is missing.

Lengths are Euclidean without rounding: a millionfold and rounded up, so that what is kept here is kept there.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from baoxiu.dispatch.plan.formats import faults, routes
from baoxiu.dispatch.plan.model import STOCKROOM, Day, Engineer, Goals, Job, Place, Plan
from baoxiu.dispatch.plan.referee import Verdict
from baoxiu.sop.eligibility import Abilities, Needs

SCALE = 1_000_000
LOST = 10_000 * SCALE
ROW = re.compile(r"^(\d+)((?:\s+[-\d.]+){5})\s+\[(.*?)\]\s+\[(.*?)\]\s+\[(.*?)\]", re.MULTILINE)


def matches(head: str) -> bool:
    return "CREW COUNT" in head and "SPARE PARTS" in head


def read(raw: bytes, name: str) -> Day:
    """Row 0 is the depot, then the technicians' homes, then the requests."""
    text = raw.decode("utf-8")
    crew = int(re.findall(r"CREW COUNT.*\n\s*(\d+)", text)[0])
    rows = [_row(match) for match in ROW.finditer(text)]
    xy = np.array([r["xy"] for r in rows])
    travel = faults.whole(np.ceil(faults.apart(xy) * SCALE - 1e-6))
    technicians, requests = rows[1 : crew + 1], rows[crew + 1 :]
    if any(r["id"] == "0" for r in requests):
        raise faults.Unsound("a request is called 0, which is the depot's name")
    return Day(
        tuple(
            Engineer(
                r["id"],
                place,
                place,
                r["window"],
                Abilities(
                    skills=tuple((s, 1) for s in r["skills"]),
                    tools=frozenset(r["tools"]),
                    van=r["parts"],
                    has_stockroom=True,
                ),
                stockroom=0,
            )
            for place, r in enumerate(technicians, 1)
        ),
        tuple(
            Job(
                r["id"],
                place,
                r["service"],
                (r["window"],),
                needs=Needs(
                    skills=tuple((s, 1) for s in r["skills"]),
                    tools=tuple(r["tools"]),
                    parts=tuple(p for p in r["parts"] if p[1]),
                ),
            )
            for place, r in enumerate(requests, crew + 1)
        ),
        travel,
        goals=Goals(travel=0, working=1, unserved={3: LOST}),
        places=tuple(Place(r["id"], r["xy"][1], r["xy"][0]) for r in rows),
        scale=SCALE,
        name=name,
    )


def _row(match: re.Match[str]) -> dict[str, Any]:
    x, y, opens, closes, service = map(float, match[2].split())
    skills, tools, parts = ([v.strip() for v in match[i].split(",") if v.strip()] for i in (3, 4, 5))
    return {
        "id": match[1],
        "xy": (x, y),
        "window": (int(opens * SCALE), int(closes * SCALE)),
        "service": int(service * SCALE),
        "skills": [f"s{s}" for s in skills],
        "tools": [f"t{t}" for t in tools],
        "parts": tuple((f"p{i}", int(n)) for i, n in enumerate(parts)),
    }


def read_plan(day: Day, data: Any) -> Plan | None:
    """`{"1": [83, 0, 85], …}`: technician -> requests, 0 is the depot."""
    if "routes" in data or "plan" in data:
        return None
    return Plan({str(t): tuple(STOCKROOM if r == 0 else str(r) for r in route) for t, route in data.items()})


def write_plan(day: Day, plan: Plan) -> object:
    return {e: [0 if s == STOCKROOM else routes.number(s) for s in t] for e, t in routes.numbered(plan)}


def measure(day: Day, verdict: Verdict) -> float:
    """Total working time."""
    return sum(t.working for t in verdict.routes.values()) / SCALE
