"""Workers as children of a small process: started, started again when they end, stopped. Loads no Django.

Under `serve` the first ones are forked from what is loaded already and share its memory; later ones, when sockets
are open that must not be inherited, are processes of their own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from baoxiu.faces.console.process import end_with
from baoxiu.faces.console.start import complain, load

SHORT_SECONDS, LONGEST_PAUSE = 10.0, 30.0
KILL_AFTER = 15.0


class Forked:
    """A child of this process that runs `work`; spoken to like a Popen."""

    def __init__(self, work: Callable[[], None]) -> None:
        sys.stdout.flush()
        self.code: int | None = None
        self.pid = os.fork()
        if self.pid:
            return
        code = 1
        try:
            work()
            code = 0
        except Exception as error:
            complain(f"a worker ended: {error}")
        finally:
            os._exit(code)

    def wait(self) -> int:
        self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.code

    def poll(self) -> int | None:
        return self.code

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        if self.code is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


class Workers:
    """`count` worker processes, each kept alive by a thread of this one until `stop()`."""

    def __init__(self, count: int, every: float, ready: Callable[[], bool] = lambda: True) -> None:
        self._command = [
            sys.executable, "-m", "baoxiu", "work", "--every", f"{every:g}", "--under", str(os.getpid()),
        ]  # fmt: skip
        self._ready, self._stopping = ready, threading.Event()
        self._every = every
        self._running: dict[int, subprocess.Popen[bytes] | Forked] = {}
        self._threads = [
            threading.Thread(target=self._keep, args=(i,), daemon=True, name=f"worker-{i}")
            for i in range(count)
        ]

    def fork(self) -> None:
        """The first of each place, from what this process has loaded; before `start`, while it has one thread."""
        parent = os.getpid()

        def work() -> None:
            end_with(parent)
            while not self._ready():
                time.sleep(0.2)
            load("working").run(self._every, parent)

        for place in range(len(self._threads)):
            self._running[place] = Forked(work)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def _keep(self, place: int) -> None:
        while not self._ready() and not self._stopping.wait(0.2):
            pass
        pause = 0.5
        while not self._stopping.is_set():
            began = time.monotonic()
            child = self._running.get(place)
            if child is None or child.poll() is not None:
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
