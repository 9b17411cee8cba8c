"""Many minutes of mixed work with the background beside it: memory and open files must end where they began."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from bench import client
from bench.measure import TALKED, home
from bench.server import Server, free_port, pss_kib

SLICE_SECONDS = 3.0
MIX = ("W3", "W1", "W2", "W4", "W5")
WARM_ROUNDS = 2  # of every action, before anything is compared: connections open, templates compiled
WARM_SHARE = 0.3  # caches fill in the beginning
MOST_GROWTH_MIB, MOST_FILES = 6.0, 4
LONG_SECONDS = 300  # in less, memory still fills


@dataclass
class Sample:
    seconds: float
    mib: float
    files: int


@dataclass
class Soak:
    samples: list[Sample] = field(default_factory=list)
    requests: int = 0
    wrong: int = 0
    sent: int = 0

    def _ends(self) -> tuple[list[Sample], list[Sample]]:
        """The first and the last third of what comes after the warming up."""
        warm = self.samples[int(len(self.samples) * WARM_SHARE) :]
        third = max(1, len(warm) // 3)
        return warm[:third], warm[-third:]

    @property
    def growth_mib(self) -> float:
        first, last = self._ends()
        return min(s.mib for s in last) - min(s.mib for s in first)

    @property
    def growth_files(self) -> int:
        first, last = self._ends()
        return min(s.files for s in last) - min(s.files for s in first)

    def complaints(self) -> list[str]:
        found = []
        if self.growth_mib > MOST_GROWTH_MIB and self.samples[-1].seconds >= LONG_SECONDS:
            found.append(f"memory grew by {self.growth_mib:.1f} MiB")
        if self.growth_files > MOST_FILES:
            found.append(f"{self.growth_files} more files are open")
        if self.wrong:
            found.append(f"{self.wrong} answers were wrong")
        return found

    def __str__(self) -> str:
        last = self.samples[-1]
        return (
            f"soak: {last.seconds:.0f} s, {self.requests:,} requests, {self.sent:,} messages sent, {self.wrong} wrong; "
            f"memory {self.samples[0].mib:.0f} → {last.mib:.0f} MiB PSS (after warming up {self.growth_mib:+.1f}), "
            f"open files {self.samples[0].files} → {last.files}"
        )


@contextmanager
def _mail() -> Iterator[int]:
    port = free_port()
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


def _look(server: Server, began: float) -> Sample:
    tree = server.tree()
    files = sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in tree if Path(f"/proc/{pid}/fd").exists())
    return Sample(time.monotonic() - began, sum(pss_kib(pid) for pid in tree) / 1024, files)


SENT = "from baoxiu.cases.models import Outgoing\nprint(json.dumps({'n': Outgoing.objects.filter(state='sent').count()}))"


def run(minutes: float, root: Path | None = None, cases: int = 2000) -> Soak:
    """Raises RuntimeError when the server does not start."""
    soak = Soak()
    with _mail() as port:
        server = home(root or Path(tempfile.gettempdir()) / "baoxiu-bench", cases)
        server.env["BAOXIU_MAIL_URL"] = f"smtp://127.0.0.1:{port}"
        before = int(str(server.script(SENT)["n"]))
        talked = [str(n) for n in server.script(TALKED)["numbers"]]  # type: ignore[attr-defined]
        server.start(working=1)
        server.wait()
        time.sleep(2)
        began = time.monotonic()
        try:
            for action in MIX * WARM_ROUNDS:
                asyncio.run(client.run(server, action, 4, 1.0, talked))
            soak.samples.append(_look(server, began))
            while time.monotonic() - began < minutes * 60:
                action = MIX[len(soak.samples) % len(MIX)]
                result = asyncio.run(client.run(server, action, 2, SLICE_SECONDS, talked))
                soak.requests += len(result.latencies)
                soak.wrong += sum(result.wrong.values())
                soak.samples.append(_look(server, began))
        finally:
            server.stop()
        soak.sent = int(str(server.script(SENT)["n"])) - before
    return soak
