"""One worker's turn: claim, run, finish. The clock is passed in as a function, for work takes time."""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from baoxiu.jobs import operations
from baoxiu.jobs.declaring import Declared
from baoxiu.jobs.models import Job

Clock = Callable[[], dt.datetime]
log = logging.getLogger("baoxiu.work")


class Overrun(Exception):
    """A job that lasts longer than its lease."""


def run_one(declared: Mapping[str, Declared], *, owner: str, clock: Clock) -> bool:
    """Does the job that is due longest; False when nothing is due. Raises what the database raises."""
    lease = {name: job.lease for name, job in declared.items()}
    job = operations.claim(declared, owner=owner, lease=lease, now=clock())
    if job is None:
        return False
    work = declared[job.name]
    if operations.bury(job, work, now=clock()):
        return True
    try:
        with _limited(work.lease):
            _do(job, work, clock)
    except operations.Lost:
        log.warning("%s took longer than its lease; another worker has it", job.key)
    except (OperationalError, InterfaceError):
        raise  # nothing can be noted; the lease runs out
    except Exception as error:
        log.exception("%s failed", job.key)
        operations.fail(job, work, error=f"{type(error).__name__}: {error}", now=clock())
    return True


def _do(job: Job, work: Declared, clock: Clock) -> None:
    if work.atomic:
        with transaction.atomic():
            operations.finish(job, work, result=work.run(now=clock(), **job.payload), now=clock())
    else:
        operations.finish(job, work, result=work.run(now=clock(), **job.payload), now=clock())


@contextmanager
def _limited(lease: dt.timedelta) -> Iterator[None]:
    """Raises Overrun inside when the lease has run out; only the main thread can be woken so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> Any:
        raise Overrun(f"longer than {lease.total_seconds():g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, lease.total_seconds())
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# -- who we are ---------------------------------------------------------------------------------


def owner() -> str:
    """This process: machine, number, and when it began, for numbers come again."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{_began(os.getpid())}"


def _began(pid: int) -> str:
    """The start time in ticks; "" where that cannot be told: no such process, no Linux."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return ""


def ended(owners: set[str]) -> list[str]:
    """Those of this machine that are no more. Elsewhere, and without /proc, the lease decides."""
    host = socket.gethostname()[:60]
    if not Path("/proc/self/stat").exists():
        return []
    found = []
    for name in owners:
        machine, _, rest = name.partition(":")
        pid, _, began = rest.partition(":")
        if machine == host and pid.isdecimal() and _began(int(pid)) != began:
            found.append(name)
    return found
