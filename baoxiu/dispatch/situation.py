"""C4.3: one date as the planning core sees it: who can work, what is to be done, what is in force.

Times are seconds from local midnight of the date. Job ids are case numbers, engineer ids the staff key as text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from django.conf import settings

from baoxiu.dispatch import crew, loading
from baoxiu.dispatch.loading import Rows
from baoxiu.dispatch.plan import legs, matrices, model, referee, repair, travel
from baoxiu.dispatch.records import PolicyRecord
from baoxiu.lib import zones
from baoxiu.people.models import one_line
from baoxiu.sop.eligibility import Needs

DAY = 86_400
BEGUN = ("under_way", "arrived")
WHOLE = 2000  # places up to which a day's legs are one array; the pieces of a larger one have their own
LATE_START = 22 * 3600  # work may begin until then where nothing else is agreed


@dataclass(frozen=True, slots=True)
class Order:
    """A job of the board. `window`: promised to the customer; `begun`: (start, expected end) once under way."""

    number: str
    case_id: int
    subject: str
    customer: str
    address: str
    stage: str
    status: str
    engineer: str
    priority: int
    seen: int
    lat: float
    lon: float
    is_located: bool
    skill: str
    level: int
    seconds: int  # what the visit usually takes
    window: tuple[int, int] | None = None
    begun: tuple[int, int] | None = None
    is_frozen: bool = False
    area: int = -1  # of the rows' territories


@dataclass(frozen=True)
class Situation:
    """`force`: the plan in force, by the rows' engineers; `version`: of the plan published last."""

    date: dt.date
    at: int | None  # now, where the date is today
    day: model.Day
    arrays: matrices.Matrices
    orders: Mapping[str, Order]
    force: model.Plan
    holds: Mapping[str, int]
    version: int
    policy: PolicyRecord
    rows: Rows
    names: Mapping[str, str]  # of every engineer, present or not
    windows: Mapping[str, tuple[tuple[int, int], ...]]  # of the jobs, without holds

    def holding(self, holds: Mapping[str, int]) -> Situation:
        """The same with other earliest starts."""
        if dict(holds) == dict(self.holds):
            return self
        jobs = tuple(_held(j, self.windows[j.id], holds) for j in self.day.jobs)
        day = replace(self.day, jobs=jobs)
        return replace(self, day=day, arrays=replace(self.arrays, day=day), holds=dict(holds))

    def windowed(self, number: str, window: tuple[int, int]) -> Situation:
        """The same with one job's windows replaced and free of a lock."""
        jobs = tuple(replace(j, windows=(window,), locked="") if j.id == number else j for j in self.day.jobs)
        day = replace(self.day, jobs=jobs)
        return replace(self, day=day, arrays=replace(self.arrays, day=day))

    @property
    def owners(self) -> dict[str, str]:
        """Job → who has it."""
        return {number: order.engineer for number, order in self.orders.items()}

    def check(self, plan: model.Plan) -> referee.Verdict:
        return referee.check(self.day, plan, self.arrays)

    def known(self, routes: Mapping[str, Any]) -> model.Plan:
        """Stored routes without what is not of the day any more, by the stockroom where they have to."""
        there = {j.id for j in self.day.jobs}
        names = {e.id for e in self.day.engineers}
        plan = {who: tuple(s for s in stops if s in there) for who, stops in routes.items() if who in names}
        return repair.stocked(self.arrays, model.Plan(plan))


def _held(job: model.Job, windows: tuple[tuple[int, int], ...], holds: Mapping[str, int]) -> model.Job:
    from_ = holds.get(job.id)
    if from_ is None:
        return job if job.windows == windows else replace(job, windows=windows)
    later = tuple((max(a, from_), b) for a, b in windows if b >= from_)
    return replace(job, windows=later or ((from_, from_ + 900),))


