"""Progress on the screen: a bar where somebody looks, a line now and then where nobody does."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

SILENCE_SECONDS = 5.0


class Counter(Protocol):
    def __call__(self, done: int, note: str = "") -> None: ...


class Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed or 0
        return Text(f"{speed:,.0f}/s")


@contextmanager
def counting(doing: str, total: int | None) -> Iterator[Counter]:
    """Yields `count(done, note)`: `done` is how many so far."""
    if not sys.stderr.isatty():
        yield _plain(doing, total)
        return
    bar = Progress(
        TextColumn(f"{doing}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        transient=True,
    )
    with bar:
        task = bar.add_task(doing, total=total, note="")
        yield lambda done, note="": bar.update(task, completed=done, note=note)


def _plain(doing: str, total: int | None) -> Counter:
    began = spoken = time.monotonic()

    def count(done: int, note: str = "") -> None:
        nonlocal spoken
        now = time.monotonic()
        if now - spoken >= SILENCE_SECONDS:
            spoken = now
            of = f" of {total:,}" if total else ""
            print(
                f"{doing}: {done:,}{of}, {done / (now - began):,.0f}/s {note}".rstrip(),
                file=sys.stderr,
                flush=True,
            )

    return count
