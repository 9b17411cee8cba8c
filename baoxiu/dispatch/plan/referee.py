"""The referee: a plan in, every broken hard rule, every part of the cost and every time out. No engine is believed.

Cost terms (`Cost`) are in seconds of travel; a plan without violations may be published, no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from baoxiu.dispatch.plan import matrices, schedule
from baoxiu.dispatch.plan.model import STOCKROOM, Day, Engineer, Job, Plan, Visit
from baoxiu.dispatch.plan.schedule import Timed
from baoxiu.sop.text import Text


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken hard rule. `code` is stable; `seconds` says by how much where that makes sense."""

    code: str
    text: Text
    job: str = ""
    engineer: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    travel: int = 0
    working: int = 0
    preference: int = 0  # preferred engineer, stability, skill fit, fairness: the `extra` matrix
    overtime: int = 0
    moving: int = 0
    late: int = 0
    unserved: int = 0

    @property
    def total(self) -> int:
        return sum(asdict(self).values())


@dataclass(frozen=True)
class Verdict:
    violations: tuple[Violation, ...]
    cost: Cost
    routes: dict[str, Timed] = field(default_factory=dict)  # engineers with at least one stop
    unserved: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.violations

    @property
    def served(self) -> int:
        return sum(len(timed.visits()) for timed in self.routes.values())

    @property
    def visits(self) -> dict[str, Visit]:
        """Job id -> its visit."""
        return {v.job: v for timed in self.routes.values() for v in timed.visits()}

    @property
    def fetching(self) -> dict[str, tuple[int, int]]:
        """Engineer id -> when he is at the stockroom."""
        return {
            who: (s.start, s.start + s.duration)
            for who, timed in self.routes.items()
            for s in timed.stops
            if s.name == STOCKROOM
        }

    @property
    def travel(self) -> int:
        return sum(timed.travel for timed in self.routes.values())


def check(day: Day, plan: Plan, arrays: matrices.Matrices | None = None) -> Verdict:
    """Judge a plan of the day. `arrays` saves building them again."""
    m = arrays or matrices.build(day)
    jobs = {j.id: j for j in day.jobs}
    engineers = {e.id: e for e in day.engineers}
    broken = list(_strangers(plan, jobs, engineers))
    routes = {
        who: tuple(stop for stop in stops if stop in jobs or stop == STOCKROOM)
        for who, stops in plan.routes.items()
        if who in engineers and stops
    }
    timed, link_faults = _timed(day, routes, jobs, engineers, dict(plan.holds))
    broken += link_faults
    for who, stops in routes.items():
        broken += _pairs(day, engineers[who], stops, jobs, m)
        broken += _goods(engineers[who], stops, jobs)
        broken += _times(timed[who], soft=bool(day.goals.late))
    broken += _stock(routes, engineers, jobs)
    seen = {job for stops in routes.values() for job in stops}
    missing = [j for j in day.jobs if j.id not in seen]
    broken += _left_out(missing, m, seen)
    return Verdict(tuple(broken), _cost(day, m, routes, timed, missing), timed, tuple(j.id for j in missing))


def route_faults(
    m: matrices.Matrices, engineer: Engineer, stops: tuple[str, ...], jobs: Mapping[str, Job]
) -> tuple[list[Violation], Timed]:
    """What one route breaks, links apart, and its times."""
    timed = schedule.run(m.day, engineer, stops, jobs)
    soft = bool(m.day.goals.late)
    broken = [
        *_pairs(m.day, engineer, stops, jobs, m),
        *_goods(engineer, stops, jobs),
        *_times(timed, soft=soft),
    ]
    return broken, timed


def route_cost(m: matrices.Matrices, stops: tuple[str, ...], timed: Timed) -> int:
    """The part of the plan's cost that lies in one route, delays apart."""
    goals, e = m.day.goals, m.engineer[timed.engineer.id]
    extra = sum(int(m.extra[e, m.job[s]]) for s in stops if s != STOCKROOM)
    paid = goals.travel * timed.travel + goals.working * timed.working + goals.overtime * timed.overtime
    return paid + extra + moving_cost(m.day, timed)