def stored(plan: model.Plan) -> dict[str, list[str]]:
    """Routes as a plan's row keeps them."""
    return {who: list(stops) for who, stops in plan.routes.items() if stops}


@lru_cache(maxsize=64)
def midnight(date: dt.date) -> dt.datetime:
    return dt.datetime.combine(date, dt.time(), tzinfo=zones.zone(settings.TIME_ZONE, settings.TIME_ZONE))


def today(now: dt.datetime) -> dt.date:
    return zones.local_date(now, settings.TIME_ZONE, settings.TIME_ZONE)


def seconds(moment: dt.datetime, date: dt.date) -> int:
    return int((moment - midnight(date)).total_seconds())


# -- building ------------------------------------------------------------------------------------


def build(date: dt.date, *, now: dt.datetime, whole: bool = False) -> Situation:
    """Everything of the date from the database. `whole`: with every leg worked out, as the solvers want it."""
    rows = loading.load(date, now=now, today=today(now))
    policy, at = rows.policy, seconds(now, date) if today(now) == date else None
    middle = crew.middle_of(rows)
    orders = {o.number: o for o in (_order(c, rows, date, at, middle) for c in rows.cases) if o}
    times = dict(rows.published.times) if rows.published else {}
    starts = {number: _planned_start(order, times) for number, order in orders.items()}
    orders = {n: _frozen(o, starts[n], policy, at) for n, o in orders.items()}
    points: list[tuple[float, float]] = []
    busy = {o.engineer: ((o.lat, o.lon), o.begun[1]) for o in orders.values() if o.begun}
    engineers = crew.engineers(rows, busy, date, at, points)
    homes = len(engineers)
    areas = _areas(engineers, orders, rows, len(points))
    cases = {c["number"]: c for c in rows.cases}
    jobs = []
    here = {e.id for e in engineers}
    for n, order in orders.items():
        if order.begun is None:
            points.append((order.lat, order.lon))
            areas.append(order.area)
            told = starts[n] if order.engineer in here else None
            jobs.append(_job(order, cases[n], rows, date, at, len(points) - 1, told))
    day = model.Day(
        engineers=tuple(engineers),
        jobs=tuple(jobs),
        travel=_travel(points, homes, areas, rows, whole),
        date=date,
        goals=_goals(policy),
        places=tuple(model.Place(str(i), *p) for i, p in enumerate(points)),
    )
    names = {str(e.pk): e.name for e in rows.engineers}
    holds = {n: s for n, s in (rows.published.holds if rows.published else {}).items() if n in orders}
    arrays = matrices.build(day)
    bare = Situation(
        date, at, day, arrays, orders, repair.stocked(arrays, _force(orders, starts, here)), {},
        rows.published.version if rows.published else 0, policy, rows, names,
        {j.id: j.windows for j in jobs},
    )  # fmt: skip
    return bare.holding(holds)


def single(
    day: Situation, found: tuple[dict[str, Any], Rows] | None, now: dt.datetime
) -> tuple[Order | None, model.Job | None]:
    """One case as `loading.one` read it, on a day that may not know it yet; its job's place is not of the day."""
    if found is None:
        return None, None
    case, rows = found
    at = seconds(now, day.date) if day.at is not None else None
    order = _order(case, rows, day.date, at, crew.middle_of(rows))
    return order, order and _job(order, case, rows, day.date, at, -1, None)


