"""Wake-ups by Redis (`BAOXIU_REDIS_URL`): workers on other machines look at once, not at their next look.

The truth stays in the rows. A wake-up that nobody hears and a Redis that does not answer delay by the pause
between two looks, nothing more; installations that share a Redis do not wake one another.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction

PATIENCE = 0.25  # seconds that a request waits for Redis
REST = 5.0  # seconds without another try after one that failed
SILENCE = 60.0  # seconds without a word, then the connection is asked whether it lives
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between tries to listen again
log = logging.getLogger("baoxiu.work")


def ring() -> None:
    """Once the transaction that queued work has committed; does nothing where no Redis is set up."""
    if settings.REDIS_URL:
        transaction.on_commit(_ring, robust=True)


def listen(heard: Callable[[], None]) -> None:
    """Calls `heard` from a thread of its own at every wake-up; does nothing where no Redis is set up."""
    if settings.REDIS_URL:
        about = settings.REDIS_URL, channel(), heard
        threading.Thread(target=_listen, args=about, daemon=True, name="wake-ups").start()


def channel() -> str:
    """The same on every machine of an installation, for they share its secret."""
    return f"baoxiu:{hashlib.sha256(f'jobs:{settings.SECRET_KEY}'.encode()).hexdigest()[:16]}"


class _Away:
    until = 0.0  # by the clock that never jumps


def _ring() -> None:
    from redis import RedisError

    if time.monotonic() < _Away.until:
        return
    try:
        _client(settings.REDIS_URL, PATIENCE).publish(channel(), "")
    except RedisError as error:
        _Away.until = time.monotonic() + REST
        log.warning("Redis does not answer (%s): workers look by themselves", error)


def _listen(url: str, where: str, heard: Callable[[], None]) -> None:
    pause = FIRST_PAUSE
    while True:
        try:
            with _client(url, SILENCE).pubsub() as ears:
                ears.subscribe(where)
                while True:
                    # the first word is that we are listening: what was said until then nobody heard
                    if ears.get_message(timeout=SILENCE / 2):
                        pause = FIRST_PAUSE
                        heard()
        except Exception as error:  # whatever it was: a worker that hears nothing any more would not know
            if pause == FIRST_PAUSE:  # said once, not every half minute
                log.warning("Redis does not answer (%s): this worker looks by itself", error)
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


@cache
def _client(url: str, patience: float) -> Any:
    """One try each: what fails is done without, or tried again by whoever listens."""
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return Redis.from_url(
        url, socket_timeout=patience, socket_connect_timeout=min(patience, 5.0), socket_keepalive=True,
        health_check_interval=int(SILENCE), retry=Retry(NoBackoff(), 0), client_name="baoxiu",
    )  # fmt: skip
