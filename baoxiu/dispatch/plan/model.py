"""The planner's words, free of any engine and any database.

Times are integer seconds from local midnight of the plan's day (they may pass 86,400), costs are integer
"seconds of travel". Benchmark files with fractions are scaled up to integers (`Day.scale`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baoxiu.sop.eligibility import Abilities, Needs

STOCKROOM = "@stockroom"  # a stop of a route that is no job: the engineer's stockroom
FOREVER = 10**15  # later than any time


@dataclass(frozen=True, slots=True)
class Job:
    """A visit. The start of the work must lie in one of the windows (ascending, disjoint, both ends allowed)."""

    id: str
    place: int  # row of `Day.travel`
    duration: int
    windows: tuple[tuple[int, int], ...]
    priority: int = 3  # 1 is the most urgent, 4 the least
    needs: Needs = Needs()
    preferred: str = ""  # engineer; another one costs `Goals.non_preferred`
    only: frozenset[str] = frozenset()  # dedicated engineers; empty: anybody
    never: frozenset[str] = frozenset()  # excluded engineers
    locked: str = ""  # fixed by a dispatcher to this engineer; a locked job may not be left out
    planned: str = ""  # who has it in the plan in force; another one costs `Goals.stability`
    told: int | None = None  # when it starts there; later costs `Goals.moving`
    promised: bool = False  # the customer was told the window: left out it costs more than any other
    label: str = ""


@dataclass(frozen=True, slots=True)
class Lunch:
    """A break anywhere on the way. It starts between `earliest` and `latest`; a day that ends before may go without."""

    earliest: int
    latest: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Engineer:
    """`start` is where and `shift[0]` when he becomes free: home in the morning, the running job's end later on."""

    id: str
    start: int  # row of `Day.travel`
    end: int  # column of `Day.travel`
    shift: tuple[int, int]  # the way home is inside
    abilities: Abilities = Abilities()
    lunch: Lunch | None = None
    overtime: int = 0  # seconds after the shift he may work at `Goals.overtime`
    pace: int = 100  # per cent of a job's duration he takes
    max_jobs: int = 0  # 0: no limit
    longest: int = 0  # seconds from leaving to coming home; 0: the shift is the limit
    stockroom: int | None = None  # place where he may fetch any tool and part, once a day
    stockroom_seconds: int = 0
    load: int = 0  # seconds worked above the mean of the last four weeks; negative: below
    label: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Two jobs that belong together: `second` starts at_least..at_most seconds after `first`, by someone else."""

    first: str
    second: str
    at_least: int = 0
    at_most: int = 0


@dataclass(frozen=True, slots=True)
class Goals:
    """What a plan costs: prices in seconds of travel. A policy of the room is one of these."""

    travel: int = 1  # per second on the road
    working: int = 0  # per second from leaving to coming home
    overtime: int = 3  # per second after the shift
    non_preferred: int = 1200
    stability: int = 0  # another engineer than planned
    moving: int = 0  # per minute later than told
    settling: bool = False  # searched without the price of another engineer first, then led back by it
    skill_fit: int = 0  # per level more than needed
    fairness: int = 0  # per hour of `Engineer.load`, for each job
    late: int = 0  # per second after the window; 0: windows are hard
    latest: int = 0  # per second of the worst delay
    unserved: Mapping[int, int] = field(
        default_factory=lambda: {1: 400_000, 2: 120_000, 3: 50_000, 4: 25_000}
    )


@dataclass(frozen=True, slots=True)
class Place:
    id: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Day:
    """Everything a plan is made from. `travel[i, j]`: seconds from place i to place j, entry time included; an array, or
    `legs.Legs`, which works them out when they are asked for."""

    engineers: tuple[Engineer, ...]
    jobs: tuple[Job, ...]
    travel: NDArray[np.signedinteger[Any]]
    date: dt.date = dt.date(2026, 1, 1)
    links: tuple[Link, ...] = ()
    goals: Goals = field(default_factory=Goals)
    places: tuple[Place, ...] = ()  # may be empty: then there is no map and no regions
    scale: int = 1  # how many of our seconds are one unit of the file the day came from
    name: str = ""


@dataclass(frozen=True)
class Plan:
    """Who goes where in which order: engineer id -> job ids (or `STOCKROOM`). Times follow from the referee.

    `holds`: job id -> second before which it does not start although it could, so that a time already told is kept.
    """

    routes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    holds: Mapping[str, int] = field(default_factory=dict)

    def engineer_of(self) -> dict[str, str]:
        """Job id -> engineer id."""
        return {job: who for who, stops in self.routes.items() for job in stops if job != STOCKROOM}

    def with_route(self, engineer: str, stops: tuple[str, ...]) -> Plan:
        return Plan({**self.routes, engineer: stops})


@dataclass(frozen=True, slots=True)
class Visit:
    """A job in a plan, timed. This is what other engines call an assignment."""

    job: str
    engineer: str
    arrival: int
    start: int
    end: int
    travel: int  # seconds of the leg to it
    late: int = 0  # seconds after the last window (soft windows only)
