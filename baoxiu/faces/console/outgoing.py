"""The switch for outgoing messages. A restored installation starts with it off, or old reminders go out twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from baoxiu.cases.models import Sequence

SWITCH = "outgoing-off"  # a kept counter of 1: off


def is_off() -> bool:
    return Sequence.objects.filter(name=SWITCH, value=1).exists()


def switch_off() -> None:
    Sequence.objects.update_or_create(name=SWITCH, defaults={"value": 1})


def switch_off_in(file: Path) -> None:
    """The same in a database file that nobody uses yet."""
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("INSERT OR REPLACE INTO cases_sequence (name, value) VALUES (?, 1)", [SWITCH])


def switch_on() -> bool:
    """Lets messages out; returns whether they were held."""
    return bool(Sequence.objects.filter(name=SWITCH).delete()[0])
