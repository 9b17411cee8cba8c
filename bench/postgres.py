"""A PostgreSQL of one's own, thrown away afterwards: started, crashed, started again."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from bench.server import free_port

NAMES = ("initdb", "pg_ctl")


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl; None where there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((f for f in folders if all((f / name).exists() for name in NAMES)), None)


class Cluster:
    """Raises RuntimeError where it cannot be made: no binaries, or root without a user `postgres`."""

    def __init__(self) -> None:
        folder = binaries()
        if folder is None:
            raise RuntimeError("no initdb on this machine")
        self.bin, self.port = folder, free_port()
        self.root = Path(tempfile.mkdtemp(prefix="baoxiu-postgres-"))
        self.as_user: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            try:
                shutil.chown(self.root, "postgres", "postgres")
            except LookupError:
                self.root.rmdir()
                raise RuntimeError("no user postgres to run PostgreSQL as") from None
            self.as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self._run(
            "initdb",
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def _run(self, program: str, *words: str) -> None:
        command = [*self.as_user, str(self.bin / program), "-D", str(self.root / "data"), *words]
        with (self.root.parent / f"{self.root.name}.out").open("ab") as out:  # a daemon keeps a pipe open
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/", check=False
            )
        if done.returncode:
            raise RuntimeError(f"{program} ended with {done.returncode}; see {self.root}.out")

    def start(self) -> None:
        options = f"-p {self.port} -k {self.root} -c listen_addresses=127.0.0.1"
        self._run("pg_ctl", "start", "--wait", "-o", options, "-l", str(self.root / "log"))

    def crash(self) -> None:
        """Everybody is thrown out, nothing is written: the next start recovers from the log."""
        self._run("pg_ctl", "stop", "--wait", "-m", "immediate")

    def remove(self) -> None:
        subprocess.run(
            [*self.as_user, str(self.bin / "pg_ctl"), "-D", str(self.root / "data"), "stop", "-m", "immediate"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", check=False,
        )  # fmt: skip
        shutil.rmtree(self.root, ignore_errors=True)
        Path(f"{self.root}.out").unlink(missing_ok=True)
