"""Compiled: one route – its clocks, its cost, the price of a stop in a gap, putting in and taking out."""

from __future__ import annotations

from baoxiu.dispatch.plan.engine.compiled import Ints, compiled
from baoxiu.dispatch.plan.engine.layout import (
    BLOCK,
    BROKEN,
    CARRIED,
    COST,
    DUE,
    END,
    ENGINEERS,
    FOREVER,
    FREE0,
    FREE1,
    HAS_LENGTH,
    HAS_OVERTIME,
    HEAD,
    LAST0,
    LAST1,
    LEGS,
    LENGTH,
    LIMIT,
    LONGEST,
    LUNCH0,
    LUNCH1,
    LUNCH_SECONDS,
    MOVED,
    MOVING,
    OVER,
    OVERTIME,
    PARTS,
    ROOM_AT,
    ROOM_SECONDS,
    SEQ,
    SHIFT0,
    SHIFT1,
    SIZE,
    SPOT,
    START,
    TAIL,
    TOLD,
    TRAVEL,
    WINDOWS,
    WORKING,
    closes,
    engineer,
    job,
    leg,
    leg_to,
    opens,
    pair,
    place_of,
    service_of,
    stop,
    used,
)


@compiled
def next_start(d: Ints, j: int, t: int) -> int:
    """Earliest start of job j at or after t."""
    for w in range(job(d, j, WINDOWS)):
        if t <= closes(d, j, w):
            return max(t, opens(d, j, w))
    return FOREVER


@compiled
def latest_start(d: Ints, j: int, t: int) -> int:
    """Latest start of job j at or before t."""
    for w in range(job(d, j, WINDOWS) - 1, -1, -1):
        if opens(d, j, w) <= t:
            return min(t, closes(d, j, w))
    return -FOREVER


@compiled
def arrive(d: Ints, e: int, free0: int, free1: int, way: int) -> tuple[int, int]:
    """Both clocks over a leg: lunch to come, lunch behind."""
    a1 = free1 + way
    if free0 >= FOREVER:
        return FOREVER, a1
    earliest, latest = engineer(d, e, LUNCH0), engineer(d, e, LUNCH1)
    seconds = engineer(d, e, LUNCH_SECONDS)
    a0 = free0 + way
    if max(a0, earliest) <= latest:
        a1 = min(a1, max(a0, earliest) + seconds)
    elif max(free0, earliest) <= latest:
        a1 = min(a1, max(free0, earliest) + seconds + way)
    return a0, a1


@compiled
def leave(d: Ints, e: int, x: int, a0: int, a1: int) -> tuple[int, int]:
    """Both clocks over the work at stop x."""
    s = service_of(d, e, x)
    if x < 0:
        return min(a0 + s, FOREVER), min(a1 + s, FOREVER)
    if a0 < FOREVER:
        a0 = min(next_start(d, x, a0) + s, FOREVER)
    return a0, min(next_start(d, x, a1) + s, FOREVER)


@compiled
def home(d: Ints, e: int, h0: int, h1: int) -> int:
    """When the day ends: he may do without lunch if he is home in time for it."""
    if h0 <= engineer(d, e, LUNCH1):
        return min(h0, h1)
    return h1


@compiled
def settle(d: Ints, r: Ints, e: int, travel: int, extra: int, end: int) -> None:
    """Write the cost of a route."""
    b = e * d[BLOCK]
    r[b + COST] = r[b + OVER] = 0
    if r[b + SIZE] == 0:
        return
    r[b + OVER] = max(0, end - engineer(d, e, SHIFT1))
    cost = d[TRAVEL] * travel + extra + d[OVERTIME] * r[b + OVER] + r[b + MOVED]
    if end > engineer(d, e, LIMIT):
        cost += BROKEN
    if d[HAS_LENGTH]:
        cost += d[WORKING] * r[b + LENGTH]
        if r[b + LENGTH] > engineer(d, e, LONGEST):
            cost += BROKEN
    r[b + COST] = cost


@compiled
def backward(d: Ints, r: Ints, e: int) -> None:
    """Per gap the latest arrival at the stop after it, on both clocks."""
    b = e * d[BLOCK]
    n, due = r[b + SIZE], engineer(d, e, DUE)
    earliest, latest = engineer(d, e, LUNCH0), engineer(d, e, LUNCH1)
    seconds = engineer(d, e, LUNCH_SECONDS)
    leave1 = engineer(d, e, LIMIT)
    leave0 = min(leave1, latest)
    for i in range(n, -1, -1):
        arrive1, arrive0 = leave1, leave0
        if i < n:
            x = stop(d, r, e, i)
            s = service_of(d, e, x)
            arrive1, arrive0 = leave1 - s, leave0 - s
            if x >= 0:
                arrive1 = latest_start(d, x, arrive1)
                if due:
                    arrive0 = latest_start(d, x, arrive0)
        way = r[b + d[LEGS] + i]
        leave1 = arrive1 - way
        r[b + d[LAST1] + i] = arrive1
        r[b + d[LAST0] + i] = -FOREVER
        if due:
            if arrive1 - seconds >= earliest:
                arrive0 = max(arrive0, min(latest, arrive1 - seconds))
            r[b + d[LAST0] + i] = arrive0
            leave0 = arrive0 - way
            if leave1 - seconds >= earliest:
                leave0 = max(leave0, min(latest, leave1 - seconds))


