"""Workers killed at a statement of the database, chosen at random, again and again: what then holds.

A worker here is a fork of this process that does what is due and kills itself (SIGKILL, no handler, no
clean-up) before or after its n-th statement. So every place between two statements is reached, the claim
and the marking included.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections

from baoxiu.jobs import operations, running
from baoxiu.jobs.declaring import Declared
from baoxiu.jobs.models import Job

Jobs = Mapping[str, Declared]


def fork(work: Callable[[], None]) -> int:
    """A child that runs `work` with connections of its own; returns its number."""
    connections.close_all()
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = 1
    with suppress(BaseException):
        work()
        code = 0
    with suppress(BaseException):
        connections.close_all()
    os._exit(code)


def wait(child: int) -> int:
    """The exit code; -9 for killed."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@dataclass
class Reaper:
    """Kills this process before (or after) the statement with that number."""

    at: int
    after: bool
    count: int = 0

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        self.count += 1
        if self.count == self.at and not self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = execute(*arguments)
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


def doomed(jobs: Jobs, clock: running.Clock, reaper: Reaper) -> Callable[[], None]:
    def work() -> None:
        connection.ensure_connection()
        with connection.execute_wrapper(reaper):
            while running.run_one(jobs, owner=running.owner(), clock=clock):
                pass

    return work


def kill(
    jobs: Jobs,
    *,
    kills: int,
    clock: running.Clock,
    chance: random.Random,
    statements: int,
    between: Callable[[], None] = lambda: None,
    most: int = 2000,
) -> int:
    """Starts workers until `kills` of them were killed within `statements` statements; returns how many starts."""
    killed = starts = 0
    while killed < kills:
        starts += 1
        if starts > most:
            raise RuntimeError(f"only {killed} of {most} workers could be killed: there is nothing to do")
        killed += (
            wait(fork(doomed(jobs, clock, Reaper(chance.randint(1, statements), chance.random() < 0.5))))
            == -9
        )
        free(clock())
        between()
    return starts


def free(now: dt.datetime) -> None:
    """As every worker does when it begins: what the dead had in hand is due."""
    operations.release(running.ended(operations.owners()), now=now)


def finish(jobs: Jobs, clock: running.Clock) -> None:
    """One worker that nobody kills."""
    free(clock())
    if wait(fork(doomed(jobs, clock, Reaper(0, False)))):
        raise RuntimeError("the last worker failed")


def together(jobs: Jobs, *, workers: int, seconds: float, speed: float, start: dt.datetime) -> None:
    """That many workers at once against one table, on one clock that runs `speed` times too fast."""
    began = time.monotonic()

    def clock() -> dt.datetime:
        return start + dt.timedelta(seconds=(time.monotonic() - began) * speed)

    def work() -> None:
        while running.run_one(jobs, owner=running.owner(), clock=clock) or time.monotonic() - began < seconds:
            time.sleep(0.001)

    for child in [fork(work) for _ in range(workers)]:
        if code := wait(child):
            raise RuntimeError(f"a worker ended with {code}")


def lively(now: dt.datetime) -> None:
    """Whatever waits is due now, without pauses: a test has no hours."""
    Job.objects.filter(state="waiting", owner="").update(run_at=now)
