"""What every engine and the insertion read: the day as arrays, built once.

ok[e, j]       may engineer e do job j (see `why_not` for the reasons against)
extra[e, j]    price of e doing j beside the travel: preference, stability, skill fit, fairness
fetch[e, j]    a tool of the job is not in e's van: it comes after his stockroom
used[j, p]     pieces of part p the job uses up;  van[e, p]: what e carries
penalty[j]     price of leaving j out
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from baoxiu.dispatch.plan.model import Day, Engineer, Goals, Job
from baoxiu.sop import eligibility

T = TypeVar("T")
MUST = 50_000_000  # price of leaving out a job that a dispatcher fixed


@dataclass(frozen=True)
class Matrices:
    day: Day
    ok: NDArray[np.bool_]
    extra: NDArray[np.int64]
    fetch: NDArray[np.bool_]
    used: NDArray[np.int64]
    van: NDArray[np.int64]
    penalty: NDArray[np.int64]

    @cached_property
    def engineer(self) -> dict[str, int]:
        """Engineer id -> row."""
        return {e.id: i for i, e in enumerate(self.day.engineers)}

    @cached_property
    def job(self) -> dict[str, int]:
        """Job id -> column."""
        return {j.id: i for i, j in enumerate(self.day.jobs)}

    @cached_property
    def part(self) -> dict[str, int]:
        """Part number -> column of `used` and `van`."""
        return {name: i for i, name in enumerate(_part_names(self.day))}

    @cached_property
    def linked(self) -> dict[str, tuple[str, ...]]:
        """Job id -> the jobs linked to it."""
        found: dict[str, tuple[str, ...]] = {}
        for link in self.day.links:
            found[link.first] = (*found.get(link.first, ()), link.second)
            found[link.second] = (*found.get(link.second, ()), link.first)
        return found

    def hopeless(self) -> list[str]:
        """Jobs nobody may do, to be told before anybody plans."""
        return [self.day.jobs[j].id for j in np.flatnonzero(~self.ok.any(axis=0))]


def build(day: Day) -> Matrices:
    """Read the rules once per distinct (needs, abilities): 10,000 jobs have few of either."""
    engineers, jobs = day.engineers, day.jobs
    needs, need_of = distinct([j.needs for j in jobs])
    able, able_of = distinct([e.abilities for e in engineers])
    may = np.array([[not eligibility.bars(n, a, day.date) for n in needs] for a in able], bool)
    fetch = np.array([[not set(n.tools) <= a.tools for n in needs] for a in able], bool)
    fit = np.array([[_surplus(n, a) for n in needs] for a in able], np.int64) * day.goals.skill_fit
    shape = (len(engineers), len(jobs))
    pick = np.ix_(able_of, need_of)
    ok = may.reshape(len(able), len(needs))[pick] if all(shape) else np.zeros(shape, bool)
    _name_rules(day, ok)
    used, van = _parts(day)
    return Matrices(
        day=day,
        ok=ok,
        extra=_extra(
            day, fit.reshape(len(able), len(needs))[pick] if all(shape) else np.zeros(shape, np.int64)
        ),
        fetch=fetch.reshape(len(able), len(needs))[pick] if all(shape) else np.zeros(shape, bool),
        used=used,
        van=van,
        penalty=np.array([_price(day.goals, j) for j in jobs], np.int64),
    )


def _price(goals: Goals, job: Job) -> int:
    """Of leaving it out: a broken promise weighs more than an emergency that nobody was told of."""
    if job.locked:
        return MUST
    price = goals.unserved[job.priority]
    return price + goals.unserved[1] if job.promised else price


def why_not(day: Day, engineer: Engineer, job: Job) -> tuple[eligibility.Bar, ...]:
    """The reasons behind a False in `ok`."""
    return (
        *eligibility.bars(job.needs, engineer.abilities, day.date),
        *eligibility.pair_bars(engineer.id, only=job.only, never=job.never, locked=job.locked),
    )


def distinct(values: list[T]) -> tuple[list[T], NDArray[np.int64]]:
    """The values without repetition, and which of them each is."""
    index: dict[T, int] = {}
    rows = [index.setdefault(v, len(index)) for v in values]
    return list(index), np.array(rows, np.int64)


def _surplus(needs: eligibility.Needs, able: eligibility.Abilities) -> int:
    """Levels above what the job needs."""
    held = dict(able.skills)
    return sum(max(0, held.get(code, 0) - level) for code, level in needs.skills)


def _name_rules(day: Day, ok: NDArray[np.bool_]) -> None:
    row = {e.id: i for i, e in enumerate(day.engineers)}
    for j, job in enumerate(day.jobs):
        if job.only or job.locked:
            allowed = set(job.only) if job.only else {job.locked}
            allowed &= {job.locked} if job.locked else allowed
            keep = [row[e] for e in allowed if e in row]
            column = np.zeros(len(row), bool)
            column[keep] = ok[keep, j]
            ok[:, j] = column
        for e in job.never:
            if e in row:
                ok[row[e], j] = False


def _extra(day: Day, extra: NDArray[np.int64]) -> NDArray[np.int64]:
    """`extra`: what skill fit costs; filled up in place, for a country's is large."""
    goals = day.goals
    row = {e.id: i for i, e in enumerate(day.engineers)}
    load = np.array([e.load for e in day.engineers], np.int64) * goals.fairness // 3600
    extra += np.maximum(load, 0)[:, None]
    for wish, price in (("preferred", goals.non_preferred), ("planned", goals.stability)):
        asked = [(j, getattr(job, wish)) for j, job in enumerate(day.jobs) if getattr(job, wish)]
        if not (asked and price):
            continue
        columns = [j for j, _ in asked]
        extra[:, columns] += price
        for j, who in asked:
            if who in row:
                extra[row[who], j] -= price
    return extra


def _part_names(day: Day) -> list[str]:
    return sorted({part for job in day.jobs for part, _ in job.needs.parts})


def _parts(day: Day) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    names = _part_names(day)
    column = {name: i for i, name in enumerate(names)}
    used = np.zeros((len(day.jobs), len(names)), np.int64)
    van = np.zeros((len(day.engineers), len(names)), np.int64)
    for j, job in enumerate(day.jobs):
        for part, n in job.needs.parts:
            used[j, column[part]] += n
    for e, engineer in enumerate(day.engineers):
        for part, n in engineer.abilities.van:
            if part in column:
                van[e, column[part]] += n
    return used, van
