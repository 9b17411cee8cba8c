"""Planning outside the process that asks: a worker with limits on time and memory, kept warm for the next question.

A worker is `python -m baoxiu.dispatch.plan.worker`: pickles of a day in, of a plan out, over its own pipes. One that is
late, grows too large or dies is ended and `Failed` raised; the plan in force then stays in force.
"""

from __future__ import annotations

import atexit
import os
import pickle
import resource
import selectors
import struct
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import IO, Any

from baoxiu.dispatch.plan import matrices, parts
from baoxiu.dispatch.plan.limit import Limit
from baoxiu.dispatch.plan.model import Day, Plan
from baoxiu.dispatch.plan.repair import finished, worth

MEMORY_MB = 4096  # address space of a worker, compiled code and libraries included
GRACE = 20.0  # seconds beyond the limit before a worker is ended
FIRST = 300.0  # more for the first answer: the search may have to be compiled


class Failed(Exception):
    """No plan came back; the message says why."""


class Worker:
    """One process. Not for two threads at once."""

    def __init__(self, memory_mb: int = MEMORY_MB) -> None:
        self.warm = False
        self.process = subprocess.Popen(
            [sys.executable, "-m", "baoxiu.dispatch.plan.worker", str(memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def ask(self, question: tuple[Day, Limit, int, Plan | None], seconds: float) -> Plan:
        """Raises `Failed`."""
        assert self.process.stdin and self.process.stdout
        deadline = time.monotonic() + seconds + GRACE + (0 if self.warm else FIRST)
        try:
            _send(self.process.stdin, question)
            answer = _receive(self.process.stdout, deadline)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self.close()
            raise Failed(f"the planner ended: {error or type(error).__name__}") from error
        except TimeoutError as error:
            self.close()
            raise Failed(f"the planner did not answer in {seconds + GRACE:.0f} s") from error
        self.warm = True
        if isinstance(answer, str):
            raise Failed(answer)
        assert isinstance(answer, Plan)
        return answer

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


_idle: list[Worker] = []
_lock = threading.Lock()


def solve(
    day: Day,
    *,
    limit: Limit,
    seed: int = 1,
    start: Plan | None = None,
    processes: int = 1,
    memory_mb: int = MEMORY_MB,
) -> Plan:
    """As `solve.solve`, in workers. With several, seeds compete for a day in one piece and pieces share out a large one.

    Raises `Failed`.
    """
    if processes == 1:
        return _ask(day, limit, seed, start, memory_mb)
    m = matrices.build(parts.told(day))
    pieces = parts.islands(m)
    with ThreadPoolExecutor(processes) as pool:
        if len(pieces) == 1:
            seeds = range(seed, seed + processes)
            plans = list(pool.map(lambda s: _ask(m.day, limit, s, start, memory_mb), seeds))
            return min(plans, key=lambda p: worth(m, p))
        found = pool.map(
            lambda piece: _ask(
                piece,
                limit.share(min(1.0, processes * len(piece.jobs) / len(day.jobs))),
                seed,
                parts.only(start, piece),
                memory_mb,
            ),
            sorted(pieces, key=lambda p: -len(p.jobs)),
        )
        routes = {who: stops for plan in found for who, stops in plan.routes.items()}
    return finished(m, Plan(routes))


def close_all() -> None:
    """End the idle workers."""
    with _lock:
        while _idle:
            _idle.pop().close()


atexit.register(close_all)


def _ask(day: Day, limit: Limit, seed: int, start: Plan | None, memory_mb: int) -> Plan:
    with _lock:
        worker = _idle.pop() if _idle else None
    if worker is None or worker.process.poll() is not None:
        worker = Worker(memory_mb)
    plan = worker.ask((day, limit, seed, start), 600.0 if limit.seconds is None else limit.seconds)
    with _lock:
        _idle.append(worker)
    return plan


def _send(pipe: IO[bytes], what: object) -> None:
    data = pickle.dumps(what, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(struct.pack("!Q", len(data)) + data)
    pipe.flush()


def _receive(pipe: IO[bytes], deadline: float | None = None) -> Any:
    """Raises EOFError at the end of the pipe and TimeoutError after the deadline."""
    (length,) = struct.unpack("!Q", _read(pipe, 8, deadline))
    return pickle.loads(_read(pipe, length, deadline))


def _read(pipe: IO[bytes], length: int, deadline: float | None) -> bytes:
    parts_, handle = bytearray(), pipe.fileno()
    with selectors.DefaultSelector() as selector:
        selector.register(handle, selectors.EVENT_READ)
        while len(parts_) < length:
            if not selector.select(None if deadline is None else max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            piece = os.read(handle, min(1 << 20, length - len(parts_)))
            if not piece:
                raise EOFError("its pipe is closed")
            parts_ += piece
    return bytes(parts_)


def main() -> None:
    """The worker's own side: answer until the pipe ends."""
    megabytes = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may write between the answers
    engine = import_module("baoxiu.dispatch.plan.solve")
    while True:
        try:
            day, limit, seed, start = _receive(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer: object = engine.solve(day, limit=limit, seed=seed, start=start)
        except MemoryError:
            answer = "the planner ran out of memory"
        except Exception as error:  # the asker decides what to do without a plan
            answer = f"{type(error).__name__}: {error}"
        _send(answers, answer)


if __name__ == "__main__":
    main()
