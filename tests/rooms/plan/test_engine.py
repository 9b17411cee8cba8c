"""The compiled search: its prices are the referee's, its plans keep every rule, and rounds make it repeatable."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from baoxiu.dispatch.plan import engine, matrices, parts, referee, worker
from baoxiu.dispatch.plan.engine import anneal, arrays, route
from baoxiu.dispatch.plan.limit import Limit
from baoxiu.dispatch.plan.model import Day, Engineer, Goals, Job, Link, Place, Plan
from baoxiu.dispatch.plan.repair import filled, mended, steady, worth
from baoxiu.dispatch.plan.solve import ENOUGH, SEARCHES, solve
from tests.rooms.plan.days import H, random_day

SHORT = Limit(iterations=400)


def plain(seed: int) -> Day:
    """Every rule but working time, whose price the search only estimates on days with lunch or several windows."""
    day = random_day(seed, engineers=4, jobs=14)
    crew = tuple(replace(e, longest=0) for e in day.engineers)
    return replace(day, engineers=crew, goals=replace(day.goals, working=0))


@pytest.mark.parametrize("seed", range(12))
def test_the_search_counts_as_the_referee_does_after_every_stretch_of_rounds(seed):
    day = plain(seed)
    m = matrices.build(day)
    d = arrays.flat_day(m)
    r = arrays.flat_routes(m, d, Plan())
    rng = np.array([seed + 1], np.uint64)
    route.refresh_all(d, r)
    anneal.fill(d, r, rng)
    keep, best, cost = r.copy(), r.copy(), np.array([anneal.total(d, r)], np.int64)
    for _ in range(6):
        now = anneal.run(d, r, keep, best, cost, rng, 50, 500.0, 100.0, 6.0)
        assert (r == keep).all()
        for routes, price in ((r, now), (best, cost[0])):
            verdict = referee.check(day, arrays.plan_of(m, d, routes), m)
            assert verdict.violations == ()
            assert verdict.cost.total == price


@pytest.mark.parametrize("seed", range(8))
def test_plans_of_days_with_every_rule_are_sound_and_repeatable(seed):
    day = random_day(seed, engineers=4, jobs=14)
    plan = solve(day, limit=SHORT, seed=3)
    assert referee.check(day, plan).ok
    assert solve(day, limit=SHORT, seed=3) == plan


def test_working_time_is_counted_like_the_referee_does_on_days_without_lunch():
    day = plain(4)
    day = replace(
        day,
        engineers=tuple(replace(e, lunch=None, longest=6 * H, overtime=0) for e in day.engineers),
        jobs=tuple(replace(j, windows=j.windows[:1]) for j in day.jobs),
        goals=Goals(travel=0, working=1),
    )
    m = matrices.build(day)
    d = arrays.flat_day(m)
    r = arrays.flat_routes(m, d, solve(day, limit=SHORT))
    route.refresh_all(d, r)
    verdict = referee.check(day, arrays.plan_of(m, d, r), m)
    assert verdict.ok
    assert verdict.cost.total == anneal.total(d, r)


@pytest.mark.parametrize("seed", range(4))
def test_starting_later_than_told_is_counted_like_the_referee_does_on_days_without_lunch(seed):
    day = plain(seed)
    day = replace(day, engineers=tuple(replace(e, lunch=None) for e in day.engineers))
    visits = referee.check(day, solve(day, limit=SHORT)).visits
    told = {j: v.start - 900 for j, v in visits.items()}
    jobs = tuple(replace(j, told=told.get(j.id)) for j in day.jobs)
    day = replace(day, jobs=jobs, goals=replace(day.goals, moving=120))
    m = matrices.build(day)
    d = arrays.flat_day(m)
    plan = solve(day, limit=SHORT, seed=5)
    r = arrays.flat_routes(m, d, plan)
    route.refresh_all(d, r)
    verdict = referee.check(day, plan, m)
    assert verdict.cost.moving > 0
    assert verdict.cost.total == anneal.total(d, r)


def test_a_warm_start_with_stability_moves_few_and_is_never_dearer_than_staying():
    day = random_day(7, engineers=6, jobs=30, rich=False)
    before = solve(day, limit=Limit(iterations=2000))
    owner = before.engineer_of()
    planned = tuple(replace(j, planned=owner.get(j.id, "")) for j in day.jobs)
    again = replace(day, jobs=planned, goals=replace(day.goals, stability=1800))
    after = solve(again, limit=SHORT, start=before, seed=9)
    assert referee.check(again, after).cost.total <= referee.check(again, before).cost.total
    kept = [j for j, e in after.engineer_of().items() if owner.get(j) == e]
    assert len(kept) >= 0.9 * len(owner)


def test_a_plan_there_is_time_for_is_as_cheap_as_one_from_nothing_and_keeps_more():
    day = random_day(12, engineers=8, jobs=40)
    first = solve(day, limit=Limit(iterations=300))
    owner, cost = first.engineer_of(), lambda p: referee.check(parts.untold(planned), p).cost.total
    jobs = tuple(replace(j, planned=owner.get(j.id, "")) for j in day.jobs)
    planned = replace(day, jobs=jobs, goals=replace(day.goals, stability=1800))
    cold = solve(parts.untold(planned), limit=Limit(iterations=30_000), seed=2)
    found = solve(parts.thorough(planned), limit=Limit(iterations=30_000), start=first)
    assert referee.check(day, found).ok and cost(found) <= 1.03 * cost(cold)
    kept = [sum(who == owner.get(job) for job, who in p.engineer_of().items()) for p in (cold, found)]
    assert kept[0] < kept[1]


@pytest.mark.parametrize("seed", range(6))
def test_times_already_told_are_kept_as_far_as_the_day_allows(seed):
    day = plain(seed)
    m = matrices.build(day)
    plan = solve(day, limit=SHORT)
    told = {job: visit.start + 1200 for job, visit in referee.check(day, plan, m).visits.items()}
    held = steady(m, plan, told)
    before, after = referee.check(day, plan, m), referee.check(day, held, m)
    assert after.ok and after.cost.total == before.cost.total
    gaps = [[abs(v.visits[job].start - told[job]) for job in told] for v in (before, after)]
    assert sum(gaps[1]) < sum(gaps[0])


def test_a_start_that_breaks_rules_is_mended_not_believed():
    day = random_day(2)
    wild = Plan({e.id: tuple(j.id for j in day.jobs) for e in day.engineers} | {"nobody": ("j0",)})
    assert referee.check(day, mended(matrices.build(day), wild)).ok
    assert referee.check(day, solve(day, limit=SHORT, start=wild)).ok


def test_two_engineers_meet_at_a_linked_job_on_a_day_with_lunch_and_parts():
    met = 0
    for seed in range(5):
        day = random_day(seed, engineers=5, jobs=16)
        day = replace(day, links=(Link("j0", "j1"), Link("j2", "j3", 1800, 3 * H)))
        plan = solve(day, limit=Limit(iterations=300))
        verdict = referee.check(day, plan)
        assert verdict.ok
        if "j0" in verdict.visits:
            met += 1
            assert verdict.visits["j0"].start == verdict.visits["j1"].start
    assert met


def test_a_large_day_falls_into_pieces_that_share_nobody_and_lose_nothing(monkeypatch):
    monkeypatch.setattr(parts, "CROWD", 20)
    day = random_day(5, engineers=12, jobs=60, rich=False)
    day = replace(
        day, places=tuple(Place(str(i), 31 + i % 7 / 100, 121 + i / 900) for i in range(len(day.travel)))
    )
    m = matrices.build(day)
    pieces = [region for island in parts.islands(m) for region in parts.regions(matrices.build(island))]
    assert len(pieces) >= 3
    crews = [e.id for p in pieces for e in p.engineers]
    assert len(crews) == len(set(crews))
    assert sorted(j.id for p in pieces for j in p.jobs) == sorted(
        j.id for j in day.jobs if m.ok[:, m.job[j.id]].any()
    )
    for piece in pieces:
        assert matrices.build(piece).ok.any(axis=0).all()


def test_a_dear_job_that_fits_only_in_place_of_a_cheap_one_gets_in():
    travel = np.array([[0, 60, 60], [60, 0, 60], [60, 60, 0]])
    window = ((8 * H, 9 * H),)
    jobs = (Job("cheap", 1, 3 * H, window, priority=4), Job("dear", 2, 3 * H, window, priority=1))
    day = Day((Engineer("e", 0, 0, (8 * H, 12 * H)),), jobs, travel)
    m = matrices.build(day)
    assert filled(m, Plan({"e": ("cheap",)})).routes == {"e": ("dear",)}


def test_a_promised_visit_is_not_given_up_for_an_emergency_nobody_was_told_of():
    travel = np.array([[0, 60, 60], [60, 0, 60], [60, 60, 0]])
    window = ((8 * H, 9 * H),)
    jobs = (
        Job("told", 1, 3 * H, window, priority=3, promised=True),
        Job("new", 2, 3 * H, window, priority=1),
    )
    day = Day((Engineer("e", 0, 0, (8 * H, 12 * H)),), jobs, travel)
    assert solve(day, limit=SHORT, start=Plan({"e": ("new",)})).routes == {"e": ("told",)}


def test_every_function_is_compiled_for_its_own_types_alone_and_found_on_disk_again():
    engine.load(linked=True)
    modules = [import_module(f"{engine.__name__}.{name}") for name in (*engine.SINGLE, *engine.LINKED)]
    found = {f for module in modules for f in vars(module).values() if hasattr(f, "nopython_signatures")}
    assert len(found) > 70
    assert {len(f.nopython_signatures) for f in found} == {1}
    assert engine.to_compile(linked=True) == 0


def test_a_worker_answers_as_the_search_itself_does_and_is_ended_when_it_takes_too_much():
    day = random_day(1)
    try:
        assert worker.solve(day, limit=SHORT) == solve(day, limit=SHORT)
    finally:
        worker.close_all()
    with pytest.raises(worker.Failed):
        worker.solve(day, limit=SHORT, memory_mb=60)


def in_force(seed: int) -> tuple[Day, Plan]:
    """A day whose plan in force was made in a hurry, with a price on another engineer."""
    day = random_day(seed, engineers=6, jobs=36)
    first = solve(day, limit=Limit(iterations=250))
    owner = first.engineer_of()
    jobs = tuple(replace(j, planned=owner.get(j.id, "")) for j in day.jobs)
    return replace(day, jobs=jobs, goals=replace(day.goals, stability=1800)), first


@pytest.mark.parametrize("seed", range(3))
def test_of_several_searches_the_best_is_led_back_and_progress_tells_of_all(seed, monkeypatch):
    planned, first = in_force(seed)
    settled = matrices.build(parts.thorough(planned))
    search, begun, costs = engine.load(), [], [worth(settled, first)]

    def watched(m, limit, seed, start, progress=None, **more):
        plan = original(m, limit, seed, start, progress, **more)
        begun.append(start)
        costs.append(worth(settled, mended(settled, plan)))
        return plan

    original, told = search.solve, []
    monkeypatch.setattr(search, "solve", watched)
    limit = Limit(iterations=ENOUGH * len(planned.jobs))
    found = solve(parts.thorough(planned), limit=limit, start=first, progress=told.append)
    assert referee.check(planned, found).ok
    assert len(begun) == len(SEARCHES) + 1 and begun.count(None) == 1  # one from nothing, the last leads back
    assert worth(settled, begun[-1]) == min(costs[:-1])
    assert told == sorted(told) and told[-1] == pytest.approx(1.0)


@pytest.mark.parametrize("prices", [parts.calm, parts.thorough])
@pytest.mark.parametrize("seed", (10, 12, 13))
def test_a_replan_is_by_its_own_prices_never_dearer_than_the_plan_it_began_with(prices, seed):
    planned, first = in_force(seed)
    asked = prices(planned)
    found = solve(asked, limit=Limit(iterations=ENOUGH * len(planned.jobs)), start=first)
    assert referee.check(asked, found).ok
    assert referee.check(asked, found).cost.total <= referee.check(asked, first).cost.total


def test_where_rounds_are_few_one_search_has_them_all_and_the_same_plan_comes_twice():
    planned, first = in_force(4)
    few, many = (Limit(iterations=n * len(planned.jobs)) for n in (ENOUGH - 1, ENOUGH))
    for limit in (few, many):
        twice = [solve(parts.thorough(planned), limit=limit, start=first, seed=3) for _ in range(2)]
        assert twice[0] == twice[1]
    told: list[float] = []
    solve(parts.thorough(planned), limit=few, start=first, progress=told.append)
    assert min(told) > 0 and told == sorted(told)


def test_the_quick_answer_weighs_another_engineer_and_minutes_more_than_the_plan_there_is_time_for():
    planned, _ = in_force(1)
    quick, thorough = parts.calm(planned).goals, parts.thorough(planned).goals
    assert quick.stability > planned.goals.stability > thorough.stability > 0
    assert quick.moving > 0 == thorough.moving and thorough.settling and not quick.settling
