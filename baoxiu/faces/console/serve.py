"""`baoxiu serve`: granian, WSGI, and a worker for the background. What is loaded here, its web workers share."""

from __future__ import annotations

import os
import socket
import time
from importlib import import_module
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from baoxiu.faces.console.start import MISUSED, Trouble, complain, hold_home, is_loopback, say
from baoxiu.faces.console.supervising import Workers

TRIES, SHORT_SECONDS = 5, 4.0
POLL_SECONDS = 1.0  # between a worker's looks for what is due
THREADS = 16  # per worker: they only wait for bodies, one works (faces.common.turns)


def check(host: str, port: int) -> None:
    """Before anything is made ready. Raises Trouble for a demo on an open address and for a port taken."""
    if os.environ.get("BAOXIU_DEMO") in ("1", "true", "yes", "on") and not is_loopback(host):
        raise Trouble(f"the demo lets anybody in and is not served on {host}: use 127.0.0.1.", MISUSED)
    check_free(host, port)


def load_pages() -> None:
    """Most of what takes long to load: it needs no database and no browser files."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baoxiu.config.settings")
    import_module("django").setup()
    import_module("baoxiu.config.urls")


def run(host: str, port: int, workers: int, greeting: bool = False, working: int = 1) -> None:
    """Serves until Ctrl-C or SIGTERM, with `working` workers beside. The demo listens on loopback only."""
    check(host, port)
    held = hold_home(Path(os.environ.get("BAOXIU_HOME") or Path.cwd() / "var").resolve())
    shown = f"[{host}]" if ":" in host else host
    if greeting:
        say(
            f"\n  Baoxiu is ready: http://{shown}:{port}/\n  Sign in there with one click as any of the cast."
        )
    else:
        say(f"Baoxiu serves http://{shown}:{port}/")
    say("  Ctrl-C stops.\n" if greeting else "Ctrl-C stops.")
    import_module("baoxiu.config.loaded")  # once, before the workers are forked: they share its memory
    beside = Workers(working, POLL_SECONDS, ready=lambda: answers(host, port))
    beside.fork()
    beside.start()
    try:
        keep_serving(host, port, workers)
    finally:
        beside.stop()
    os.close(held)


def keep_serving(host: str, port: int, workers: int) -> None:
    """granian replaces a worker that dies, but ends when one dies twice in a few seconds: then it begins again.

    Only where it ends at once, again and again, something is wrong that starting will not mend.
    """
    short = 0
    while short < TRIES:
        began = time.monotonic()
        try:
            granian(host, port, workers).serve()
            return
        except SystemExit as end:
            if not end.code:
                return
        short = short + 1 if time.monotonic() - began < SHORT_SECONDS else 0
        complain("the workers keep ending; starting again.")
        time.sleep(0.5 * short)
    raise Trouble("the workers end as soon as they start; the lines above say why.")


def granian(host: str, port: int, workers: int) -> Granian:
    return Granian(
        "baoxiu.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=10,
        websockets=False,
        log_level=LogLevels.error,  # it warns of the many threads
    )


def answers(host: str, port: int) -> bool:
    """Whether somebody listens already: the pages come first, the background after them."""
    try:
        socket.create_connection((host.strip("[]"), port), timeout=1).close()
    except OSError:
        return False
    return True


def check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            raise Trouble(
                f"cannot listen on {host} port {port}: {error.strerror}; choose another --port."
            ) from error
