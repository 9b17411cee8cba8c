"""C4.3: the one running work order of a case, moved by the rooms inside the gate."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from baoxiu.cases.models import Case, WorkOrder
from baoxiu.cases.steps import StepRefused, Taking
from baoxiu.lib import zones
from baoxiu.people.models import Staff, Station
from baoxiu.people.remembered import remembered
from baoxiu.sop import venue
from baoxiu.sop.text import Text

ENDED = ("done", "declined", "cancelled")
AHEAD_DAYS = 366
_NOT_YOURS = Text("This job is somebody else's.", "这不是您的工单。")


def running(case: Case) -> WorkOrder | None:
    return next(iter(_running(case.pk)), None)


@remembered
def _running(case_id: int) -> QuerySet[WorkOrder]:
    return WorkOrder.objects.filter(case_id=case_id).exclude(status__in=ENDED).order_by("-id")[:1]


def begin(
    taking: Taking, *, place: str, engineer_id: int | None = None, station_id: int | None = None
) -> WorkOrder:
    """A new work order; what still ran is cancelled first. A window promised before becomes the engineer's."""
    first = {"venue": place, "status": "assigned", "engineer_id": engineer_id, "station_id": station_id}
    order = running(taking.case)
    if order and order.status == "promised" and engineer_id:
        _write(taking, order, first)
        return order
    return _new(taking, first)


def _new(taking: Taking, first: dict[str, Any]) -> WorkOrder:
    finish(taking, "cancelled")
    order = WorkOrder(case=taking.case, created_at=taking.now)
    for name, value in first.items():
        setattr(order, name, value)
    order.save()
    _tell(taking, order, first)
    return order


def advance(taking: Taking, status: str, **columns: Any) -> WorkOrder | None:
    """Moves the running work order on. Refuses what its own table does not allow."""
    order = running(taking.case)
    if order is None:
        return None
    if status != order.status and not venue.may("work_order", order.status, status):
        was, wanted = venue.label("work_order", order.status), venue.label("work_order", status)
        raise taking.refuse(
            f"The work order is “{was.en}”; it cannot become “{wanted.en}”.",
            f"工单当前“{was.zh}”，不能变为“{wanted.zh}”。",
            code="wrong_status",
        )
    _write(taking, order, {"status": status, **columns})
    return order