def moving_cost(day: Day, timed: Timed) -> int:
    """Price of starting later than told, job by job."""
    if not day.goals.moving:
        return 0
    jobs = [(s.job.told, s.start) for s in timed.stops if s.job and s.job.told is not None]
    return sum(max(0, start - told) * day.goals.moving // 60 for told, start in jobs)


def _strangers(plan: Plan, jobs: dict[str, Job], engineers: dict[str, Engineer]) -> Iterator[Violation]:
    counts = Counter(stop for stops in plan.routes.values() for stop in stops if stop != STOCKROOM)
    for who in plan.routes:
        if who not in engineers:
            yield Violation(
                "unknown_engineer", Text(f"no engineer {who}", f"无此工程师：{who}"), engineer=who
            )
    for job, n in counts.items():
        if job not in jobs:
            yield Violation("unknown_job", Text(f"no job {job}", f"无此工单：{job}"), job)
        elif n > 1:
            yield Violation("twice", Text(f"planned {n} times", f"重复安排{n}次"), job)


def _timed(
    day: Day,
    routes: dict[str, tuple[str, ...]],
    jobs: dict[str, Job],
    engineers: dict[str, Engineer],
    hold: dict[str, int],
) -> tuple[dict[str, Timed], list[Violation]]:
    """Time all routes; linked jobs push each other later until both hold, or never do."""
    timed = {
        who: schedule.run(day, engineers[who], stops, jobs, not_before=hold) for who, stops in routes.items()
    }
    owner = {job: who for who, stops in routes.items() for job in stops}
    links = [link for link in day.links if link.first in owner and link.second in owner]
    starts = {v.job: v.start for t in timed.values() for v in t.visits()}
    for _ in range(2 * len(owner) + 10):
        again = set()
        for link in links:
            first, second = starts[link.first], starts[link.second]
            if second < first + link.at_least:
                hold[link.second] = first + link.at_least
                again.add(owner[link.second])
            elif second > first + link.at_most:
                hold[link.first] = second - link.at_most
                again.add(owner[link.first])
        for who in again:
            timed[who] = schedule.run(day, engineers[who], routes[who], jobs, not_before=hold)
            starts.update((v.job, v.start) for v in timed[who].visits())
        if not again:
            break
    else:
        text = Text("waits for a job that waits for it", "与关联工单互相等待")
        return timed, [Violation("link_circle", text, link.first, owner[link.first]) for link in links]
    alone = [link for link in links if owner[link.first] == owner[link.second]]
    text = Text("two engineers are needed", "须由两名工程师承担")
    return timed, [Violation("link_same_engineer", text, x.first, owner[x.first]) for x in alone]


def _pairs(
    day: Day, engineer: Engineer, stops: tuple[str, ...], jobs: Mapping[str, Job], m: matrices.Matrices
) -> Iterator[Violation]:
    e = m.engineer[engineer.id]
    for name in stops:
        if name != STOCKROOM and not m.ok[e, m.job[name]]:
            for bar in matrices.why_not(day, engineer, jobs[name]):
                yield Violation(bar.code, bar.text, name, engineer.id)
    n = sum(stop != STOCKROOM for stop in stops)
    if engineer.max_jobs and n > engineer.max_jobs:
        text = Text(f"{n} jobs, {engineer.max_jobs} allowed", f"{n}单，上限{engineer.max_jobs}单")
        yield Violation("max_jobs", text, engineer=engineer.id)


def _goods(engineer: Engineer, stops: tuple[str, ...], jobs: Mapping[str, Job]) -> Iterator[Violation]:
    """Tools and parts: the van's until the stockroom, everything after it."""
    visits = stops.count(STOCKROOM)
    if visits > 1:
        text = Text(f"{visits} visits to the stockroom", f"去仓库{visits}次")
        yield Violation("stockroom_twice", text, engineer=engineer.id)
    if visits and engineer.stockroom is None:
        yield Violation("no_stockroom", Text("has no stockroom", "无可取仓库"), engineer=engineer.id)
        return
    van = Counter(dict(engineer.abilities.van))
    for name in stops:
        if name == STOCKROOM:
            return
        yield from _short(engineer, name, jobs[name], van)


def _short(engineer: Engineer, name: str, job: Job, van: Counter[str]) -> Iterator[Violation]:
    """What is missing in the van, which loses what the job uses up."""
    for tool in job.needs.tools:
        if tool not in engineer.abilities.tools:
            text = Text(f"tool {tool} not fetched before", f"此前未取工具“{tool}”")
            yield Violation("tool_missing", text, name, engineer.id)
    for part, n in job.needs.parts:
        van[part] -= n
        if van[part] < 0:
            text = Text(f"part {part} not fetched before", f"此前未取备件“{part}”")
            yield Violation("part_missing", text, name, engineer.id)


def short_of(engineer: Engineer, stops: tuple[str, ...], jobs: Mapping[str, Job]) -> int | None:
    """Which stop is the first that the van alone does not suffice for; None: it does for all."""
    van = Counter(dict(engineer.abilities.van))
    return next((i for i, s in enumerate(stops) if any(_short(engineer, s, jobs[s], van))), None)


def _stock(
    routes: Mapping[str, tuple[str, ...]], engineers: Mapping[str, Engineer], jobs: Mapping[str, Job]
) -> Iterator[Violation]:
    """A stockroom gives each piece once: what the routes take beyond their vans."""
    left: dict[tuple[int, str], int] = {}
    for who, stops in routes.items():
        engineer = engineers[who]
        if engineer.stockroom is None or engineer.abilities.stock is None:
            continue
        van, stock = Counter(dict(engineer.abilities.van)), dict(engineer.abilities.stock)
        for name in stops:
            for part, n in () if name == STOCKROOM else jobs[name].needs.parts:
                taken = n - max(0, min(n, van[part]))
                van[part] -= n
                key = engineer.stockroom, part
                left[key] = left.get(key, stock.get(part, 0)) - taken
                if taken and left[key] < 0:
                    text = Text(
                        f"part {part}: not enough in the stockroom for all",
                        f"备件“{part}”：仓库数量不足以分配",
                    )
                    yield Violation("stock", text, name, who)


def _times(timed: Timed, *, soft: bool) -> Iterator[Violation]:
    who = timed.engineer
    if not soft:
        for job, seconds in timed.late.items():
            span = _span(seconds)
            text = Text(f"starts {span.en} after its window", f"晚于时间窗{span.zh}开始")
            yield Violation("window", text, job, who.id, seconds)
    over = timed.home - who.shift[1] - who.overtime
    if timed.stops and over > 0:
        span = _span(over)
        text = Text(f"home {span.en} after the shift", f"下班超时{span.zh}")
        yield Violation("shift", text, engineer=who.id, seconds=over)
    if who.longest and timed.working > who.longest:
        works, most = _span(timed.working), _span(who.longest)
        text = Text(f"works {works.en}, {most.en} allowed", f"工作{works.zh}，上限{most.zh}")
        yield Violation("too_long", text, engineer=who.id, seconds=timed.working - who.longest)
    if timed.missed_lunch or any(s.name == schedule.LUNCH and s.start > s.windows[0][1] for s in timed.stops):
        yield Violation("lunch", Text("no time for lunch", "无法安排午休"), engineer=who.id)


def _span(seconds: int) -> Text:
    """In minutes where a person would say so."""
    if seconds < 120:
        return Text(f"{seconds} s", f"{seconds}秒")
    return Text(f"{-(-seconds // 60)} min", f"{-(-seconds // 60)}分钟")


def _left_out(missing: list[Job], m: matrices.Matrices, seen: set[str]) -> Iterator[Violation]:
    for job in missing:
        if job.locked:
            yield Violation(
                "locked_missing", Text("fixed but left out", "已锁定却未安排"), job.id, job.locked
            )
        if any(other in seen for other in m.linked.get(job.id, ())):
            yield Violation(
                "link_half", Text("its linked job is planned without it", "关联工单只安排了一半"), job.id
            )


def _cost(
    day: Day,
    m: matrices.Matrices,
    routes: dict[str, tuple[str, ...]],
    timed: dict[str, Timed],
    missing: list[Job],
) -> Cost:
    goals = day.goals
    late = [seconds for t in timed.values() for seconds in t.late.values()]
    return Cost(
        travel=goals.travel * sum(t.travel for t in timed.values()),
        working=goals.working * sum(t.working for t in timed.values()),
        preference=sum(
            int(m.extra[m.engineer[who], m.job[job]])
            for who, stops in routes.items()
            for job in stops
            if job != STOCKROOM
        ),
        overtime=goals.overtime * sum(t.overtime for t in timed.values()),
        moving=sum(moving_cost(day, t) for t in timed.values()),
        late=goals.late * sum(late) + goals.latest * max(late, default=0),
        unserved=sum(int(m.penalty[m.job[j.id]]) for j in missing),
    )
