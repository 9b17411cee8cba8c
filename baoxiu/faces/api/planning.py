"""C4.3: planning: policies, hours, territories, wishes; a day's board, its draft, its publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from pydantic import BaseModel, TypeAdapter

from baoxiu.cases.queries.lists import Day
from baoxiu.dispatch import boards, models, operations, queries, records
from baoxiu.dispatch.operations import roads
from baoxiu.dispatch.operations.drafts import Stale
from baoxiu.dispatch.operations.publishing import NotFeasible
from baoxiu.faces.api.customers import KEEPERS as CUSTOMER_KEEPERS
from baoxiu.faces.api.customers import CustomerDetail
from baoxiu.faces.api.customers import _tell as tell_customer
from baoxiu.faces.api.kept import Kept, Person, Related
from baoxiu.faces.api.pages import Page, said
from baoxiu.faces.api.staff import SEERS, SKILL_KEEPERS, StaffDetail
from baoxiu.faces.api.staff import _tell as tell_staff
from baoxiu.faces.api.verbs import Verb, changed, declare, listed, removed, saved
from baoxiu.faces.common.display import say
from baoxiu.people import models as people
from baoxiu.people import operations as people_operations
from baoxiu.people import queries as people_queries
from baoxiu.people import records as people_records
from baoxiu.people.actors import Actor
from baoxiu.people.rules import Invalid

TAG = "Planning"
PLANNERS = boards.SEERS
_DAY = TypeAdapter(Day)


class PolicyRow(Kept):
    """`record`: its rules and prices, as they are put."""

    id: int
    name: str
    is_in_use: bool
    record: records.PolicyRecord


class TerritoryRow(Kept):
    id: int
    name: str
    places: str
    staff: Related[Person]


class CrossingRow(Kept):
    """Minutes more on the way between two territories, both ways."""

    id: int
    one: Person
    other: Person
    minutes: int


class RoadsRow(Kept):
    """Measured legs; `told`: how many are longer and shorter than worked out, median and greatest difference, minutes."""

    id: int
    name: str
    is_in_use: bool
    rows: int
    told: dict[str, int]
    at: dt.datetime


class RoadsLoaded(BaseModel):
    """Kept beside the one in use; `refused` names row and column where nothing was kept."""

    id: int | None
    roads: RoadsRow | None
    refused: list[dict[str, Any]]


class Crossed(BaseModel):
    """`crossing` is null where it was taken away."""

    crossing: CrossingRow | None


class Stop(BaseModel):
    """A visit; seconds from local midnight of the date."""

    job: str
    engineer: int
    start: int
    end: int
    travel: int


class BoardTold(BaseModel):
    """The draft where there is one, else the plan in force. `edits` is sent with the next change; -1: no draft."""

    date: dt.date
    version: int
    edits: int
    is_feasible: bool
    violations: list[str]
    cost: dict[str, int]
    stops: list[Stop]
    unserved: list[str]


class Planned(BaseModel):
    """What was done; `edits` of the draft afterwards, -1 where there is none; `text` says more."""

    status: str
    edits: int
    version: int
    text: str


def day_of(number: int) -> dt.date:
    """20261102 → 2 November 2026. Raises Invalid."""
    try:
        return _DAY.validate_python(dt.date(number // 10_000, number // 100 % 100, number % 100))
    except (ValueError, OverflowError):
        raise Invalid("date", "Date: write it as 20261102.", "日期：写作20261102。") from None


def _board(by: Actor, now: dt.datetime, date: int) -> dict[str, Any]:
    board = boards.board(by, day_of(date), now=now)
    stops = [
        Stop(job=v.job, engineer=int(v.engineer), start=v.start, end=v.end, travel=v.travel)
        for v in board.verdict.visits.values()
    ]
    return BoardTold(
        date=board.day.date, version=board.day.version, edits=board.draft.edits if board.draft else -1,
        is_feasible=board.verdict.ok, violations=[v.text.en for v in board.verdict.violations], cost=board.cost,
        stops=stops, unserved=list(board.verdict.unserved),
    ).model_dump(mode="json")  # fmt: skip


def _told(plan: models.Plan | None, text: str = "") -> dict[str, Any]:
    if plan is None:
        return Planned(status="none", edits=-1, version=0, text=text).model_dump()
    edits = plan.edits if plan.status == "draft" else -1
    return Planned(status=plan.status, edits=edits, version=plan.version, text=text).model_dump()


def _plainly(do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A no of planning as a no of a record."""
    try:
        return do()
    except Stale:
        raise Invalid("edits", "The day has changed meanwhile.", "当天情况已变化。") from None
    except NotFeasible as no:
        reasons = no.reasons
        raise Invalid("", "; ".join(r.en for r in reasons), "；".join(r.zh for r in reasons)) from None


