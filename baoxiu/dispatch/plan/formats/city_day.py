"""The synthetic city day: a JSON with engineers, jobs, a matrix and who may do what; heavily overbooked on purpose."""

from __future__ import annotations

import json
import mmap
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baoxiu.dispatch.plan.formats import routes
from baoxiu.dispatch.plan.model import Day, Engineer, Goals, Job, Place, Plan
from baoxiu.dispatch.plan.referee import Verdict
from baoxiu.sop.eligibility import Abilities, Needs

Raw = bytes | mmap.mmap
MATRIX, MAY = b'"travel_seconds"', b'"ok"'


def matches(head: str) -> bool:
    return (
        head.lstrip().startswith("{")
        and '"engineers"' in head
        and bool(re.search(r'"lat"[^}]*"skills": \[\d', head))
    )


def read(raw: Raw, name: str) -> Day:
    """The two big tables are read by numpy; a country's matrix as Python lists would not fit."""
    data, travel = _split(raw)
    engineers = tuple(
        Engineer(
            id=str(int(e["id"])),
            start=i,
            end=i,
            shift=(e["start"], e["end"]),
            abilities=Abilities(
                skills=tuple((f"skill {s}", 1) for s in e["skills"]),
                regions=frozenset({f"city {e.get('city', 0)}"}),
            ),
        )
        for i, e in enumerate(data["engineers"])
    )
    jobs = tuple(_job(j, len(engineers) + i) for i, j in enumerate(data["jobs"]))
    return Day(
        engineers,
        jobs,
        travel,
        goals=Goals(
            non_preferred=data["non_preferred_seconds"],
            unserved={int(p): price for p, price in data["penalty_by_priority"].items()},
        ),
        places=tuple(
            Place(f"{kind}{row['id']}", row["lat"], row["lon"])
            for kind, rows in (("E", data["engineers"]), ("J", data["jobs"]))
            for row in rows
        ),
        name=name,
    )


def _job(j: dict[str, Any], place: int) -> Job:
    return Job(
        id=str(int(j["id"])),
        place=place,
        duration=j["duration"],
        windows=((j["window"][0], j["window"][1]),),
        priority=j["priority"],
        needs=Needs(skills=tuple((f"skill {s}", 1) for s in j["skills"]), region=f"city {j.get('city', 0)}"),
        preferred="" if j["preferred"] is None else str(j["preferred"]),
        only=frozenset() if j["dedicated"] is None else frozenset({str(j["dedicated"])}),
    )


def _split(raw: Raw) -> tuple[dict[str, Any], NDArray[np.signedinteger[Any]]]:
    """The small rest as JSON and the matrix, read row by row; `ok` says the same as skills, city and dedication."""
    start = raw.find(b"[", raw.find(MATRIX))
    end, row, travel = start, 0, np.zeros((0, 0), np.int32)
    while end == start or raw[end + 1 : end + 80].lstrip()[:1] == b",":
        begins = raw.find(b"[", end + 1)
        end = raw.find(b"]", begins)
        if not start < begins < end:
            raise ValueError("travel_seconds does not end")
        legs = np.fromstring(raw[begins + 1 : end].decode("ascii"), dtype=np.int32, sep=",")
        if not row:
            travel = np.zeros((len(legs), len(legs)), np.int32)
        travel[row] = legs
        row += 1
        _forget(raw, end)
    end = raw.find(b"]", end + 1) - 1  # as if both brackets stood together
    if row != len(travel):
        raise ValueError(f"travel_seconds has {row} rows of {len(travel)}")
    parts = [raw[:start], b"0"]
    may = raw.find(MAY, end)
    if may > 0:
        begins = raw.find(b"[", may)
        parts += [raw[end + 2 : begins], b"0"]
        end = raw.find(b"]]", begins)
    return json.loads(b"".join([*parts, raw[end + 2 :]])), travel


def _forget(raw: Raw, end: int) -> None:
    """What of a mapped file is read need not stay in memory."""
    if isinstance(raw, mmap.mmap) and end % (64 * mmap.PAGESIZE) < mmap.PAGESIZE:
        raw.madvise(mmap.MADV_DONTNEED, 0, end // mmap.PAGESIZE * mmap.PAGESIZE)


def read_plan(day: Day, data: Any) -> Plan | None:
    return None


def write_plan(day: Day, plan: Plan) -> object:
    return {
        "routes": [
            {"engineer": routes.number(e), "jobs": [routes.number(j) for j in stops]}
            for e, stops in routes.numbered(plan)
        ]
    }


def measure(day: Day, verdict: Verdict) -> float:
    return verdict.cost.total
