"""`baoxiu import-cases`: a file of requests through the one registration."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.db import OperationalError
from django.utils import timezone

from baoxiu.faces.console.progress import counting
from baoxiu.faces.console.start import Trouble, prepare_database, say
from baoxiu.intake import rows
from baoxiu.intake.models import ImportRefusal
from baoxiu.intake.operations import imports
from baoxiu.lib import csvsafe

SHOWN = 10


def run(file: Path, report: Path | None, batch: int) -> None:
    """Registers every row not yet known. Refused rows go to the report with number, column and reason.

    Raises Trouble (exit 1) where rows were refused, after everything else is in.
    """
    prepare_database()
    report = report or Path.cwd() / f"{file.name.removesuffix('.gz').removesuffix('.csv')}.refused.csv"
    began, first, last, seen = time.monotonic(), None, None, Counter[str]()
    try:
        with counting("importing", None) as count:
            for step in imports.import_rows(file, now=timezone.now(), batch_rows=batch):
                first, last = first or step, step
                for refused in step.refused:
                    _show(refused, seen)
                count(
                    step.done - first.done, f"{step.done:,} of {step.total:,}, {sum(seen.values()):,} refused"
                )
    except rows.BadFile as error:
        raise Trouble(f"{file}: {error}.") from error
    except OperationalError as error:
        raise Trouble(
            f"{file}: the database stopped us ({error}); run it again, it goes on where it was."
        ) from error
    if first is None or last is None:
        return
    took = time.monotonic() - began
    done, refusals = last.done - first.done, _refusals(file)
    added, known = last.registered - first.registered, last.known - first.known
    say(
        f"{done:,} rows in {took:.0f} s ({done / max(took, 0.001):,.0f}/s): {added:,} registered, {known:,} known before."
    )
    if refusals:
        _write(report, refusals)
        kinds = ", ".join(f"{n:,} × {name}" for name, n in Counter(r.field for r in refusals).most_common(8))
        raise Trouble(f"{len(refusals):,} rows were refused ({kinds}); they are listed in {report}.")


def _show(refused: rows.RowRefused, seen: Counter[str]) -> None:
    seen[refused.field] += 1
    if sum(seen.values()) <= SHOWN:
        say(f"row {refused.row}, {refused.field}: {refused.reason.en}")


def _refusals(file: Path) -> list[ImportRefusal]:
    """All of this file's, also those of an earlier run that was interrupted."""
    return list(ImportRefusal.objects.filter(run__sha256=rows.digest(file)).order_by("row"))


def _write(report: Path, refusals: list[ImportRefusal]) -> None:
    try:
        with report.open("w", encoding="utf-8", newline="") as out:
            out.writelines(csvsafe.lines(_table(refusals)))
    except OSError as error:
        raise Trouble(f"{report}: {error.strerror}.") from error


def _table(refusals: list[ImportRefusal]) -> Iterator[tuple[object, ...]]:
    yield ("row", "column", "reason", "原因")
    for refused in refusals:
        yield (refused.row, refused.field, refused.reason_en, refused.reason_zh)
