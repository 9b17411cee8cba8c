"""Compiled: tools and parts – what the van has, where the stockroom stands best, a job together with a stockroom visit."""

from __future__ import annotations

from baoxiu.dispatch.plan.engine.compiled import Ints, compiled
from baoxiu.dispatch.plan.engine.layout import (
    AT_FETCH,
    BLOCK,
    CARRIED,
    FOREVER,
    FREE0,
    FREE1,
    HAS_GOODS,
    HAS_LENGTH,
    HEAD,
    JOBS,
    LAST0,
    LAST1,
    LENGTH,
    LONGEST,
    PARTS,
    ROOM_AT,
    SIZE,
    TAIL,
    TRAVEL,
    VAN,
    WORKING,
    after,
    before,
    engineer,
    leg,
    place_of,
    stop,
    used,
)
from baoxiu.dispatch.plan.engine.route import arrive, join, leave, price, put_in, refresh, stretch, take_out


@compiled
def in_van(d: Ints, r: Ints, e: int, j: int) -> bool:
    """Whether job j may stand before the stockroom (or without one)."""
    if d[d[AT_FETCH] + e * d[JOBS] + j]:
        return False
    for k in range(d[PARTS]):
        if r[e * d[BLOCK] + d[CARRIED] + k] + used(d, j, k) > engineer(d, e, VAN + k):
            return False
    return True


@compiled
def last_gap(d: Ints, r: Ints, e: int) -> int:
    """The last gap the stockroom may stand in so that the van suffices before it; size + 1: it is not needed."""
    n = r[e * d[BLOCK] + SIZE]
    for i in range(n):
        if d[d[AT_FETCH] + e * d[JOBS] + stop(d, r, e, i)]:
            return i
        for k in range(d[PARTS]):
            total = 0
            for h in range(i + 1):
                total += used(d, stop(d, r, e, h), k)
            if total > engineer(d, e, VAN + k):
                return i
    return n + 1


@compiled
def tidy(d: Ints, r: Ints, e: int) -> None:
    """Put the stockroom where it costs least, or drop it; renews the route."""
    refresh(d, r, e)
    if not d[HAS_GOODS]:
        return
    old = r[e * d[BLOCK] + ROOM_AT]
    if old >= 0:
        take_out(d, r, e, old)
        refresh(d, r, e)
    last = last_gap(d, r, e)
    if last > r[e * d[BLOCK] + SIZE]:
        return
    best, gap = FOREVER, min(old, last)
    for g in range(last + 1):
        c = price(d, r, e, -1, g, best)
        if c < best:
            best, gap = c, g
    put_in(d, r, e, -1, max(gap, 0))
    refresh(d, r, e)


@compiled
def old_legs(d: Ints, r: Ints, e: int, q: int, g: int) -> int:
    """Travel of the route from gap q to gap g, both legs included."""
    total = 0
    if r[e * d[BLOCK] + SIZE]:
        for i in range(q, g + 1):
            total += leg(d, before(d, r, e, i), after(d, r, e, i))
    return total


@compiled
def pair_length(d: Ints, r: Ints, e: int, j: int, q: int, g: int) -> int:
    """Shortest working time of the route with the stockroom in gap q and job j in gap g; -1: impossible."""
    h = e * d[BLOCK] + d[HEAD] + 3 * q
    length, first, last = r[h], r[h + 1], r[h + 2]
    at = before(d, r, e, q)
    for i in range(q - 1, g + 1):
        x = -1 if i == q - 1 else (j if i == g else stop(d, r, e, i))
        d2, e2, l2 = stretch(d, e, x)
        here = place_of(d, e, x)
        length, first, last = join(length, first, last, leg(d, at, here), d2, e2, l2)
        if length < 0:
            return -1
        at = here
    t = e * d[BLOCK] + d[TAIL] + 3 * g
    length, first, last = join(length, first, last, leg(d, at, after(d, r, e, g)), r[t], r[t + 1], r[t + 2])
    return length


@compiled
def pair_price(d: Ints, r: Ints, e: int, j: int, q: int, g: int, best: int) -> int:
    """Job j in gap g and the stockroom in gap q <= g of a route without one, the pair's price apart."""
    b = e * d[BLOCK]
    at, f0, f1, travel = before(d, r, e, q), r[b + d[FREE0] + q], r[b + d[FREE1] + q], 0
    for i in range(q - 1, g + 1):
        x = -1 if i == q - 1 else (j if i == g else stop(d, r, e, i))
        here = place_of(d, e, x)
        way = leg(d, at, here)
        a0, a1 = arrive(d, e, f0, f1, way)
        f0, f1 = leave(d, e, x, a0, a1)
        if f1 >= FOREVER and f0 >= FOREVER:
            return FOREVER
        travel += way
        at = here
    on = leg(d, at, after(d, r, e, g))
    a0, a1 = arrive(d, e, f0, f1, on)
    if a1 > r[b + d[LAST1] + g] and a0 > r[b + d[LAST0] + g]:
        return FOREVER
    cost = d[TRAVEL] * (travel + on - old_legs(d, r, e, q, g))
    if d[HAS_LENGTH]:
        length = pair_length(d, r, e, j, q, g)
        if length < 0 or length > engineer(d, e, LONGEST):
            return FOREVER
        cost += d[WORKING] * (length - (r[b + LENGTH] if r[b + SIZE] else 0))
    return cost if cost < best else FOREVER
