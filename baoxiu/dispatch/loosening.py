"""C4.3: what of the plan in force cannot be kept, and where it could go without moving anything else."""

from __future__ import annotations

from baoxiu.dispatch.plan import insertion, model
from baoxiu.dispatch.plan.referee import Verdict
from baoxiu.dispatch.situation import Order, Situation

URGENT = 2  # priorities up to this one are worth moving others for


def presses(order: Order) -> bool:
    """What is urgent, and what a customer waits for at an agreed time."""
    return order.priority <= URGENT or order.window is not None


def loosened(day: Situation, verdict: Verdict | None = None) -> tuple[model.Plan, list[str]]:
    """The plan in force without what breaks a rule there, and the jobs that need a place: those, those whose engineer
    is not there today, and what is urgent or promised and nobody has."""
    plan, loose = day.force, []
    for _ in range(len(day.day.jobs) + 1):
        found = verdict or day.check(plan)
        verdict = None
        broken = [v for v in found.violations if v.engineer and plan.routes.get(v.engineer)]
        if not broken:
            break
        victims = {v.job or plan.routes[v.engineer][-1] for v in broken}
        loose += [n for n in victims if n in day.orders]
        plan = model.Plan(
            {who: tuple(s for s in stops if s not in victims) for who, stops in plan.routes.items()}
        )
    present, planned = {e.id for e in day.day.engineers}, plan.engineer_of()
    for number, order in day.orders.items():
        if order.begun or number in planned or number in loose:
            continue
        gone = bool(order.engineer) and order.engineer not in present
        if gone or (not order.engineer and presses(order)):
            loose.append(number)
    return plan, loose


def inserted(day: Situation, plan: model.Plan, numbers: list[str]) -> tuple[model.Plan, list[str]]:
    """Each in its cheapest place, the dearest to leave out first; and those that fit nowhere."""
    jobs = {j.id: j for j in day.day.jobs}
    board, left = insertion.Board(day.arrays, plan), []
    order = sorted(
        numbers, key=lambda n: (-int(day.arrays.penalty[day.arrays.job[n]]), jobs[n].windows[0], n)
    )
    for number in order:
        options = board.best(jobs[number], top=1)
        if not options:
            left.append(number)
            continue
        changed = options[0].into(board.plan, number)
        board.replace(options[0].engineer, changed.routes[options[0].engineer])
    return board.plan, left
