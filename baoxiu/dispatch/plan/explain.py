"""Why a job is where it is, why it is nowhere, why not with somebody else, and what overriding costs.

All prices are differences of the plan's cost, in seconds of travel; everything else is left as it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from baoxiu.dispatch.plan import insertion, matrices, referee, schedule
from baoxiu.dispatch.plan.model import FOREVER, STOCKROOM, Engineer, Job, Plan
from baoxiu.dispatch.plan.referee import Violation
from baoxiu.sop.text import Text

TIGHT = 900  # seconds of slack below which a rule is called binding
HALF_DAY = 43_200  # a wider window binds nobody


@dataclass(frozen=True, slots=True)
class WhyNot:
    """`faults` empty: it would fit, at `price`. Otherwise `gives_way` may name the job to leave out for it at `price`."""

    engineer: str
    faults: tuple[Violation, ...]
    price: int | None = None
    gives_way: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """A planned job. `slack`: seconds its start could slip before anything of the day breaks."""

    job: str
    engineer: str
    binding: tuple[Violation, ...]
    slack: int
    eligible: tuple[str, ...]
    runner_up: str = ""
    price: int | None = None  # of giving it to the runner-up
    preference: int = 0  # what is paid because he is not the preferred or planned engineer


def rules(m: matrices.Matrices, job_id: str) -> tuple[Violation, ...]:
    """What a job asks for, whoever does it. Raises KeyError."""
    column = m.job[job_id]
    job, n = m.day.jobs[column], int(m.ok[:, column].sum())
    found = []
    if job.windows and job.windows[-1][1] - job.windows[0][0] < HALF_DAY:
        en = ", ".join(f"{_clock(a)}–{_clock(b)}" for a, b in job.windows)
        found.append(Violation("window", Text(f"begins {en}", f"{en}之间开始"), job_id))
    for code, level in job.needs.skills:
        text = Text(f"{code} from level {level}: {n} engineers may", f"需技能“{code}”{level}级：{n}人可派")
        found.append(Violation("skill", text, job_id))
    for part, pieces in job.needs.parts:
        found.append(Violation("part", Text(f"part {part} × {pieces}", f"备件“{part}”×{pieces}"), job_id))
    if job.needs.region:
        text = Text(f"territory {job.needs.region}", f"服务区域“{job.needs.region}”")
        found.append(Violation("region", text, job_id))
    if job.locked:
        found.append(Violation("locked", Text("fixed by a dispatcher", "已由调度员锁定"), job_id, job.locked))
    if job.only:
        found.append(Violation("dedicated", Text("for dedicated engineers", "须由专属工程师承担"), job_id))
    if job.preferred:
        text = Text("the customer prefers an engineer", "客户有偏好工程师")
        found.append(Violation("preferred", text, job_id, job.preferred))
    return tuple(found)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def assignment(m: matrices.Matrices, plan: Plan, job_id: str) -> Why:
    """Raises KeyError when the job is not planned."""
    who = plan.engineer_of()[job_id]
    e, j = m.engineer[who], m.job[job_id]
    engineer, job = m.day.engineers[e], m.day.jobs[j]
    eligible = tuple(x.id for i, x in enumerate(m.day.engineers) if m.ok[i, j])
    slack, tight = _slack(m, plan, engineer, job)
    best = _elsewhere(m, plan, job, who)
    few = Text(
        f"{len(eligible)} of {len(m.day.engineers)} may do it",
        f"{len(m.day.engineers)}人中{len(eligible)}人可做",
    )
    binding = (
        [Violation("eligible", few, job_id)] if len(eligible) <= max(1, len(m.day.engineers) // 4) else []
    )
    binding += [v for v in rules(m, job_id) if v.code in ("locked", "dedicated")]
    return Why(
        job_id,
        who,
        (*binding, *tight),
        slack,
        eligible,
        best.engineer if best else "",
        best.price if best else None,
        int(m.extra[e, j]),
    )


def why_not(m: matrices.Matrices, plan: Plan, job_id: str, engineer_id: str) -> WhyNot:
    """Why this engineer does not have the job, and what it would cost to give it to him. Raises KeyError."""
    job, engineer = m.day.jobs[m.job[job_id]], m.day.engineers[m.engineer[engineer_id]]
    if not m.ok[m.engineer[engineer_id], m.job[job_id]]:
        bars = matrices.why_not(m.day, engineer, job)
        return WhyNot(engineer_id, tuple(Violation(b.code, b.text, job_id, engineer_id) for b in bars))
    without = _without(plan, job_id)
    before = _saved(m, plan, job_id)
    route = without.routes.get(engineer_id, ())
    best, faults = _cheapest(m, engineer, job, route)
    if best is not None:
        return WhyNot(engineer_id, (), best - before)
    price, victim = _by_ejection(m, engineer, job, route)
    return WhyNot(engineer_id, faults, None if price is None else price - before, victim)


def unserved(m: matrices.Matrices, plan: Plan, job_id: str) -> tuple[Violation, ...]:
    """Reasons why a job is left out, the most telling first."""
    job = m.day.jobs[m.job[job_id]]
    column = m.ok[:, m.job[job_id]]
    if not column.any():
        return _nobody(m, job)
    found: list[Violation] = []
    nearest: tuple[int, Violation] | None = None
    for e in column.nonzero()[0]:
        engineer = m.day.engineers[e]
        best, faults = _cheapest(m, engineer, job, plan.routes.get(engineer.id, ()))
        if best is not None:
            text = Text(f"would fit, but costs {best}", f"可以排入，但代价为{best}")
            return (Violation("too_dear", text, job_id, engineer.id, best),)
        seconds = sum(f.seconds for f in faults) or FOREVER
        if faults and (nearest is None or seconds < nearest[0]):
            nearest = (seconds, faults[0])
    n = int(column.sum())
    found.append(Violation("full", Text(f"none of the {n} who may has room", f"可做的{n}人都排不下"), job_id))
    return (*found, nearest[1]) if nearest else tuple(found)


# -- pieces -----------------------------------------------------------------------------------


def _without(plan: Plan, job_id: str) -> Plan:
    return Plan({who: tuple(s for s in stops if s != job_id) for who, stops in plan.routes.items()})


def _saved(m: matrices.Matrices, plan: Plan, job_id: str) -> int:
    """What the plan's cost would fall by without the job; for one left out, minus the price of leaving it out."""
    who = plan.engineer_of().get(job_id)
    if who is None:
        return int(m.penalty[m.job[job_id]])
    engineer = m.day.engineers[m.engineer[who]]
    stops = plan.routes[who]
    rest = tuple(s for s in stops if s != job_id)
    return _cost(m, engineer, stops) - _cost(m, engineer, rest)


