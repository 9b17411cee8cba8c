"""Windows to offer a customer, over HTTP: 1,000 engineers with 8 jobs each, three days ahead.

    python -m bench.slots [--engineers 1000] [--jobs 8000] [--asked 100]

Makes a database of its own in a temporary folder. Goal: 95 of 100 answers within 150 ms.
"""

from __future__ import annotations

import argparse
import http.client
import threading
import time
from typing import Any
from wsgiref.simple_server import make_server

from bench import board


def measure(address: tuple[str, int], path: str, key: str, times: int) -> list[tuple[float, float]]:
    """(seconds on the clock, CPU seconds of the server) of each answer."""
    connection, found = http.client.HTTPConnection(*address), []
    for _ in range(times):
        began, busy = time.perf_counter(), time.process_time()
        connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        body = answer.read()
        found.append((time.perf_counter() - began, time.process_time() - busy))
        if answer.status != 200 or b"starts_at" not in body:
            raise SystemExit(f"{answer.status}: {body[:300]!r}")
    return found


def told(name: str, found: list[tuple[float, float]]) -> None:
    wall, cpu = (sorted(1000 * x[i] for x in found) for i in (0, 1))
    at = int(0.95 * len(found))
    print(
        f"{name}: ms median {wall[len(wall) // 2]:.0f}, p95 {wall[at]:.0f}; CPU ms median {cpu[len(cpu) // 2]:.0f}, p95 {cpu[at]:.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engineers", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=8000)
    parser.add_argument("--asked", type=int, default=100)
    wanted = parser.parse_args()
    import django
    from django.conf import settings

    django.setup()
    settings.ALLOWED_HOSTS = ["*"]
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    boss, _date = board.seed(wanted.engineers, wanted.jobs)
    number, key = fresh(boss)
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=board.Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address, path = ("127.0.0.1", server.server_port), f"/api/cases/{number}/windows"
    told("first answer of a process", measure(address, path, key, 1))
    told("windows for a new case", measure(address, path, key, wanted.asked))
    server.shutdown()


def fresh(boss: Any) -> tuple[str, str]:
    """A job nobody has, and the dispatcher's key."""
    from baoxiu.cases.models import Case
    from tests.faces.machine import key_for

    case = Case.objects.filter(stage="dispatch").first() or Case.objects.order_by("-pk")[0]
    Case.objects.filter(pk=case.pk).update(stage="dispatch", engineer=None)
    key_for(boss, "slots")
    return case.number, "slots"


if __name__ == "__main__":
    main()
