"""`baoxiu dispatch`: plan the day in a file, referee a plan of it, print the schema of our own day. No database."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from baoxiu.dispatch.plan import engine, formats, referee, solve, worker
from baoxiu.dispatch.plan.formats import day_json
from baoxiu.dispatch.plan.limit import Limit
from baoxiu.dispatch.plan.model import Plan
from baoxiu.faces.console.progress import counting
from baoxiu.faces.console.start import FAILED, MISUSED, Trouble, complain, say

app = typer.Typer(no_args_is_help=True, help="Plan a day of visits from a file, or referee a plan.")
File = Annotated[
    Path, typer.Argument(help="JSON day, city day, Solomon, VRPLIB, TRSP or HHCRSP.", dir_okay=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command("solve")
def solve_file(
    file: File,
    seconds: Annotated[float | None, typer.Option(min=0.0, help="Time limit; default 5.")] = None,
    iterations: Annotated[
        int | None, typer.Option(min=0, help="Instead of a time limit: same input, same plan.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0)] = 1,
    processes: Annotated[
        int, typer.Option(min=1, max=64, help="Searches side by side; the best plan wins.")
    ] = 1,
    start: Annotated[Path | None, typer.Option(help="A plan to begin from.", exists=True)] = None,
    output: Annotated[
        Path | None, typer.Option(help="Where to write the plan, as the file's authors do.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a plan; exit 1 when the referee finds a hard rule broken."""
    source = _read(file)
    warm = _read_plan(source, start) if start else None
    limit = Limit(seconds=5.0 if seconds is None and iterations is None else seconds, iterations=iterations)
    _load(linked=bool(source.day.links))
    began = time.perf_counter()
    try:
        if processes == 1:
            plan = solve.solve(source.day, limit=limit, seed=seed, start=warm)
        else:
            plan = worker.solve(source.day, limit=limit, seed=seed, start=warm, processes=processes)
        took = time.perf_counter() - began
        if output:
            output.write_text(json.dumps(source.write_plan(plan), ensure_ascii=False))
    except (worker.Failed, OSError) as error:
        raise Trouble(str(error), FAILED) from error
    _report(source, plan, as_json, {"seconds": round(took, 3)})


@app.command("check")
def check_file(
    file: File,
    solution: Annotated[Path, typer.Argument(help="A plan: our JSON, or as the file's authors write it.")],
    as_json: AsJson = False,
) -> None:
    """Referee a plan; exit 1 when a hard rule is broken."""
    source = _read(file)
    _report(source, _read_plan(source, solution), as_json, {})


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of our own day."""
    say(json.dumps(day_json.schema(), indent=1, ensure_ascii=False))


def _load(*, linked: bool) -> None:
    """Before the clock runs; a person is told when it takes long."""
    todo = engine.to_compile(linked=linked)
    if not todo:
        return engine.load(linked=linked)
    complain("compiling the search, once on this machine: about a quarter of a minute")
    ready = iter(range(1, todo + 1000))
    with counting("compiled", todo) as count:
        engine.load(linked=linked, tell=lambda name: count(next(ready), name))


def _read(file: Path) -> formats.Source:
    try:
        return formats.read(file)
    except formats.Unreadable as error:
        raise Trouble(str(error), MISUSED) from error


def _read_plan(source: formats.Source, file: Path) -> Plan:
    try:
        return source.read_plan(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Trouble(f"{file}: {error}", MISUSED) from error


def _report(source: formats.Source, plan: Plan, as_json: bool, more: dict[str, Any]) -> None:
    verdict = referee.check(source.day, plan)
    priority = {j.id: j.priority for j in source.day.jobs}
    unserved = Counter(priority[j] for j in verdict.unserved)
    facts = {
        "format": source.format,
        "cost": round(source.measure(verdict), 4),
        "served": verdict.served,
        "unserved": len(verdict.unserved),
        "unserved_by_priority": {str(p): n for p, n in sorted(unserved.items())},
        "violations": len(verdict.violations),
        **more,
    }
    if as_json:
        facts["violation_list"] = [
            {"code": v.code, "text": v.text.en, "job": v.job, "engineer": v.engineer, "seconds": v.seconds}
            for v in verdict.violations
        ]
        facts["plan"] = {"routes": _timed_routes(verdict, plan)}
        facts["unserved_jobs"] = list(verdict.unserved)
        facts["solution"] = source.write_plan(plan)
        say(json.dumps(facts, ensure_ascii=False))
    else:
        for name, value in facts.items():
            say(f"{name:22}{value}")
        for v in verdict.violations[:20]:
            say(f"  {v.code}: {v.text.en} (job {v.job or '-'}, engineer {v.engineer or '-'})")
    if verdict.violations:
        raise typer.Exit(FAILED)


def _timed_routes(verdict: referee.Verdict, plan: Plan) -> list[dict[str, Any]]:
    return [
        {
            "engineer": who,
            "stops": list(plan.routes[who]),
            "departure": timed.departure,
            "home": timed.home,
            "visits": [
                {"job": v.job, "arrival": v.arrival, "start": v.start, "end": v.end} for v in timed.visits()
            ],
        }
        for who, timed in sorted(verdict.routes.items())
    ]
