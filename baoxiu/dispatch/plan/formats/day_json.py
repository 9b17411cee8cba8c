"""Our own JSON day: places, engineers, jobs, links, goals; `baoxiu dispatch schema` prints its JSON Schema."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from baoxiu.dispatch.plan import travel
from baoxiu.dispatch.plan.model import Day, Engineer, Goals, Job, Link, Lunch, Place, Plan
from baoxiu.dispatch.plan.referee import Verdict
from baoxiu.sop.eligibility import Abilities, Needs

KIND = "baoxiu-day"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PlaceRow(Strict):
    id: str
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class RoadRow(Strict):
    """How seconds follow from coordinates when no matrix is given."""

    road_factor: float = Field(1.3, gt=0)
    kmh: float = Field(28.0, gt=0)
    entry_seconds: int = Field(240, ge=0)


class CertificateRow(Strict):
    code: str
    until: dt.date | None = None


class EngineerRow(Strict):
    id: str
    label: str = ""
    start: str = Field(description="place id")
    end: str = Field("", description="place id; empty: as start")
    shift: tuple[int, int]
    lunch: tuple[int, int, int] | None = Field(None, description="earliest start, latest start, seconds")
    overtime: int = 0
    pace: int = Field(100, gt=0, description="per cent of a job's duration")
    max_jobs: int = 0
    longest: int = 0
    skills: dict[str, int] = {}
    certificates: list[CertificateRow] = []
    regions: list[str] = []
    tools: list[str] = []
    van: dict[str, int] = {}
    stockroom: str = Field("", description="place id")
    stockroom_seconds: int = 0
    load: int = Field(0, description="seconds above the four-week mean")


class JobRow(Strict):
    id: str
    label: str = ""
    place: str
    duration: int = Field(ge=0)
    windows: list[tuple[int, int]] = Field(
        min_length=1, description="the START of the work lies in one of them"
    )
    priority: Literal[1, 2, 3, 4] = 3
    skills: dict[str, int] = {}
    certificates: list[str] = []
    region: str = ""
    tools: list[str] = []
    parts: dict[str, int] = {}
    preferred: str = ""
    only: list[str] = []
    never: list[str] = []
    locked: str = ""
    planned: str = ""
    told: int | None = None
    promised: bool = Field(
        default=False, description="the customer was told the window: weighs more than any other left out"
    )


class LinkRow(Strict):
    first: str
    second: str
    at_least: int = 0
    at_most: int = 0


class GoalsRow(Strict):
    travel: int = 1
    working: int = 0
    overtime: int = 3
    non_preferred: int = 1200
    stability: int = 0
    moving: int = 0
    settling: bool = False
    skill_fit: int = 0
    fairness: int = 0
    late: int = 0
    latest: int = 0
    unserved: dict[int, int] = {1: 400_000, 2: 120_000, 3: 50_000, 4: 25_000}


class DayRow(Strict):
    """A day to plan. All times are seconds from local midnight."""

    kind: Literal["baoxiu-day"]
    date: dt.date = dt.date(2026, 1, 1)
    places: list[PlaceRow]
    road: RoadRow = RoadRow()
    travel: list[list[int]] | None = Field(None, description="seconds, places × places; wins over `road`")
    engineers: list[EngineerRow]
    jobs: list[JobRow]
    links: list[LinkRow] = []
    goals: GoalsRow = GoalsRow()


def matches(head: str) -> bool:
    return f'"{KIND}"' in head


def schema() -> dict[str, Any]:
    return DayRow.model_json_schema()


def read(raw: bytes, name: str) -> Day:
    """Raises ValueError for a row that is wrong or names a place that is not there."""
    row = DayRow.model_validate_json(raw)
    index = {p.id: i for i, p in enumerate(row.places)}
    engineers = tuple(_engineer(e, index) for e in row.engineers)
    points = np.array([(p.lat, p.lon) for p in row.places], float).reshape(-1, 2)
    if row.travel is not None:
        seconds: NDArray[np.signedinteger[Any]] = np.array(row.travel, np.int64)
        if seconds.shape != (len(points), len(points)):
            raise ValueError(f"travel is {seconds.shape}, {len(points)} places")
    else:
        road = travel.GreatCircle(row.road.road_factor, row.road.kmh, row.road.entry_seconds)
        homes = sorted({e.end for e in engineers})
        seconds = travel.matrix(road, points, homes, row.road.entry_seconds)
    goals = row.goals.model_dump()
    return Day(
        engineers,
        tuple(_job(j, index) for j in row.jobs),
        seconds,
        date=row.date,
        links=tuple(Link(**link.model_dump()) for link in row.links),
        goals=Goals(**goals),
        places=tuple(Place(p.id, p.lat, p.lon) for p in row.places),
        name=name,
    )


def _engineer(e: EngineerRow, index: dict[str, int]) -> Engineer:
    plain = e.model_dump(include={"id", "label", "shift", "overtime", "pace", "max_jobs", "longest", "load"})
    return Engineer(
        **plain,
        start=index[e.start],
        end=index[e.end or e.start],
        lunch=Lunch(*e.lunch) if e.lunch else None,
        stockroom=index[e.stockroom] if e.stockroom else None,
        stockroom_seconds=e.stockroom_seconds,
        abilities=Abilities(
            skills=tuple(sorted(e.skills.items())),
            certificates=tuple((c.code, c.until) for c in e.certificates),
            regions=frozenset(e.regions),
            tools=frozenset(e.tools),
            van=tuple(sorted(e.van.items())),
            has_stockroom=bool(e.stockroom),
        ),
    )


def _job(j: JobRow, index: dict[str, int]) -> Job:
    plain = j.model_dump(
        include={"id", "label", "duration", "priority", "preferred", "locked", "planned", "told", "promised"}
    )
    return Job(
        **plain,
        place=index[j.place],
        windows=tuple(sorted(j.windows)),
        only=frozenset(j.only),
        never=frozenset(j.never),
        needs=Needs(
            skills=tuple(sorted(j.skills.items())),
            certificates=tuple(j.certificates),
            region=j.region,
            tools=tuple(j.tools),
            parts=tuple(sorted(j.parts.items())),
        ),
    )


def write(day: Day) -> str:
    """The day as this JSON, its matrix written out; `read(write(day))` plans the same."""
    ids = [p.id for p in day.places] or [str(i) for i in range(len(day.travel))]
    row = {
        "kind": KIND,
        "date": day.date.isoformat(),
        "places": [{"id": i, "lat": p.lat, "lon": p.lon} for i, p in zip(ids, day.places, strict=True)]
        if day.places
        else [{"id": i, "lat": 0.0, "lon": 0.0} for i in ids],
        "travel": day.travel.tolist(),
        "engineers": [_engineer_row(e, ids) for e in day.engineers],
        "jobs": [_job_row(j, ids) for j in day.jobs],
        "links": [{"first": x.first, "second": x.second, "at_least": x.at_least, "at_most": x.at_most} for x in day.links],
        "goals": {name: dict(v) if name == "unserved" else v for name, v in _fields(day.goals).items()},
    }  # fmt: skip
    return json.dumps(row, ensure_ascii=False)


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _engineer_row(e: Engineer, ids: list[str]) -> dict[str, Any]:
    able = e.abilities
    return {
        **{
            k: v
            for k, v in _fields(e).items()
            if k not in {"abilities", "lunch", "start", "end", "stockroom"}
        },
        "start": ids[e.start],
        "end": ids[e.end],
        "stockroom": "" if e.stockroom is None else ids[e.stockroom],
        "lunch": [e.lunch.earliest, e.lunch.latest, e.lunch.seconds] if e.lunch else None,
        "skills": dict(able.skills),
        "certificates": [{"code": c, "until": d.isoformat() if d else None} for c, d in able.certificates],
        "regions": sorted(able.regions),
        "tools": sorted(able.tools),
        "van": dict(able.van),
    }


def _job_row(j: Job, ids: list[str]) -> dict[str, Any]:
    return {
        **{k: v for k, v in _fields(j).items() if k not in {"needs", "place", "only", "never"}},
        "place": ids[j.place],
        "only": sorted(j.only),
        "never": sorted(j.never),
        "skills": dict(j.needs.skills),
        "certificates": list(j.needs.certificates),
        "region": j.needs.region,
        "tools": list(j.needs.tools),
        "parts": dict(j.needs.parts),
    }


def read_plan(day: Day, data: Any) -> Plan | None:
    return None


def measure(day: Day, verdict: Verdict) -> float:
    return verdict.cost.total
