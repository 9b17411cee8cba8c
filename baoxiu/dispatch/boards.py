"""C4.3: the board of a date: what is in force or drafted, timed by the referee, with what is wrong and what is fair."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from baoxiu.dispatch import kept, loosening, moving
from baoxiu.dispatch.models import Plan
from baoxiu.dispatch.plan import matrices, model
from baoxiu.dispatch.plan.referee import Verdict
from baoxiu.dispatch.records import MoveRecord
from baoxiu.dispatch.situation import Situation
from baoxiu.people.actors import Actor
from baoxiu.people.rules import need
from baoxiu.sop import eligibility
from baoxiu.sop.text import Text

SEERS = ("dispatcher", "manager")
RECENT = dt.timedelta(seconds=10)


@dataclass(frozen=True)
class Line:
    """An engineer's row. Seconds. `share` of his shift that is taken, 0 … 1 and more; `done`: visits of four weeks."""

    id: str
    name: str
    skills: tuple[tuple[str, int], ...]  # code and level
    shift: tuple[int, int]
    home: tuple[float, float]
    jobs: int
    work: int
    travel: int
    share: float
    done: int


@dataclass(frozen=True)
class Change:
    """One row of the difference to the plan in force; `minutes` later (+) or earlier (−)."""

    number: str
    subject: str
    before: str
    after: str
    minutes: int | None


@dataclass(frozen=True)
class Fairness:
    """Of today's taken time: longest minus shortest (minutes) and the coefficient of variation (per cent)."""

    spread_minutes: int
    variation: int
    jobs_spread: int


@dataclass(frozen=True)
class Board:
    day: Situation
    plan: model.Plan
    verdict: Verdict
    draft: Plan | None
    asked: bool
    lines: tuple[Line, ...]
    changes: tuple[Change, ...]
    loose: tuple[str, ...]  # what cannot stay as it is in force
    hopeless: tuple[str, ...]
    fairness: Fairness

    @property
    def cost(self) -> dict[str, int]:
        return {**asdict(self.verdict.cost), "total": self.verdict.cost.total}


def board(viewer: Actor, date: dt.date, *, now: dt.datetime) -> Board:
    """Raises Denied."""
    need(viewer, *SEERS)
    found = kept.day(date, now=now)
    return found.once("board", lambda: _board(found, date))


def _board(found: kept.Kept, date: dt.date) -> Board:
    day, in_force = found.day, found.in_force
    _, loose = loosening.loosened(day, in_force)
    draft = day.rows.draft
    shown, plan = found.shown
    verdict = shown.check(plan) if draft else in_force
    begun: dict[str, list[tuple[int, int]]] = {}
    for order in shown.orders.values():
        if order.begun:
            begun.setdefault(order.engineer, []).append(order.begun)
    lines = tuple(_line(e, shown, verdict, begun.get(e.id, ())) for e in shown.day.engineers)
    asked = Plan.objects.filter(date=date, status="asked").exists()
    return Board(
        shown, plan, verdict, draft, asked, lines, changes(in_force, shown, plan, verdict) if draft else (),
        tuple(n for n in loose if day.orders[n].engineer), tuple(shown.arrays.hopeless()), _fairness(lines),
    )  # fmt: skip


def _line(
    engineer: model.Engineer, day: Situation, verdict: Verdict, begun: Sequence[tuple[int, int]]
) -> Line:
    timed = verdict.routes.get(engineer.id)
    visits = timed.visits() if timed else []
    work = sum(v.end - v.start for v in visits) + sum(b[1] - b[0] for b in begun)
    travel = timed.travel if timed else 0
    opens = min([engineer.shift[0], *(b[0] for b in begun)])
    place = day.day.places[engineer.end]
    return Line(
        id=engineer.id, name=engineer.label, skills=tuple(engineer.abilities.skills),
        shift=(opens, engineer.shift[1]), home=(place.lat, place.lon), jobs=len(visits) + len(begun), work=work,
        travel=travel, share=round((work + travel) / max(engineer.shift[1] - opens, 3600), 3),
        done=day.rows.done.get(int(engineer.id), 0),
    )  # fmt: skip


def _fairness(lines: tuple[Line, ...]) -> Fairness:
    taken = [line.work + line.travel for line in lines] or [0]
    mean = statistics.fmean(taken)
    done = [line.done for line in lines] or [0]
    variation = round(100 * statistics.pstdev(taken) / mean) if mean else 0
    return Fairness((max(taken) - min(taken)) // 60, variation, max(done) - min(done))


def changes(in_force: Verdict, day: Situation, plan: model.Plan, verdict: Verdict) -> tuple[Change, ...]:
    """Who moves and by how many minutes, against the plan in force."""
    before = in_force.visits
    after, now_with = verdict.visits, plan.engineer_of()
    found = []
    for number, order in day.orders.items():
        if order.begun or (number not in before and number not in now_with):
            continue  # nothing is planned for it, before or after: whoever has it keeps it
        was = before[number].engineer if number in before else order.engineer
        will = now_with.get(number, "")
        shift = (
            (after[number].start - before[number].start) // 60
            if number in after and number in before
            else None
        )
        if was != will or (shift and abs(shift) >= 1):
            found.append(Change(number, order.subject, was, will, shift))
    return tuple(found)


def preview(viewer: Actor, date: dt.date, record: MoveRecord, *, now: dt.datetime) -> moving.Moved:
    """What a move would mean; nothing is written. Cases may be ten seconds old. Raises Denied, Invalid."""
    need(viewer, *SEERS)
    return moving.judge(*recent(date, now).shown, record)


def recent(date: dt.date, now: dt.datetime) -> kept.Kept:
    return kept.day(date, now=now, unseen=RECENT)


@dataclass(frozen=True)
class Rules:
    """Who may do what, by kind: `able[engineer]` and `needs[job]` are row and column of `bars`; () where he may."""

    able: dict[str, int]
    needs: dict[str, int]
    bars: tuple[tuple[tuple[Text, ...], ...], ...]


def rules(day: Situation) -> Rules:
    """The eligibility rows a script can look up without asking; jobs' own names of engineers apart."""
    able, able_of = matrices.distinct([e.abilities for e in day.day.engineers])
    needs, need_of = matrices.distinct([j.needs for j in day.day.jobs])
    bars = tuple(tuple(tuple(b.text for b in eligibility.bars(n, a, day.date)) for n in needs) for a in able)
    return Rules(
        {e.id: int(i) for e, i in zip(day.day.engineers, able_of, strict=True)},
        {j.id: int(i) for j, i in zip(day.day.jobs, need_of, strict=True)},
        bars,
    )
