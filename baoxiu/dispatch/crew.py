"""C4.3: who can work on a date: shift, abilities, what is in the van and in the stockroom, from where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from baoxiu.dispatch.loading import Rows
from baoxiu.dispatch.plan import model
from baoxiu.people.models import Staff
from baoxiu.sop.eligibility import Abilities

Point = tuple[float, float]  # latitude, longitude
FETCHING = 600  # seconds at the stockroom


def minutes(time: str) -> int:
    """hh:mm from midnight."""
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


def engineers(
    rows: Rows, busy: Mapping[str, tuple[Point, int]], date: dt.date, at: int | None, points: list[Point]
) -> list[model.Engineer]:
    """Those on duty that day. `busy`: engineer → where he is at work and until when. `points` gains their homes first,
    then stockrooms and where those at work are."""
    policy, middle = rows.policy, middle_of(rows)
    mean = sum(rows.done.values()) / max(len(rows.engineers), 1)
    on_duty = [(e, shift) for e in rows.engineers if (shift := _shift(e.pk, rows, date))]
    points.extend(_home(e) or middle for e, _ in on_duty)
    lunch = model.Lunch(
        minutes(policy.lunch_from) * 60, minutes(policy.lunch_until) * 60, policy.lunch_minutes * 60
    )
    rooms = _stockrooms(rows, middle, points)
    made = []
    for i, (who, (opens, closes)) in enumerate(on_duty):
        start, free = i, opens
        if at is not None:
            free = max(opens, at)
        if begun := busy.get(str(who.pk)):
            points.append(begun[0])
            start, free = len(points) - 1, max(free, begun[1])
        made.append(
            model.Engineer(
                id=str(who.pk), start=start, end=i, shift=(min(free, closes), closes), abilities=_abilities(who, rows),
                lunch=lunch if policy.lunch_minutes and free < lunch.latest else None,
                overtime=policy.overtime_minutes * 60, max_jobs=policy.max_jobs, label=who.name,
                stockroom=rooms.get(who.station_id or 0), stockroom_seconds=FETCHING,
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
    return minutes(rows.policy.hours_from) * 60, minutes(rows.policy.hours_until) * 60


def _abilities(who: Staff, rows: Rows) -> Abilities:
    """The certificate of a skill ends on its day; a skill without a day is for ever."""
    held = rows.skills.get(who.pk, [])
    mine = frozenset(name for name, _, members in rows.territories if who.pk in members)
    at_station = rows.stockrooms.get(who.station_id or 0, ())
    return Abilities(
        skills=tuple((s.skill.code, s.level) for s in held),
        certificates=tuple((s.skill.code, s.valid_until) for s in held),
        regions=mine if rows.policy.territories else frozenset(),
        van=tuple(rows.vans.get(who.pk, ())),
        has_stockroom=bool(at_station),
        stock=tuple(at_station),
    )


def _stockrooms(rows: Rows, middle: Point, points: list[Point]) -> dict[int, int]:
    """Station → the place of its stockroom, of those that have a part some job needs."""
    places = {}
    for station in {e.station_id: e.station for e in rows.engineers}.values():
        if station and station.pk in rows.stockrooms:
            places[station.pk] = len(points)
            known = station.lat is not None and station.lon is not None
            points.append((station.lat, station.lon) if known else middle)  # type: ignore[arg-type]
    return places


def middle_of(rows: Rows) -> Point:
    """Where engineers live on average: a job without coordinates is taken to be there."""
    known = [p for e in rows.engineers if (p := _home(e))]
    return (sum(p[0] for p in known) / len(known), sum(p[1] for p in known) / len(known)) if known else (0, 0)


def _home(who: Staff) -> Point | None:
    if who.lat is not None and who.lon is not None:
        return who.lat, who.lon
    station = who.station
    return (
        (station.lat, station.lon)
        if station and station.lat is not None and station.lon is not None
        else None
    )
