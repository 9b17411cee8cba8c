"""`python -m bench`: seeds, serves, measures, prints tables."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from bench import client, queries, slow
from bench.client import ACTIONS, Result
from bench.server import Server

TALKED = """
from baoxiu.cases.models import Case
print(json.dumps({"numbers": list(Case.objects.filter(is_open=True, journal_count__gte=5).order_by("-pk").values_list("number", flat=True)[:5000])}))
"""
HEAD = ("action", "conc", "per s", "p50 ms", "p95 ms", "p99 ms", "CPU ms", "queries", "wrong")


def home(root: Path, cases: int) -> Server:
    """A server over a home with so many cases, seeded where it is not yet."""
    server = Server(root / f"{cases}", DATABASE_URL="")
    stamp = server.home / "seeded.json"
    server.home.mkdir(parents=True, exist_ok=True)
    done = server.command("prepare")  # also what was seeded before the newest migrations
    if done.returncode:
        raise RuntimeError(done.stderr)
    if not stamp.exists():
        print(f"seeding {cases:,} cases …", flush=True)
        seeded = subprocess.run(
            [sys.executable, "-m", "bench.seed", str(cases)],
            env=server.env,
            stdout=subprocess.PIPE,
            check=True,
        )
        stamp.write_bytes(seeded.stdout)
        print(f"seeded in {json.loads(seeded.stdout)['seconds']} s", flush=True)
    return server


def measure(server: Server, actions: list[str], levels: list[int], seconds: float) -> list[Result]:
    """Every action at every concurrency; prints one line each."""
    talked = [str(n) for n in server.script(TALKED)["numbers"]]  # type: ignore[attr-defined]
    statements = server.script(queries.CODE)
    server.start()
    server.wait()
    results = []
    try:
        print("  ".join(f"{h:>8}" for h in HEAD), flush=True)
        for action in actions:
            for level in levels:
                result = asyncio.run(client.run(server, action, level, seconds, talked))
                results.append(result)
                _line(result, statements.get(action, ""))
        print(f"memory: {server.pss_mib():.0f} MiB PSS in {len(server.tree())} processes", flush=True)
    finally:
        server.stop()
    return results


def _line(r: Result, statements: object) -> None:
    cells = (
        r.action, r.concurrency, f"{r.per_second:.0f}", f"{r.percentile(0.5):.1f}", f"{r.percentile(0.95):.1f}",
        f"{r.percentile(0.99):.1f}", f"{r.cpu_ms:.1f}", statements, sum(r.wrong.values()) or "",
    )  # fmt: skip
    print("  ".join(f"{c!s:>8}" for c in cells) + f"   {ACTIONS[r.action][0]}", flush=True)
    for wrong, times in list(r.wrong.items())[:3]:
        print(f"          {times} × {wrong}", flush=True)


def growth(found: dict[int, list[Result]]) -> None:
    """p50 and CPU of each action at the lowest concurrency, size by size, over the first."""
    sizes = sorted(found)
    if len(sizes) < 2:
        return
    print("\ngrowth (CPU ms, p95 ms at the lowest concurrency)")
    for first in found[sizes[0]]:
        if first.concurrency != found[sizes[0]][0].concurrency:
            continue
        cells = []
        for size in sizes:
            r = next(r for r in found[size] if (r.action, r.concurrency) == (first.action, first.concurrency))
            share = r.percentile(0.95) / max(first.percentile(0.95), 0.001)
            cells.append(f"{size:>9,}: {r.cpu_ms:5.1f} {r.percentile(0.95):6.1f} ×{share:.2f}")
        print(f"{first.action:>4}  " + "   ".join(cells), flush=True)


def slow_uploads(server: Server) -> None:
    server.start()
    server.wait()
    try:
        for uploads in (0, 2, 8):
            median, worst = slow.stall_ms(server, uploads)
            print(
                f"{uploads} uploads at 20 kB/s: a page takes {median:.1f} ms, at worst {worst:.0f} ms",
                flush=True,
            )
    finally:
        server.stop()
