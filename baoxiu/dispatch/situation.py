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

from baoxiu.dispatch import loading
from baoxiu.dispatch.loading import Rows
from baoxiu.dispatch.plan import legs, matrices, model, referee, travel
from baoxiu.dispatch.records import PolicyRecord
from baoxiu.lib import zones
from baoxiu.people.models import Staff
from baoxiu.sop.eligibility import Abilities, Needs

DAY = 86_400
BEGUN = ("under_way", "arrived")
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
        """Stored routes without what is not of the day any more."""
        there = {j.id for j in self.day.jobs}
        names = {e.id for e in self.day.engineers}
        return model.Plan(
            {who: tuple(s for s in stops if s in there) for who, stops in routes.items() if who in names}
        )


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


def minutes_of(time: str) -> int:
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


# -- building ------------------------------------------------------------------------------------


def build(date: dt.date, *, now: dt.datetime, whole: bool = False) -> Situation:
    """Everything of the date from the database. `whole`: with every leg worked out, as the solvers want it."""
    rows = loading.load(date, now=now, today=today(now))
    policy, at = rows.policy, seconds(now, date) if today(now) == date else None
    middle = _middle(rows)
    orders = {o.number: o for o in (_order(c, rows, date, at, middle) for c in rows.cases) if o}
    times = dict(rows.published.times) if rows.published else {}
    starts = {number: _planned_start(order, times) for number, order in orders.items()}
    orders = {n: _frozen(o, starts[n], policy, at) for n, o in orders.items()}
    points: list[tuple[float, float]] = []
    engineers = _engineers(rows, orders, date, at, points)
    homes = len(points)
    cases = {c["number"]: c for c in rows.cases}
    jobs = []
    here = {e.id for e in engineers}
    for n, order in orders.items():
        if order.begun is None:
            points.append((order.lat, order.lon))
            told = starts[n] if order.engineer in here else None
            jobs.append(_job(order, cases[n], rows, date, at, len(points) - 1, told))
    day = model.Day(
        engineers=tuple(engineers),
        jobs=tuple(jobs),
        travel=_travel(points, homes, policy, whole),
        date=date,
        goals=_goals(policy),
        places=tuple(model.Place(str(i), *p) for i, p in enumerate(points)),
    )
    names = {str(e.pk): e.name for e in rows.engineers}
    holds = {n: s for n, s in (rows.published.holds if rows.published else {}).items() if n in orders}
    bare = Situation(
        date, at, day, matrices.build(day), orders, _force(orders, starts, here), {},
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
    order = _order(case, rows, day.date, at, _middle(rows))
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
    parts = dict.fromkeys(case[f"site__{p}"] or "" for p in ("province", "city", "district", "street"))
    located = lat is not None and lon is not None
    return Order(
        number=case["number"], case_id=case["pk"], subject=case["subject"],
        customer=case["contact_name"] or case["customer__name"], address="".join(parts), stage=case["stage"],
        status=status, engineer=str(case["engineer_id"] or "") if case["stage"] != "dispatch" else "",
        priority=min(max(case["priority"], 1), 4), seen=case["journal_count"], is_located=located,
        lat=lat if located else middle[0], lon=lon if located else middle[1],
        skill=case["unit__model__skill__code"] or "", level=case["unit__model__skill_level"] or 1, seconds=usual, window=window, begun=begun,
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


def _middle(rows: Rows) -> tuple[float, float]:
    """Where engineers live on average: a job without coordinates is taken to be there."""
    known = [p for e in rows.engineers if (p := _home(e))]
    return (sum(p[0] for p in known) / len(known), sum(p[1] for p in known) / len(known)) if known else (0, 0)


def _home(who: Staff) -> tuple[float, float] | None:
    if who.lat is not None and who.lon is not None:
        return who.lat, who.lon
    station = who.station
    return (
        (station.lat, station.lon)
        if station and station.lat is not None and station.lon is not None
        else None
    )


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


def _engineers(
    rows: Rows, orders: Mapping[str, Order], date: dt.date, at: int | None, points: list[tuple[float, float]]
) -> list[model.Engineer]:
    """Those on duty that day. `points` gains their homes first, then where those at work are."""
    policy, middle = rows.policy, _middle(rows)
    mean = sum(rows.done.values()) / max(len(rows.engineers), 1)
    busy = {o.engineer: o for o in orders.values() if o.begun}
    on_duty = [(e, shift) for e in rows.engineers if (shift := _shift(e.pk, rows, date))]
    points.extend(_home(e) or middle for e, _ in on_duty)
    lunch = model.Lunch(
        minutes_of(policy.lunch_from) * 60, minutes_of(policy.lunch_until) * 60, policy.lunch_minutes * 60
    )
    made = []
    for i, (who, (opens, closes)) in enumerate(on_duty):
        start, free = i, opens
        if at is not None:
            free = max(opens, at)
        if begun := busy.get(str(who.pk)):
            points.append((begun.lat, begun.lon))
            start, free = len(points) - 1, max(free, (begun.begun or (0, 0))[1])
        made.append(
            model.Engineer(
                id=str(who.pk), start=start, end=i, shift=(min(free, closes), closes), abilities=_abilities(who.pk, rows),
                lunch=lunch if policy.lunch_minutes and free < lunch.latest else None,
                overtime=policy.overtime_minutes * 60, max_jobs=policy.max_jobs, label=who.name,
                load=int((rows.done.get(who.pk, 0) - mean) * policy.visit_minutes * 60),
            )
        )  # fmt: skip
    return made


def _shift(who: int, rows: Rows, date: dt.date) -> tuple[int, int] | None:
    """Seconds; None for who is away or does not work on this weekday."""
    if who in rows.away:
        return None
    if who in rows.hours:
        own = rows.hours[who].get(date.isoweekday())
        return (own[0] * 60, own[1] * 60) if own else None
    return minutes_of(rows.policy.hours_from) * 60, minutes_of(rows.policy.hours_until) * 60


def _abilities(who: int, rows: Rows) -> Abilities:
    """The certificate of a skill ends on its day; a skill without a day is for ever."""
    held = rows.skills.get(who, [])
    mine = frozenset(name for name, _, members in rows.territories if who in members)
    return Abilities(
        skills=tuple((s.skill.code, s.level) for s in held),
        certificates=tuple((s.skill.code, s.valid_until) for s in held),
        regions=mine if rows.policy.territories else frozenset(),
    )


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
        ),
        preferred=by_kind["preferred"][0] if by_kind["preferred"] else "",
        only=frozenset(by_kind["dedicated"]),
        never=frozenset(by_kind["excluded"]) | {str(d) for d in rows.declined.get(order.case_id, ())},
        locked=order.engineer if fixed else "", planned=order.engineer,
        told=told, label=order.subject,
    )  # fmt: skip


def _region(case: dict[str, Any], rows: Rows) -> str:
    where = {case["site__district"], case["site__city"], case["site__province"]} - {"", None}
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


def _travel(points: list[tuple[float, float]], homes: int, policy: PolicyRecord, whole: bool) -> Any:
    if not points:
        return np.zeros((1, 1), np.int64)
    entry, places = policy.entry_minutes * 60, np.array(points, np.float64)
    port = travel.GreatCircle(policy.road_percent / 100, float(policy.kmh), entry)
    if whole:
        return travel.matrix(port, places, range(homes), entry)
    return legs.Legs(port, places, homes, entry)


def _goals(policy: PolicyRecord) -> model.Goals:
    return model.Goals(
        travel=policy.travel, overtime=policy.overtime, non_preferred=policy.preferred, stability=policy.stability,
        skill_fit=policy.skill_fit, fairness=policy.fairness,
        unserved={1: policy.unserved_1, 2: policy.unserved_2, 3: policy.unserved_3, 4: policy.unserved_4},
    )  # fmt: skip