@compiled
def join(d1: int, e1: int, l1: int, way: int, d2: int, e2: int, l2: int) -> tuple[int, int, int]:
    """Two stretches of a route one after the other: shortest length, earliest and latest start; -1: impossible."""
    shift = d1 + way
    if e1 + shift > l2:
        return -1, 0, 0
    wait = max(0, e2 - shift - l1)
    return shift + d2 + wait, max(e2 - shift, e1) - wait, min(l2 - shift, l1)


@compiled
def stretch(d: Ints, e: int, x: int) -> tuple[int, int, int]:
    """A stop alone: its length, its first and last start."""
    if x < 0:
        return engineer(d, e, ROOM_SECONDS), engineer(d, e, SHIFT0), engineer(d, e, LIMIT)
    return service_of(d, e, x), opens(d, x, 0), closes(d, x, job(d, x, WINDOWS) - 1)


@compiled
def write3(r: Ints, at: int, a: int, b: int, c: int) -> None:
    r[at] = BROKEN if a < 0 else a
    r[at + 1], r[at + 2] = b, c


@compiled
def segments(d: Ints, r: Ints, e: int) -> None:
    """Lengths from home to each gap (`HEAD`) and from each gap home (`TAIL`), and of the whole route."""
    b = e * d[BLOCK]
    n, first, last = r[b + SIZE], engineer(d, e, SHIFT0), engineer(d, e, LIMIT)
    at = b + d[HEAD]
    write3(r, at, 0, first, last)
    for i in range(n):
        d2, e2, l2 = stretch(d, e, stop(d, r, e, i))
        length, a, z = join(r[at], r[at + 1], r[at + 2], r[b + d[LEGS] + i], d2, e2, l2)
        at += 3
        write3(r, at, length, a, z)
    length, a, z = join(r[at], r[at + 1], r[at + 2], r[b + d[LEGS] + n], 0, first, last)
    r[b + LENGTH] = BROKEN if length < 0 else length
    at = b + d[TAIL] + 3 * n
    write3(r, at, 0, first, last)
    for i in range(n - 1, -1, -1):
        d1, e1, l1 = stretch(d, e, stop(d, r, e, i))
        length, a, z = join(d1, e1, l1, r[b + d[LEGS] + i + 1], r[at], r[at + 1], r[at + 2])
        at -= 3
        write3(r, at, length, a, z)


@compiled
def moved(d: Ints, x: int, a0: int, a1: int) -> int:
    """Price of starting stop x later than told when he arrives so; with lunch still to place a lower bound."""
    if x < 0:
        return 0
    late = min(next_start(d, x, a0), next_start(d, x, a1)) - job(d, x, TOLD)
    return max(0, late) * d[MOVING] // 60


@compiled
def refresh(d: Ints, r: Ints, e: int) -> None:
    """Renew clocks and cost of route e."""
    b = e * d[BLOCK]
    n, free0, free1 = r[b + SIZE], b + d[FREE0], b + d[FREE1]
    for k in range(d[PARTS]):
        r[b + d[CARRIED] + k] = 0
    r[b + ROOM_AT], r[b + MOVED] = -1, 0
    due, first = engineer(d, e, DUE), engineer(d, e, SHIFT0)
    r[free0], r[free1] = (first, FOREVER) if due else (FOREVER, first)
    travel, extra, here, spot = 0, 0, engineer(d, e, START), b + d[SPOT]
    r[spot] = here
    for i in range(n):
        x = stop(d, r, e, i)
        there = place_of(d, e, x)
        way = leg(d, here, there)
        r[b + d[LEGS] + i], r[spot + i + 1], here = way, there, there
        a0, a1 = arrive(d, e, r[free0 + i], r[free1 + i], way)
        if d[MOVING]:
            r[b + MOVED] += moved(d, x, a0, a1)
        r[free0 + i + 1], r[free1 + i + 1] = leave(d, e, x, a0, a1)
        travel += way
        if x < 0:
            r[b + ROOM_AT] = i
        else:
            extra += pair(d, e, x)
            if r[b + ROOM_AT] < 0:
                for k in range(d[PARTS]):
                    r[b + d[CARRIED] + k] += used(d, x, k)
    r[spot + n + 1] = engineer(d, e, END)
    way = leg(d, here, r[spot + n + 1])
    r[b + d[LEGS] + n] = way
    backward(d, r, e)
    h0, h1 = arrive(d, e, r[free0 + n], r[free1 + n], way)
    if d[HAS_LENGTH]:
        segments(d, r, e)
    settle(d, r, e, travel + way, extra, home(d, e, h0, h1))


