"""What is filled in about people: typed like the payloads of steps, so that forms and API derive from it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from baoxiu.sop.fields import Code, Id, Language, Line, NeededLine, NeededWords
from baoxiu.sop.payloads import Address, Payload

ROLES = (
    "agent", "dispatcher", "engineer", "station_head", "stock_keeper", "account_manager", "manager", "administrator",
)  # fmt: skip
NeededCode = Annotated[Code, Field(min_length=1)]


def _zone(value: str) -> str:
    if value and value not in available_timezones():
        raise ValueError("there is no such time zone")
    return value


class CustomerRecord(Payload):
    """A person or a company."""

    is_company: bool = Field(default=False, title="It is a company")
    name: NeededLine = Field(title="Name")
    language: Language = Field(default="zh", title="Language")
    timezone: Annotated[str, Field(max_length=40), AfterValidator(_zone)] = Field(
        default="", title="Time zone (empty: told by the phone number, else the company's)"
    )
    reference: Code = Field(default="", title="Own number of the customer")


class ContactRecord(Payload):
    """A phone number or an e-mail address, of the customer or of one of its people."""

    phone: Line = Field(default="", title="Phone")
    email: Line = Field(default="", title="E-mail")
    person: Id | None = Field(default=None, title="Whose", json_schema_extra={"widget": "person"})


class PersonRecord(Payload):
    name: NeededLine = Field(title="Name")
    title: Line = Field(default="", title="Position")


class SiteRecord(Address):
    label: Annotated[Line, Field(max_length=100)] = Field(default="", title="Name of the place")


class AccountManagerRecord(Payload):
    account_manager: Id | None = Field(
        default=None, title="Account manager", json_schema_extra={"widget": "account_manager"}
    )


class StaffRecord(Payload):
    """A colleague. The roles decide what he may see and do."""

    name: Annotated[NeededLine, Field(max_length=100)] = Field(title="Name")
    email: NeededLine = Field(title="E-mail")
    phone: Annotated[Line, Field(max_length=32)] = Field(default="", title="Phone")
    language: Literal["zh-hans", "en"] = Field(default="zh-hans", title="Language")
    agent: bool = Field(default=False, title="Agent")
    dispatcher: bool = Field(default=False, title="Dispatcher")
    engineer: bool = Field(default=False, title="Service engineer")
    station_head: bool = Field(default=False, title="Station head")
    stock_keeper: bool = Field(default=False, title="Stock keeper")
    account_manager: bool = Field(default=False, title="Account manager")
    manager: bool = Field(default=False, title="Manager")
    administrator: bool = Field(default=False, title="Administrator")
    station: Id | None = Field(default=None, title="Station", json_schema_extra={"widget": "station"})
    team: Id | None = Field(default=None, title="Team", json_schema_extra={"widget": "team"})
    region: Annotated[Line, Field(max_length=60)] = Field(default="", title="Region")
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = Field(
        default=None, title="Latitude"
    )
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = Field(
        default=None, title="Longitude"
    )

    @property
    def roles(self) -> list[str]:
        return [role for role in ROLES if getattr(self, role)]


class AbsenceRecord(Payload):
    from_date: dt.date = Field(title="First day away")
    until_date: dt.date = Field(title="First day back")
    reason: Line = Field(default="", title="Reason")


class StaffSkillRecord(Payload):
    skill: Id = Field(title="Skill", json_schema_extra={"widget": "skill"})
    level: Annotated[int, Field(ge=1, le=5)] = Field(default=1, title="Level (1–5)")
    valid_until: dt.date | None = Field(default=None, title="Certificate valid until")


TimeOfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", json_schema_extra={"widget": "time"})]


class HoursRecord(Payload):
    """The working hours of one weekday (1: Monday); an end before the start lies on the next day."""

    weekday: Annotated[int, Field(ge=1, le=7)] = Field(title="Weekday")
    from_time: TimeOfDay = Field(default="09:00", title="Work from (hh:mm)")
    until_time: TimeOfDay = Field(default="18:00", title="Work until (hh:mm)")


class TerritoryRecord(Payload):
    name: Annotated[NeededLine, Field(max_length=60)] = Field(title="Territory name")
    places: NeededWords = Field(title="Districts, cities or provinces, one a line")


class StaffTerritoryRecord(Payload):
    territory: Id = Field(title="Territory", json_schema_extra={"widget": "territory"})


class WishRecord(Payload):
    staff: Id = Field(title="Service engineer", json_schema_extra={"widget": "staff"})
    kind: Literal["preferred", "dedicated", "excluded"] = Field(default="preferred", title="Wish")


class SkillRecord(Payload):
    code: Annotated[NeededCode, Field(max_length=40, pattern=r"^[a-z0-9_-]+$")] = Field(title="Code")
    name_zh: Annotated[NeededLine, Field(max_length=100)] = Field(title="Chinese name")
    name_en: Annotated[NeededLine, Field(max_length=100)] = Field(title="English name")


class StationRecord(Payload):
    code: Annotated[NeededCode, Field(max_length=20)] = Field(title="Code")
    name: Annotated[NeededLine, Field(max_length=100)] = Field(title="Station name")
    region: Annotated[Line, Field(max_length=60)] = Field(default="", title="Region")
    address: Annotated[Line, Field(max_length=300)] = Field(default="", title="Address")
    phone: Annotated[Line, Field(max_length=32)] = Field(default="", title="Phone")
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = Field(
        default=None, title="Latitude"
    )
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = Field(
        default=None, title="Longitude"
    )
    is_active: bool = Field(default=True, title="In use")


class TeamRecord(Payload):
    name: Annotated[NeededLine, Field(max_length=100)] = Field(title="Team name")


class KeyRecord(Payload):
    """For a machine: either with a colleague's roles or of one company."""

    name: Annotated[NeededLine, Field(max_length=100)] = Field(title="What it is for")
    staff: Id | None = Field(default=None, title="With the roles of", json_schema_extra={"widget": "staff"})
    customer: Id | None = Field(
        default=None, title="Or of the company", json_schema_extra={"widget": "company"}
    )
