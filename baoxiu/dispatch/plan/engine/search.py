"""Compiled: one round of ruin and recreate (after Christiaens and Vanden Berghe's SISR), written anew.

A round takes strings of neighbouring visits out of some routes and puts them and the left-out jobs back one by one,
now and then blind to a gap. Jobs left out for long are tried only in the routes the round has opened.
"""

from __future__ import annotations

import math

import numpy as np

from baoxiu.dispatch.plan.engine.compiled import Flags, Floats, Ints, Words, compiled
from baoxiu.dispatch.plan.engine.goods import in_van, pair_price, tidy
from baoxiu.dispatch.plan.engine.layout import (
    ABLES,
    BLOCK,
    ENGINEERS,
    FREE0,
    FREE1,
    HAS_GOODS,
    JOBS,
    MAX_JOBS,
    NEARS,
    OWNERS,
    PENALTY,
    PLACE,
    ROOM,
    ROOM_AT,
    SIZE,
    START,
    TWIN,
    WINDOWS,
    able,
    closes,
    engineer,
    job,
    leg,
    near,
    opens,
    owner,
    pair,
    stop,
)
from baoxiu.dispatch.plan.engine.route import price, put_in, refresh, take_out

BLINK = 0.01
FEW, HOMES, NEIGHBOURS = (
    20,
    6,
    80,
)  # engineers tried for a job: at most; by their home; by the jobs near by they have
LONGEST_STRING = 10.0
# how often each order of putting back is used: at random, by penalty, far, near, window's length, start, end, choice
ORDERS = np.cumsum(np.array([4.0, 6.0, 2.0, 1.0, 2.0, 2.0, 2.0, 2.0])) / 21.0


