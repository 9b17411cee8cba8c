"""C4.3: the rows a day is planned from, a fixed number of statements however many jobs there are."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from baoxiu.cases.models import Case, WorkOrder
from baoxiu.cases.work_orders import ENDED
from baoxiu.dispatch.models import Crossing, Override, PartNeed, Plan, Policy, Roads
from baoxiu.dispatch.records import PolicyRecord
from baoxiu.parts.models import Holding, Reservation
from baoxiu.people.models import Absence, EngineerWish, Staff, StaffSkill, Territory, WorkingHours

MOST_JOBS, MOST_ENGINEERS = 12_000, 1500
STAGES = ("dispatch", "assigned", "visit", "repair")
FAIR_DAYS = 28
_COLUMNS = (
    "pk", "number", "subject", "stage", "priority", "engineer_id", "journal_count", "customer_id", "created_at",
    "contact_name", "customer__name", "site__lat", "site__lon", "site__province", "site__city", "site__district",
    "site__street", "site__country", "unit__model__skill__code", "unit__model__skill_level", "unit__model__visit_minutes", "next_due_at",
)  # fmt: skip
_ORDER = ("case_id", "status", "engineer_id", "starts_at", "ends_at", "under_way_at", "arrived_at")


@dataclass
class Rows:
    """What was read; `hours[staff][weekday]` in minutes, `orders[case]` its running work order."""

    policy: PolicyRecord
    policy_id: int | None
    published: Plan | None
    draft: Plan | None
    elsewhere: set[str]  # numbers in the plan in force of another date
    engineers: list[Staff]
    cases: list[dict[str, Any]]
    orders: dict[int, dict[str, Any]]
    skills: dict[int, list[StaffSkill]] = field(default_factory=dict)
    hours: dict[int, dict[int, tuple[int, int]]] = field(default_factory=dict)
    away: set[int] = field(default_factory=set)
    territories: list[tuple[str, frozenset[str], frozenset[int]]] = field(default_factory=list)
    wishes: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    declined: dict[int, set[int]] = field(default_factory=dict)
    pinned: dict[int, int] = field(default_factory=dict)
    done: dict[int, int] = field(default_factory=dict)  # visits ended in the last four weeks
    parts: dict[int, list[tuple[str, int]]] = field(default_factory=dict)  # case → part numbers and pieces
    vans: dict[int, list[tuple[str, int]]] = field(default_factory=dict)  # staff → the same
    stockrooms: dict[int, list[tuple[str, int]]] = field(default_factory=dict)  # station → the same
    territory_ids: list[int] = field(default_factory=list)  # in the order of `territories`
    crossings: list[tuple[int, int, int]] = field(default_factory=list)  # two of `territories`, seconds more
    roads: tuple[bytes, ...] = ()  # known legs, the road server's before the measured ones


def _waiting(*, offered: bool = False) -> QuerySet[Case]:
    """Visits to make. `offered`: also what is only being talked over with the customer."""
    there = Q(stage__in=STAGES, facts__venue="onsite")
    if offered:
        there |= Q(stage="triage", facts__venue="none")
    return Case.objects.filter(there, is_open=True).exclude(facts__on_hold="yes")


def _running() -> QuerySet[WorkOrder]:
    return WorkOrder.objects.filter(venue="onsite", case__is_open=True).exclude(status__in=ENDED)


def load(date: dt.date, *, now: dt.datetime, today: dt.date) -> Rows:
    """Seventeen statements, and two more where a job needs parts."""
    policy = Policy.objects.filter(is_in_use=True).first()
    published, draft, elsewhere = _plans(date, today)
    engineers = list(
        Staff.objects.with_role("engineer").select_related("station").order_by("pk")[:MOST_ENGINEERS]
    )
    cases = list(_waiting().order_by("priority", "pk").values(*_COLUMNS)[:MOST_JOBS])
    orders = _running().values(*_ORDER)
    rows = Rows(
        policy=policy.record if policy else PolicyRecord(name="-"),
        policy_id=policy.pk if policy else None,
        published=published,
        draft=draft,
        elsewhere=elsewhere,
        engineers=engineers,
        cases=cases,
        orders={o["case_id"]: o for o in orders[: 2 * MOST_JOBS]},
        away=set(
            Absence.objects.filter(from_date__lte=date, until_date__gt=date).values_list(
                "staff_id", flat=True
            )
        ),
    )
    _people(rows, date)
    _wishes(rows)
    _parts(rows, PartNeed.objects.filter(case__is_open=True))
    since = now - dt.timedelta(days=FAIR_DAYS)
    ended = WorkOrder.objects.filter(status="done", finished_at__gte=since, engineer__isnull=False)
    rows.done = dict(ended.values_list("engineer").annotate(n=Count("pk")))
    return rows


def one(rows: Rows, case: int) -> tuple[dict[str, Any], Rows] | None:
    """A case as it is now, beside rows that may be older: its columns and rows with its own work order."""
    columns = _waiting(offered=True).filter(pk=case).values(*_COLUMNS).first()
    if columns is None:
        return None
    order = _running().filter(case=case).values(*_ORDER).first()
    declined = WorkOrder.objects.filter(case=case, status="declined", engineer__isnull=False)
    changed = {"orders": {case: order} if order else {}, "pinned": {}, "elsewhere": set()}
    found = replace(rows, declined={case: set(declined.values_list("engineer_id", flat=True))}, **changed)
    _parts(found, PartNeed.objects.filter(case=case))
    return columns, found


def _plans(date: dt.date, today: dt.date) -> tuple[Plan | None, Plan | None, set[str]]:
    published, draft = None, None
    latest: dict[dt.date, Plan] = {}
    found = Plan.objects.filter(date__gte=min(date, today), status__in=("published", "draft"))
    for plan in found.defer("undo").order_by("date", "version"):
        if plan.status == "draft":
            draft = plan if plan.date == date else draft
        else:
            latest[plan.date] = plan
    published = latest.pop(date, None)
    return published, draft, {number for plan in latest.values() for number in plan.times}


def _people(rows: Rows, date: dt.date) -> None:
    skills: dict[int, list[StaffSkill]] = defaultdict(list)
    for held in StaffSkill.objects.filter(staff__is_active=True).select_related("skill").order_by("pk"):
        skills[held.staff_id].append(held)
    hours: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for row in WorkingHours.objects.filter(staff__is_active=True):
        hours[row.staff_id][row.weekday] = (row.from_minute, row.until_minute)
    rows.skills, rows.hours = dict(skills), dict(hours)
    members: dict[int, set[int]] = defaultdict(set)
    for territory, staff in Territory.staff.through.objects.values_list("territory_id", "staff_id"):
        members[territory].add(staff)
    found = list(Territory.objects.order_by("pk"))
    rows.territories = [
        (t.name, frozenset(p.strip() for p in t.places.splitlines() if p.strip()), frozenset(members[t.pk]))
        for t in found
    ]
    rows.territory_ids = [t.pk for t in found]
    index = {t.pk: i for i, t in enumerate(found)}
    between = Crossing.objects.order_by("pk").values_list("one_id", "other_id", "minutes")
    rows.crossings = [(index[a], index[b], minutes * 60) for a, b, minutes in between]
    known = Roads.objects.filter(Q(is_in_use=True) | Q(date=date)).order_by("is_in_use")
    rows.roads = tuple(bytes(legs) for legs in known.values_list("legs", flat=True))


def _parts(rows: Rows, needs: QuerySet[PartNeed]) -> None:
    """What jobs need, and where those parts are."""
    rows.parts, rows.vans, rows.stockrooms = goods(needs)


Goods = dict[int, list[tuple[str, int]]]


def goods(needs: QuerySet[PartNeed]) -> tuple[Goods, Goods, Goods]:
    """Parts by job, and where they are: by van (staff) and by stockroom (station).

    Pieces kept for a case are to planning a part of its own, which nobody else needs.
    """
    lines = list(needs.order_by("number").values_list("case_id", "case__number", "number", "quantity"))
    if not lines:
        return {}, {}, {}
    numbers = needs.order_by().values("number")
    jobs, vans, rooms = defaultdict(list), defaultdict(list), defaultdict(list)
    kept: Counter[tuple[str, str]] = Counter()
    held = Reservation.objects.filter(
        holding__number__in=numbers, reference__in=needs.order_by().values("case__number"), quantity__gt=0
    )
    where = ("holding__staff", "holding__station")
    for staff, station, case, number, n in held.order_by("pk").values_list(*where, "reference", "holding__number", "quantity"):  # fmt: skip
        kept[case, number] += n
        (vans[staff] if staff else rooms[station]).append((_own(number, case), n))
    free = Holding.objects.filter(number__in=numbers, quantity__gt=F("reserved")).order_by("number")
    for staff, station, number, n in free.values_list("staff", "station", "number", F("quantity") - F("reserved")):  # fmt: skip
        (vans[staff] if staff else rooms[station]).append((number, n))
    for pk, case, number, n in lines:
        own = min(n, kept[case, number])
        jobs[pk] += [(part, m) for part, m in ((number, n - own), (_own(number, case), own)) if m]
    return dict(jobs), dict(vans), dict(rooms)


def _own(number: str, case: str) -> str:
    return f"{number} → {case}"


def _wishes(rows: Rows) -> None:
    wishes: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for customer, staff, kind in EngineerWish.objects.order_by("pk").values_list(
        "customer_id", "staff_id", "kind"
    ):
        wishes[customer].append((staff, kind))
    declined: dict[int, set[int]] = defaultdict(set)
    for case, staff in WorkOrder.objects.filter(
        status="declined", case__is_open=True, engineer__isnull=False
    ).values_list("case_id", "engineer_id"):
        declined[case].add(staff)
    rows.wishes, rows.declined = dict(wishes), dict(declined)
    pins = Override.objects.filter(is_pinned=True, case__is_open=True).order_by("pk")
    rows.pinned = dict(pins.values_list("case_id", "engineer_id"))
