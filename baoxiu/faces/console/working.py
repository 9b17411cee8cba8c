"""`baoxiu work`: what is due in the background, one job after another, until told to stop."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import queue
import random
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, close_old_connections
from django.utils import timezone

from baoxiu.dispatch.plan import engine
from baoxiu.faces.common.jobs import JOBS
from baoxiu.faces.console.process import end_with
from baoxiu.faces.console.start import hold_home, need_database, say
from baoxiu.jobs import operations, running, waking
from baoxiu.notify import switch

LONGEST_PAUSE = 15.0  # seconds, while the database does not answer
RELEASING = 10.0  # seconds between looks for workers that are no more
log = logging.getLogger("baoxiu.work")


def once(go: bool) -> None:
    """Does everything that is due now, then ends."""
    need_database()
    held = hold_home(Path(settings.HOME))
    if go and switch.switch_on():
        say("outgoing messages are on again.")
    operations.keep(JOBS, now=timezone.now())
    done, until = 0, timezone.now()
    while running.run_one(JOBS, owner=running.owner(), clock=lambda: until):
        done += 1
    if switch.is_off():
        say("outgoing messages are off since a restore; `baoxiu work --go` lets them out.")
    elif not settings.MAIL_CONFIGURED:
        say("BAOXIU_MAIL_URL is not set: messages wait in the outbox until it is.")
    say(f"{done:,} jobs done.")
    os.close(held)


def run(every: float, parent: int) -> None:
    """A worker under the eyes of process `parent`; it ends with it."""
    end_with(parent)
    os.nice(5)  # whoever waits for a page goes first
    engine.compile_ahead()
    held = hold_home(Path(settings.HOME))
    sleep = Sleep()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, sleep.end)
    waking.listen(sleep.disturb)
    gc.collect()
    gc.freeze()
    keep_on(every, sleep)
    os.close(held)


class Sleep:
    """What a worker does between two looks: disturbed by a wake-up, ended by a signal."""

    def __init__(self) -> None:
        self.is_over = False
        self._words: queue.SimpleQueue[None] = queue.SimpleQueue()  # a signal may put at any moment

    def end(self, _signal: int, _frame: Any) -> None:
        self.is_over = True
        self.disturb()

    def disturb(self) -> None:
        self._words.put(None)

    def __call__(self, seconds: float) -> None:
        with contextlib.suppress(queue.Empty):
            self._words.get(timeout=seconds)
            while True:
                self._words.get_nowait()


def keep_on(every: float, sleep: Sleep) -> None:
    """Works until nothing is due, looks again after `every` seconds; without a database waits longer each time."""
    owner, pause, looked = running.owner(), every, 0.0
    known = False  # that the rows are there, and that none is left in our hands
    while not sleep.is_over:
        try:
            close_old_connections()
            if not known:
                operations.release([owner], now=timezone.now())
                known, looked = True, 0.0
            if looked <= 0:
                operations.keep(JOBS, now=timezone.now())
                free()
                looked = RELEASING
            while not sleep.is_over and running.run_one(JOBS, owner=owner, clock=timezone.now):
                pass
            pause = every
        except Error as error:
            pause, known = min(pause * 2, LONGEST_PAUSE), False
            log.warning("the database does not answer (%s); next look in %.0f s", error, pause)
        looked -= pause
        sleep(pause * random.uniform(0.9, 1.1))


def free() -> int:
    """What workers of this machine had in hand when they were killed is due at once."""
    gone = running.ended(operations.owners())
    return operations.release(gone, now=timezone.now()) if gone else 0
