"""A new home: its database is there when it is whole, and not before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baoxiu.faces.console.start import at_once
from tests.rooms.test_writers import connection, run


@pytest.fixture(autouse=True)
def files_of_their_own(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def test_the_database_of_a_new_home_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with connection(tmp_path / "new.sqlite3") as wrapper:
        with pytest.raises(ZeroDivisionError), at_once(wrapper):
            run(wrapper, "CREATE TABLE half (n INTEGER)")
            raise ZeroDivisionError
        assert wrapper.introspection.table_names() == []
        with at_once(wrapper):
            assert run(wrapper, "PRAGMA synchronous") == [(0,)]
            run(wrapper, "CREATE TABLE whole (n INTEGER)")
            run(wrapper, "INSERT INTO whole VALUES (1)")
        assert run(wrapper, "PRAGMA synchronous") == [(2,)]
        assert run(wrapper, "SELECT n FROM whole") == [(1,)]
    assert not list(tmp_path.glob("*.making*"))


def test_a_database_that_holds_something_is_changed_where_it_stands(tmp_path: Path) -> None:
    with connection(tmp_path / "old.sqlite3") as wrapper:
        run(wrapper, "CREATE TABLE old (n INTEGER)")
        with at_once(wrapper):
            run(wrapper, "INSERT INTO old VALUES (1)")
            assert run(wrapper, "PRAGMA synchronous") == [(2,)]
        assert run(wrapper, "SELECT n FROM old") == [(1,)]