def _jobs(m: matrices.Matrices, stops: tuple[str, ...]) -> dict[str, Job]:
    return {s: m.day.jobs[m.job[s]] for s in stops if s != STOCKROOM}


def _cost(m: matrices.Matrices, engineer: Engineer, stops: tuple[str, ...]) -> int:
    return referee.route_cost(m, stops, schedule.run(m.day, engineer, stops, _jobs(m, stops)))


def _cheapest(
    m: matrices.Matrices, engineer: Engineer, job: Job, route: tuple[str, ...]
) -> tuple[int | None, tuple[Violation, ...]]:
    """Rise of the cost in the cheapest gap that holds; else None and what breaks where it breaks least."""
    jobs = {**_jobs(m, route), job.id: job}
    now = referee.route_cost(m, route, schedule.run(m.day, engineer, route, jobs))
    best: int | None = None
    least: tuple[int, int, tuple[Violation, ...]] | None = None
    for gap in range(len(route) + 1):
        for new in ((job.id,), (STOCKROOM, job.id)):
            if len(new) == 2 and (engineer.stockroom is None or STOCKROOM in route):
                continue
            stops = (*route[:gap], *new, *route[gap:])
            faults, timed = referee.route_faults(m, engineer, stops, jobs)
            if not faults:
                rise = referee.route_cost(m, stops, timed) - now
                best = rise if best is None else min(best, rise)
            else:
                key = (sum(f.seconds or 10**6 for f in faults), len(faults))
                if least is None or key < least[:2]:
                    least = (*key, tuple(faults))
    return best, () if best is not None or least is None else least[2]


