"""C4.3: assign, accept, decline, reassign; a station instead of an engineer."""

from __future__ import annotations

from baoxiu.cases import work_orders
from baoxiu.cases.models import WorkOrder
from baoxiu.cases.steps import Taking, operation
from baoxiu.dispatch.ranking import ranked
from baoxiu.sop import payloads


@operation("assign")
def assign(taking: Taking, payload: payloads.Assign) -> None:
    """The job goes to an engineer whom no hard rule excludes."""
    _give(taking, payload.engineer)


@operation("reassign")
def reassign(taking: Taking, payload: payloads.Reassign) -> None:
    """Somebody else gets the job; the old work order is cancelled."""
    if payload.engineer == taking.case.engineer_id:
        raise taking.refuse(
            "Engineer: the job is theirs already.", "工程师：已派给该工程师。", field="engineer"
        )
    taking.data["from_engineer_id"] = taking.case.engineer_id
    before = work_orders.running(taking.case)
    _give(taking, payload.engineer)
    if before and not before.arrived_at:
        _keep(taking, before)


def _keep(taking: Taking, before: WorkOrder) -> None:
    """What was promised to the customer binds whoever comes instead."""
    if before.starts_at and before.ends_at:
        work_orders.promise(taking, before.starts_at, before.ends_at)


def _give(taking: Taking, staff_id: int) -> None:
    staff = work_orders.engineer(taking, staff_id)
    judged = ranked(taking.case, now=taking.now, only=staff.pk)
    if judged and not judged[0].eligible:
        reasons = judged[0].reasons
        raise taking.refuse(
            f"Engineer: {staff.name} cannot take this job: " + "; ".join(r.en for r in reasons) + ".",
            f"工程师：{staff.name}不能接此单：" + "；".join(r.zh for r in reasons) + "。",
            code="not_eligible",
            field="engineer",
        )
    taking.changes["engineer_id"] = staff.pk
    work_orders.begin(taking, place="onsite", engineer_id=staff.pk)


@operation("assign_station")
def assign_station(taking: Taking, payload: payloads.AssignStation) -> None:
    """The product goes to a station; the customer is told where and how to pack it."""
    station = work_orders.station(taking, payload.station)
    taking.changes["station_id"] = station.pk
    taking.changes["engineer_id"] = None
    work_orders.begin(taking, place="depot", station_id=station.pk)
    taking.context.update(station=station.name, address=station.address, phone=station.phone)


@operation("accept")
def accept(taking: Taking, payload: payloads.Accept) -> None:
    """Only the engineer it was given to says yes."""
    _own(taking)
    work_orders.advance(taking, "accepted", accepted_at=taking.now)


@operation("accept_promised")
def accept_promised(taking: Taking, payload: payloads.AcceptPromised) -> None:
    """Yes to the job and to the window promised with it: nothing is left to agree."""
    _own(taking)
    order = work_orders.running(taking.case)
    if order is None or order.ends_at is None:
        raise taking.refuse("No window was promised.", "没有约定上门时段。", code="wrong_status")
    work_orders.advance(taking, "scheduled", accepted_at=taking.now)
    taking.due["arrival"] = order.ends_at


@operation("decline")
def decline(taking: Taking, payload: payloads.Decline) -> None:
    """Only the engineer it was given to says no; it is dispatched anew, a window promised stays."""
    _own(taking)
    order = work_orders.advance(taking, "declined", finished_at=taking.now)
    taking.changes["engineer_id"] = None
    if order:
        _keep(taking, order)


def _own(taking: Taking) -> None:
    if taking.case.engineer_id != taking.by.staff_id:
        raise taking.refuse(
            "This job was given to somebody else.", "该工单派给了其他工程师。", code="wrong_party"
        )
