"""The referee agrees with published solutions to the last digit, and no corrupted plan passes it.

The published instances are read beside the project and are not part of it: without them those tests are skipped.
"""

from __future__ import annotations

import csv
import json
import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from baoxiu.dispatch.plan import formats, matrices, referee
from baoxiu.dispatch.plan.model import STOCKROOM, Day, Plan
from tests.rooms.plan.days import random_day

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = [folder / "shared/data/dispatch" for folder in (ROOT.parent, ROOT.parents[1])]
DATA = next((folder for folder in FOLDERS if folder.exists()), None)
needs_data = pytest.mark.skipif(DATA is None, reason="../shared/data/dispatch is not here")


@cache
def published() -> list[tuple[formats.Source, Plan, float]]:
    """(source, best-known plan, its cost): TRSP, HHCRSP and site-dependent VRPTW."""
    assert DATA is not None
    found = []
    routes = json.loads((DATA / "trsp-pillac/best_known_routes.json").read_text())
    for row in csv.DictReader((DATA / "trsp-pillac/best_known.csv").open()):
        source = formats.read(DATA / f"trsp-pillac/{row['instance']}.txt")
        plan = source.read_plan(json.dumps(routes[row["instance"]]))
        found.append((source, plan, float(row["working_time"])))
    for row in csv.DictReader((DATA / "hhcrsp/best_known.csv").open()):
        source = formats.read(DATA / "hhcrsp" / row["instance"])
        stem = row["instance"].removesuffix(".json")
        text = next((DATA / "hhcrsp/best").glob(f"sol-{stem}-*.json")).read_text()
        found.append((source, source.read_plan(text), float(row["total_cost"])))
    for file in sorted((DATA / "sdvrptw").glob("*.vrp")):
        source, text = formats.read(file), file.with_suffix(".sol").read_text()
        found.append((source, source.read_plan(text), float(text.split()[-1])))
    return found


@needs_data
def test_every_published_solution_is_accepted_at_its_published_cost():
    for source, plan, cost in published():
        verdict = referee.check(source.day, plan)
        assert verdict.violations == (), source.day.name
        assert verdict.served == len(source.day.jobs), source.day.name
        assert source.measure(verdict) == pytest.approx(cost, abs=6e-4), source.day.name


@needs_data
def test_a_thousand_random_corruptions_are_all_rejected():
    dice = random.Random(4)
    cases = [(s.day, matrices.build(s.day), p) for s, p, _ in published()]
    done = 0
    while done < 1000:
        day, m, plan = dice.choice(cases)
        corrupt = dice.choice(
            [_twice, _unable, _stranger, _without_stockroom, _half, _same_engineer, _too_late]
        )
        broken = corrupt(dice, day, m, plan)
        if broken is not None:
            assert not referee.check(day, broken, m).ok, (day.name, corrupt.__name__)
            done += 1


def _routes(plan: Plan) -> list[tuple[str, int, str]]:
    return [(who, i, stop) for who, stops in plan.routes.items() for i, stop in enumerate(stops)]


def _without(plan: Plan, job: str) -> Plan:
    return Plan({who: tuple(s for s in stops if s != job) for who, stops in plan.routes.items()})


def _twice(dice: random.Random, day: Day, m: matrices.Matrices, plan: Plan) -> Plan | None:
    _, _, job = dice.choice([x for x in _routes(plan) if x[2] != STOCKROOM])
    who = dice.choice(list(plan.routes))
    return plan.with_route(who, (*plan.routes[who], job))


def _unable(dice: random.Random, day: Day, m: matrices.Matrices, plan: Plan) -> Plan | None:
    _, _, job = dice.choice([x for x in _routes(plan) if x[2] != STOCKROOM])
    unable = [e.id for i, e in enumerate(day.engineers) if not m.ok[i, m.job[job]]]
    if not unable:
        return None
    who, rest = dice.choice(unable), _without(plan, job)
    route = rest.routes.get(who, ())
    at = dice.randrange(len(route) + 1)
    return rest.with_route(who, (*route[:at], job, *route[at:]))


def _stranger(dice: random.Random, day: Day, m: matrices.Matrices, plan: Plan) -> Plan | None:
    who = dice.choice([*plan.routes, "nobody"])
    return plan.with_route(who, (*plan.routes.get(who, ()), "no such job"))


def _without_stockroom(dice: random.Random, day: Day, m: matrices.Matrices, plan: Plan) -> Plan | None:
    with_room = [who for who, stops in plan.routes.items() if STOCKROOM in stops]
    if not with_room:
        return None
    who = dice.choice(with_room)
    stops = tuple(s for s in plan.routes[who] if s != STOCKROOM)
    e, columns = m.engineer[who], [m.job[s] for s in stops]
    needed = m.fetch[e, columns].any() or (m.used[columns].sum(axis=0) > m.van[e]).any()
    return plan.with_route(who, stops) if needed else None


def _half(dice: random.Random, day: Day, m: matrices.Matrices, plan: Plan) -> Plan | None:
    if not day.links:
        return None
    link = dice.choice(day.links)
    return _without(plan, dice.choice([link.first, link.second]))


def _same_engineer(dice: random.Random, day: Day, m: matrices.Matrices, plan: Plan) -> Plan | None:
    if not day.links:
        return None
    link = dice.choice(day.links)
    who = plan.engineer_of()[link.first]
    rest = _without(plan, link.second)
    return rest.with_route(who, (*rest.routes[who], link.second))


def _too_late(dice: random.Random, day: Day, m: matrices.Matrices, plan: Plan) -> Plan | None:
    """Two jobs in an order in which the second cannot be reached before its window ends."""
    who, stops = dice.choice([(w, s) for w, s in plan.routes.items() if len(s) > 1])
    jobs = {j.id: j for j in day.jobs}
    a, b = (
        dice.sample([s for s in stops if s != STOCKROOM], 2)
        if len(set(stops) - {STOCKROOM}) > 1
        else ("", "")
    )
    if not a or day.goals.late:
        return None
    done = jobs[a].windows[0][0] + jobs[a].duration + int(day.travel[jobs[a].place, jobs[b].place])
    if done <= jobs[b].windows[-1][1]:
        return None
    rest = [s for s in stops if s not in (a, b)]
    return plan.with_route(who, (*rest, a, b))


def test_a_plan_may_not_forget_a_fixed_job_or_move_it():
    day = random_day(3)
    who = next(e.id for e in day.engineers)
    fixed = replace(day.jobs[0], locked=who, never=frozenset())
    day = replace(day, jobs=(fixed, *day.jobs[1:]))
    assert "locked_missing" in {v.code for v in referee.check(day, Plan()).violations}
    other = next(e.id for e in day.engineers if e.id != who)
    assert "locked" in {v.code for v in referee.check(day, Plan({other: (fixed.id,)})).violations}


def test_reasons_are_told_in_both_languages():
    day = random_day(11)
    plan = Plan({e.id: tuple(j.id for j in day.jobs) for e in day.engineers})
    verdict = referee.check(day, plan)
    assert {"twice", "window"} <= {v.code for v in verdict.violations}
    assert all(v.text.en and v.text.zh for v in verdict.violations)
