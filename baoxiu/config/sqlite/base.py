"""Django's SQLite backend, less the work it repeats for every statement, and with a queue before the one writer.

SQLite lets one transaction write at a time; who comes second sleeps for 1, 2, 5, 10 … 100 ms between its looks, long
after the first is done. Here writers wait for a lock of the kernel instead, on a file beside the database, and look
every half millisecond. A process that dies gives it back. Programs that do not know of it meet SQLite's own lock.
"""

from __future__ import annotations

import fcntl
import os
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

LOOK_SECONDS = 0.0005


class Cursor(base.SQLiteCursorWrapper):
    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        return (
            _converted(query)
            if param_names is None
            else super().convert_query(query, param_names=param_names)
        )


@lru_cache(maxsize=1024)
def _converted(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class DatabaseWrapper(base.DatabaseWrapper):
    _turn: int | None = None  # the open lock file while this connection writes

    def create_cursor(self, name: Any = None) -> Cursor:
        return self.connection.cursor(factory=Cursor)

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._end_turn()

    def _take_turn(self) -> None:
        """Raises OperationalError after the timeout of the settings, as SQLite itself would."""
        if self._turn is not None or self.is_in_memory_db():
            return
        turn = os.open(
            f"{Path(self.settings_dict['NAME'])}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        end = time.monotonic() + self.settings_dict["OPTIONS"].get("timeout", 5)
        while True:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > end:
                    os.close(turn)
                    raise OperationalError("database is locked") from None
                time.sleep(LOOK_SECONDS)
            else:
                self._turn = turn
                return

    def _end_turn(self) -> None:
        if self._turn is not None:
            os.close(self._turn)
            self._turn = None