def _move(by: Actor, now: dt.datetime, date: int, payload: records.MoveRecord) -> dict[str, Any]:
    def do() -> dict[str, Any]:
        plan, moved = operations.move(day_of(date), payload, by=by, now=now)
        return _told(plan, "; ".join(v.text.en for v in moved.violations))

    return _plainly(do)


def _ask(by: Actor, now: dt.datetime, date: int, payload: records.SolveRecord) -> dict[str, Any]:
    return _told(operations.ask(day_of(date), payload, by=by, now=now))


def _mend(by: Actor, now: dt.datetime, date: int) -> dict[str, Any]:
    def do() -> dict[str, Any]:
        done = operations.mend(day_of(date), by=by, now=now)
        return _told(done.draft, done.way)

    return _plainly(do)


def _publish(by: Actor, now: dt.datetime, date: int, payload: records.PublishRecord) -> dict[str, Any]:
    return _plainly(lambda: _told(operations.publish(day_of(date), payload, by=by, now=now).plan))


def _use(by: Actor, now: dt.datetime, id: int) -> dict[str, Any]:
    return said(PolicyRow, operations.use_policy(models.Policy.objects.get(pk=id), by=by, now=now))


def _leave(by: Actor, now: dt.datetime, id: int, part: int) -> None:
    staff = people_queries.colleague(by, id)
    people_operations.leave_territory(staff, staff.territories.get(pk=part), by=by, now=now)


def _by_id(model: Any) -> Any:
    return lambda by, id: model.objects.get(pk=id)


def _cross(by: Actor, now: dt.datetime, payload: records.CrossingRecord) -> dict[str, Any]:
    saved_ = operations.save_crossing(payload, by=by, now=now)
    return {"crossing": said(CrossingRow, saved_) if saved_ else None}


def _load_roads(by: Actor, now: dt.datetime, payload: records.LegRows) -> dict[str, Any]:
    try:
        made = operations.load_roads(payload.name, enumerate(payload.rows, 1), by=by, now=now)
    except roads.BadLegs as wrong:
        rows = [{"row": r.row, "column": r.column, "reason": say(r.reason)} for r in wrong.refused[:100]]
        return {"id": None, "roads": None, "refused": rows}
    return {"id": made.pk, "roads": said(RoadsRow, made), "refused": []}


def _use_roads(by: Actor, now: dt.datetime, id: int) -> dict[str, Any]:
    return said(RoadsRow, operations.use_roads(models.Roads.objects.get(pk=id), by=by, now=now))


def _remove_roads(by: Actor, now: dt.datetime, id: int) -> None:
    operations.remove_roads(models.Roads.objects.get(pk=id), by=by, now=now)


_staff = partial(changed, tell_staff, people_queries.colleague)
_customer = partial(changed, tell_customer, people_queries.customer)
_policy = saved(PolicyRow, operations.save_policy, _by_id(models.Policy))
_territory = saved(TerritoryRow, people_operations.save_territory, _by_id(people.Territory))
_hours = removed(people.WorkingHours, "staff", people_queries.colleague, people_operations.remove_hours)
_wish = removed(people.EngineerWish, "customer", people_queries.customer, people_operations.remove_wish)
_DATE = "The date is written as 20261102."

