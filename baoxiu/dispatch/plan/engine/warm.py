"""Loading the compiled search before the clock runs; the first time ever on a machine it is compiled (about a minute)."""

from __future__ import annotations

import numpy as np

from baoxiu.dispatch.plan import matrices
from baoxiu.dispatch.plan.engine import linked as linked_search
from baoxiu.dispatch.plan.engine import single
from baoxiu.dispatch.plan.limit import Limit
from baoxiu.dispatch.plan.model import Day, Engineer, Goals, Job, Link

_done: set[bool] = set()


def up(*, linked: bool = False) -> None:
    """Make sure that nothing is compiled or loaded later."""
    if linked in _done:
        return
    _done.add(linked)
    jobs = tuple(Job(f"j{i}", i, 60, ((0, 5000),)) for i in range(3))
    crew = tuple(Engineer(f"e{i}", i, i, (0, 5000)) for i in range(2))
    links = (Link("j0", "j1"),) if linked else ()
    goals = Goals(late=1) if linked else Goals()
    travel = 100 * (1 - np.eye(3, dtype=np.int64))
    m = matrices.build(Day(crew, jobs, travel, links=links, goals=goals))
    (linked_search if linked else single).solve(m, Limit(iterations=1), 1, None)
