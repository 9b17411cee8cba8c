"""A real server in a home of its own: started, watched, killed, asked what it costs."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`baoxiu serve` with its workers."""

    def __init__(self, home: Path, port: int = 0, **settings: str) -> None:
        self.home, self.port = home, port or free_port()
        self.env = {**os.environ, "BAOXIU_HOME": str(home), **settings}
        self.env.setdefault("BAOXIU_STATIC_ROOT", str(home / "static"))
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One `baoxiu` command in this home."""
        return subprocess.run(
            [sys.executable, "-m", "baoxiu", *words],
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )

    def script(self, code: str) -> dict[str, object]:
        """Runs code that prints one JSON line in this home, Django set up."""
        head = "import django, json; django.setup()\n"
        env = {**self.env, "DJANGO_SETTINGS_MODULE": "baoxiu.config.settings"}
        done = subprocess.run(
            [sys.executable, "-c", head + code], env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        found: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
        return found

    def start(self, *, workers: int = 2, working: int = 0) -> None:
        log = (self.home / "serve.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "baoxiu", "serve", "--prepared", "--port", str(self.port), "--workers", str(workers),
             "--working", str(working)],
            env=self.env, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        log.close()

    def wait(self, seconds: float = 120) -> None:
        """Until it answers. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process and self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {(self.home / 'serve.log').read_text()[-2000:]}")
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{self.address}/health/", timeout=5) as answer,
            ):
                if answer.status == 200:
                    return
            time.sleep(0.05)
        raise TimeoutError(f"no answer in {seconds} s")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process = None

    # -- what it consists of and costs ------------------------------------------------------

    def workers(self) -> list[int]:
        return list(children(self.process.pid)) if self.process else []

    def tree(self) -> list[int]:
        return [self.process.pid, *self.workers()] if self.process else []

    def cpu_seconds(self) -> float:
        return sum(cpu_seconds(pid) for pid in self.tree())

    def pss_mib(self) -> float:
        return sum(pss_kib(pid) for pid in self.tree()) / 1024


def children(parent: int) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                    yield int(entry.name)


def cpu_seconds(pid: int) -> float:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    return 0.0


def pss_kib(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
