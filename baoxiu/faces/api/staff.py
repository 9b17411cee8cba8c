"""C9: colleagues, stations, teams, skills."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field

from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import Kept, Person, Related
from baoxiu.faces.api.pages import Page, said, whole
from baoxiu.faces.api.verbs import Verb, changed, declare, listed, removed, saved
from baoxiu.faces.common.audience import STAFF
from baoxiu.people import models, operations, queries, records
from baoxiu.people.actors import Actor
from baoxiu.people.rules import STAFF_KEEPERS as KEEPERS
from baoxiu.sop.fields import Id

SEERS = queries.STAFF_SEERS
SKILL_KEEPERS = (*KEEPERS, "manager")
TAG = "Staff"


class SkillRow(Kept):
    id: int
    code: str
    name_zh: str
    name_en: str


class TeamRow(Kept):
    id: int
    name: str


class StationRow(Kept):
    id: int
    code: str
    name: str
    region: str
    address: str
    phone: str
    lat: float | None
    lon: float | None
    is_active: bool


class StaffSkillRow(Kept):
    id: int
    skill: SkillRow
    level: int
    valid_until: dt.date | None


class AbsenceRow(Kept):
    id: int
    from_date: dt.date
    until_date: dt.date
    reason: str


class StaffRow(Kept):
    id: int
    name: str
    email: str
    phone: str
    language: str
    roles: list[str] = Field(validation_alias="role_set")
    station: Person | None
    team: Person | None
    region: str
    is_active: bool
    skills: Related[StaffSkillRow]


class HoursRow(Kept):
    """Minutes from midnight; the end may lie on the next day (past 1,440). `weekday` 1: Monday."""

    id: int
    weekday: int
    from_minute: int
    until_minute: int


class StaffDetail(StaffRow):
    absences: Related[AbsenceRow]
    hours: Related[HoursRow]
    territories: Related[Person]


class Invited(BaseModel):
    """The invitation is told once: by it the colleague sets the first password."""

    id: int
    invitation: str | None


class Activity(BaseModel):
    model_config = ConfigDict(extra="forbid")

    is_active: bool


class StaffWanted(BaseModel):
    role: str = Field(default="", pattern="^[a-z_]{0,20}$")
    station: Id | None = None
    is_active: bool = True


@api.operation("GET", "/staff", who=SEERS, gives=Page[StaffRow], summary="List staff · 员工列表", tag=TAG)
def list_staff(request: Asked, wanted: StaffWanted = Query(...)) -> HttpResponse:
    return whole(StaffRow, queries.staff(request.auth, **wanted.model_dump()))


def _tell(by: Actor, id: int) -> dict[str, Any]:
    return said(StaffDetail, queries.colleague(by, id))


def _invited(id: int, token: str) -> dict[str, Any]:
    where = settings.ORIGIN.rstrip("/") + reverse("common:invitation", args=[token])
    return {"id": id, "invitation": where}


def _add(by: Actor, now: dt.datetime, payload: records.StaffRecord) -> dict[str, Any]:
    made, token = operations.create_staff(payload, by=by, now=now)
    return _invited(made.pk, token)


def _invite(by: Actor, now: dt.datetime, id: int) -> dict[str, Any]:
    return _invited(id, operations.invite(queries.colleague(by, id), by=by, now=now))


def _stop_or_let_in(member: models.Staff, payload: Activity, *, by: Actor, now: dt.datetime) -> None:
    if payload.is_active and not member.is_active:
        operations.reactivate(member, by=by, now=now)
    elif not payload.is_active:
        operations.deactivate(member, by=by, now=now)


def _by_id(model: Any) -> Any:
    return lambda by, id: model.objects.get(pk=id)


_change = partial(changed, _tell, queries.colleague)
_absence = removed(models.Absence, "staff", queries.colleague, operations.remove_absence)
_skill = removed(models.StaffSkill, "staff", queries.colleague, operations.remove_skill)
_save_station = saved(StationRow, operations.save_station, _by_id(models.Station))
_save_team = saved(TeamRow, operations.save_team, _by_id(models.Team))
_save_skill = saved(SkillRow, operations.save_skill, _by_id(models.Skill))
_WHOLE = "The whole record: what is left out takes its default."

# one row, one verb: this is read as a table
# fmt: off
declare(TAG, (
    Verb("GET", "/staff/{id}", "get_staff", "Get a colleague · 查看员工", SEERS, lambda by, now, id: _tell(by, id), StaffDetail),
    Verb("POST", "/staff", "add_staff", "Invite a colleague · 邀请员工", KEEPERS, _add, Invited, records.StaffRecord, secret="invitation"),
    Verb("PUT", "/staff/{id}", "put_staff", "Change a colleague · 修改员工", KEEPERS, _change(operations.update_staff), StaffDetail, records.StaffRecord, _WHOLE),
    Verb("POST", "/staff/{id}/invitation", "add_invitation", "Invite again · 重新邀请", KEEPERS, _invite, Invited, secret="invitation"),
    Verb("PUT", "/staff/{id}/activity", "put_activity", "Stop or let in again · 停用或启用", KEEPERS, _change(_stop_or_let_in), StaffDetail, Activity, "Who is stopped loses sessions and keys at once; who comes back needs a new invitation."),
    Verb("POST", "/staff/{id}/absences", "add_absence", "Note an absence · 登记缺勤", SEERS, _change(operations.add_absence), StaffDetail, records.AbsenceRecord),
    Verb("DELETE", "/staff/{id}/absences/{part}", "delete_absence", "Remove an absence · 删除缺勤", SEERS, _absence),
    Verb("POST", "/staff/{id}/skills", "set_skill", "Set a skill · 设定技能", SKILL_KEEPERS, _change(operations.set_skill), StaffDetail, records.StaffSkillRecord, "C5.3: level and certificate; what was on record for the skill is replaced."),
    Verb("DELETE", "/staff/{id}/skills/{part}", "delete_skill", "Remove a skill · 取消技能", SKILL_KEEPERS, _skill),
    Verb("GET", "/stations", "list_stations", "List stations · 维修站点列表", STAFF, listed(StationRow, queries.stations), Page[StationRow]),
    Verb("POST", "/stations", "add_station", "Add a station · 新增站点", KEEPERS, _save_station, StationRow, records.StationRecord),
    Verb("PUT", "/stations/{id}", "put_station", "Change a station · 修改站点", KEEPERS, _save_station, StationRow, records.StationRecord, _WHOLE),
    Verb("GET", "/teams", "list_teams", "List teams · 团队列表", STAFF, listed(TeamRow, queries.teams), Page[TeamRow]),
    Verb("POST", "/teams", "add_team", "Add a team · 新增团队", KEEPERS, _save_team, TeamRow, records.TeamRecord),
    Verb("PUT", "/teams/{id}", "put_team", "Change a team · 修改团队", KEEPERS, _save_team, TeamRow, records.TeamRecord),
    Verb("GET", "/skills", "list_skills", "List skills · 技能列表", STAFF, listed(SkillRow, queries.skills), Page[SkillRow]),
    Verb("POST", "/skills", "add_skill", "Add a skill · 新增技能", KEEPERS, _save_skill, SkillRow, records.SkillRecord),
    Verb("PUT", "/skills/{id}", "put_skill", "Change a skill · 修改技能", KEEPERS, _save_skill, SkillRow, records.SkillRecord),
))
# fmt: on
