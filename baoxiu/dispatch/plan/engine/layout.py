"""Where things stand in the two flat int64 arrays the compiled code works on.

Flat because compiled functions take one array fast and a tuple of forty slowly (measured: 30 times).
`d`, the day: header, then tables found by offsets in the header. `r`, the routes: one block per engineer, the owners of
the jobs behind the last block. All functions here are compiled readers; `arrays` writes.
"""

from __future__ import annotations

from baoxiu.dispatch.plan.engine.compiled import Ints, compiled

FOREVER = 1 << 50
BROKEN = 1 << 44  # price of a route that does not hold: never kept

# header of d: sizes
ENGINEERS, JOBS, PLACES, PARTS, GAPS, BLOCK, JOB_SIZE, ENGINEER_SIZE, NEARS, ABLE_MOST = range(10)
# weights and what matters at all
TRAVEL, WORKING, OVERTIME, HAS_GOODS, HAS_OVERTIME, HAS_LENGTH = range(10, 16)
# offsets of tables in d, of fields in a block of r
AT_TRAVEL, AT_JOBS, AT_ENGINEERS, AT_PAIRS, AT_FETCH, AT_SERVICE, AT_NEAR, AT_ABLE = range(16, 24)
SEQ, FREE0, FREE1, LAST0, LAST1, SPOT, LEGS, HEAD, TAIL, CARRIED, OWNERS = range(24, 35)
AT_TO, MOVING = 35, 36
HEADER = 40

# a job's row, its windows (opens, closes, opens, …) and parts behind it
PLACE, PENALTY, ABLES, WINDOWS, FIRST_PART, TOLD, FIRST_WINDOW = range(7)
# an engineer's row, his van behind it
START, END, SHIFT0, SHIFT1, LIMIT, LUNCH0, LUNCH1, LUNCH_SECONDS, DUE = range(9)
ROOM, ROOM_SECONDS, MAX_JOBS, LONGEST, PACE, TWIN, VAN = range(9, 16)
# the first fields of a block of r
SIZE, COST, OVER, ROOM_AT, LENGTH, MOVED = range(6)
FIRST_FIELD = 6


@compiled
def leg(d: Ints, a: int, b: int) -> int:
    """Travel from place a to place b."""
    return d[d[AT_TRAVEL] + a * d[PLACES] + b]


@compiled
def leg_to(d: Ints, b: int, a: int) -> int:
    """The same from a to b, out of b's row: quick when many a are asked for one b."""
    return d[d[AT_TO] + b * d[PLACES] + a]


@compiled
def job(d: Ints, j: int, field: int) -> int:
    return d[d[AT_JOBS] + j * d[JOB_SIZE] + field]


@compiled
def engineer(d: Ints, e: int, field: int) -> int:
    return d[d[AT_ENGINEERS] + e * d[ENGINEER_SIZE] + field]


@compiled
def opens(d: Ints, j: int, w: int) -> int:
    return d[d[AT_JOBS] + j * d[JOB_SIZE] + FIRST_WINDOW + 2 * w]


@compiled
def closes(d: Ints, j: int, w: int) -> int:
    return d[d[AT_JOBS] + j * d[JOB_SIZE] + FIRST_WINDOW + 2 * w + 1]


@compiled
def used(d: Ints, j: int, part: int) -> int:
    row = d[AT_JOBS] + j * d[JOB_SIZE]
    return d[row + d[row + FIRST_PART] + part]


@compiled
def pair(d: Ints, e: int, j: int) -> int:
    """Price of engineer e for job j beside the travel; -1: he may not."""
    return d[d[AT_PAIRS] + e * d[JOBS] + j]


@compiled
def near(d: Ints, j: int, i: int) -> int:
    return d[d[AT_NEAR] + j * d[NEARS] + i]


@compiled
def able(d: Ints, j: int, i: int) -> int:
    return d[d[AT_ABLE] + j * d[ABLE_MOST] + i]


@compiled
def stop(d: Ints, r: Ints, e: int, i: int) -> int:
    """Stop i of route e: a job, or -1 for the stockroom."""
    return r[e * d[BLOCK] + d[SEQ] + i]


@compiled
def owner(d: Ints, r: Ints, j: int) -> int:
    """Engineer of a job, -1: left out."""
    return r[d[OWNERS] + j]


@compiled
def place_of(d: Ints, e: int, x: int) -> int:
    return job(d, x, PLACE) if x >= 0 else engineer(d, e, ROOM)


@compiled
def service_of(d: Ints, e: int, x: int) -> int:
    if x < 0:
        return engineer(d, e, ROOM_SECONDS)
    return d[d[AT_SERVICE] + engineer(d, e, PACE) * d[JOBS] + x]


@compiled
def before(d: Ints, r: Ints, e: int, g: int) -> int:
    """Place before gap g."""
    return engineer(d, e, START) if g == 0 else place_of(d, e, stop(d, r, e, g - 1))


@compiled
def after(d: Ints, r: Ints, e: int, g: int) -> int:
    """Place after gap g."""
    return engineer(d, e, END) if g == r[e * d[BLOCK] + SIZE] else place_of(d, e, stop(d, r, e, g))
