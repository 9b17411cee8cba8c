"""C4.3: the day has moved on – someone is ill, a visit runs over, an emergency comes: the least change that holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from baoxiu.dispatch import loosening, situation
from baoxiu.dispatch.models import Plan
from baoxiu.dispatch.operations import drafts
from baoxiu.dispatch.operations.solving import ask
from baoxiu.dispatch.plan import parts
from baoxiu.dispatch.records import SolveRecord
from baoxiu.people.actors import Actor
from baoxiu.people.rules import need

SECONDS = 2  # for the warm re-plan
CREW = 40  # engineers whose routes it may change


@dataclass(frozen=True)
class Mended:
    """`way`: insertion (nothing else moves), replan (others must; a plan is being made), none. Job numbers."""

    draft: Plan | None
    way: str
    placed: tuple[str, ...]
    left: tuple[str, ...]


def mend(date: dt.date, *, by: Actor, now: dt.datetime) -> Mended:
    """A draft that puts back what cannot stay where it is and what presses: inserted where nothing else need move,
    else a warm re-plan of the engineers around, which moves as little as it can, is asked for. An open draft is discarded. Raises Denied, Stale."""
    need(by, *drafts.PLANNERS)
    day = situation.build(date, now=now)
    kept, loose = loosening.loosened(day)
    if not loose:
        return Mended(None, "none", (), ())
    plan, left = loosening.inserted(day, kept, loose)
    drafts.discard(date, by=by, now=now)
    draft = drafts.begin(day, by=by, now=now, routes=plan)
    way = "insertion"
    pressing = [n for n in left if loosening.presses(day.orders[n]) or day.orders[n].engineer]
    if crew := parts.around(day.arrays, pressing, CREW):
        ask(date, SolveRecord(seconds=SECONDS), by=by, now=now, crew=crew)
        way = "replan"
    placed = tuple(n for n in loose if n not in left)
    return Mended(draft, way, placed, tuple(left))
