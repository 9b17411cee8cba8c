"""`make bench-dispatch`: the planner against published results and goals; tables on the screen, fifteen minutes at most.

Instances are read from ../shared/data/dispatch and ../shared/bench/city_day.py; families that are not there are skipped.
Every plan passes the referee before it counts. Times are wall times: measure on a quiet machine.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import resource
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from types import ModuleType

import numpy as np
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from baoxiu.dispatch.plan import engine, formats, insertion, legs, matrices, referee, solve, travel, worker
from baoxiu.dispatch.plan.limit import Limit
from baoxiu.dispatch.plan.model import Day, Plan
from bench.replanning import replanning

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = [folder / "shared" for folder in (ROOT.parent, ROOT.parents[1])]
SHARED = next((folder for folder in FOLDERS if folder.exists()), FOLDERS[0])
DATA = SHARED / "data/dispatch"
SOLOMON = "C101 C104 C203 C208 R105 R110 R202 R208 RC103 RC107 RC203 RC207".split()

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
Row = tuple[object, ...]


@dataclass(frozen=True)
class Family:
    """Instances of one kind: name, day's source, best known cost."""

    title: str
    goal: str
    cases: list[tuple[str, formats.Source, float]]
    seconds: float


def city(seed: int, jobs: int = 200, engineers: int = 25, cities: int = 1) -> Day | None:
    """The day of city_day.py, made in memory; the legs of a country's are worked out when they are asked for."""
    path = SHARED / "bench/city_day.py"
    if not path.exists():
        return None
    module = _module(path)
    vars(module)["build"] = lambda *_: (np.zeros((1, 1), int), np.ones((1, 1), bool), None)
    made = module.make(Namespace(jobs=jobs, engineers=engineers, seed=seed, cities=cities))
    day: Day = formats.city_day.read(json.dumps(made).encode(), f"city {seed}")
    points = np.array([(p.lat, p.lon) for p in day.places])
    roads = legs.Legs(travel.GreatCircle(), points, engineers, 240)
    return replace(day, travel=roads.whole() if len(points) <= 2000 else roads)


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("city_day", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def families(minutes: float) -> Iterator[Family]:
    """The published instances; the time limits of the goals, cut to fit into the minutes given."""
    short = min(1.0, minutes / 15)
    for title, goal, folder, table, key, cost, seconds, pattern in (
        ("Solomon-12", "mean gap <= 0.5 %, worst <= 2 %", "vrptw", "best_known.csv", "instance", "distance", 5, "{}.txt"),
        ("TRSP", "all served, mean gap <= 8 % (stretch 3 %)", "trsp-pillac", "best_known.csv", "instance", "working_time", 8, "{}.txt"),
        ("HHCRSP", "gap <= 10 %", "hhcrsp", "best_known.csv", "instance", "total_cost", 10, "{}"),
    ):  # fmt: skip
        if not (DATA / folder).exists():
            continue
        rows = list(csv.DictReader((DATA / folder / table).open()))
        if folder == "vrptw":
            rows = [r for r in rows if r[key] in SOLOMON]
        cases = [
            (r[key].split(".")[0], formats.read(DATA / folder / pattern.format(r[key])), float(r[cost]))
            for r in rows
        ]
        yield Family(title, goal, cases, max(1.0, seconds * short))
    files = sorted((DATA / "sdvrptw").glob("*.vrp"))
    if files:
        cases = [
            (f.stem, formats.read(f), float(f.with_suffix(".sol").read_text().split()[-1])) for f in files
        ]
        yield Family("site-dependent VRPTW", "-", cases, max(1.0, 5 * short))


def measured(family: Family, done: Callable[[str], None]) -> list[Row]:
    rows: list[Row] = []
    for name, source, best in family.cases:
        done(f"{family.title} {name}")
        engine.load(linked=bool(source.day.links))
        began = time.perf_counter()
        plan = solve.solve(source.day, limit=Limit(seconds=family.seconds))
        took = time.perf_counter() - began
        verdict = referee.check(source.day, plan)
        cost = source.measure(verdict)
        rows.append(
            (
                name,
                best,
                round(cost, 2),
                (cost / best - 1) * 100,
                len(verdict.unserved),
                len(verdict.violations),
                took,
            )
        )
    return rows


def city_rows(done: Callable[[str], None]) -> Iterator[Row]:
    for seconds, processes, goal in ((1, 1, 690), (5, 1, 645), (30, 2, 585)):
        costs, urgent, broken = [], 0, 0
        for seed in (7, 8, 9):
            done(f"city day {seed}, {seconds} s")
            day = city(seed)
            if day is None:
                return
            limit = Limit(seconds=seconds)
            plan = (
                solve.solve(day, limit=limit)
                if processes == 1
                else worker.solve(day, limit=limit, processes=2)
            )
            verdict = referee.check(day, plan)
            costs.append(verdict.cost.total / 1000)
            urgent += sum(j.priority < 3 for j in day.jobs if j.id in verdict.unserved)
            broken += len(verdict.violations)
        yield (
            f"{seconds} s, {processes} core(s)",
            goal,
            *(round(c, 1) for c in costs),
            round(mean(costs), 1),
            urgent,
            broken,
        )


def large_rows(done: Callable[[str], None]) -> Iterator[Row]:
    """One process as it stands; the country's day in two, this process's memory beside it."""
    for jobs, engineers, cities, seconds, processes, goal in (
        (1000, 100, 1, 26, 1, "30 s, 2826, 937"),
        (10_000, 1100, 10, 75, 2, "90 s, -, 9548"),
    ):
        done(f"{jobs:,} jobs x {engineers:,} engineers")
        day = city(7, jobs, engineers, cities)
        if day is None:
            return
        began, limit = time.perf_counter(), Limit(seconds=seconds)
        plan = (
            solve.solve(day, limit=limit) if processes == 1 else worker.solve(day, limit=limit, processes=2)
        )
        took = time.perf_counter() - began
        verdict = referee.check(day, plan)
        left_out = set(verdict.unserved)
        missing = [sum(j.priority == p and j.id in left_out for j in day.jobs) for p in (1, 2, 3, 4)]
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        empty = insertion.Board(matrices.build(day), Plan())
        possible = sum(j.priority == 1 and j.id in left_out and bool(empty.best(j)) for j in day.jobs)
        yield (
            f"{jobs:,} x {engineers:,}, {processes} core(s)",
            goal,
            took,
            verdict.cost.total // 1000,
            verdict.served,
            "/".join(map(str, missing)),
            possible,
            len(verdict.violations),
            megabytes,
        )


def insertion_row(done: Callable[[str], None]) -> Row:
    """The kernel: a new job against 1,000 engineers with 8 jobs each."""
    done("insertion kernel")
    board, visitors = kernel()
    times = []
    for job, visitor in visitors:
        began = time.perf_counter()
        board.best(job, visitor=visitor)
        times.append((time.perf_counter() - began) * 1000)
    return (
        "1,000 engineers x 8 jobs",
        3.0,
        *(round(float(v), 2) for v in np.percentile(times, [50, 95, 99])),
    )


def kernel() -> tuple[insertion.Board, list[tuple[object, insertion.Visitor]]]:
    """A board of 1,000 engineers × 8 jobs, and 300 strangers."""
    from_ = np.random.default_rng(1)
    return _kernel(from_)


def _kernel(r: np.random.Generator) -> tuple[insertion.Board, list[tuple[object, insertion.Visitor]]]:
    crew, each = 1000, 8
    n = crew * (each + 1)
    xy = r.uniform(0, 3000, (n, 2)).astype(np.float32)
    travel = np.zeros((n, n), np.int32)
    for i in range(n):
        travel[i] = np.hypot(*(xy - xy[i]).T)
    engineers = tuple(formats.day_json.Engineer(f"e{i}", i, i, (28800, 64800)) for i in range(crew))
    window = ((28800, 64800),)
    jobs = tuple(formats.day_json.Job(f"j{i}", crew + i, 1800, window) for i in range(crew * each))
    plan = Plan({f"e{i}": tuple(f"j{i * each + k}" for k in range(each)) for i in range(crew)})
    board = insertion.Board(matrices.build(Day(engineers, jobs, travel)), plan)
    strangers: list[tuple[object, insertion.Visitor]] = []
    for k in range(300):
        way = np.hypot(*(xy - r.uniform(0, 3000, 2)).T).astype(np.int64)
        visitor = insertion.Visitor(r.random(crew) < 0.4, np.zeros(crew, np.int64), way, way)
        strangers.append((replace(jobs[0], id=f"new{k}", windows=((36000, 43200),)), visitor))
    return board, strangers


def table(title: str, columns: str, rows: list[Row]) -> Table:
    found = Table(*columns.split("|"), title=title)
    for row in rows:
        found.add_row(*(f"{v:,.2f}" if isinstance(v, float) else str(v) for v in row))
    return found


@app.command()
def main(
    minutes: float = typer.Option(15.0, help="Roughly how long; shorter limits when less than 15."),
    only: str = typer.Option(
        "", help="Of city, large, insertion, replan, Solomon-12, TRSP, HHCRSP, …; commas."
    ),
) -> None:
    """Measure and print."""
    wanted = {w.strip() for w in only.split(",") if w.strip()}
    console, screens = Console(width=110), []
    with Progress(console=Console(file=sys.stderr), transient=True) as bar:
        found = [f for f in families(minutes) if not wanted or f.title in wanted]
        task = bar.add_task("", total=sum(len(f.cases) for f in found) + 15)

        def done(what: str) -> None:
            bar.update(task, advance=1, description=what)

        for family in found:
            rows = measured(family, done)
            gaps = [float(str(r[3])) for r in rows]
            title = f"{family.title}, {family.seconds:.0f} s: mean gap {mean(gaps):.2f} %, worst {max(gaps):.2f} % (goal: {family.goal})"
            screens.append(table(title, "instance|best known|cost|gap %|unserved|violations|s", rows))
        others: list[tuple[str, str, str, Callable[[], list[Row]]]] = [
            ("city", "City day 200 x 25, cost in thousands", "limit|goal|seed 7|8|9|mean|P1/P2 unserved|violations", lambda: list(city_rows(done))),
            ("large", "Large days, seed 7", "day|goal|s|cost (k)|served|P1/2/3/4 unserved|of P1 somebody could reach|violations|MB", lambda: list(large_rows(done))),
            ("insertion", "Insertion kernel, ms", "size|goal p95|p50|p95|p99", lambda: [insertion_row(done)]),
            ("replan", "Emergencies at 11:00 (goals: <= 1 s, as many placed as in a cold solve, >= 90 % kept, <= 10 min, polish <= 3 % over cold)",
             "seed|s|placed, cold|kept %|shift min|polished: kept %|shift min|quick (k)|polished (k)|cold (k)|polish over cold %|violations",
             lambda: list(replanning(city, done))),
        ]  # fmt: skip
        for name, title, columns, rows_of in others:
            if not wanted or name in wanted:
                screens.append(table(title, columns, rows_of()))
    worker.close_all()
    for screen in screens:
        console.print(screen)


if __name__ == "__main__":
    app()
