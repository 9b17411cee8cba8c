"""C4.3: the board of a date: what is in force or drafted, timed by the referee, with what is wrong and what is fair."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from baoxiu.dispatch import loosening, moving, situation
from baoxiu.dispatch.models import Plan
from baoxiu.dispatch.plan import matrices, model
from baoxiu.dispatch.plan.insertion import Option
from baoxiu.dispatch.plan.referee import Verdict
from baoxiu.dispatch.records import MoveRecord
from baoxiu.dispatch.situation import Order, Situation
from baoxiu.people.actors import Actor
from baoxiu.people.rules import need
from baoxiu.sop.text import Text

SEERS = ("dispatcher", "manager")


@dataclass(frozen=True)
class Line:
    """An engineer's row. Seconds. `share` of his shift that is taken, 0 … 1 and more; `done`: visits of four weeks."""

    id: str
    name: str
    skills: tuple[str, ...]
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
    day = situation.build(date, now=now)
    in_force = day.check(day.force)
    _, loose = loosening.loosened(day, in_force)
    draft = day.rows.draft
    shown, plan = day, day.force
    if draft:
        shown = day.holding(draft.holds)
        plan = day.known(draft.routes)
    verdict = shown.check(plan) if draft else in_force
    lines = tuple(_line(e, shown, verdict) for e in shown.day.engineers)
    asked = Plan.objects.filter(date=date, status="asked").exists()
    return Board(
        shown, plan, verdict, draft, asked, lines, changes(in_force, shown, plan, verdict) if draft else (),
        tuple(n for n in loose if day.orders[n].engineer), tuple(shown.arrays.hopeless()), _fairness(lines),
    )  # fmt: skip


