"""HHCRSP JSON (home care): visits by two caregivers at once or one after the other, delays at a price.

Cost = (distance + all delays + the worst delay) / 3. Lengths are a thousandfold.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from baoxiu.dispatch.plan.formats import faults
from baoxiu.dispatch.plan.model import FOREVER, Day, Engineer, Goals, Job, Link, Place, Plan
from baoxiu.dispatch.plan.referee import Verdict
from baoxiu.sop.eligibility import Abilities, Needs

SCALE = 1000
LOST = 100_000 * SCALE


def matches(head: str) -> bool:
    return head.lstrip().startswith("{") and ('"required_caregivers"' in head or '"central_offices"' in head)


def read(raw: bytes, name: str) -> Day:
    """The office is place 0, patients follow. The visits of patient p4 are the jobs `p4/s2` and `p4/s3`."""
    data = json.loads(raw)
    jobs: list[Job] = []
    links: list[Link] = []
    for place, patient in enumerate(data["patients"], 1):
        visits = [_visit(patient, place, i) for i in range(len(patient["required_caregivers"]))]
        jobs += visits
        if len(visits) == 2:
            links.append(_link(patient, visits))
    return Day(
        tuple(
            Engineer(c["id"], 0, 0, (0, FOREVER), Abilities(skills=tuple((s, 1) for s in c["abilities"])))
            for c in data["caregivers"]
        ),
        tuple(jobs),
        faults.whole(np.rint(np.array(data["distances"], float) * SCALE)),
        links=tuple(links),
        goals=Goals(late=1, latest=1, unserved={3: LOST}),
        places=tuple(
            Place(p["id"], *reversed(p["location"]))
            for p in [data["central_offices"][0], *data["patients"]]
            if "location" in p
        ),
        scale=SCALE,
        name=name,
    )


def _visit(patient: dict[str, Any], place: int, which: int) -> Job:
    asked = patient["required_caregivers"][which]
    opens, closes = patient["time_window"]
    return Job(
        id=f"{patient['id']}/{asked['service']}" + ("" if which == 0 or not _same(patient) else "'"),
        place=place,
        duration=round(asked["duration"] * SCALE),
        windows=((round(opens * SCALE), round(closes * SCALE)),),
        needs=Needs(skills=((asked["service"], 1),)),
    )


def _same(patient: dict[str, Any]) -> bool:
    """Two caregivers for the same service: the second visit's id gets a prime."""
    services = [c["service"] for c in patient["required_caregivers"]]
    return len(set(services)) < len(services)


def _link(patient: dict[str, Any], visits: list[Job]) -> Link:
    how = patient["synchronization"]
    if how["type"] == "simultaneous":
        return Link(visits[0].id, visits[1].id)
    low, high = (round(d * SCALE) for d in how["distance"])
    return Link(visits[0].id, visits[1].id, low, high)


def read_plan(day: Day, data: Any) -> Plan | None:
    if "global_ordering" not in data and not any("caregiver_id" in r for r in data["routes"]):
        return None
    taken: set[str] = set()
    routes = {}
    for route in data["routes"]:
        stops = []
        for at in route.get("locations", []):
            job = f"{at['patient']}/{at['service']}"
            stops.append(job if job not in taken else f"{job}'")
            taken.add(job)
        routes[route["caregiver_id"]] = tuple(stops)
    return Plan(routes)


def measure(day: Day, verdict: Verdict) -> float:
    return (verdict.cost.travel + verdict.cost.late) / SCALE / 3