# one row, one verb: this is read as a table
# fmt: off
declare(TAG, (
    Verb("GET", "/policies", "list_policies", "List policies · 排班策略列表", SEERS, listed(PolicyRow, queries.policies), Page[PolicyRow]),
    Verb("POST", "/policies", "add_policy", "Add a policy · 新增排班策略", SKILL_KEEPERS, _policy, PolicyRow, records.PolicyRecord),
    Verb("PUT", "/policies/{id}", "put_policy", "Change a policy · 修改排班策略", SKILL_KEEPERS, _policy, PolicyRow, records.PolicyRecord),
    Verb("PUT", "/policies/{id}/use", "use_policy", "Use a policy · 启用排班策略", SEERS, _use, PolicyRow),
    Verb("GET", "/territories", "list_territories", "List territories · 服务区域列表", SEERS, listed(TerritoryRow, people_queries.territories), Page[TerritoryRow]),
    Verb("POST", "/territories", "add_territory", "Add a territory · 新增服务区域", SKILL_KEEPERS, _territory, TerritoryRow, people_records.TerritoryRecord),
    Verb("PUT", "/territories/{id}", "put_territory", "Change a territory · 修改服务区域", SKILL_KEEPERS, _territory, TerritoryRow, people_records.TerritoryRecord),
    Verb("GET", "/crossings", "list_crossings", "Minutes more between territories · 跨区域加时列表", SEERS, listed(CrossingRow, queries.crossings), Page[CrossingRow]),
    Verb("PUT", "/crossings", "put_crossing", "Set minutes between territories · 设定跨区域加时", SKILL_KEEPERS, _cross, Crossed, records.CrossingRecord, "0 minutes take it away."),
    Verb("GET", "/roads", "list_roads", "Files of measured legs · 实测路程列表", SEERS, listed(RoadsRow, queries.roads), Page[RoadsRow]),
    Verb("POST", "/roads", "add_roads", "Measured legs · 导入实测路程", SKILL_KEEPERS, _load_roads, RoadsLoaded, records.LegRows, "Texts by column, all or none. Not in use before `PUT …/use`."),
    Verb("PUT", "/roads/{id}/use", "use_roads", "Use measured legs · 启用实测路程", SKILL_KEEPERS, _use_roads, RoadsRow),
    Verb("DELETE", "/roads/{id}", "delete_roads", "Remove measured legs · 删除实测路程", SKILL_KEEPERS, _remove_roads),
    Verb("POST", "/staff/{id}/hours", "set_hours", "Set working hours · 设定工作时间", SEERS, _staff(people_operations.set_hours), StaffDetail, people_records.HoursRecord),
    Verb("DELETE", "/staff/{id}/hours/{part}", "delete_hours", "Remove working hours · 删除工作时间", SEERS, _hours),
    Verb("POST", "/staff/{id}/territories", "join_territory", "Join a territory · 加入服务区域", SEERS, _staff(people_operations.join_territory), StaffDetail, people_records.StaffTerritoryRecord),
    Verb("DELETE", "/staff/{id}/territories/{part}", "leave_territory", "Leave a territory · 退出服务区域", SEERS, _leave),
    Verb("POST", "/customers/{id}/wishes", "add_wish", "Wish for an engineer · 登记工程师偏好", CUSTOMER_KEEPERS, _customer(people_operations.set_wish), CustomerDetail, people_records.WishRecord),
    Verb("DELETE", "/customers/{id}/wishes/{part}", "delete_wish", "Remove a wish · 删除工程师偏好", CUSTOMER_KEEPERS, _wish),
    Verb("GET", "/days/{date}", "get_day", "A day's plan · 查看当天计划", PLANNERS, _board, BoardTold, more=_DATE),
    Verb("POST", "/days/{date}/moves", "move_job", "Move a job in the draft · 在草案中调整工单", PLANNERS, _move, Planned, records.MoveRecord, _DATE),
    Verb("POST", "/days/{date}/requests", "request_plan", "Have the day planned · 请求自动排班", PLANNERS, _ask, Planned, records.SolveRecord, _DATE),
    Verb("POST", "/days/{date}/mending", "mend_plan", "Mend the plan in force · 修补现行计划", PLANNERS, _mend, Planned, more=_DATE),
    Verb("POST", "/days/{date}/publication", "publish_plan", "Publish the draft · 发布草案", PLANNERS, _publish, Planned, records.PublishRecord, _DATE),
))
# fmt: on
