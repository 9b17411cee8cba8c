"""`baoxiu restore`: a checked backup put in place, with outgoing messages off until somebody says go."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from baoxiu.faces.console import backup, outgoing
from baoxiu.faces.console.progress import counting
from baoxiu.faces.console.start import Trouble, prepare_database, say
from baoxiu.notify import switch


def run(folder: Path, force: bool) -> None:
    manifest = read(folder)
    check(folder, manifest)
    engine = manifest["database"]["engine"]
    if engine != connection.vendor:
        raise Trouble(f"this is a backup of {engine}, but DATABASE_URL names {connection.vendor}.")
    held = _alone_at_home()
    if not force and _has_data():
        raise Trouble("there is data here already; --force puts the backup in its place.")
    _files(folder, manifest)
    if engine == "sqlite":
        _sqlite(folder / manifest["database"]["file"])
    else:
        _postgres(folder / manifest["database"]["file"], manifest["database"]["rows"])
    # before anything else may look at the restored rows
    switch.switch_off()
    prepare_database()
    os.close(held)
    say(
        f"restored the backup of {manifest['made_at']}. Outgoing messages are off; `baoxiu work --go` lets them out."
    )


def read(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
        if manifest["form"] != backup.FORM:
            raise Trouble(f"{folder} was made by another version of Baoxiu ({manifest.get('baoxiu')}).")
    except (OSError, ValueError, KeyError, TypeError):
        raise Trouble(f"{folder} is not a whole backup: its manifest cannot be read.") from None
    return manifest


def check(folder: Path, manifest: dict[str, Any]) -> None:
    """Every byte against the manifest. Raises Trouble."""
    database = manifest["database"]
    file = folder / Path(database["file"]).name
    if not file.is_file() or backup.sha256_of(file) != database["sha256"]:
        raise Trouble(f"{file} is damaged: it is not the file the manifest was made for.")
    if database["engine"] == "sqlite" and backup.inspect_sqlite(file) != database["rows"]:
        raise Trouble(f"{file} has other row counts than the manifest.")
    with counting("checking attachments", len(manifest["attachments"])) as count:
        for i, name in enumerate(manifest["attachments"], 1):
            path = folder / "attachments" / name[:2] / name[2:4] / name
            if not path.is_file() or backup.sha256_of(path) != name:
                raise Trouble(f"attachment {name} is missing or damaged in this backup.")
            count(i)


def _alone_at_home() -> int:
    """Nobody serves or sends from this home meanwhile."""
    descriptor = os.open(Path(settings.HOME) / "in-use", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Trouble("this home is in use: stop `baoxiu serve` and `baoxiu work` first.") from None
    return descriptor


def _has_data() -> bool:
    tables = set(connection.introspection.table_names())
    connection.close()
    return "cases_case" in tables


def _files(folder: Path, manifest: dict[str, Any]) -> None:
    """Files whose bytes are here already stay; attachments are named by their bytes."""
    root = Path(settings.ATTACHMENTS)
    with counting("attachments", len(manifest["attachments"])) as count:
        for i, name in enumerate(manifest["attachments"], 1):
            inner = Path(name[:2]) / name[2:4] / name
            if not (root / inner).is_file() or backup.sha256_of(root / inner) != name:
                backup.copy_checked(folder / "attachments" / inner, root / inner, name)
            count(i)


def _sqlite(file: Path) -> None:
    """The old database steps aside, whole, before the new one gets its name."""
    target = Path(settings.DATABASES["default"]["NAME"])
    part = target.with_name(f".{target.name}.restoring")
    shutil.copyfile(file, part)
    outgoing.switch_off_in(part)
    with part.open("rb") as copied:
        os.fsync(copied.fileno())
    if target.exists():
        aside = target.with_name(
            f"{target.stem}.before-restore-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}.sqlite3"
        )
        # folds the write-ahead log into the file, so that one name holds everything
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        os.link(target, aside)
        say(f"the data that was here is kept in {aside}.")
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    part.replace(target)


def _postgres(file: Path, rows: dict[str, int]) -> None:
    connection.close()
    backup.postgres_tool(
        ["pg_restore", "--clean", "--if-exists", "--no-owner", "--no-acl", "--single-transaction",
         f"--dbname={connection.settings_dict['NAME']}", str(file)]
    )  # fmt: skip
    with connection.cursor() as cursor:
        found = backup.count_postgres(cursor)
    if found != rows:
        raise Trouble("the restored rows are not as many as the manifest says.")
