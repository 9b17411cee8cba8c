"""The solver port: a day in, a plan the referee accepts out, in this process and thread.

`engine/` does the work: annealed ruin and recreate for visits that stand alone, another search for linked ones. Large
days fall into parts that share no engineer, or into regions. `worker` does the same in processes of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from baoxiu.dispatch.plan import matrices, parts
from baoxiu.dispatch.plan.engine import linked, single, warm
from baoxiu.dispatch.plan.limit import Limit
from baoxiu.dispatch.plan.model import Day, Plan
from baoxiu.dispatch.plan.repair import finished, mended

Progress = Callable[[float], None]  # how much of the limit is used, 0 to 1


def solve(
    day: Day, *, limit: Limit, seed: int = 1, start: Plan | None = None, progress: Progress | None = None
) -> Plan:
    """A plan without violations. The clock starts once the search is loaded.

    `start`: begin from this plan and stay near it; what in it breaks a rule is taken out first.
    """
    warm.up(linked=bool(day.links))
    began = time.perf_counter()
    m = matrices.build(day)
    pieces = parts.divide(m)
    begin = mended(m, start) if start is not None else None
    routes: dict[str, tuple[str, ...]] = {}
    for i, piece in enumerate(pieces):
        if limit.seconds is None:
            mine = limit.share(len(piece.jobs) / len(day.jobs)) if len(pieces) > 1 else limit
        else:
            share = len(piece.jobs) / sum(len(p.jobs) for p in pieces[i:])
            mine = limit.after(time.perf_counter() - began).share(share)
        arrays = m if piece is day else matrices.build(piece)
        routes |= search(arrays, mine, seed, parts.only(begin, piece), progress).routes
    return finished(m, Plan(routes), in_pieces=len(pieces) > 1)


def search(
    m: matrices.Matrices, limit: Limit, seed: int, start: Plan | None, progress: Progress | None = None
) -> Plan:
    """One piece, one engine; the referee has not looked yet."""
    return (linked if m.day.links else single).solve(m, limit, seed, start, progress)
