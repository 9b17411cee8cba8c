"""C4.3: what is filled in about planning; forms and API derive from it. Prices are seconds of travel."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field

from baoxiu.people.records import TimeOfDay
from baoxiu.sop.fields import Code, Id, NeededLine
from baoxiu.sop.payloads import Payload

Price = Annotated[int, Field(ge=0, le=1_000_000)]
Weight = Annotated[int, Field(ge=0, le=100)]
Minutes = Annotated[int, Field(ge=0, le=1440)]
Number = Annotated[Code, Field(min_length=1, max_length=20)]


class PolicyRecord(Payload):
    """Work rules first (hard), then objectives (prices)."""

    name: Annotated[NeededLine, Field(max_length=60)] = Field(title="Policy name")
    territories: bool = Field(
        default=True, title="Engineers keep to their territories", json_schema_extra={"section": "Work rules"}
    )
    hours_from: TimeOfDay = Field(default="09:00", title="Usual working hours from (hh:mm)")
    hours_until: TimeOfDay = Field(default="18:00", title="Usual working hours until (hh:mm)")
    overtime_minutes: Minutes = Field(default=0, title="Overtime allowed, minutes")
    max_jobs: Annotated[int, Field(ge=0, le=100)] = Field(default=0, title="Jobs a day at most (0: no limit)")
    lunch_from: TimeOfDay = Field(
        default="11:30", title="Lunch begins from (hh:mm)", json_schema_extra={"section": "Lunch"}
    )
    lunch_until: TimeOfDay = Field(default="13:30", title="Lunch begins until (hh:mm)")
    lunch_minutes: Minutes = Field(default=0, title="Lunch, minutes (0: none)")
    visit_minutes: Annotated[int, Field(ge=5, le=1440)] = Field(
        default=60, title="A visit takes, minutes", json_schema_extra={"section": "Visits and ways"}
    )
    urgent_minutes: Minutes = Field(default=240, title="Priority 1 begins within, minutes (0: any time)")
    freeze_minutes: Minutes = Field(default=30, title="What begins within so many minutes does not move")
    entry_minutes: Minutes = Field(default=4, title="Parking and entry, minutes")
    kmh: Annotated[int, Field(ge=1, le=130)] = Field(default=28, title="Mean speed, km/h")
    road_percent: Annotated[int, Field(ge=100, le=400)] = Field(
        default=130, title="Road against straight line, per cent"
    )
    travel: Weight = Field(
        default=1,
        title="Price of a second of travel",
        json_schema_extra={"section": "What things are worth, in seconds of travel"},
    )
    overtime: Weight = Field(default=3, title="Price of a second of overtime")
    preferred: Price = Field(default=1200, title="Price when not the preferred engineer comes")
    skill_fit: Price = Field(default=60, title="Price of each skill level more than needed")
    fairness: Price = Field(default=60, title="Price of a job for each hour above the mean of four weeks")
    stability: Price = Field(default=1800, title="Price of moving a planned job to another engineer")
    unserved_1: Price = Field(
        default=400_000,
        title="Price of leaving out priority 1",
        json_schema_extra={"section": "What leaving a job out costs, in seconds of travel"},
    )
    unserved_2: Price = Field(default=120_000, title="Price of leaving out priority 2")
    unserved_3: Price = Field(default=50_000, title="Price of leaving out priority 3")
    unserved_4: Price = Field(default=25_000, title="Price of leaving out priority 4")


class CrossingRecord(Payload):
    """Both ways; no minutes removes it."""

    one: Id = Field(title="Territory", json_schema_extra={"widget": "territory"})
    other: Id = Field(title="Other territory", json_schema_extra={"widget": "territory"})
    minutes: Annotated[int, Field(ge=0, le=600)] = Field(title="Minutes more on the way")


Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class LegRecord(Payload):
    """One measured way, in its direction; parking is in the seconds."""

    from_lat: Latitude
    from_lon: Longitude
    to_lat: Latitude
    to_lon: Longitude
    seconds: Annotated[int, Field(ge=0, le=86_400)]


class LegRows(Payload):
    """A file's rows as they stand in it, texts by column."""

    name: Annotated[NeededLine, Field(max_length=200)] = Field(title="Name")
    rows: Annotated[list[dict[str, str]], Field(min_length=1, max_length=20_000)] = Field(title="Rows")


class MoveRecord(Payload):
    """A job to an engineer's route: not before `start` (hh:mm) when given, else where it costs least; no
    engineer takes it out of the plan."""

    number: Number = Field(title="Job")
    engineer: Id | None = Field(default=None, title="Engineer", json_schema_extra={"widget": "engineer"})
    start: TimeOfDay | None = Field(default=None, title="Not before (hh:mm)")
    edits: Annotated[int, Field(ge=0)] | None = Field(default=None, title="Edits seen")
    reason: Annotated[str, Field(max_length=300)] = Field(default="", title="Reason for overriding")


class SolveRecord(Payload):
    """The whole day, or one territory: only its engineers' routes change then."""

    seconds: Annotated[int, Field(ge=1, le=120)] = Field(default=5, title="Seconds the solver may take")
    territory: Id | None = Field(default=None, title="Territory", json_schema_extra={"widget": "territory"})


class PublishRecord(Payload):
    edits: Annotated[int, Field(ge=0)] = Field(title="Edits seen")
    reason: Annotated[str, Field(max_length=300)] = Field(
        default="", title="Reason, told to engineers who lose a job"
    )


class WindowRecord(Payload):
    starts_at: AwareDatetime = Field(title="From")