def _by_ejection(
    m: matrices.Matrices, engineer: Engineer, job: Job, route: tuple[str, ...]
) -> tuple[int | None, str]:
    """The cheapest single job to leave out so that this one fits: rise of the cost and its id."""
    best: tuple[int, str] | None = None
    now = _cost(m, engineer, route)
    for victim in route:
        if victim == STOCKROOM or m.day.jobs[m.job[victim]].locked:
            continue
        rest = tuple(s for s in route if s != victim)
        rise, _ = _cheapest(m, engineer, job, rest)
        if rise is not None:
            price = rise + _cost(m, engineer, rest) - now + int(m.penalty[m.job[victim]])
            if best is None or price < best[0]:
                best = (price, victim)
    return best if best else (None, "")


def _elsewhere(m: matrices.Matrices, plan: Plan, job: Job, who: str) -> WhyNot | None:
    """The next best engineer and what he would cost more."""
    options = insertion.Board(m, _without(plan, job.id)).best(job, top=2)
    others = [o for o in options if o.engineer != who]
    if not others:
        return None
    return WhyNot(others[0].engineer, (), others[0].cost - _saved(m, plan, job.id))


def _slack(
    m: matrices.Matrices, plan: Plan, engineer: Engineer, job: Job
) -> tuple[int, tuple[Violation, ...]]:
    """How far the start may slip, and which rules hold it when that is little."""
    stops = plan.routes[engineer.id]
    timed = schedule.run(m.day, engineer, stops, _jobs(m, stops))
    visit = next(v for v in timed.visits() if v.job == job.id)
    last = schedule.backward(engineer, schedule.legs(m.day, engineer, stops, _jobs(m, stops)))
    at = stops.index(job.id)
    slack = max(0, max(row[at] for row in last) - visit.start)
    closes = next((c for o, c in job.windows if o <= visit.start <= c), visit.start)
    tight = []
    if closes - visit.start < TIGHT:
        text = Text("its own window ends soon after its start", "开始后其时间窗很快结束")
        tight.append(Violation("window", text, job.id, engineer.id, closes - visit.start))
    if visit.start > visit.arrival:
        text = Text("the engineer waits for its window", "工程师等候其时间窗")
        tight.append(Violation("waits", text, job.id, engineer.id, visit.start - visit.arrival))
    if slack < TIGHT and slack < closes - visit.start:
        text = Text("what follows leaves no room", "其后的安排没有余地")
        tight.append(Violation("following", text, job.id, engineer.id, slack))
    if engineer.shift[1] + engineer.overtime - timed.home < TIGHT:
        text = Text("the shift ends soon after", "班次即将结束")
        tight.append(Violation("shift", text, job.id, engineer.id, engineer.shift[1] - timed.home))
    return slack, tuple(tight)


def _nobody(m: matrices.Matrices, job: Job) -> tuple[Violation, ...]:
    """For a job nobody may do: each reason with how many it bars, the widest first."""
    counts: Counter[str] = Counter()
    texts: dict[str, Violation] = {}
    for engineer in m.day.engineers:
        for bar in matrices.why_not(m.day, engineer, job):
            counts[bar.code] += 1
            texts.setdefault(bar.code, Violation(bar.code, bar.text, job.id))
    return tuple(texts[code] for code, _ in counts.most_common())
