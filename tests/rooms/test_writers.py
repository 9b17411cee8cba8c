"""The queue before SQLite's one writer (config.sqlite): as exclusive as SQLite, as patient, given back by the dead."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError

from baoxiu.config.sqlite.base import DatabaseWrapper

SETTINGS = {
    "ENGINE": "baoxiu.config.sqlite", "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True,
    "TIME_ZONE": None, "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "ATOMIC_REQUESTS": False, "TEST": {},
}  # fmt: skip


@contextmanager
def connection(path: Path, timeout: float = 20) -> Iterator[DatabaseWrapper]:
    wrapper = DatabaseWrapper(
        {**SETTINGS, "NAME": path, "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": timeout}}
    )
    try:
        yield wrapper
    finally:
        wrapper.close()


@contextmanager
def writing(wrapper: DatabaseWrapper) -> Iterator[None]:
    """A transaction, as `atomic` makes one."""
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        yield
        wrapper.commit()
    except BaseException:
        wrapper.rollback()
        raise
    finally:
        wrapper.set_autocommit(True)


def run(wrapper: DatabaseWrapper, sql: str) -> list[tuple[int, ...]]:
    with wrapper.cursor() as cursor:
        return list(cursor.execute(sql).fetchall())


@pytest.fixture(autouse=True)
def files_of_their_own(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with connection(tmp_path / "counted.sqlite3") as wrapper:
        run(wrapper, "PRAGMA journal_mode=WAL")
        run(wrapper, "CREATE TABLE counted (n INTEGER)")
        run(wrapper, "INSERT INTO counted VALUES (0)")
    return tmp_path / "counted.sqlite3"


def test_no_write_of_several_writers_is_lost(path: Path) -> None:
    def add() -> None:
        with connection(path) as wrapper:
            for _ in range(50):
                with writing(wrapper):
                    ((n,),) = run(wrapper, "SELECT n FROM counted")
                    run(wrapper, f"UPDATE counted SET n = {n + 1}")

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connection(path) as wrapper:
        assert run(wrapper, "SELECT n FROM counted") == [(200,)]


def test_who_waits_longer_than_the_timeout_is_told_as_sqlite_tells_it(path: Path) -> None:
    with connection(path) as first, connection(path, timeout=0.05) as second:
        with writing(first), pytest.raises(OperationalError, match="database is locked"), writing(second):
            pass
        with writing(second):  # and has kept nothing back
            run(second, "UPDATE counted SET n = 7")
        with writing(first):
            assert run(first, "SELECT n FROM counted") == [(7,)]


def test_a_transaction_undone_or_a_connection_closed_gives_the_turn_back(path: Path) -> None:
    with connection(path) as first, connection(path, timeout=0.05) as second:
        with pytest.raises(ZeroDivisionError), writing(first):
            raise ZeroDivisionError
        with writing(second):
            run(second, "UPDATE counted SET n = 1")
        first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        first.close()
        with writing(second):
            run(second, "UPDATE counted SET n = 2")


def test_a_writer_that_knows_of_no_queue_is_waited_for_too(path: Path) -> None:
    import sqlite3

    stranger = sqlite3.connect(path, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with connection(path, timeout=0.05) as wrapper:
        with pytest.raises(OperationalError, match="locked"), writing(wrapper):
            pass
        stranger.execute("COMMIT")
        stranger.close()
        with writing(wrapper):
            run(wrapper, "UPDATE counted SET n = 3")


def test_a_killed_writer_gives_its_turn_back(path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from tests.rooms.test_writers import connection\n"
        "with connection(Path(sys.argv[1])) as wrapper:\n"
        "    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)\n"
        "    print('writing', flush=True); time.sleep(60)"
    )
    killed = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
    assert killed.stdout
    assert killed.stdout.readline() == b"writing\n"
    killed.kill()
    killed.wait()
    killed.stdout.close()
    with connection(path, timeout=1) as wrapper, writing(wrapper):
        run(wrapper, "UPDATE counted SET n = 4")


def test_a_commit_is_on_the_disk_when_it_returns_and_the_next_writes_meanwhile(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, seen = os.fdatasync, list[list[tuple[int, ...]]]()

    def sync(file: int) -> None:
        if not seen:
            seen.append([])
            with connection(path, timeout=0.05) as second, writing(second):
                seen[0] = run(second, "SELECT n FROM counted")
                run(second, "UPDATE counted SET n = 9")
        really(file)

    monkeypatch.setattr(os, "fdatasync", sync)
    with connection(path) as first:
        with writing(first):
            run(first, "UPDATE counted SET n = 8")
            assert not seen
        assert seen == [[(8,)]]
        assert run(first, "SELECT n FROM counted") == [(9,)]


def test_a_statement_of_its_own_is_made_durable_by_sqlite(path: Path) -> None:
    with connection(path) as wrapper:
        assert run(wrapper, "PRAGMA synchronous") == [(2,)]
        for end in (ZeroDivisionError, None):
            with suppress(ZeroDivisionError), writing(wrapper):
                assert run(wrapper, "PRAGMA synchronous") == [(1,)]
                if end:
                    raise end
            assert run(wrapper, "PRAGMA synchronous") == [(2,)]


def test_what_is_wrong_with_a_statement_is_said_in_djangos_words(path: Path) -> None:
    with connection(path) as wrapper:
        with pytest.raises(OperationalError, match="no such table"):
            run(wrapper, "SELECT n FROM uncounted")
        with pytest.raises(IntegrityError):
            run(wrapper, "CREATE TABLE one (n INTEGER NOT NULL)")
            run(wrapper, "INSERT INTO one VALUES (NULL) RETURNING n")
