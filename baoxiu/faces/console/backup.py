"""`baoxiu backup`: database and attachments, copied while people work, checked before the copy counts.

    FOLDER/manifest.json       what is here, with SHA-256, sizes and row counts; written last
    FOLDER/baoxiu.sqlite3      SQLite: by its online backup interface
    FOLDER/baoxiu.pgdump       PostgreSQL: by pg_dump, custom format
    FOLDER/attachments/…       each file under the hash of its bytes

The secrets are not in it: keep `secret_key` and `signing_key` of the home somewhere else, personal links and
certificates depend on them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from baoxiu import __version__
from baoxiu.faces.console.progress import counting
from baoxiu.faces.console.start import MISUSED, Trouble, need_database, say, sync

FORM = 1
PAGES = 2048  # copied at a time, so that writers wait little


def run(folder: Path) -> None:
    if folder.exists():
        raise Trouble(f"{folder} exists already; name a folder that does not.", MISUSED)
    need_database()
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        (part / "attachments").mkdir(parents=True)
        # files first: most are there already when the database is copied; what came in between follows
        _copy_files(part)
        database = _sqlite(part) if connection.vendor == "sqlite" else _postgres(part)
        _copy_files(part)
        manifest = _manifest(part, database)
        (part / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False))
        sync(part / "manifest.json", *part.glob("baoxiu.*"), part, part.parent)
        part.rename(folder)
    except OSError as error:
        raise Trouble(f"{error.filename or folder}: {error.strerror}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    rows = sum(manifest["database"]["rows"].values())
    files = len(manifest["attachments"])
    say(f"backed up to {folder}: {rows:,} rows, {files:,} attachments; checked.")


# -- attachments ----------------------------------------------------------------------------


def stored_files(root: Path) -> Iterator[Path]:
    """The attachments below a folder, files being written left out."""
    return (p for p in sorted(root.glob("??/??/*")) if p.is_file() and len(p.name) == 64)


def _copy_files(part: Path) -> None:
    source, target = Path(settings.ATTACHMENTS), part / "attachments"
    new = [p for p in stored_files(source) if not (target / p.relative_to(source)).exists()]
    with counting("attachments", len(new)) as count:
        for i, path in enumerate(new, 1):
            with contextlib.suppress(FileNotFoundError):  # housekeeping was faster; no row names it
                copy_checked(path, target / path.relative_to(source), path.name)
            count(i)


def copy_checked(source: Path, target: Path, sha256: str) -> None:
    """Copies a file whose hash is known; a flipped byte is found here."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part, digest = target.with_name(f".{target.name}.part"), hashlib.sha256()
    with source.open("rb") as read, part.open("wb") as written:
        while block := read.read(1 << 20):
            digest.update(block)
            written.write(block)
        written.flush()
        os.fsync(written.fileno())
    if digest.hexdigest() != sha256:
        part.unlink()
        raise Trouble(f"{source} is damaged: its bytes are not the ones it is named after.")
    part.replace(target)


# -- database -------------------------------------------------------------------------------


def _sqlite(part: Path) -> dict[str, Any]:
    file = part / "baoxiu.sqlite3"
    source = sqlite3.connect(f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True, timeout=20)
    with closing(source), closing(sqlite3.connect(file)) as copy:
        source.backup(copy, pages=PAGES, sleep=0.01)
        copy.execute("PRAGMA journal_mode=DELETE")
    return {"engine": "sqlite", "file": file.name, "rows": inspect_sqlite(file)}


def inspect_sqlite(file: Path) -> dict[str, int]:
    """Row counts of a copy that passed SQLite's own check. Raises Trouble."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
            if verdict != "ok":
                raise Trouble(f"the copied database is damaged: {verdict}.")
            names = [
                n
                for (n,) in copy.execute(
                    "SELECT name FROM sqlite_master WHERE type='table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
                    "AND name NOT LIKE 'sqlite_%' ORDER BY name"
                )
            ]
            return {n: copy.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0] for n in names}
    except sqlite3.DatabaseError as error:
        raise Trouble(f"the copied database cannot be read: {error}.") from error


def _postgres(part: Path) -> dict[str, Any]:
    """Rows are counted in the very snapshot that is dumped."""
    file = part / "baoxiu.pgdump"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        rows = count_postgres(cursor)
        postgres_tool(
            [
                "pg_dump",
                "--format=custom",
                "--no-owner",
                "--no-acl",
                f"--snapshot={snapshot}",
                f"--file={file}",
            ]
        )
    return {"engine": "postgresql", "file": file.name, "rows": rows}


def count_postgres(cursor: Any) -> dict[str, int]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
    names, rows = [n for (n,) in cursor.fetchall()], {}
    for name in names:
        cursor.execute(f'SELECT count(*) FROM "{name}"')
        rows[name] = cursor.fetchone()[0]
    return rows


def postgres_tool(command: list[str]) -> None:
    """Runs one of PostgreSQL's programs against our database; the password goes by environment."""
    told = connection.get_connection_params()
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
    }
    env = {**os.environ, **{v: str(told[k]) for k, v in names.items() if told.get(k)}}
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise Trouble(f"{command[0]} is not on this machine: install PostgreSQL's client programs.") from None
    if done.returncode:
        raise Trouble(f"{command[0]}: {done.stderr.strip().splitlines()[-1]}")


# -- manifest -------------------------------------------------------------------------------


def _manifest(part: Path, database: dict[str, Any]) -> dict[str, Any]:
    files = {p.name: p.stat().st_size for p in stored_files(part / "attachments")}
    named = named_files(part, database)
    if lacking := sorted(named - set(files)):
        raise Trouble(f"{len(lacking):,} attachments lack their bytes, the first is {lacking[0]}.")
    return {
        "form": FORM,
        "baoxiu": __version__,
        "made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "database": {**database, "sha256": sha256_of(part / database["file"])},
        "attachments": files,
    }


def named_files(part: Path, database: dict[str, Any]) -> set[str]:
    """The attachments that the copy's rows name (PostgreSQL: the live rows; dropped ones need no bytes)."""
    query = "SELECT DISTINCT sha256 FROM cases_attachment"
    if database["engine"] == "sqlite":
        with closing(sqlite3.connect(f"file:{part / database['file']}?mode=ro", uri=True)) as copy:
            return {sha for (sha,) in copy.execute(query)}
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {sha for (sha,) in cursor.fetchall()}


def sha256_of(file: Path) -> str:
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()
