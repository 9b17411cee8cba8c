"""Compiled: search for days with linked visits and delays at a price. Every trial is timed as a whole.

A route is a row of `seq`; column `size` follows. Linked visits are fixed together when both engineers are ready, so two
pairs that would have to wait for each other crosswise count as impossible.
"""

from __future__ import annotations

import math

import numpy as np

from baoxiu.dispatch.plan.engine.compiled import Grid, Ints, Words, compiled
from baoxiu.dispatch.plan.engine.layout import (
    ABLES,
    BROKEN,
    END,
    ENGINEERS,
    JOBS,
    LIMIT,
    MAX_JOBS,
    NEARS,
    PENALTY,
    PLACE,
    SHIFT0,
    START,
    TRAVEL,
    able,
    closes,
    engineer,
    job,
    leg,
    near,
    opens,
    pair,
    service_of,
)
from baoxiu.dispatch.plan.engine.search import dice

# rows of `link`: the linked job or -1, whether it is the second of the two, seconds between the starts at least, at most
PARTNER, SECOND, AT_LEAST, AT_MOST = range(4)
TRIES = 7  # places tried for each half of a pair


@compiled
def together(link: Grid, j: int, mine: int, theirs: int) -> tuple[int, int]:
    """Starts of job j and its partner when both engineers could begin then."""
    low, high = link[AT_LEAST, j], link[AT_MOST, j]
    first, second = (theirs, mine) if link[SECOND, j] else (mine, theirs)
    first = max(first, second - high)
    second = max(second, first + low)
    return (second, first) if link[SECOND, j] else (first, second)


@compiled
def reach(d: Ints, seq: Grid, ready: Ints, at: Ints, e: int) -> int:
    here = engineer(d, e, START) if at[e] == 0 else job(d, seq[e, at[e] - 1], PLACE)
    return ready[e] + leg(d, here, job(d, seq[e, at[e]], PLACE))


@compiled
def road(d: Ints, seq: Grid, size: Ints, e: int) -> int:
    """Travel and pair prices of a route."""
    if size[e] == 0:
        return 0
    here, cost, extra = engineer(d, e, START), 0, 0
    for i in range(size[e]):
        there = job(d, seq[e, i], PLACE)
        cost += leg(d, here, there)
        extra += pair(d, e, seq[e, i])
        here = there
    return d[TRAVEL] * (cost + leg(d, here, engineer(d, e, END))) + extra


@compiled
def evaluate(
    d: Ints, seq: Grid, size: Ints, link: Grid, price: Ints, where: Ints, ready: Ints, at: Ints
) -> int:
    """Cost of the visits planned: the road, the pairs' prices, delays; BROKEN when it cannot be.

    `price`: per second late, per second of the worst delay (both 0: windows are hard). `where`: engineer of a job.
    `ready` and `at` are scratch: when an engineer is free and at which stop he is.
    """
    cost, worst, late = 0, 0, 0
    done, planned = 0, 0
    for e in range(d[ENGINEERS]):
        ready[e], at[e] = engineer(d, e, SHIFT0), 0
        planned += size[e]
        cost += road(d, seq, size, e)
    while done < planned:
        before = done
        for e in range(d[ENGINEERS]):
            while at[e] < size[e]:
                j = seq[e, at[e]]
                mine = max(reach(d, seq, ready, at, e), opens(d, j, 0))
                other = link[PARTNER, j]
                if other >= 0 and where[other] >= 0:
                    w = where[other]
                    if w == e:
                        return BROKEN
                    if at[w] >= size[w] or seq[w, at[w]] != other:
                        break
                    theirs = max(reach(d, seq, ready, at, w), opens(d, other, 0))
                    mine, theirs = together(link, j, mine, theirs)
                    delay = max(0, theirs - closes(d, other, 0))
                    late, worst, done = late + delay, max(worst, delay), done + 1
                    ready[w] = theirs + service_of(d, w, other)
                    at[w] += 1
                delay = max(0, mine - closes(d, j, 0))
                late, worst, done = late + delay, max(worst, delay), done + 1
                ready[e] = mine + service_of(d, e, j)
                at[e] += 1
                if worst and not price[0]:
                    return BROKEN
        if done == before:
            return BROKEN
    for e in range(d[ENGINEERS]):
        if size[e]:
            last = job(d, seq[e, size[e] - 1], PLACE)
            if ready[e] + leg(d, last, engineer(d, e, END)) > engineer(d, e, LIMIT):
                return BROKEN
    return cost + price[0] * late + price[1] * worst


