"""Run the tests: everything on SQLite, and if a server answers what touches the database on PostgreSQL too.

The legs run at the same time: both wait often, for a browser or for a process just killed. What the SQLite leg says
comes last, so the last line is pytest's own. Arguments are handed to pytest.

BAOXIU_TEST_DATABASE_URL       the server to use (its user must be able to create databases)
BAOXIU_REQUIRE_POSTGRES=1      no server is a failure
BAOXIU_REQUIRE_BROWSER=1       no Chromium is a failure
BAOXIU_TEST_WORKERS            processes of the SQLite leg, 2 unless told; the PostgreSQL leg has half of them
"""

from __future__ import annotations

import atexit
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "test-results"
CANDIDATES = (
    "postgresql://postgres@127.0.0.1:5432/postgres",
    "postgresql://root@127.0.0.1:5432/postgres",
    "postgresql:///postgres",
)
# run on PostgreSQL too: what may ask the database of the leg (conftest.py marks it), without the browser's tests
ON_BOTH = ("-m", "tables and not browser")
# not even read there: none of it may
NO_DATABASE = ("tests/house", "tests/lib", "tests/sop", "tests/rooms/plan")
# names of our own test databases: checkout, then process
PREFIX = f"baoxiu_{hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]}_"


def server() -> tuple[str | None, str]:
    """Return the address of a usable server, or None and why not."""
    import psycopg

    told = os.environ.get("BAOXIU_TEST_DATABASE_URL")
    reason = "no PostgreSQL answers on this machine"
    for address in (told,) if told else CANDIDATES:
        try:
            with psycopg.connect(address, connect_timeout=3, autocommit=True) as connection:
                row = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
                if row and row[0]:
                    drop_left_overs(connection)
                    return address, ""
                reason = "the PostgreSQL user may not create databases"
        except psycopg.Error as error:
            if told:
                reason = f"BAOXIU_TEST_DATABASE_URL: {str(error).strip().splitlines()[0]}"
    return None, reason


def drop_left_overs(connection: object) -> None:
    """Drop databases of test runs of this checkout that were killed."""
    rows = connection.execute(  # type: ignore[attr-defined]
        "SELECT datname FROM pg_database WHERE datname LIKE %s",
        [f"test\\_{PREFIX.replace('_', chr(92) + '_')}%"],
    ).fetchall()
    for (name,) in rows:
        process = name.removeprefix(f"test_{PREFIX}").split("_")[0]
        if process.isdigit() and not Path(f"/proc/{process}").exists():
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[attr-defined]


class Leg:
    """One run of pytest; what it says is shown as it comes once `show` is called."""

    def __init__(self, name: str, workers: int, arguments: list[str], **environment: str) -> None:
        command = [sys.executable, "-m", "pytest", "-n", str(workers), "--dist", "worksteal"]
        command += [f"--junitxml={RESULTS / name}.xml", "-o", f"junit_suite_name={name}", *arguments]
        # a home of its own: a test never sees the data of a demo, of a person trying things or of the other leg
        environment["BAOXIU_HOME"] = str(RESULTS / f"home-{name}")
        environment["PYTHONDONTWRITEBYTECODE"] = (
            ""  # every process of both legs would compile every test anew
        )
        self.said = RESULTS / f"{name}.log"
        with self.said.open("wb") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **environment}, stdout=out, stderr=subprocess.STDOUT
            )
        atexit.register(self.process.terminate)

    def show(self) -> int:
        """Return pytest's exit code."""
        with self.said.open("rb") as said:
            running = True
            while running:
                running = self.process.poll() is None
                sys.stdout.buffer.write(said.read())
                sys.stdout.flush()
                time.sleep(0.2 * running)
        return self.process.returncode


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the legs end with us
    arguments = sys.argv[1:]
    RESULTS.mkdir(exist_ok=True)
    for old in [*RESULTS.glob("*.xml"), *RESULTS.glob("database-*.txt")]:
        old.unlink()
    address, reason = server()
    if not address and os.environ.get("BAOXIU_REQUIRE_POSTGRES") == "1":
        print(f"tests: PostgreSQL is required: {reason}", file=sys.stderr)
        return 1
    workers = int(os.environ.get("BAOXIU_TEST_WORKERS", "2"))
    sqlite = Leg("sqlite", workers, arguments, DATABASE_URL="", BAOXIU_EXPECT_DATABASE="sqlite")
    code = 0
    if address:
        base, _, options = address.partition("?")
        name = f"{PREFIX}{os.getpid()}"
        url = f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{options}" if options else "")
        chosen = arguments or [*ON_BOTH, *(f"--ignore={path}" for path in NO_DATABASE)]
        half = (workers + 1) // 2
        postgres = Leg("postgresql", half, chosen, DATABASE_URL=url, BAOXIU_EXPECT_DATABASE="postgresql")
        print("tests: PostgreSQL", flush=True)
        code = postgres.show()
    else:
        print(f"tests: PostgreSQL leg skipped: {reason}", flush=True)
    print("tests: SQLite", flush=True)
    return sqlite.show() or code


if __name__ == "__main__":
    sys.exit(main())
