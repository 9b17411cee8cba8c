"""C4.4b: the product on its way to a station, on the bench, and back."""

from __future__ import annotations

from baoxiu.cases import claims, work_orders
from baoxiu.cases.steps import Taking, operation
from baoxiu.depot.models import Parcel, Receipt
from baoxiu.sop import payloads


@operation("ship_in")
def ship_in(taking: Taking, payload: payloads.ShipIn) -> None:
    """Carrier and number of the parcel to us; a second one corrects the first."""
    by, case = taking.by, taking.case
    if by.has("station_head") and not by.has("agent"):
        work_orders.own_job(taking)
    Parcel.objects.filter(case=case, direction="in", status="sent").update(status="replaced")
    Parcel.objects.create(
        case=case,
        entry_no=taking.entry_no,
        station_id=case.station_id,
        direction="in",
        carrier=payload.carrier,
        tracking=payload.tracking,
        status="sent",
        sent_at=taking.now,
    )


@operation("receive")
def receive(taking: Taking, payload: payloads.Receive) -> None:
    """In our hands: condition and accessories on record before anything is opened."""
    work_orders.own_job(taking)
    case = taking.case
    parcel = Parcel.objects.filter(case=case, direction="in", status="sent").first()
    if parcel:
        parcel.status, parcel.arrived_at = "received", taking.now
        parcel.save(update_fields=["status", "arrived_at"])
    Receipt.objects.create(
        case=case,
        entry_no=taking.entry_no,
        station_id=case.station_id,
        parcel=parcel,
        condition=payload.condition,
        accessories=payload.accessories,
        by=taking.by.name,
        at=taking.now,
    )
    work_orders.advance(taking, "arrived", arrived_at=taking.now)
    claims.limits(taking)


@operation("take_on")
def take_on(taking: Taking, payload: payloads.TakeOn) -> None:
    """On the bench of one of the station's engineers, whose job it is from now on."""
    work_orders.own_job(taking)
    staff = work_orders.engineer(taking, payload.engineer)
    if staff.station_id != taking.case.station_id:
        raise taking.refuse(
            f"Engineer: {staff.name} belongs to another station.",
            f"工程师：{staff.name}不属于本站点。",
            field="engineer",
        )
    work_orders.give(taking, staff.pk)
    work_orders.advance(taking, "on_bench", engineer_id=staff.pk)


@operation("to_depot")
def to_depot(taking: Taking, payload: payloads.ToDepot) -> None:
    """It cannot be mended here: the engineer takes it along, or the customer sends it."""
    work_orders.own_job(taking)
    station = work_orders.station(taking, payload.station)
    taking.facts["possession"] = "ours" if payload.carried_by == "ours" else taking.case.facts["possession"]
    taking.changes["station_id"] = station.pk
    work_orders.finish(taking, "done")
    work_orders.begin(taking, place="depot", station_id=station.pk)


@operation("to_site")
def to_site(taking: Taking, payload: payloads.ToSite) -> None:
    """It goes on at the customer's place: a new on-site job is to be dispatched."""
    work_orders.own_job(taking)
    work_orders.finish(taking, "done")


@operation("ship_out")
def ship_out(taking: Taking, payload: payloads.ShipOut) -> None:
    """On its way back to the customer."""
    work_orders.own_job(taking)
    work_orders.name_engineer(taking)
    case = taking.case
    Parcel.objects.create(
        case=case,
        entry_no=taking.entry_no,
        station_id=case.station_id,
        direction="out",
        carrier=payload.carrier,
        tracking=payload.tracking,
        status="sent",
        sent_at=taking.now,
    )
    taking.context.update(carrier=payload.carrier, tracking=payload.tracking)


@operation("deliver")
def deliver(taking: Taking, payload: payloads.Deliver) -> None:
    """The customer has it back."""
    by = taking.by
    if by.kind == "staff" and not by.has("agent"):
        work_orders.own_job(taking)
    Parcel.objects.filter(case=taking.case, direction="out", status="sent").update(
        status="delivered", arrived_at=taking.now
    )
    work_orders.finish(taking, "done")


@operation("collect")
def collect(taking: Taking, payload: payloads.Collect) -> None:
    """The customer came and took it."""
    if not taking.by.has("agent"):
        work_orders.own_job(taking)
    work_orders.name_engineer(taking)
    work_orders.finish(taking, "done")
