"""C5.2: what is filled in to keep calendars, holidays, levels and contracts."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from typing import Annotated

from pydantic import Field

from baoxiu.sop import clauses
from baoxiu.sop.codes import ROLES
from baoxiu.sop.fields import Id, Kind, Line, NeededLine, OneOf, Priority, ProductClass
from baoxiu.sop.payloads import Payload
from baoxiu.sop.service_levels import PAUSES, SPANS
from baoxiu.sop.standard import STANDARD
from baoxiu.sop.text import Text

Slug = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Codes = Annotated[Line, Field(pattern=r"^[A-Za-z0-9_. ,，、;；-]*$")]
TOLD = ("agent", "dispatcher", "engineer", "station_head", "account_manager", "manager")
DOINGS = {
    "owner": Text("whose duty it is", "负责人"),
    **{who: ROLES[who] for who in TOLD},
    "raise": Text("raise the priority", "提高优先级"),
    "reassign": Text("give to the team", "转给全队"),
}
CLAUSES = {
    c: Text(f"{c} {clauses.title(c).en}", f"{c} {clauses.title(c).zh}") for c in sorted({d.clause for d in STANDARD.duties})
}  # fmt: skip
DUTIES = {"": Text("–", "–"), **{d.name: d.title for d in STANDARD.duties}, **SPANS, **CLAUSES}
AskedDuty = Annotated[str, OneOf(DUTIES)]
NEVER = "never"
STANDS = {
    "": Text("as usual", "按惯例"),
    NEVER: Text("never", "从不停表"),
    **{
        " ".join(some): Text(" · ".join(PAUSES[p][0].en for p in some), " · ".join(PAUSES[p][0].zh for p in some))
        for n in range(1, len(PAUSES) + 1)
        for some in combinations(PAUSES, n)
    },
}  # fmt: skip
Stands = Annotated[str, OneOf(STANDS)]
Doings = list[Annotated[str, OneOf(DOINGS)]]


class ContractRecord(Payload):
    customer: Id = Field(title="Customer number")
    code: Slug = Field(title="Contract number")
    tier: Annotated[Line, Field(pattern=r"^[A-Za-z0-9_.-]{0,40}$")] = Field(default="", title="Tier")
    from_date: dt.date = Field(title="From")
    until_date: dt.date | None = Field(default=None, title="Until (exclusive)")


class CalendarRecord(Payload):
    """Periods of a day are written 09:00-12:00, 13:00-18:00; nothing: not worked."""

    code: Code = Field(title="Code")
    name_zh: NeededLine = Field(title="Chinese name")
    name_en: NeededLine = Field(title="English name")
    zone: NeededLine = Field(default="Asia/Shanghai", title="Time zone")
    monday: Line = Field(default="09:00-12:00, 13:00-18:00", title="Monday")
    tuesday: Line = Field(default="09:00-12:00, 13:00-18:00", title="Tuesday")
    wednesday: Line = Field(default="09:00-12:00, 13:00-18:00", title="Wednesday")
    thursday: Line = Field(default="09:00-12:00, 13:00-18:00", title="Thursday")
    friday: Line = Field(default="09:00-12:00, 13:00-18:00", title="Friday")
    saturday: Line = Field(default="", title="Saturday")
    sunday: Line = Field(default="", title="Sunday")
    makeup: Line = Field(default="", title="Make-up workdays (empty: as the first working day)")
    table: Line = Field(default="", title="Table of holidays (empty: none)")


class YearRecord(Payload):
    """Days as MM-DD, with spaces or commas between."""

    holidays: Annotated[str, Field(max_length=4000, json_schema_extra={"widget": "textarea"})] = Field(
        default="", title="Holidays (MM-DD)"
    )
    workdays: Annotated[str, Field(max_length=4000, json_schema_extra={"widget": "textarea"})] = Field(
        default="", title="Make-up workdays (MM-DD)"
    )


class TargetRow(Payload):
    duty: AskedDuty = Field(default="", title="Duty or clause")
    minutes: Annotated[int, Field(ge=0, le=527_040)] = Field(default=0, title="Promise (minutes)")
    inner_minutes: Annotated[int, Field(ge=0, le=527_040)] = Field(default=0, title="Inner target (minutes)")
    warn_percent: Annotated[int, Field(ge=1, le=99)] = Field(default=75, title="Warn at (%)")
    calendar: Line = Field(
        default="", title="Calendar", json_schema_extra={"widget": "target_calendar", "personal": False}
    )
    stops_for: Stands = Field(default="", title="Its clock stands")
    on_warn: Doings = Field(default=[], title="Before it is due: whom to tell, what to do")
    on_inner: Doings = Field(default=[], title="Inner target missed: whom to tell, what to do")
    on_breach: Doings = Field(default=[], title="Overdue: whom to tell, what to do")


class LevelRecord(Payload):
    """For whom: one of the values of every condition; an empty condition asks nothing."""

    code: Code = Field(title="Code")
    name_zh: NeededLine = Field(title="Chinese name")
    name_en: NeededLine = Field(title="English name")
    contracts: Codes = Field(default="", title="Contract numbers (commas between)")
    tiers: Codes = Field(default="", title="Tiers (commas between)")
    classes: list[ProductClass] = Field(default=[], title="Product classes")
    priorities: list[Priority] = Field(default=[], title="Priorities")
    kinds: list[Kind] = Field(default=[], title="Kinds of request")
    calendar: Line = Field(
        default="24x7", title="Calendar", json_schema_extra={"widget": "level_calendar", "personal": False}
    )
    targets: Annotated[
        list[TargetRow],
        Field(min_length=1, max_length=30, title="Targets", json_schema_extra={"widget": "lines"}),
    ]
