"""The vectorised insertion finds what trying every gap before the referee finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from baoxiu.dispatch.plan import insertion, matrices, referee
from baoxiu.dispatch.plan.model import Day, Plan
from tests.rooms.plan.days import into_every_gap, random_day, seeds


def filled(day: Day, m: matrices.Matrices, leave: int) -> tuple[Plan, list[str]]:
    """Jobs put in one by one; the last `leave` are kept out."""
    plan = Plan()
    ids = [j.id for j in day.jobs]
    for job in day.jobs[: len(ids) - leave]:
        options = insertion.Board(m, plan).best(job, top=1)
        if options:
            plan = options[0].into(plan, job.id)
    return plan, ids[len(ids) - leave :]


@settings(max_examples=120, deadline=None)
@given(seed=seeds)
def test_the_cheapest_place_is_the_one_the_referee_prices_lowest(seed):
    day = random_day(seed, rich=seed % 3 > 0)
    m = matrices.build(day)
    plan, rest = filled(day, m, leave=2)
    before = referee.check(day, plan, m)
    assert before.ok
    job = day.jobs[m.job[rest[0]]]
    wanted: dict[str, int] = {}
    for who, candidate in into_every_gap(plan, day, job.id):
        verdict = referee.check(day, candidate, m)
        if verdict.ok:
            rise = verdict.cost.total - before.cost.total + int(m.penalty[m.job[job.id]])
            wanted[who] = min(rise, wanted.get(who, rise))
    found = insertion.Board(m, plan).best(job, top=99)
    assert {o.engineer: o.cost for o in found} == wanted
    for option in found:
        verdict = referee.check(day, option.into(plan, job.id), m)
        assert verdict.ok
        assert verdict.visits[job.id].start == option.start
        assert verdict.travel - before.travel == option.travel


def test_a_stranger_with_travel_vectors_is_priced_like_a_job_of_the_day():
    day = random_day(5)
    m = matrices.build(day)
    plan, rest = filled(day, m, leave=1)
    job = day.jobs[-1]
    column = m.job[job.id]
    visitor = insertion.Visitor(
        m.ok[:, column], m.extra[:, column], day.travel[:, job.place], day.travel[job.place]
    )
    stranger = replace(job, place=10**6)
    board = insertion.Board(m, plan)
    assert rest == [job.id]
    assert board.best(stranger, visitor=visitor) == board.best(job)


@pytest.mark.parametrize("seed", range(6))
def test_a_replaced_route_gives_the_same_answers_as_a_fresh_board(seed):
    day = random_day(seed, jobs=14)
    m = matrices.build(day)
    board, plan = insertion.Board(m, Plan()), Plan()
    for job in day.jobs:
        assert board.best(job) == insertion.Board(m, plan).best(job)
        options = board.best(job, top=1)
        if options:
            plan = options[0].into(plan, job.id)
            board.replace(options[0].engineer, plan.routes[options[0].engineer])


def test_nobody_eligible_is_no_option():
    day = random_day(1)
    m = matrices.build(
        replace(day, jobs=tuple(replace(j, never=frozenset(e.id for e in day.engineers)) for j in day.jobs))
    )
    assert insertion.Board(m, Plan()).best(m.day.jobs[0]) == []
    assert m.hopeless() == [j.id for j in day.jobs]
    assert not np.any(m.ok)
