"""Compiled: the annealing loop around `search`, and the copies it needs."""

from __future__ import annotations

import math

import numpy as np

from baoxiu.dispatch.plan.engine.compiled import Flags, Ints, Words, compiled
from baoxiu.dispatch.plan.engine.layout import (
    ABLES,
    BLOCK,
    COST,
    ENGINEERS,
    JOBS,
    OWNERS,
    PENALTY,
    SEQ,
    SIZE,
    able,
    job,
    owner,
    stop,
)
from baoxiu.dispatch.plan.engine.search import (
    dice,
    likely,
    mean_length,
    nearest_first,
    place_job,
    ruin,
    sort_out,
    touch,
)

TRIED = 12  # jobs left out that a round tries again, those near its seed
SEED_LEFT_OUT = 0.15  # how often a round begins at a job that is left out


@compiled
def copy_route(d: Ints, a: Ints, b: Ints, e: int) -> None:
    """Route e of a over that of b."""
    for i in range(e * d[BLOCK], (e + 1) * d[BLOCK]):
        b[i] = a[i]


@compiled
def own(d: Ints, r: Ints, e: int) -> None:
    """Write the owner of every job of the route."""
    for i in range(r[e * d[BLOCK] + SIZE]):
        if stop(d, r, e, i) >= 0:
            r[d[OWNERS] + stop(d, r, e, i)] = e


@compiled
def total(d: Ints, r: Ints) -> int:
    """Cost of all."""
    cost = 0
    for e in range(d[ENGINEERS]):
        cost += r[e * d[BLOCK] + COST]
    for j in range(d[JOBS]):
        if owner(d, r, j) < 0:
            cost += job(d, j, PENALTY)
    return cost


@compiled
def left_out(d: Ints, r: Ints, left: Ints) -> int:
    count = 0
    for j in range(d[JOBS]):
        if owner(d, r, j) < 0:
            left[count] = j
            count += 1
    return count


@compiled
def fill(d: Ints, r: Ints, rng: Words) -> None:
    """Put every job that is left out where it is cheapest, in a rule's order."""
    out, key = np.zeros(d[JOBS], np.int64), np.zeros(d[JOBS])
    stamp = np.zeros(d[ENGINEERS] + 1, np.int64)
    count = left_out(d, r, out)
    sort_out(d, rng, out, count, key)
    who = np.zeros(d[ENGINEERS], np.int64)
    for i in range(count):
        tries = job(d, out[i], ABLES)
        for k in range(tries):
            who[k] = able(d, out[i], k)
        place_job(d, r, rng, out[i], who, tries, stamp)


@compiled
def accept(
    d: Ints,
    r: Ints,
    keep: Ints,
    touched: Ints,
    cut: int,
    out: Ints,
    count: int,
    left: Ints,
    lefts: int,
    tried: int,
) -> int:
    """Keep the changed routes; returns how many jobs are left out now, listed in `left`."""
    for i in range(cut):
        copy_route(d, r, keep, touched[i])
    for i in range(tried):
        lefts -= 1
        left[i], left[lefts] = left[lefts], left[i]
    for i in range(count):
        keep[d[OWNERS] + out[i]] = owner(d, r, out[i])
        if owner(d, r, out[i]) < 0:
            left[lefts] = out[i]
            lefts += 1
    return lefts


@compiled
def reject(d: Ints, r: Ints, keep: Ints, touched: Ints, cut: int, out: Ints, count: int) -> None:
    for i in range(count):
        r[d[OWNERS] + out[i]] = -1
    for i in range(cut):
        copy_route(d, keep, r, touched[i])
        own(d, r, touched[i])


@compiled
def save(d: Ints, r: Ints, best: Ints) -> None:
    """Sizes and stops alone; the clocks of `best` are not kept."""
    for e in range(d[ENGINEERS]):
        b = e * d[BLOCK]
        best[b + SIZE] = r[b + SIZE]
        for i in range(b + d[SEQ], b + d[SEQ] + r[b + SIZE]):
            best[i] = r[i]
    for j in range(d[OWNERS], d[OWNERS] + d[JOBS]):
        best[j] = r[j]


@compiled
def risen(d: Ints, r: Ints, keep: Ints, touched: Ints, cut: int, mark: Flags) -> int:
    """What the touched routes cost more than before; their marks are wiped."""
    more = 0
    for i in range(cut):
        mark[touched[i]] = False
        more += r[touched[i] * d[BLOCK] + COST] - keep[touched[i] * d[BLOCK] + COST]
    return more


@compiled
def run(
    d: Ints,
    r: Ints,
    keep: Ints,
    best: Ints,
    best_cost: Ints,
    rng: Words,
    rounds: int,
    hot: float,
    cold: float,
    average: float,
) -> int:
    """`rounds` rounds from temperature hot to cold. `r` and `keep` hold the same plan before and after.

    The best plan goes to `best`; returns the cost of the plan in hand.
    """
    jobs = d[JOBS]
    out, key, left = np.zeros(jobs, np.int64), np.zeros(jobs), np.zeros(jobs, np.int64)
    lefts = left_out(d, r, left)
    touched, mark = np.zeros(d[ENGINEERS], np.int64), np.zeros(d[ENGINEERS], np.bool_)
    who = np.zeros(d[ENGINEERS], np.int64)
    stamp, fresh = np.zeros(d[ENGINEERS] + 1, np.int64), np.zeros(jobs, np.bool_)
    now = total(d, r)
    length = mean_length(d, r)
    for k in range(rounds):
        heat = hot * math.pow(cold / hot, k / rounds)
        seed = int(dice(rng) * jobs)
        if lefts and dice(rng) < SEED_LEFT_OUT:
            seed = left[int(dice(rng) * lefts)]
        count, ruined = ruin(d, r, rng, seed, average, length, out, touched, mark)
        new = now
        for i in range(count):
            fresh[out[i]] = True
            new += job(d, out[i], PENALTY)
        nearest_first(d, seed, left, lefts, TRIED)
        tried = min(TRIED, lefts)
        for i in range(tried):
            out[count] = left[i]
            count += 1
        sort_out(d, rng, out, count, key)
        cut = ruined
        for i in range(count):
            if fresh[out[i]]:
                e = place_job(d, r, rng, out[i], who, likely(d, r, out[i], who, stamp), stamp)
                fresh[out[i]] = False
            else:
                e = place_job(d, r, rng, out[i], touched, ruined, stamp)
            if e >= 0:
                cut = touch(e, touched, cut, mark)
                new -= job(d, out[i], PENALTY)
        new += risen(d, r, keep, touched, cut, mark)
        if new < now - heat * math.log(dice(rng) + 1e-300):
            now = new
            lefts = accept(d, r, keep, touched, cut, out, count, left, lefts, tried)
            if now < best_cost[0]:
                best_cost[0] = now
                save(d, r, best)
        else:
            reject(d, r, keep, touched, cut, out, count)
    return now