def _order(
    case: dict[str, Any], rows: Rows, date: dt.date, at: int | None, middle: tuple[float, float]
) -> Order | None:
    """None for what belongs to another date."""
    running = rows.orders.get(case["pk"]) or {}
    status, starts = running.get("status", ""), running.get("starts_at")
    window = (seconds(starts, date), seconds(running["ends_at"], date)) if starts else None
    usual = (case["unit__model__visit_minutes"] or rows.policy.visit_minutes) * 60
    begun = _begun(running, window, usual, date, at) if status in BEGUN else None
    if status in BEGUN and begun is None:
        return None
    if begun is None:
        if window and window[1] <= 0:
            window = None  # the promise of an earlier day was not kept: to be agreed anew
        elif window and window[0] >= DAY:
            return None
        if window is None and case["number"] in rows.elsewhere:
            return None
    lat, lon = case["site__lat"], case["site__lon"]
    where = [case[f"site__{p}"] or "" for p in ("country", "province", "city", "district", "street")]
    located = lat is not None and lon is not None
    return Order(
        number=case["number"], case_id=case["pk"], subject=case["subject"],
        customer=case["contact_name"] or case["customer__name"], address=one_line(*where), stage=case["stage"],
        status=status, engineer=str(case["engineer_id"] or "") if case["stage"] != "dispatch" else "",
        priority=min(max(case["priority"], 1), 4), seen=case["journal_count"], is_located=located,
        lat=lat if located else middle[0], lon=lon if located else middle[1],
        skill=case["unit__model__skill__code"] or "", level=case["unit__model__skill_level"] or 1, seconds=usual, window=window, begun=begun,
        area=_area(case, rows),
    )  # fmt: skip


def _begun(
    running: dict[str, Any],
    window: tuple[int, int] | None,
    usual: int,
    date: dt.date,
    at: int | None,
) -> tuple[int, int] | None:
    """From arrival, or from setting out, until the visit's usual length is over; today at least five minutes more."""
    if at is None:
        return None
    since = running["arrived_at"] or running["under_way_at"]
    start = seconds(since, date) if since else (window[0] if window else at)
    end = start + usual + (0 if running["arrived_at"] else 1200)
    return start, max(end, at + 300)


def _frozen(order: Order, start: int | None, policy: PolicyRecord, at: int | None) -> Order:
    soon = at is not None and start is not None and start < at + policy.freeze_minutes * 60
    return replace(order, is_frozen=True) if soon and order.engineer and order.begun is None else order


def _planned_start(order: Order, times: Mapping[str, Any]) -> int | None:
    """When the plan in force has it, else when it was promised."""
    if order.begun or not order.engineer:
        return None
    planned = times.get(order.number)
    if planned and planned[0] == order.engineer and (
        order.window is None or order.window[0] <= planned[1] <= order.window[1]
    ):  # fmt: skip
        return int(planned[1])
    return order.window[0] if order.window else None


def _force(orders: Mapping[str, Order], starts: Mapping[str, int | None], here: set[str]) -> model.Plan:
    routes: dict[str, list[tuple[int, str]]] = {}
    for number, order in orders.items():
        start = starts[number]
        if start is not None and order.engineer in here:
            routes.setdefault(order.engineer, []).append((start, number))
    return model.Plan({who: tuple(n for _, n in sorted(stops)) for who, stops in routes.items()})


def _job(
    order: Order, case: dict[str, Any], rows: Rows, date: dt.date, at: int | None, place: int,
    told: int | None,
) -> model.Job:  # fmt: skip
    """`told`: when it starts in the plan in force."""
    wishes = rows.wishes.get(case["customer_id"], [])
    by_kind = {
        kind: [str(s) for s, k in wishes if k == kind] for kind in ("preferred", "dedicated", "excluded")
    }
    pinned = str(rows.pinned.get(order.case_id, ""))
    fixed = told is not None and (order.is_frozen or pinned == order.engineer)
    return model.Job(
        id=order.number, place=place, duration=order.seconds,
        windows=_windows(order, case, rows.policy, midnight(date), at), priority=order.priority,
        needs=Needs(
            skills=((order.skill, order.level),) if order.skill else (),
            certificates=(order.skill,) if order.skill else (),
            region=_region(case, rows),
            parts=tuple(rows.parts.get(order.case_id, ())),
        ),
        preferred=by_kind["preferred"][0] if by_kind["preferred"] else "",
        only=frozenset(by_kind["dedicated"]),
        never=frozenset(by_kind["excluded"]) | {str(d) for d in rows.declined.get(order.case_id, ())},
        locked=order.engineer if fixed else "", planned=order.engineer,
        told=told, promised=order.window is not None, label=order.subject,
    )  # fmt: skip


