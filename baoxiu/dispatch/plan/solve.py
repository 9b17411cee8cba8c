"""The solver port: a day in, a plan the referee accepts out, whatever engine made it."""

from __future__ import annotations

from dataclasses import dataclass

from baoxiu.dispatch.plan import insertion, matrices, referee
from baoxiu.dispatch.plan.model import Day, Plan


@dataclass(frozen=True, slots=True)
class Limit:
    """When to stop. Only `iterations` gives the same plan twice."""

    seconds: float | None = None
    iterations: int | None = None


def solve(day: Day, *, limit: Limit, seed: int = 1, start: Plan | None = None, processes: int = 1) -> Plan:
    """A plan without violations. `start`: begin from this plan, as far as it keeps the rules."""
    m = matrices.build(day)
    plan = start if start is not None and referee.check(day, start, m).ok else Plan()
    return _fill(m, plan)


def _fill(m: matrices.Matrices, plan: Plan) -> Plan:
    """Insert what is missing, dearest to leave out first."""
    planned = plan.engineer_of()
    missing = [j for j in m.day.jobs if j.id not in planned and j.id not in m.linked]
    board = insertion.Board(m, plan)
    for job in sorted(missing, key=lambda j: (-int(m.penalty[m.job[j.id]]), j.windows[0], j.id)):
        options = board.best(job, top=1)
        if options and options[0].cost < m.penalty[m.job[job.id]]:
            changed = options[0].into(board.plan, job.id)
            board.replace(options[0].engineer, changed.routes[options[0].engineer])
    return board.plan
