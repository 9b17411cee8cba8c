"""Workers as children of a small process: started, started again when they end, stopped. Loads no Django."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from baoxiu.faces.console.start import complain

SHORT_SECONDS, LONGEST_PAUSE = 10.0, 30.0
KILL_AFTER = 15.0


class Workers:
    """`count` worker processes, each kept alive by a thread of this one until `stop()`."""

    def __init__(self, count: int, every: float, ready: Callable[[], bool] = lambda: True) -> None:
        self._command = [
            sys.executable, "-m", "baoxiu", "work", "--every", f"{every:g}", "--under", str(os.getpid()),
        ]  # fmt: skip
        self._ready, self._stopping = ready, threading.Event()
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._threads = [
            threading.Thread(target=self._keep, args=(i,), daemon=True, name=f"worker-{i}")
            for i in range(count)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def _keep(self, place: int) -> None:
        while not self._ready() and not self._stopping.wait(0.2):
            pass
        pause = 0.5
        while not self._stopping.is_set():
            began = time.monotonic()
            child = self._running[place] = subprocess.Popen(self._command)
            if self._stopping.is_set():
                child.terminate()
            code = child.wait()
            pause = min(pause * 2, LONGEST_PAUSE) if time.monotonic() - began < SHORT_SECONDS else 0.5
            if not self._stopping.wait(pause):
                complain(f"a worker ended ({code}); starting another.")

    def stop(self) -> None:
        """Each ends after the job in hand; who does not is killed, its job is done again."""
        self._stopping.set()
        for child in self._running.values():
            child.terminate()
        end = time.monotonic() + KILL_AFTER
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        for child in self._running.values():
            if child.poll() is None:
                child.kill()


def run(count: int, every: float) -> None:
    """`baoxiu work`: workers alone, until Ctrl-C or SIGTERM."""
    stop = threading.Event()

    def ask(_signal: int, _frame: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    workers = Workers(count, every)
    workers.start()
    stop.wait()
    workers.stop()