@compiled
def dice(rng: Words) -> float:
    """Uniform in [0, 1); the state is one xorshift word."""
    x = rng[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    rng[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def scan(d: Ints, r: Ints, rng: Words, e: int, j: int, best: int) -> tuple[int, int, int]:
    """The cheapest gap of route e for job j: cost, gap and the stockroom's gap (-1: none needed)."""
    bound = best - pair(d, e, j)
    gap, room_gap, b = -1, -1, e * d[BLOCK]
    n, room_at = r[b + SIZE], r[b + ROOM_AT]
    last = closes(d, j, job(d, j, WINDOWS) - 1)
    direct = not d[HAS_GOODS] or in_van(d, r, e, j)
    for g in range(n + 1):
        if r[b + d[FREE0] + g] > last and r[b + d[FREE1] + g] > last:
            break
        if not direct and (room_at < 0 or g <= room_at):
            continue
        if dice(rng) < BLINK:
            continue
        c = price(d, r, e, j, g, bound)
        if c < bound:
            bound, gap = c, g
    if not direct and room_at < 0 and engineer(d, e, ROOM) >= 0:
        for g in range(n + 1):
            for q in range(g + 1):
                c = pair_price(d, r, e, j, q, g, bound)
                if c < bound:
                    bound, gap, room_gap = c, g, q
    return bound + pair(d, e, j), gap, room_gap


@compiled
def likely(d: Ints, r: Ints, j: int, who: Ints, stamp: Ints) -> int:
    """Engineers worth trying for job j, into `who`: all, or those near by when many may; how many."""
    many, count = job(d, j, ABLES), 0
    if many <= FEW:
        for i in range(many):
            who[i] = able(d, j, i)
        return many
    stamp[-1] += 1
    for i in range(HOMES):
        stamp[able(d, j, i)] = stamp[-1]
        who[i] = able(d, j, i)
    count = HOMES
    for i in range(HOMES, many):
        e = able(d, j, i)
        if r[e * d[BLOCK] + SIZE] == 0:
            stamp[e] = stamp[-1]
            who[count] = e
            count += 1
            break
    for i in range(min(d[NEARS], NEIGHBOURS)):
        e = owner(d, r, near(d, j, i))
        if e >= 0 and stamp[e] != stamp[-1] and pair(d, e, j) >= 0:
            stamp[e] = stamp[-1]
            who[count] = e
            count += 1
            if count >= FEW:
                break
    return count


@compiled
def renew(d: Ints, r: Ints, e: int) -> None:
    if d[HAS_GOODS]:
        tidy(d, r, e)
    else:
        refresh(d, r, e)


@compiled
def place_job(d: Ints, r: Ints, rng: Words, j: int, who: Ints, tries: int, stamp: Ints) -> int:
    """Put job j to the engineer of `who` where it is cheapest, if that is cheaper than leaving it out."""
    best, found, gap, room_gap = job(d, j, PENALTY), -1, -1, -1
    stamp[-1] += 1
    for i in range(tries):
        e = who[i]
        b = e * d[BLOCK]
        if pair(d, e, j) < 0:
            continue
        if r[b + SIZE] == 0:
            twin = engineer(d, e, TWIN)
            if stamp[twin] == stamp[-1]:
                continue
            stamp[twin] = stamp[-1]
        elif r[b + SIZE] - (r[b + ROOM_AT] >= 0) >= engineer(d, e, MAX_JOBS):
            continue
        c, g, q = scan(d, r, rng, e, j, best)
        if g >= 0:
            best, found, gap, room_gap = c, e, g, q
    if found >= 0:
        put_in(d, r, found, j, gap)
        if room_gap >= 0:
            put_in(d, r, found, -1, room_gap)
        r[d[OWNERS] + j] = found
        renew(d, r, found)
    return found


@compiled
def nearest_first(d: Ints, seed: int, left: Ints, lefts: int, most: int) -> None:
    """Move the `most` left-out jobs nearest to the seed to the front."""
    here = job(d, seed, PLACE)
    for i in range(min(most, lefts)):
        best, at = leg(d, here, job(d, left[i], PLACE)), i
        for k in range(i + 1, lefts):
            way = leg(d, here, job(d, left[k], PLACE))
            if way < best:
                best, at = way, k
        left[i], left[at] = left[at], left[i]


@compiled
def touch(e: int, touched: Ints, count: int, mark: Flags) -> int:
    if not mark[e]:
        mark[e] = True
        touched[count] = e
        return count + 1
    return count


@compiled
def cut_string(d: Ints, r: Ints, rng: Words, e: int, c: int, take: int, out: Ints, count: int) -> int:
    """`take` stops around job c out of route e; half of the time a stretch in the middle stays."""
    n, spare = r[e * d[BLOCK] + SIZE], 0
    if 1 < take < n and dice(rng) < 0.5:
        spare = 1
        while take + spare < n and dice(rng) > 0.01:
            spare += 1
    at = 0
    while stop(d, r, e, at) != c:
        at += 1
    low, high = max(0, at - take - spare + 1), min(at, n - take - spare)
    i = low + int(dice(rng) * (high - low + 1))
    head = 1 + int(dice(rng) * (take - 1)) if spare else take
    for k in range(take):
        if k == head:
            i += spare
        if stop(d, r, e, i) < 0:
            i += 1
            continue
        j = take_out(d, r, e, i)
        r[d[OWNERS] + j] = -1
        out[count] = j
        count += 1
    return count


@compiled
def ruin(
    d: Ints,
    r: Ints,
    rng: Words,
    seed: int,
    average: float,
    length: float,
    out: Ints,
    touched: Ints,
    mark: Flags,
) -> tuple[int, int]:
    """Strings out of routes near the seed. `out` gets the jobs; returns how many, and how many routes."""
    strings = int(math.floor(dice(rng) * (4.0 * average / (1.0 + length) - 1.0) + 1.0))
    count, cut = 0, 0
    for i in range(-1, min(d[NEARS], d[JOBS] - 1)):
        if cut >= strings:
            break
        c = seed if i < 0 else near(d, seed, i)
        e = owner(d, r, c)
        if e < 0 or mark[e]:
            continue
        cut = touch(e, touched, cut, mark)
        n = r[e * d[BLOCK] + SIZE]
        take = int(math.floor(dice(rng) * min(float(n), length) + 1.0))
        count = cut_string(d, r, rng, e, c, min(take, n), out, count)
        renew(d, r, e)
    return count, cut


@compiled
def mean_length(d: Ints, r: Ints) -> float:
    """Longest string: the mean route, at most ten."""
    planned, routes = 0, 0
    for e in range(d[ENGINEERS]):
        if r[e * d[BLOCK] + SIZE]:
            planned += r[e * d[BLOCK] + SIZE]
            routes += 1
    return min(LONGEST_STRING, planned / max(1, routes))


@compiled
def order_key(d: Ints, j: int, rule: int) -> float:
    last = job(d, j, WINDOWS) - 1
    if rule == 1:
        return -float(job(d, j, PENALTY))
    if rule == 2 or rule == 3:
        way = float(leg(d, engineer(d, max(0, able(d, j, 0)), START), job(d, j, PLACE)))
        return -way if rule == 2 else way
    if rule == 4:
        return float(closes(d, j, last) - opens(d, j, 0))
    if rule == 5:
        return float(opens(d, j, 0))
    if rule == 6:
        return -float(closes(d, j, last))
    if rule == 7:
        return float(job(d, j, ABLES))
    return 0.0


@compiled
def sort_out(d: Ints, rng: Words, out: Ints, count: int, key: Floats) -> None:
    """The order in which jobs are put back: by one of eight rules, ties at random."""
    u, rule = dice(rng), 0
    while ORDERS[rule] < u:
        rule += 1
    for i in range(count):
        key[i] = order_key(d, out[i], rule) + dice(rng)
    for i in range(1, count):
        k, j = key[i], out[i]
        h = i - 1
        while h >= 0 and key[h] > k:
            key[h + 1], out[h + 1] = key[h], out[h]
            h -= 1
        key[h + 1], out[h + 1] = k, j
