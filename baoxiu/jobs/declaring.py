"""What there is to do in the background: a name, a function, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from baoxiu.jobs.schedules import Schedule


@dataclass(frozen=True, slots=True)
class Declared:
    """One kind of work: `run(now=…, **payload)`; what it returns is shown as its result.

    `schedule`: repeating work; None: queued by `operations.later`. `lease`: after so long it is taken
    to be lost, and a run that lasts longer is broken off. `tries`: then it is dead (repeating work
    never is). `atomic`: it runs in the transaction that marks it done, so that its effects in the
    database happen exactly once; only then may it not be repeated harmlessly by itself.
    """

    name: str
    run: Callable[..., Any]
    schedule: Schedule | None = None
    lease: dt.timedelta = dt.timedelta(seconds=60)
    tries: int = 8
    atomic: bool = False


def table(*declared: Declared) -> Mapping[str, Declared]:
    """By name. Raises ValueError for a name declared twice."""
    found = {d.name: d for d in declared}
    if len(found) != len(declared):
        raise ValueError("a job is declared twice")
    return found