@compiled
def put(seq: Grid, size: Ints, where: Ints, e: int, j: int, g: int) -> None:
    for i in range(size[e], g, -1):
        seq[e, i] = seq[e, i - 1]
    seq[e, g] = j
    size[e] += 1
    where[j] = e


@compiled
def take(seq: Grid, size: Ints, where: Ints, j: int) -> None:
    e = where[j]
    i = 0
    while seq[e, i] != j:
        i += 1
    for k in range(i, size[e] - 1):
        seq[e, k] = seq[e, k + 1]
    size[e] -= 1
    where[j] = -1


@compiled
def keep_cheapest(found: Grid, count: int, most: int, e: int, g: int, cost: int) -> int:
    if count == most and found[most - 1, 2] <= cost:
        return count
    k = count if count < most else most - 1
    while k > 0 and found[k - 1, 2] > cost:
        found[k, 0], found[k, 1], found[k, 2] = found[k - 1, 0], found[k - 1, 1], found[k - 1, 2]
        k -= 1
    found[k, 0], found[k, 1], found[k, 2] = e, g, cost
    return min(most, count + 1)


@compiled
def places(
    d: Ints,
    seq: Grid,
    size: Ints,
    link: Grid,
    price: Ints,
    where: Ints,
    ready: Ints,
    at: Ints,
    rng: Words,
    j: int,
    found: Grid,
    most: int,
) -> int:
    """The `most` cheapest places for job j as (engineer, gap) in `found`, the plan's cost beside; how many."""
    count = 0
    for i in range(job(d, j, ABLES)):
        e = able(d, j, i)
        if size[e] >= engineer(d, e, MAX_JOBS):
            continue
        for g in range(size[e] + 1):
            if dice(rng) < 0.02:
                continue
            put(seq, size, where, e, j, g)
            cost = evaluate(d, seq, size, link, price, where, ready, at)
            take(seq, size, where, j)
            if cost >= BROKEN:
                continue
            if most > 1:
                cost += int(dice(rng) * 0.02 * cost)
            count = keep_cheapest(found, count, most, e, g, cost)
    return count


@compiled
def insert(
    d: Ints,
    seq: Grid,
    size: Ints,
    link: Grid,
    price: Ints,
    where: Ints,
    ready: Ints,
    at: Ints,
    rng: Words,
    j: int,
    a: Grid,
    b: Grid,
) -> None:
    """Put job j, and its partner with it, where the plan's cost rises least; left out when that is cheaper."""
    now = evaluate(d, seq, size, link, price, where, ready, at)
    other = link[PARTNER, j]
    if other < 0:
        found = places(d, seq, size, link, price, where, ready, at, rng, j, a, 1)
        if found and a[0, 2] - now < job(d, j, PENALTY):
            put(seq, size, where, a[0, 0], j, a[0, 1])
        return
    ones = places(d, seq, size, link, price, where, ready, at, rng, j, a, TRIES)
    others = places(d, seq, size, link, price, where, ready, at, rng, other, b, TRIES)
    best, k, h = now + job(d, j, PENALTY) + job(d, other, PENALTY), -1, -1
    for i in range(ones):
        put(seq, size, where, a[i, 0], j, a[i, 1])
        for m in range(others):
            if a[i, 0] == b[m, 0]:
                continue
            put(seq, size, where, b[m, 0], other, b[m, 1])
            cost = evaluate(d, seq, size, link, price, where, ready, at)
            take(seq, size, where, other)
            if cost < best:
                best, k, h = cost, i, m
        take(seq, size, where, j)
    if k >= 0:
        put(seq, size, where, a[k, 0], j, a[k, 1])
        put(seq, size, where, b[h, 0], other, b[h, 1])