@compiled
def end_after(d: Ints, r: Ints, e: int, g: int, a0: int, a1: int) -> int:
    """When the day ends if he arrives so at the stop after gap g."""
    for i in range(g, r[e * d[BLOCK] + SIZE]):
        f0, f1 = leave(d, e, stop(d, r, e, i), a0, a1)
        a0, a1 = arrive(d, e, f0, f1, r[e * d[BLOCK] + d[LEGS] + i + 1])
    return home(d, e, a0, a1)


@compiled
def moved_after(d: Ints, r: Ints, e: int, g: int, a0: int, a1: int) -> int:
    """What starting later than told costs more from gap g on if he arrives so at the stop after it."""
    b, more = e * d[BLOCK], 0
    f0, f1, l0, l1 = b + d[FREE0], b + d[FREE1], 0, 0
    for i in range(g, r[b + SIZE]):
        x = stop(d, r, e, i)
        old0, old1 = arrive(d, e, r[f0 + i], r[f1 + i], r[b + d[LEGS] + i])
        more += moved(d, x, a0, a1) - moved(d, x, old0, old1)
        l0, l1 = leave(d, e, x, a0, a1)
        if l0 == r[f0 + i + 1] and l1 == r[f1 + i + 1]:
            break
        a0, a1 = arrive(d, e, l0, l1, r[b + d[LEGS] + i + 1])
    return more


@compiled
def price(d: Ints, r: Ints, e: int, x: int, g: int, best: int) -> int:
    """What stop x costs in gap g, the pair's price apart; FOREVER when it does not fit or is not below `best`."""
    b = e * d[BLOCK]
    spot, here = b + d[SPOT] + g, place_of(d, e, x)
    there, on = leg_to(d, here, r[spot]), leg(d, here, r[spot + 1])
    cost = d[TRAVEL] * (there + on - (r[b + d[LEGS] + g] if r[b + SIZE] else 0))
    if cost >= best:
        return FOREVER
    a0, a1 = arrive(d, e, r[b + d[FREE0] + g], r[b + d[FREE1] + g], there)
    if d[MOVING]:
        cost += moved(d, x, a0, a1)
    a0, a1 = leave(d, e, x, a0, a1)
    a0, a1 = arrive(d, e, a0, a1, on)
    if a1 > r[b + d[LAST1] + g] and a0 > r[b + d[LAST0] + g]:
        return FOREVER
    if d[MOVING]:
        cost += moved_after(d, r, e, g, a0, a1)
    if d[HAS_OVERTIME] and engineer(d, e, LIMIT) > engineer(d, e, SHIFT1):
        over = max(0, end_after(d, r, e, g, a0, a1) - engineer(d, e, SHIFT1))
        cost += d[OVERTIME] * (over - r[b + OVER])
    if d[HAS_LENGTH]:
        d2, e2, l2 = stretch(d, e, x)
        h, t = b + d[HEAD] + 3 * g, b + d[TAIL] + 3 * g
        length, first, last = join(r[h], r[h + 1], r[h + 2], there, d2, e2, l2)
        if length < 0:
            return FOREVER
        length, first, last = join(length, first, last, on, r[t], r[t + 1], r[t + 2])
        if length < 0 or length > engineer(d, e, LONGEST):
            return FOREVER
        cost += d[WORKING] * (length - (r[b + LENGTH] if r[b + SIZE] else 0))
    return cost


@compiled
def put_in(d: Ints, r: Ints, e: int, x: int, g: int) -> None:
    """Stop x into gap g; clocks are not renewed."""
    at = e * d[BLOCK] + d[SEQ]
    for i in range(r[e * d[BLOCK] + SIZE], g, -1):
        r[at + i] = r[at + i - 1]
    r[at + g] = x
    r[e * d[BLOCK] + SIZE] += 1


@compiled
def take_out(d: Ints, r: Ints, e: int, i: int) -> int:
    """The stop at index i out of the route; clocks are not renewed."""
    at = e * d[BLOCK] + d[SEQ]
    x = r[at + i]
    for k in range(i, r[e * d[BLOCK] + SIZE] - 1):
        r[at + k] = r[at + k + 1]
    r[e * d[BLOCK] + SIZE] -= 1
    return x


@compiled
def refresh_all(d: Ints, r: Ints) -> None:
    for e in range(d[ENGINEERS]):
        refresh(d, r, e)
