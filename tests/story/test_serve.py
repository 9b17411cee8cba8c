"""`baoxiu serve` is pages and background in one: a killed worker comes back, one signal ends all."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bench.server import Server, children


def until(found: Callable[[], object], seconds: float = 30) -> object:
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)
    return value


def workers_of(server: Server) -> list[int]:
    assert server.process
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    return [p for p in children(server.process.pid) if os.getpriority(os.PRIO_PROCESS, p) > ours]


def jobs_are_done(home: Path) -> bool:
    with closing(sqlite3.connect(home / "baoxiu.sqlite3")) as database:
        jobs, open_jobs = database.execute(
            "SELECT count(*), count(*) - count(ended_at) FROM jobs_job"
        ).fetchone()
    return jobs > 0 and open_jobs == 0


@pytest.mark.slow
def test_a_killed_worker_comes_back_and_one_signal_ends_all(prepared_home: Path) -> None:
    server = Server(prepared_home, DATABASE_URL="", BAOXIU_MAIL_URL="")
    assert server.command("prepare").returncode == 0
    server.start(workers=1, working=1)
    try:
        server.wait()
        [first] = until(lambda: workers_of(server))
        os.kill(first, signal.SIGKILL)
        [second] = until(lambda: [p for p in workers_of(server) if p != first])
        until(lambda: jobs_are_done(prepared_home))
        everybody = server.tree()
        assert server.process
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(30) == 0
        until(lambda: not [p for p in everybody if Path(f"/proc/{p}").exists()])
        assert second in everybody
    finally:
        server.stop()