def _line(engineer: model.Engineer, day: Situation, verdict: Verdict) -> Line:
    timed = verdict.routes.get(engineer.id)
    visits = timed.visits() if timed else []
    begun = [o.begun for o in day.orders.values() if o.begun and o.engineer == engineer.id]
    work = sum(v.end - v.start for v in visits) + sum(b[1] - b[0] for b in begun)
    travel = timed.travel if timed else 0
    opens = min([engineer.shift[0], *(b[0] for b in begun)])
    place = day.day.places[engineer.end]
    return Line(
        id=engineer.id, name=engineer.label, skills=tuple(f"{c} {n}" for c, n in engineer.abilities.skills),
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
    """Who moves and by how many minutes, against the plan in force; what nobody has is told apart from what stays."""
    before = in_force.visits
    after, now_with = verdict.visits, plan.engineer_of()
    found = []
    for number, order in day.orders.items():
        if order.begun:
            continue
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
    """What a move would mean; nothing is written. The day may be some seconds old. Raises Denied, Invalid."""
    need(viewer, *SEERS)
    day, plan = _recent(date, now)
    return moving.judge(day, plan, record)


_KEPT: dict[dt.date, tuple[dt.datetime, int, Situation, model.Plan]] = {}
RECENT = dt.timedelta(seconds=10)


def _recent(date: dt.date, now: dt.datetime) -> tuple[Situation, model.Plan]:
    """The day as it was at most ten seconds ago, unless its draft has changed since."""
    draft = Plan.objects.filter(date=date, status="draft").values_list("pk", "edits").first()
    mark = draft[0] * 100_000 + draft[1] if draft else 0
    kept = _KEPT.get(date)
    if kept and kept[1] == mark and dt.timedelta(0) <= now - kept[0] < RECENT:
        return kept[2], kept[3]
    day = situation.build(date, now=now)
    plan = day.force
    if day.rows.draft:
        day, plan = day.holding(day.rows.draft.holds), day.known(day.rows.draft.routes)
    _KEPT.clear()
    _KEPT[date] = (now, mark, day, plan)
    return day, plan


# -- why here, why not there ---------------------------------------------------------------------


@dataclass(frozen=True)
class Why:
    """`options`: cheapest places with what each costs more than the best; `against`: engineer → reasons."""

    order: Order
    engineer: str
    bound_by: tuple[Text, ...]
    options: tuple[Option, ...]
    here: Option | None
    against: tuple[tuple[str, tuple[Text, ...]], ...]
    names: Mapping[str, str]

    @property
    def is_unserved(self) -> bool:
        return not self.engineer

    @property
    def price(self) -> int:
        """Seconds of travel the present place costs more than the best one."""
        return self.here.cost - self.options[0].cost if self.here and self.options else 0


def why(viewer: Actor, date: dt.date, number: str, *, now: dt.datetime) -> Why | None:
    """Why a job stands where it stands, who else could have it at which price, and why the others cannot.

    None for a job that is not of the day. Raises Denied.
    """
    need(viewer, *SEERS)
    day, plan = _recent(date, now)
    job = next((j for j in day.day.jobs if j.id == number), None)
    if job is None:
        return None
    rest = moving.taken_out(plan, number)
    options = moving.options(day, rest, number, top=len(day.day.engineers))
    who = plan.engineer_of().get(number, "")
    fits = {o.engineer for o in options}
    against = []
    for engineer in day.day.engineers:
        bars = matrices.why_not(day.day, engineer, job)
        if bars:
            against.append((engineer.id, tuple(b.text for b in bars)))
        elif engineer.id not in fits:
            full = Text(
                "no gap in his day that keeps the windows and the shift", "当日没有满足时间窗和班次的空档"
            )
            against.append((engineer.id, (full,)))
    here = next((o for o in options if o.engineer == who), None)
    return Why(
        day.orders[number], who, _bound_by(job, day), tuple(options[:5]), here, tuple(against), day.names
    )


def _bound_by(job: model.Job, day: Situation) -> tuple[Text, ...]:
    found = []
    if order_window := day.orders[job.id].window:
        a, b = (f"{s // 3600:02d}:{s % 3600 // 60:02d}" for s in order_window)
        found.append(Text(f"promised {a}–{b}", f"已与客户约定{a}–{b}"))
    for code, level in job.needs.skills:
        able = int(day.arrays.ok[:, day.arrays.job[job.id]].sum())
        found.append(
            Text(f"{code} from level {level}: {able} engineers may", f"需技能“{code}”{level}级：{able}人可派")
        )
    if job.needs.region:
        found.append(Text(f"territory {job.needs.region}", f"服务区域“{job.needs.region}”"))
    if job.locked:
        found.append(Text("fixed to the engineer", "已锁定工程师"))
    if job.only:
        found.append(Text("for dedicated engineers", "须由专属工程师承担"))
    if job.preferred:
        found.append(Text("the customer prefers an engineer", "客户有偏好工程师"))
    return tuple(found)


# -- windows to offer ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Slot:
    """A window a customer may be offered, with who would come and when; `cost` in seconds of travel."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    engineer: str
    name: str
    arrival: dt.datetime
    cost: int


SLOT_HOURS = (8, 10, 12, 14, 16)
OFFERED = 5


def slots(number: str, *, now: dt.datetime, days: int = 3, most: int = OFFERED) -> list[Slot]:
    """The cheapest windows of two hours for a case in the next days, in time order. For whoever may see the case."""
    found: list[Slot] = []
    for ahead in range(days):
        date = situation.today(now) + dt.timedelta(days=ahead)
        day = situation.build(date, now=now)
        job = next((j for j in day.day.jobs if j.id == number), None)
        if job is None:
            continue
        found += _slots_of(day, job)
    best = sorted(found, key=lambda s: (s.cost, s.starts_at))[:most]
    return sorted(best, key=lambda s: s.starts_at)


def _slots_of(day: Situation, job: model.Job) -> list[Slot]:
    start, found = situation.midnight(day.date), []
    rest = moving.taken_out(day.force, job.id)
    for hour in SLOT_HOURS:
        opens, closes = hour * 3600, (hour + 2) * 3600
        if closes <= (day.at or 0) + 3600:
            continue
        held = day.windowed(job.id, (max(opens, day.at or 0), closes))
        order = day.orders[job.id]
        options = moving.options(held, rest, job.id, top=len(day.day.engineers) if order.engineer else 1)
        o = next((o for o in options if order.engineer in ("", o.engineer)), None)
        if o:
            moments = [start + dt.timedelta(seconds=s) for s in (opens, closes, o.start)]
            found.append(Slot(moments[0], moments[1], o.engineer, day.names[o.engineer], moments[2], o.cost))
    return found
