"""`baoxiu work`: the messages that are due, sent one by one until told to stop."""

from __future__ import annotations

import logging
import os
import random
import signal
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from baoxiu.faces.console import outgoing
from baoxiu.faces.console.start import Trouble, hold_home, need_database, say
from baoxiu.notify import operations as notify
from baoxiu.people.actors import SYSTEM

LONGEST_PAUSE = 300.0  # seconds, when everything fails
log = logging.getLogger("baoxiu.work")


def run(every: float, once: bool, go: bool) -> None:
    need_database()
    if go and outgoing.switch_on():
        say("outgoing messages are on again.")
    if not settings.MAIL_CONFIGURED:
        raise Trouble("BAOXIU_MAIL_URL is not set: messages wait in the outbox until it is.")
    if outgoing.is_off():
        raise Trouble("outgoing messages are off since a restore; `baoxiu work --go` lets them out.")
    held = hold_home(Path(settings.HOME))
    if once:
        say(f"{send():,} messages handled.")
    else:
        say(f"sending what is due every {every:g} s; Ctrl-C stops.")
        keep_on(every, stop_event())
    os.close(held)


def stop_event() -> threading.Event:
    stop = threading.Event()

    def ask(_signal: int, _frame: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return stop


def keep_on(every: float, stop: threading.Event) -> None:
    """Looks again after `every` seconds; after trouble with the database waits longer each time."""
    pause = every
    while not stop.is_set():
        try:
            close_old_connections()
            if outgoing.is_off():
                log.warning("outgoing messages were switched off; nothing is sent")
            else:
                send()
            pause = every
        except DatabaseError as error:
            pause = min(pause * 2, LONGEST_PAUSE)
            log.warning("the database does not answer (%s); next look in %.0f s", error, pause)
        stop.wait(pause * random.uniform(0.9, 1.1))


def send() -> int:
    return notify.send_due(by=SYSTEM, now=timezone.now()).handled
