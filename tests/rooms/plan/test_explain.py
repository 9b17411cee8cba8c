"""Every planned job has a why, every one left out and every 'why not X' a reason that the referee bears out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baoxiu.dispatch.plan import explain, matrices, referee
from baoxiu.dispatch.plan.limit import Limit
from baoxiu.dispatch.plan.model import Plan
from baoxiu.dispatch.plan.solve import solve
from tests.rooms.plan.days import into_every_gap, random_day


@pytest.mark.parametrize("seed", range(6))
def test_every_job_and_every_engineer_gets_a_true_answer(seed):
    day = random_day(seed, engineers=4, jobs=18)
    m = matrices.build(day)
    plan = solve(day, limit=Limit(iterations=300))
    verdict = referee.check(day, plan, m)
    for job in day.jobs:
        left_out = job.id in verdict.unserved
        if left_out:
            reasons = explain.unserved(m, plan, job.id)
            assert reasons and all(r.text.zh for r in reasons)
        else:
            why = explain.assignment(m, plan, job.id)
            assert why.engineer in why.eligible and why.slack >= 0
        for engineer in day.engineers:
            answer = explain.why_not(m, plan, job.id, engineer.id)
            rest = Plan({e: tuple(s for s in stops if s != job.id) for e, stops in plan.routes.items()})
            prices = [
                v.cost.total - verdict.cost.total
                for who, p in into_every_gap(rest, day, job.id)
                if who == engineer.id and (v := referee.check(day, p, m)).ok
            ]
            if prices:
                assert answer.faults == () and answer.price == min(prices)
            else:
                assert answer.faults
                assert answer.gives_way == "" or answer.price is not None


def test_the_runner_up_costs_what_the_referee_says():
    day = random_day(8, engineers=6, jobs=14, rich=False)
    m = matrices.build(day)
    plan = solve(day, limit=Limit(iterations=300))
    told = [explain.assignment(m, plan, job) for job in plan.engineer_of()]
    others = [why for why in told if why.runner_up]
    assert others
    for why in others:
        assert explain.why_not(m, plan, why.job, why.runner_up).price == why.price


def test_a_job_nobody_may_do_says_so():
    day = random_day(3)
    job = replace(day.jobs[0], never=frozenset(e.id for e in day.engineers))
    m = matrices.build(replace(day, jobs=(job,)))
    reasons = explain.unserved(m, Plan(), job.id)
    assert "excluded" in {r.code for r in reasons}
