"""The kill test: SIGKILL at random moments; every acknowledged write is there exactly once afterwards.

    python -m bench kill --kills 400

A worker dies most often, sometimes the parent, sometimes all at once. What was acknowledged is taken
from the witnesses' own logs; what is there, from the database file and the attachments themselves.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bench.server import Server
from bench.witness import Witness, Write

WITNESSES = 3
PATIENCE_SECONDS = 60.0
GROUND = """
from django.utils import timezone
from baoxiu.people import operations as people
from baoxiu.people.actors import SYSTEM
from baoxiu.people.records import KeyRecord, StaffRecord
now = timezone.now()
staff, _ = people.create_staff(StaffRecord(name="Agent", email="agent@example.com", agent=True), by=SYSTEM, now=now)
_, token = people.create_key(KeyRecord(name="witness", staff=staff.pk), by=SYSTEM, now=now)
print(json.dumps({"token": token}))
"""


@dataclass
class Outcome:
    kills: dict[str, int] = field(default_factory=dict)
    acknowledged: int = 0
    unanswered: int = 0
    repeated: int = 0
    restarts: list[float] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        slowest = max(self.restarts, default=0.0)
        return (
            f"{sum(self.kills.values())} kills {self.kills} in {self.seconds:.0f} s: {self.acknowledged:,} writes "
            f"acknowledged, {self.repeated:,} of them after more than one try, {self.unanswered:,} without an answer; "
            f"slowest start {slowest:.1f} s; {len(self.complaints)} complaints"
        )


def run(home: Path, *, kills: int, seed: int = 1, most_seconds: float = 3600) -> Outcome:
    """Raises RuntimeError when the server does not come back; complaints are what a test asserts on."""
    server, outcome, began = Server(home, DATABASE_URL=""), Outcome(), time.monotonic()
    home.mkdir(parents=True, exist_ok=True)
    done = server.command("prepare")
    if done.returncode:
        raise RuntimeError(done.stderr)
    token = str(server.script(GROUND)["token"])
    server.start()
    server.wait()
    witnesses = [
        Witness(server.port, token, home / f"witness-{i}.jsonl", seed * 100 + i) for i in range(WITNESSES)
    ]
    threads = [threading.Thread(target=w.run, daemon=True) for w in witnesses]
    for thread in threads:
        thread.start()
    try:
        _kill_on(server, outcome, random.Random(seed), kills, began + most_seconds, threads, witnesses)
    finally:
        for witness in witnesses:
            witness.stop.set()
        for thread in threads:
            thread.join(90)
        server.stop()
    outcome.complaints += judge(home, [w for witness in witnesses for w in witness.writes], outcome)
    verdict = server.command("verify")
    if verdict.returncode:
        outcome.complaints.append(f"baoxiu verify: {verdict.stdout[-2000:]}{verdict.stderr}")
    outcome.seconds = time.monotonic() - began
    return outcome


def _kill_on(
    server: Server,
    outcome: Outcome,
    chance: random.Random,
    kills: int,
    until: float,
    threads: list[threading.Thread],
    witnesses: list[Witness],
) -> None:
    while sum(outcome.kills.values()) < kills and time.monotonic() < until:
        _progress(witnesses, chance.randint(1, 20))
        time.sleep(chance.uniform(0.0, 0.05))
        if not all(thread.is_alive() for thread in threads):
            outcome.complaints.append("a witness was answered with a refusal; see its log")
            return
        victim = chance.choices(("worker", "parent", "all"), (80, 12, 8))[0]
        workers = server.workers()
        if server.process and server.process.poll() is not None:
            outcome.complaints.append("the server ended by itself; see serve.log")
            return
        if not workers:
            continue
        _strike(server, victim, workers, chance)
        outcome.kills[victim] = outcome.kills.get(victim, 0) + 1
        if victim != "worker":
            moment = time.monotonic()
            _come_back(server, workers)
            outcome.restarts.append(time.monotonic() - moment)


def _progress(witnesses: list[Witness], more: int) -> None:
    """Waits until that many more writes were acknowledged: a kill while nothing happens proves nothing."""
    wanted = sum(w.acknowledged for w in witnesses) + more
    end = time.monotonic() + PATIENCE_SECONDS
    while sum(w.acknowledged for w in witnesses) < wanted and time.monotonic() < end:
        time.sleep(0.005)


def _strike(server: Server, victim: str, workers: list[int], chance: random.Random) -> None:
    process = server.process
    if process is None:
        return
    targets = {
        "worker": [chance.choice(workers)] if workers else [],
        "parent": [process.pid],
        "all": [process.pid, *workers],
    }
    for pid in targets[victim]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _come_back(server: Server, orphans: list[int]) -> None:
    """Orphaned workers end by themselves; then the next server gets the port."""
    if server.process:
        server.process.wait(30)
    end = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in orphans) and time.monotonic() < end:
        time.sleep(0.02)
    for _ in range(20):
        server.start()
        try:
            server.wait()
            return
        except RuntimeError:
            time.sleep(0.2)
    raise RuntimeError("the server does not start again")


# -- what is there ----------------------------------------------------------------------------


def judge(home: Path, writes: list[Write], outcome: Outcome) -> list[str]:
    """Complaints: acknowledged and not there once, unanswered and there more than once, damaged."""
    complaints = []
    with closing(sqlite3.connect(home / "baoxiu.sqlite3")) as database:
        if (verdict := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            complaints.append(f"integrity_check: {verdict}")
        effects = _effects(database)
        files = {
            sha
            for (sha,) in database.execute("SELECT sha256 FROM cases_attachment WHERE entry_id IS NOT NULL")
        }
        doubled = database.execute(
            "SELECT case_id, no FROM cases_journalentry GROUP BY 1, 2 HAVING count(*) > 1"
        ).fetchall()
    complaints += [f"journal entry doubled: {row}" for row in doubled]
    for write in writes:
        times = effects.get(write.mark, 0)
        outcome.acknowledged += write.acknowledged
        outcome.unanswered += not write.acknowledged
        outcome.repeated += write.acknowledged and write.tries > 1
        if write.acknowledged and times != 1:
            complaints.append(f"{write.kind} {write.mark} was acknowledged and is there {times} times")
        if times > 1:
            complaints.append(f"{write.kind} {write.mark} is there {times} times")
        if write.acknowledged and write.sha256:
            complaints += _file(home, write, files)
    return complaints


def _effects(database: sqlite3.Connection) -> dict[str, int]:
    """How often each mark stands in a journal: once per entry."""
    found: dict[str, int] = {}
    for (text,) in database.execute("SELECT words FROM cases_content"):
        words = json.loads(text)
        said = str(words.get("text") or words.get("problem") or "")
        mark = said.rsplit(" ", 1)[-1]
        found[mark] = found.get(mark, 0) + 1
    return found


def _file(home: Path, write: Write, named: set[str]) -> list[str]:
    sha = write.sha256
    path = home / "attachments" / sha[:2] / sha[2:4] / sha
    if sha not in named:
        return [f"file of {write.mark} was acknowledged and no entry names it"]
    if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != sha:
        return [f"file of {write.mark} was acknowledged and its bytes are not there"]
    return []
