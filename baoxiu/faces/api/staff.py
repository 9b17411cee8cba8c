"""C9: colleagues, stations, teams, skills."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field

from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import Kept, Person, Related
from baoxiu.faces.api.pages import Page, json, said, whole
from baoxiu.faces.common.audience import STAFF
from baoxiu.people import operations, queries, records
from baoxiu.people.actors import Actor
from baoxiu.people.models import Absence, Skill, StaffSkill, Station, Team
from baoxiu.sop.fields import Id

SEERS = queries.STAFF_SEERS
KEEPERS = ("administrator",)
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


class StaffDetail(StaffRow):
    absences: Related[AbsenceRow]


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


def _detail(by: Actor, pk: int, status: int = 200) -> HttpResponse:
    return json(said(StaffDetail, queries.colleague(by, pk)), status)


def _invited(pk: int, token: str) -> HttpResponse:
    where = settings.ORIGIN.rstrip("/") + reverse("common:invitation", args=[token])
    return json({"id": pk, "invitation": where}, 201, {"Location": f"/api/staff/{pk}"})


@api.operation("GET", "/staff", who=SEERS, gives=Page[StaffRow], summary="List staff · 员工列表", tag=TAG)
def list_staff(request: Asked, wanted: StaffWanted = Query(...)) -> HttpResponse:
    by = request.auth
    return whole(
        StaffRow, queries.staff(by, role=wanted.role, station=wanted.station, is_active=wanted.is_active)
    )


@api.operation(
    "GET", "/staff/{id}", who=SEERS, gives=StaffDetail, summary="Get a colleague · 查看员工", tag=TAG
)
def get_staff(request: Asked, id: Id) -> HttpResponse:
    return _detail(request.auth, id)


@api.operation(
    "POST",
    "/staff",
    who=KEEPERS,
    gives=Invited,
    status=201,
    summary="Invite a colleague · 邀请员工",
    tag=TAG,
    secret="invitation",
)
def add_staff(request: Asked, payload: records.StaffRecord) -> HttpResponse:
    made, token = operations.create_staff(payload, by=request.auth, now=timezone.now())
    return _invited(made.pk, token)


@api.operation(
    "PUT", "/staff/{id}", who=KEEPERS, gives=StaffDetail, summary="Change a colleague · 修改员工", tag=TAG
)
def put_staff(request: Asked, id: Id, payload: records.StaffRecord) -> HttpResponse:
    """The whole record: what is left out takes its default."""
    by = request.auth
    operations.update_staff(queries.colleague(by, id), payload, by=by, now=timezone.now())
    return _detail(by, id)


@api.operation(
    "POST",
    "/staff/{id}/invitation",
    who=KEEPERS,
    gives=Invited,
    status=201,
    summary="Invite again · 重新邀请",
    tag=TAG,
    secret="invitation",
)
def add_invitation(request: Asked, id: Id) -> HttpResponse:
    by = request.auth
    return _invited(id, operations.invite(queries.colleague(by, id), by=by, now=timezone.now()))


@api.operation(
    "PUT",
    "/staff/{id}/activity",
    who=KEEPERS,
    gives=StaffDetail,
    summary="Stop or let in again · 停用或启用",
    tag=TAG,
)
def put_activity(request: Asked, id: Id, payload: Activity) -> HttpResponse:
    """Who is stopped loses sessions and keys at once; who comes back needs a new invitation."""
    by = request.auth
    member = queries.colleague(by, id)
    if payload.is_active and not member.is_active:
        operations.reactivate(member, by=by, now=timezone.now())
    elif not payload.is_active:
        operations.deactivate(member, by=by, now=timezone.now())
    return _detail(by, id)


@api.operation(
    "POST",
    "/staff/{id}/absences",
    who=SEERS,
    gives=StaffDetail,
    status=201,
    summary="Note an absence · 登记缺勤",
    tag=TAG,
)
def add_absence(request: Asked, id: Id, payload: records.AbsenceRecord) -> HttpResponse:
    by = request.auth
    operations.add_absence(queries.colleague(by, id), payload, by=by, now=timezone.now())
    return _detail(by, id, 201)


@api.operation(
    "DELETE",
    "/staff/{id}/absences/{part}",
    who=SEERS,
    gives=None,
    status=204,
    summary="Remove an absence · 删除缺勤",
    tag=TAG,
)
def delete_absence(request: Asked, id: Id, part: Id) -> HttpResponse:
    by = request.auth
    operations.remove_absence(Absence.objects.get(pk=part, staff_id=id), by=by, now=timezone.now())
    return HttpResponse(status=204)


@api.operation(
    "POST",
    "/staff/{id}/skills",
    who=("administrator", "manager"),
    gives=StaffDetail,
    status=201,
    summary="Set a skill · 设定技能",
    tag=TAG,
)
def set_skill(request: Asked, id: Id, payload: records.StaffSkillRecord) -> HttpResponse:
    """C5.3: level and certificate; what was on record for the skill is replaced."""
    by = request.auth
    operations.set_skill(queries.colleague(by, id), payload, by=by, now=timezone.now())
    return _detail(by, id, 201)


@api.operation(
    "DELETE",
    "/staff/{id}/skills/{part}",
    who=("administrator", "manager"),
    gives=None,
    status=204,
    summary="Remove a skill · 取消技能",
    tag=TAG,
)
def delete_skill(request: Asked, id: Id, part: Id) -> HttpResponse:
    by = request.auth
    operations.remove_skill(StaffSkill.objects.get(pk=part, staff_id=id), by=by, now=timezone.now())
    return HttpResponse(status=204)


@api.operation(
    "GET", "/stations", who=STAFF, gives=Page[StationRow], summary="List stations · 维修站点列表", tag=TAG
)
def list_stations(request: Asked) -> HttpResponse:
    return whole(StationRow, queries.stations(request.auth))


@api.operation(
    "POST",
    "/stations",
    who=KEEPERS,
    gives=StationRow,
    status=201,
    summary="Add a station · 新增站点",
    tag=TAG,
)
def add_station(request: Asked, payload: records.StationRecord) -> HttpResponse:
    by = request.auth
    return json(said(StationRow, operations.save_station(None, payload, by=by, now=timezone.now())), 201)


@api.operation(
    "PUT", "/stations/{id}", who=KEEPERS, gives=StationRow, summary="Change a station · 修改站点", tag=TAG
)
def put_station(request: Asked, id: Id, payload: records.StationRecord) -> HttpResponse:
    by = request.auth
    found = Station.objects.get(pk=id)
    return json(said(StationRow, operations.save_station(found, payload, by=by, now=timezone.now())))


@api.operation("GET", "/teams", who=STAFF, gives=Page[TeamRow], summary="List teams · 团队列表", tag=TAG)
def list_teams(request: Asked) -> HttpResponse:
    return whole(TeamRow, queries.teams(request.auth))


@api.operation(
    "POST", "/teams", who=KEEPERS, gives=TeamRow, status=201, summary="Add a team · 新增团队", tag=TAG
)
def add_team(request: Asked, payload: records.TeamRecord) -> HttpResponse:
    by = request.auth
    return json(said(TeamRow, operations.save_team(None, payload, by=by, now=timezone.now())), 201)


@api.operation("PUT", "/teams/{id}", who=KEEPERS, gives=TeamRow, summary="Change a team · 修改团队", tag=TAG)
def put_team(request: Asked, id: Id, payload: records.TeamRecord) -> HttpResponse:
    by = request.auth
    return json(
        said(TeamRow, operations.save_team(Team.objects.get(pk=id), payload, by=by, now=timezone.now()))
    )


@api.operation("GET", "/skills", who=STAFF, gives=Page[SkillRow], summary="List skills · 技能列表", tag=TAG)
def list_skills(request: Asked) -> HttpResponse:
    return whole(SkillRow, queries.skills(request.auth))


@api.operation(
    "POST", "/skills", who=KEEPERS, gives=SkillRow, status=201, summary="Add a skill · 新增技能", tag=TAG
)
def add_skill(request: Asked, payload: records.SkillRecord) -> HttpResponse:
    by = request.auth
    return json(said(SkillRow, operations.save_skill(None, payload, by=by, now=timezone.now())), 201)


@api.operation(
    "PUT", "/skills/{id}", who=KEEPERS, gives=SkillRow, summary="Change a skill · 修改技能", tag=TAG
)
def put_skill(request: Asked, id: Id, payload: records.SkillRecord) -> HttpResponse:
    by = request.auth
    return json(
        said(SkillRow, operations.save_skill(Skill.objects.get(pk=id), payload, by=by, now=timezone.now()))
    )