@compiled
def whole(d: Ints, seq: Grid, size: Ints, link: Grid, price: Ints, where: Ints, ready: Ints, at: Ints) -> int:
    """Cost of the plan with what it leaves out."""
    cost = evaluate(d, seq, size, link, price, where, ready, at)
    for j in range(d[JOBS]):
        if where[j] < 0:
            cost += job(d, j, PENALTY)
    return cost


@compiled
def ruin(d: Ints, seq: Grid, size: Ints, link: Grid, where: Ints, rng: Words, most: int, out: Ints) -> int:
    """Take out a seed and neighbours of it, pairs whole; how many units."""
    seed, count = int(dice(rng) * d[JOBS]), 0
    units = 1 + int(dice(rng) * most)
    scatter = dice(rng) < 0.3
    for i in range(-1, min(d[NEARS], d[JOBS] - 1)):
        if count >= units:
            break
        j = seed if i < 0 else (int(dice(rng) * d[JOBS]) if scatter else near(d, seed, i))
        if where[j] < 0 or (i >= 0 and dice(rng) < 0.4):
            continue
        other = link[PARTNER, j]
        if other >= 0 and where[other] >= 0:
            take(seq, size, where, other)
        take(seq, size, where, j)
        out[count] = j
        count += 1
    return count


@compiled
def gather(d: Ints, link: Grid, where: Ints, rng: Words, out: Ints) -> int:
    """All that is left out, one of each pair, in random order; how many."""
    count = 0
    for j in range(d[JOBS]):
        if where[j] < 0 and (link[PARTNER, j] < 0 or link[PARTNER, j] > j):
            k = int(dice(rng) * (count + 1))
            out[count] = out[k]
            out[k] = j
            count += 1
    return count


@compiled
def copy(seq: Grid, size: Ints, where: Ints, to_seq: Grid, to_size: Ints, to_where: Ints) -> None:
    """Stop by stop: assigning slices would compile numba's sentences about shapes as well."""
    for e in range(len(size)):
        to_size[e] = size[e]
        for i in range(size[e]):
            to_seq[e, i] = seq[e, i]
    for j in range(len(where)):
        to_where[j] = where[j]


@compiled
def run(
    d: Ints,
    seq: Grid,
    size: Ints,
    where: Ints,
    link: Grid,
    price: Ints,
    rng: Words,
    rounds: int,
    hot: float,
    cold: float,
    most: int,
    best_seq: Grid,
    best_size: Ints,
    best_cost: Ints,
) -> int:
    """`rounds` rounds of ruin and recreate from temperature hot to cold; the best plan goes to `best_*`."""
    out = np.zeros(d[JOBS], np.int64)
    ready, at = np.zeros(d[ENGINEERS], np.int64), np.zeros(d[ENGINEERS], np.int64)
    a, b = np.zeros((TRIES, 3), np.int64), np.zeros((TRIES, 3), np.int64)
    now = whole(d, seq, size, link, price, where, ready, at)
    old_seq, old_size, old_where = seq.copy(), size.copy(), where.copy()
    best_where = where.copy()
    for k in range(rounds):
        heat = hot * math.pow(cold / hot, k / rounds)
        ruin(d, seq, size, link, where, rng, most, out)
        count = gather(d, link, where, rng, out)
        for i in range(count):
            insert(d, seq, size, link, price, where, ready, at, rng, out[i], a, b)
        new = whole(d, seq, size, link, price, where, ready, at)
        if new < now - heat * math.log(dice(rng) + 1e-300):
            now = new
            copy(seq, size, where, old_seq, old_size, old_where)
            if now < best_cost[0]:
                best_cost[0] = now
                copy(seq, size, where, best_seq, best_size, best_where)
        else:
            copy(old_seq, old_size, old_where, seq, size, where)
    return now
