"""`baoxiu import-units`: units sold or in stock, from a file."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

from django.db import OperationalError
from django.utils import timezone

from baoxiu.catalogue import importing
from baoxiu.faces.console.progress import counting
from baoxiu.faces.console.start import Trouble, prepare_database, say
from baoxiu.lib import csvsafe, tables
from baoxiu.people.actors import SYSTEM

SHOWN = 10


def run(file: Path, report: Path | None) -> None:
    """Every row becomes a unit, is known, or is refused with its number, column and reason.

    Raises Trouble (exit 1) where rows were refused, after everything else is in.
    """
    prepare_database()
    began, refused, step = time.monotonic(), list[importing.Refused](), importing.Progress()
    try:
        with counting("importing units", None) as count:
            for step in importing.import_units(file, by=SYSTEM, now=timezone.now()):
                refused += step.refused
                count(step.done, f"{step.added:,} added, {step.known:,} known, {len(refused):,} refused")
    except tables.BadTable as error:
        raise Trouble(f"{file}: {error}.") from error
    except OperationalError as error:
        raise Trouble(
            f"{file}: the database stopped us ({error}); run it again, nothing is added twice."
        ) from error
    took = time.monotonic() - began
    say(
        f"{step.done:,} rows in {took:.1f} s ({step.done / max(took, 0.001):,.0f}/s): "
        f"{step.added:,} added, {step.known:,} known before."
    )
    if refused:
        _tell(refused, report or Path.cwd() / f"{file.name.split('.')[0]}.refused.csv")


def _tell(refused: list[importing.Refused], report: Path) -> None:
    for row in refused[:SHOWN]:
        say(f"row {row.row}, {row.column}: {row.reason.en}")
    lines = [
        ("row", "column", "reason", "原因"),
        *((r.row, r.column, r.reason.en, r.reason.zh) for r in refused),
    ]
    try:
        with report.open("w", encoding="utf-8", newline="") as out:
            out.writelines(csvsafe.lines(lines))
    except OSError as error:
        raise Trouble(f"{report}: {error.strerror}.") from error
    kinds = ", ".join(f"{n:,} × {name}" for name, n in Counter(r.column for r in refused).most_common(8))
    raise Trouble(f"{len(refused):,} rows were refused ({kinds}); they are listed in {report}.")