def _where(case: dict[str, Any]) -> set[str]:
    return {case["site__district"], case["site__city"], case["site__province"]} - {"", None}


def _area(case: dict[str, Any], rows: Rows) -> int:
    where = _where(case)
    return next((i for i, (_, places, _) in enumerate(rows.territories) if where & places), -1)


def _region(case: dict[str, Any], rows: Rows) -> str:
    where = _where(case)
    return next((name for name, places, members in rows.territories if members and where & places), "")


def _windows(
    order: Order, case: dict[str, Any], policy: PolicyRecord, start: dt.datetime, at: int | None
) -> tuple[tuple[int, int], ...]:
    """The promised window; past, any time from now. An emergency soon; all else in the day."""
    now = at or 0
    if order.window:
        opens, closes = order.window
        return ((opens, closes),) if closes >= now else ((now, max(LATE_START, now + 3600)),)
    if order.priority == 1 and policy.urgent_minutes and not order.engineer:
        created = int((case["created_at"] - start).total_seconds())
        until = max(created + policy.urgent_minutes * 60, now + 7200)
        if until > now and at is not None:
            return ((now, until),)
    return ((0, max(LATE_START, now + 3600)),)


def _areas(
    engineers: list[model.Engineer], orders: Mapping[str, Order], rows: Rows, places: int
) -> list[int]:
    """The territory of each place so far: homes, stockrooms (none), where those at work are."""
    member = {str(who): i for i, (_, _, members) in enumerate(rows.territories) for who in members}
    at_work = {o.engineer: o.area for o in orders.values() if o.begun}
    areas = [-1] * places
    for e in engineers:
        areas[e.end] = member.get(e.id, -1)
        if e.start != e.end:
            areas[e.start] = at_work.get(e.id, -1)
    return areas


def _travel(points: list[tuple[float, float]], homes: int, areas: list[int], rows: Rows, whole: bool) -> Any:
    if not points:
        return np.zeros((1, 1), np.int64)
    places, n = np.array(points, np.float64), len(rows.territories) + 1
    crossing = np.zeros((n, n), np.int64)
    for one, other, more in rows.crossings:
        crossing[one, other] = crossing[other, one] = more
    found = legs.Legs(road(rows), places, homes, rows.policy.entry_minutes * 60, areas, crossing)
    return found.whole() if whole and len(points) <= WHOLE else found


def road(rows: Rows) -> travel.Travel:
    """The policy's speed, over it what the road server said, over that what somebody has measured."""
    policy = rows.policy
    port: travel.Travel = travel.GreatCircle(
        policy.road_percent / 100, float(policy.kmh), policy.entry_minutes * 60
    )
    for known in rows.roads:
        port = travel.Table(port, np.frombuffer(known, np.int64).reshape(-1, 3))
    return port


def roads_of(date: dt.date, *, now: dt.datetime) -> tuple[dt.date, travel.Points, travel.Travel, int]:
    """What a road server is asked about a date: its places, how they are worked out otherwise, seconds to park."""
    day = build(date, now=now)
    points = np.array([(p.lat, p.lon) for p in day.day.places], np.float64).reshape(-1, 2)
    return date, points, road(replace(day.rows, roads=())), day.policy.entry_minutes * 60


def _goals(policy: PolicyRecord) -> model.Goals:
    return model.Goals(
        travel=policy.travel, overtime=policy.overtime, non_preferred=policy.preferred, stability=policy.stability,
        skill_fit=policy.skill_fit, fairness=policy.fairness,
        unserved={1: policy.unserved_1, 2: policy.unserved_2, 3: policy.unserved_3, 4: policy.unserved_4},
    )  # fmt: skip
