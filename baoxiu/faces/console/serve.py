"""`baoxiu serve`: granian, WSGI. Loads no Django: only the workers do."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from baoxiu.faces.console.start import MISUSED, Trouble, hold_home, is_loopback, say

THREADS = 16  # per worker: they only wait for bodies, one works (faces.common.turns)


def run(host: str, port: int, workers: int, greeting: bool = False) -> None:
    """Serves until Ctrl-C or SIGTERM. The demo listens on loopback only."""
    if os.environ.get("BAOXIU_DEMO") in ("1", "true", "yes", "on") and not is_loopback(host):
        raise Trouble(f"the demo lets anybody in and is not served on {host}: use 127.0.0.1.", MISUSED)
    check_free(host, port)
    held = hold_home(Path(os.environ.get("BAOXIU_HOME") or Path.cwd() / "var").resolve())
    shown = f"[{host}]" if ":" in host else host
    if greeting:
        say(
            f"\n  Baoxiu is ready: http://{shown}:{port}/\n  Sign in there with one click as any of the cast."
        )
    else:
        say(f"Baoxiu serves http://{shown}:{port}/")
    say("  Ctrl-C stops.\n" if greeting else "Ctrl-C stops.")
    server = Granian(
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
        log_level=LogLevels.error,  # it warns of the many threads,
    )
    server.serve()
    os.close(held)


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
