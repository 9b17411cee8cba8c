"""Django's SQLite backend, less the work it repeats for every statement, and with a queue before the one writer.

SQLite lets one transaction write at a time; who comes second sleeps for 1, 2, 5, 10 … 100 ms between its looks, long
after the first is done. Here writers wait for a lock of the kernel instead, on a file beside the database, and look
every half millisecond. A process that dies gives it back. Programs that do not know of it meet SQLite's own lock.

A transaction is written under the lock and made durable after it (`WAL`): the next one works while the disk does. As
with `synchronous=FULL`, `commit()` returns when the power may fail; statements of their own commit with FULL itself.
"""

from __future__ import annotations

import fcntl
import os
import time
from _thread import get_ident
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base
from django.db.backends.utils import CursorWrapper

LOOK_SECONDS = 0.0005
FULL = 2  # as SQLite numbers `synchronous`


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


class PlainCursor(CursorWrapper):
    """Django's cursor where nobody watches: what only matters when something is wrong is done when it is."""

    def execute(self, sql: str, params: Any = None) -> Any:
        if self.db.needs_rollback or self.db.execute_wrappers:
            return super().execute(sql, params)
        try:
            return self.cursor.execute(sql, params)
        except base.Database.Error:
            with self.db.wrap_database_errors:
                raise

    def fetchone(self) -> Any:
        try:
            return self.cursor.fetchone()
        except base.Database.Error:
            with self.db.wrap_database_errors:
                raise

    def fetchall(self) -> Any:
        try:
            return self.cursor.fetchall()
        except base.Database.Error:
            with self.db.wrap_database_errors:
                raise

    def close(self) -> None:
        self.cursor.close()


class DatabaseWrapper(base.DatabaseWrapper):
    _turn: int | None = None  # the open lock file while this connection writes
    _wal = ""  # the file that commits are appended to; none: not such a database, or not to be made durable

    def get_new_connection(self, conn_params: Any) -> Any:
        connection = super().get_new_connection(conn_params)
        said = [
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        ]
        self._wal = f"{self.settings_dict['NAME']}-wal" if said == ["wal", FULL] else ""
        return connection

    def cursor(self) -> Any:
        self.ensure_connection()
        if self.queries_logged or self._thread_ident != get_ident():
            return super().cursor()
        return PlainCursor(self.create_cursor(), self)

    def create_cursor(self, name: Any = None) -> Cursor:
        return self.connection.cursor(factory=Cursor)

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            self._sync_later(True)
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._sync_later(False)
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()
        self._sync_later(False)
        if self._turn is not None:
            self._end_turn()
            self._sync()

    def _rollback(self) -> None:
        try:
            super()._rollback()
            self._sync_later(False)
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._end_turn()

    def _sync_later(self, later: bool) -> None:
        """Not as a statement: SQLite obeys this one when it is compiled, and compiled statements are kept."""
        if self._wal and self.connection is not None:
            self.connection.executescript(f"PRAGMA synchronous={'NORMAL' if later else 'FULL'}")

    def _sync(self) -> None:
        """What this connection committed, and all before it, is on the disk."""
        if self._wal:
            wal = os.open(self._wal, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fdatasync(wal)
            finally:
                os.close(wal)

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
