"""What every command starts with: the settings, the database in its newest form, errors in one sentence.

Exit codes: 0 done · 1 differences found, or it failed · 2 called in a wrong way.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import ipaddress
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

FAILED, MISUSED = 1, 2


class Trouble(Exception):
    """One sentence for the person at the keyboard, and the exit code."""

    def __init__(self, sentence: str, code: int = FAILED) -> None:
        super().__init__(sentence)
        self.code = code


def say(sentence: str = "") -> None:
    print(sentence, flush=True)


def complain(sentence: str) -> None:
    print(f"baoxiu: {sentence}", file=sys.stderr, flush=True)


def end(trouble: Trouble) -> NoReturn:
    complain(str(trouble))
    raise SystemExit(trouble.code)


def load(name: str) -> ModuleType:
    """The module of a command, with Django behind it: nothing of it is imported before."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baoxiu.config.settings")
    try:
        import_module("django").setup()
    except OSError as error:
        raise Trouble(
            f"{error.filename}: {error.strerror}; set BAOXIU_HOME to a folder I may write."
        ) from error
    return import_module(f"baoxiu.faces.console.{name}")


def load_plain(name: str) -> ModuleType:
    """The module of a command that needs no Django."""
    return import_module(f"baoxiu.faces.console.{name}")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@contextlib.contextmanager
def alone(file: Path, sentence: str = "") -> Iterator[None]:
    """Holds a lock on `file`; waits for it, or with a sentence says that and gives up."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (fcntl.LOCK_NB if sentence else 0))
        except BlockingIOError:
            raise Trouble(sentence) from None
        yield
    finally:
        os.close(descriptor)


def hold_home(home: Path) -> int:
    """Marks the home as in use for as long as this process lives: `restore` then keeps its hands off."""
    home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(home / "in-use", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Trouble("a restore is going on in this home; wait for its end.") from None
    return descriptor


def pending(connection: Any) -> list[str]:
    """The migrations the database still lacks."""
    executor = import_module("django.db.migrations.executor").MigrationExecutor(connection)
    return [f"{m.app_label}.{m.name}" for m, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def prepare_database() -> None:
    """Brings the database to its newest form, one process at a time."""
    settings = import_module("django.conf").settings
    database = import_module("django.db")
    with alone(settings.HOME / "preparing"):
        try:
            lacking = pending(database.connection)
            if lacking:
                say(f"preparing the database ({len(lacking)} migrations) …")
                with at_once(database.connection):
                    import_module("django.core.management").call_command(
                        "migrate", verbosity=0, interactive=False
                    )
            if load_plain("standard").keep():
                say("the standard procedure of this version is in force from now on.")
        except database.OperationalError as error:
            raise Trouble(f"the database cannot be used: {str(error).strip()}.") from error


def sync(*paths: Path) -> None:
    """Files and folders are on the disk."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def at_once(connection: Any) -> Iterator[None]:
    """A new SQLite file is made under another name, without a wait for the disk at each step, and is there when whole."""
    if (
        connection.vendor != "sqlite"
        or connection.is_in_memory_db()
        or connection.introspection.table_names()
    ):
        yield
        return
    connection.close()
    settings = connection.settings_dict
    file, made = Path(settings["NAME"]), Path(f"{settings['NAME']}.making")
    command = settings["OPTIONS"].get("init_command", "")
    hasty = {**settings["OPTIONS"], "init_command": f"{command} PRAGMA synchronous=OFF;"}
    made.unlink(missing_ok=True)  # of a try that was cut off
    connection.settings_dict = {**settings, "NAME": made, "OPTIONS": hasty}
    try:
        yield
        connection.close()
        sync(made)
        made.replace(file)
        sync(file.parent)
    finally:
        connection.close()
        connection.settings_dict = settings
        for rest in file.parent.glob(f"{made.name}*"):
            rest.unlink()


def need_database() -> None:
    """For commands that only read: a database that is not in its newest form is left alone."""
    database = import_module("django.db")
    try:
        lacking = pending(database.connection)
    except database.OperationalError as error:
        raise Trouble(f"the database cannot be used: {str(error).strip()}.") from error
    if lacking:
        raise Trouble("the database is new or of an older version; `baoxiu prepare` brings it up to date.")


def prepare_static() -> None:
    """Collects the browser files when one of them changed."""
    settings = import_module("django.conf").settings
    if settings.DEBUG:
        return
    digest = hashlib.sha256()
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                stat = path.stat()
                digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".stamp"
    with alone(root / ".collecting"):
        if stamp.exists() and stamp.read_text() == digest.hexdigest():
            return
        say("collecting the browser files …")
        import_module("django.core.management").call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(digest.hexdigest())


def prepare() -> None:
    with ThreadPoolExecutor(1) as beside:  # mostly compressing, which lets others work
        static = beside.submit(prepare_static)
        prepare_database()
        static.result()