def promise(taking: Taking, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    """What was promised to the customer binds the running work order; where none runs, one that waits for its engineer."""
    window = {"starts_at": starts_at, "ends_at": ends_at}
    if order := running(taking.case):
        _write(taking, order, window)
    else:
        _new(taking, {"venue": "onsite", "status": "promised", **window})


def agreeable(taking: Taking, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    """Refuses a window that is past, far ahead, or in which the case's engineer is expected elsewhere; two agreed at
    once wait for each other."""
    if ends_at <= taking.now:
        raise taking.refuse("From: the window lies in the past.", "时间：预约时段已过。", field="starts_at")
    if ends_at - taking.now > dt.timedelta(days=AHEAD_DAYS):
        raise taking.refuse("From: more than a year ahead.", "时间：不能超过一年以后。", field="starts_at")
    if taking.case.engineer_id is None:
        return
    list(Staff.objects.select_for_update().filter(pk=taking.case.engineer_id).values_list("pk"))
    agreed = WorkOrder.objects.filter(
        engineer_id=taking.case.engineer_id, status__in=("scheduled", "under_way"),
        starts_at__lt=ends_at, ends_at__gt=starts_at,
    )  # fmt: skip
    clash = agreed.exclude(case=taking.case).select_related("case").order_by("starts_at").first()
    if clash is None:
        return
    seen = Case.objects.visible_to(taking.by).filter(pk=clash.case_id).exists()
    number = f" ({clash.case.number})" if seen else ""
    raise taking.refuse(
        f"From: the engineer is expected elsewhere at that time{number}.",
        f"时间：工程师该时段已有预约{number.replace('(', '（').replace(')', '）').strip()}。",
        code="overlap",
        field="starts_at",
    )


def finish(taking: Taking, status: str = "done") -> None:
    """Ends whatever runs: done or cancelled."""
    order = running(taking.case)
    if order is None:
        return
    if not venue.may("work_order", order.status, status):
        status = "cancelled"
    _write(taking, order, {"status": status, "finished_at": taking.now})


def _write(taking: Taking, order: WorkOrder, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(order, name, value)
    order.save(update_fields=list(columns))
    _tell(taking, order, columns)


def _tell(taking: Taking, order: WorkOrder, columns: dict[str, Any]) -> None:
    """For the journal, so that `verify` finds the row again."""
    told = taking.orders.setdefault(str(order.pk), {})
    told.update({name: as_told(value) for name, value in columns.items()})


def as_told(value: Any) -> Any:
    """A column's value as the journal holds it."""
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else value


def own_job(taking: Taking) -> None:
    """An engineer works on their own job, a station head on what stands at their station."""
    case, by = taking.case, taking.by
    if by.has("engineer") and case.engineer_id == by.staff_id:
        return
    if by.has("station_head") and by.station_id and case.station_id == by.station_id:
        return
    raise StepRefused("wrong_party", _NOT_YOURS)


def engineer(taking: Taking, staff_id: int, *, field: str = "engineer") -> Staff:
    """The engineer with this id who is active and not away today; refuses others by name."""
    staff = Staff.objects.filter(pk=staff_id).first()
    if staff is None or "engineer" not in staff.role_set:
        raise taking.refuse("Engineer: there is no such engineer.", "工程师：查无此人。", field=field)
    if not staff.is_active:
        raise taking.refuse(
            f"{staff.name} does not work here any more.", f"{staff.name}已停用。", field=field
        )
    day = zones.local_date(taking.now, settings.TIME_ZONE, settings.TIME_ZONE)
    away = staff.absences.filter(from_date__lte=day, until_date__gt=day).first()
    if away:
        raise taking.refuse(
            f"{staff.name} is away until {away.until_date}.",
            f"{staff.name}请假至{away.until_date}。",
            field=field,
        )
    return staff


def station(taking: Taking, station_id: int, *, field: str = "station") -> Station:
    found = Station.objects.filter(pk=station_id, is_active=True).first()
    if found is None:
        raise taking.refuse("Station: there is no such station.", "站点：没有这个站点。", field=field)
    return found


def name_engineer(taking: Taking) -> None:
    """Somebody calls the customer afterwards: the one at work, else the station's least loaded engineer."""
    if taking.case.engineer_id or taking.changes.get("engineer_id"):
        return
    staff_id = taking.by.staff_id if taking.by.has("engineer") else _least_loaded(taking)
    if staff_id is None:
        raise taking.refuse(
            "The station has no engineer who could call the customer afterwards.",
            "站点没有可回访客户的工程师。",
            code="nobody",
        )
    give(taking, staff_id)


def give(taking: Taking, staff_id: int) -> None:
    """The case is this engineer's from now on, with what an engineer owes on it."""
    taking.changes["engineer_id"] = staff_id
    ending = set(taking.step.discharges) | set(taking.step.opens)
    taking.reassign.update(
        {k: staff_id for k, d in taking.open_duties.items() if d.party == "engineer" and k not in ending}
    )


def _least_loaded(taking: Taking) -> int | None:
    """Present engineers before absent ones, then the one with the fewest open cases."""
    day = zones.local_date(taking.now, settings.TIME_ZONE, settings.TIME_ZONE)
    here = Staff.objects.with_role("engineer").filter(station_id=taking.case.station_id or 0)
    away = set(
        here.filter(absences__from_date__lte=day, absences__until_date__gt=day).values_list("pk", flat=True)
    )
    load = dict(
        Case.objects.filter(engineer__in=here, is_open=True).values_list("engineer").annotate(n=Count("pk"))
    )
    ids = here.values_list("pk", flat=True)
    return min(ids, key=lambda pk: (pk in away, load.get(pk, 0), pk), default=None)
