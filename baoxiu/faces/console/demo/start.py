"""The demo's home: made once, used again, thrown away only when it is a demo's."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from baoxiu.cases.models import Case
from baoxiu.faces.console.demo import cast, play, requests, rules
from baoxiu.faces.console.progress import counting
from baoxiu.faces.console.start import MISUSED, Trouble, alone, prepare_database, say

OLD = dt.timedelta(days=3)
OLDEST = dt.timedelta(days=366)  # no request is older


def run(cases: int, fresh: bool) -> None:
    """Makes the demo's data unless they are there. Raises Trouble in a home that is not a demo's."""
    if not settings.DEMO:
        raise Trouble("this is for `baoxiu demo` only.", MISUSED)
    home = Path(settings.HOME)
    # the other core packs the browser files meanwhile
    packing = subprocess.Popen([sys.executable, "-m", "baoxiu", "pack"])
    with alone(home / "playing", "another `baoxiu demo` is making data in this home; wait for it."):
        note = home / "demo.json"
        known = _read(note)
        if known is None and _has_cases():
            raise Trouble(f"{home} holds data that is not a demo's; set BAOXIU_HOME to another folder.")
        if known and known.get("finished") and not fresh:
            _use(known, cases)
        else:
            if known:
                _clear(home)
            note.write_text(json.dumps({"finished": False}))
            _make(note, cases)
    if packing.wait():
        raise Trouble("the browser files could not be collected.")


def _read(note: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(note.read_text())
        return found
    except (OSError, ValueError):
        return None


def _has_cases() -> bool:
    return "cases_case" in connection.introspection.table_names() and Case.objects.exists()


def _use(known: dict[str, Any], cases: int) -> None:
    prepare_database()
    if known["cases"] != cases:
        say(f"the demo has {known['cases']:,} cases already; --fresh plays {cases:,} anew.")
    if timezone.now() - dt.datetime.fromisoformat(known["now"]) > OLD:
        say(f"the demo was played on {known['now'][:10]}, so much is late by now; --fresh plays it anew.")


def _clear(home: Path) -> None:
    if connection.vendor == "sqlite":
        connection.close()
        for file in home.glob("baoxiu.sqlite3*"):
            file.unlink()
    else:
        call_command("flush", verbosity=0, interactive=False)
    shutil.rmtree(settings.ATTACHMENTS, ignore_errors=True)


def _make(note: Path, cases: int) -> None:
    began = time.monotonic()
    prepare_database()
    now = timezone.localtime()
    rows = list(requests.many(cases))
    people = cast.gather(now)
    cast.stock(rows)
    rules.add_prices(people.actors["chen"], now - OLDEST, is_first=True)
    acts = 0
    with counting("playing the demo", cases) as count:
        for registered, acts in play.play(rows, people, now):
            count(registered, f"{acts:,} steps")
    rules.lay_down(people, timezone.now())
    note.write_text(json.dumps({"finished": True, "cases": cases, "now": now.isoformat()}))
    say(f"{cases:,} requests played in {acts:,} steps, {time.monotonic() - began:.0f} s.")
