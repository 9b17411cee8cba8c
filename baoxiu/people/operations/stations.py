"""C4.4b: stations, teams, and the skills there are."""

from __future__ import annotations

import datetime as dt

from baoxiu.lib import phones
from baoxiu.people.actors import Actor
from baoxiu.people.models import Skill, Station, Team
from baoxiu.people.records import SkillRecord, StationRecord, TeamRecord
from baoxiu.people.rules import STAFF_KEEPERS, Invalid, need


def save_station(station: Station | None, record: StationRecord, *, by: Actor, now: dt.datetime) -> Station:
    """A new station (None) or a changed one. Raises Denied, Invalid."""
    need(by, *STAFF_KEEPERS)
    station = station or Station()
    if Station.objects.filter(code=record.code).exclude(pk=station.pk).exists():
        raise Invalid("code", "Code: another station has it.", "代码：已有其他站点使用。")
    if station.pk and station.is_active and not record.is_active:
        _refuse_with_staff(station)
    for name, value in record.model_dump(exclude={"latitude", "longitude"}).items():
        setattr(station, name, value)
    station.lat, station.lon = record.latitude, record.longitude
    if record.phone:
        try:
            station.phone = phones.normalise(record.phone)
        except ValueError:
            raise Invalid("phone", "Phone: this is not a phone number.", "电话：号码不正确。") from None
    station.save()
    return station


def _refuse_with_staff(station: Station) -> None:
    if station.staff_set.filter(is_active=True).exists():
        raise Invalid(
            "is_active",
            "In use: colleagues still belong to this station; move them first.",
            "启用：仍有员工属于该站点，请先调整。",
        )


def save_team(team: Team | None, record: TeamRecord, *, by: Actor, now: dt.datetime) -> Team:
    need(by, *STAFF_KEEPERS)
    team = team or Team()
    if Team.objects.filter(name=record.name).exclude(pk=team.pk).exists():
        raise Invalid("name", "Name: another team has it.", "名称：已有其他团队使用。")
    team.name = record.name
    team.save()
    return team


def save_skill(skill: Skill | None, record: SkillRecord, *, by: Actor, now: dt.datetime) -> Skill:
    """A skill of the matrix; the code of one in use stays."""
    need(by, *STAFF_KEEPERS)
    skill = skill or Skill()
    if Skill.objects.filter(code=record.code).exclude(pk=skill.pk).exists():
        raise Invalid("code", "Code: another skill has it.", "代码：已有其他技能使用。")
    if skill.pk and skill.code != record.code:
        raise Invalid("code", "Code: it stays as it is.", "代码：不能更改。")
    skill.code, skill.name_en, skill.name_zh = record.code, record.name_en, record.name_zh
    skill.save()
    return skill
