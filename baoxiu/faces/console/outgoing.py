"""The switch for outgoing messages in a database file that nobody uses yet."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from baoxiu.notify.switch import SWITCH


def switch_off_in(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("INSERT OR REPLACE INTO cases_sequence (name, value) VALUES (?, 1)", [SWITCH])
