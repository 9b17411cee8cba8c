"""Solomon and Gehring-Homberger text: identical vehicles at one depot, lengths cut to one decimal (DIMACS)."""

from __future__ import annotations

import re

import numpy as np

from baoxiu.dispatch.plan.formats import faults
from baoxiu.dispatch.plan.model import Day, Engineer, Goals, Job, Place
from baoxiu.dispatch.plan.referee import Verdict
from baoxiu.sop.eligibility import Abilities, Needs

SCALE = 10
LOST = 100_000 * SCALE


def matches(head: str) -> bool:
    return bool(re.search(r"^\s*VEHICLE\s*$", head, re.MULTILINE)) and "CUSTOMER" in head


def read(raw: bytes, name: str) -> Day:
    text = raw.decode("utf-8")
    vehicles, customers = text.split("CUSTOMER", 1)
    fleet, capacity = map(int, vehicles.split()[-2:])
    rows = [list(map(float, line.split())) for line in customers.splitlines() if re.match(r"^\s*\d", line)]
    xy = np.array([r[1:3] for r in rows])
    travel = faults.whole(np.floor(faults.apart(xy) * SCALE + 1e-9))
    horizon = (int(rows[0][4] * SCALE), int(rows[0][5] * SCALE))
    van = Abilities(van=(("load", capacity),))
    return Day(
        tuple(Engineer(str(i + 1), 0, 0, horizon, van) for i in range(fleet)),
        tuple(
            Job(
                str(int(r[0])),
                i,
                int(r[6] * SCALE),
                ((int(r[4] * SCALE), int(r[5] * SCALE)),),
                needs=Needs(parts=(("load", int(r[3])),)),
            )
            for i, r in enumerate(rows)
            if i
        ),
        travel,
        goals=Goals(unserved={3: LOST}),
        places=tuple(Place(str(int(r[0])), r[2], r[1]) for r in rows),
        scale=SCALE,
        name=name,
    )


def measure(day: Day, verdict: Verdict) -> float:
    """Distance."""
    return verdict.travel / SCALE
