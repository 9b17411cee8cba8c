"""`baoxiu serve` is pages and background in one: a killed worker comes back, one signal ends all."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
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


@pytest.mark.slow
def test_a_killed_worker_comes_back_and_one_signal_ends_all(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    server = Server(home, DATABASE_URL="", BAOXIU_MAIL_URL="")
    assert server.command("prepare").returncode == 0
    server.start(workers=1, working=1)
    try:
        server.wait()
        [first] = until(lambda: workers_of(server))
        os.kill(first, signal.SIGKILL)
        [second] = until(lambda: [p for p in workers_of(server) if p != first])
        until(lambda: server.script("from baoxiu.jobs.models import Job\n" + DONE)["done"])
        everybody = server.tree()
        assert server.process
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(30) == 0
        until(lambda: not [p for p in everybody if Path(f"/proc/{p}").exists()])
        assert second in everybody
    finally:
        server.stop()


DONE = "print(json.dumps({'done': not Job.objects.filter(ended_at=None).exists() and Job.objects.exists()}))"
