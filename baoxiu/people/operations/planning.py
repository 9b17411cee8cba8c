"""C4.3: what planning knows of people: working hours, territories, whom a customer wishes for."""

from __future__ import annotations

import datetime as dt

from baoxiu.people.actors import Actor
from baoxiu.people.models import Customer, EngineerWish, Staff, Territory, WorkingHours
from baoxiu.people.records import HoursRecord, StaffTerritoryRecord, TerritoryRecord, WishRecord
from baoxiu.people.rules import CUSTOMER_KEEPERS, STAFF_KEEPERS, Invalid, need

PLANNERS = (*STAFF_KEEPERS, "manager", "dispatcher")
DAY_MINUTES = 1440


def set_hours(staff: Staff, record: HoursRecord, *, by: Actor, now: dt.datetime) -> WorkingHours:
    """The hours of one weekday; what was on record for it is replaced. Raises Denied."""
    need(by, *PLANNERS)
    begins, ends = _minutes(record.from_time), _minutes(record.until_time)
    hours = {"from_minute": begins, "until_minute": ends if ends > begins else ends + DAY_MINUTES}
    return WorkingHours.objects.update_or_create(staff=staff, weekday=record.weekday, defaults=hours)[0]


def _minutes(time: str) -> int:
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


def remove_hours(hours: WorkingHours, *, by: Actor, now: dt.datetime) -> None:
    need(by, *PLANNERS)
    hours.delete()


def save_territory(
    territory: Territory | None, record: TerritoryRecord, *, by: Actor, now: dt.datetime
) -> Territory:
    """A new territory (None) or a changed one. Raises Denied, Invalid."""
    need(by, *STAFF_KEEPERS, "manager")
    territory = territory or Territory()
    if Territory.objects.filter(name=record.name).exclude(pk=territory.pk).exists():
        raise Invalid("name", "Territory name: there is one with this name.", "区域名称：已存在。")
    territory.name, territory.places = record.name, record.places
    territory.save()
    return territory


def join_territory(staff: Staff, record: StaffTerritoryRecord, *, by: Actor, now: dt.datetime) -> None:
    """He works in this territory (too). Raises Denied, Invalid."""
    need(by, *PLANNERS)
    territory = Territory.objects.filter(pk=record.territory).first()
    if territory is None:
        raise Invalid("territory", "Territory: there is none with this id.", "区域：没有这个区域。")
    territory.staff.add(staff)


def leave_territory(staff: Staff, territory: Territory, *, by: Actor, now: dt.datetime) -> None:
    need(by, *PLANNERS)
    territory.staff.remove(staff)


def set_wish(customer: Customer, record: WishRecord, *, by: Actor, now: dt.datetime) -> EngineerWish:
    """An engineer preferred, dedicated or excluded for a customer. Raises Denied, Invalid."""
    need(by, *CUSTOMER_KEEPERS, "dispatcher")
    staff = Staff.objects.with_role("engineer").filter(pk=record.staff).first()
    if staff is None:
        raise Invalid("staff", "Service engineer: there is no such engineer.", "工程师：查无此人。")
    kind = {"kind": record.kind}
    return EngineerWish.objects.update_or_create(customer=customer, staff=staff, defaults=kind)[0]


def remove_wish(wish: EngineerWish, *, by: Actor, now: dt.datetime) -> None:
    need(by, *CUSTOMER_KEEPERS, "dispatcher")
    wish.delete()
