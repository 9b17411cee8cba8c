"""C5.2: the ledger of a case's clocks, replayed from its journal alone: pauses, terms, due times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from baoxiu.cases import clocks
from baoxiu.cases.models import JournalEntry, Pause
from baoxiu.service_levels import queries as levels
from baoxiu.sop import procedure as sop

Stand = tuple[str, dt.datetime, dt.datetime | None]  # scope, from, until


class Ledger:
    """What a journal says about clocks, entry by entry. Entries of an older program say nothing and are passed over."""

    def __init__(self, version: sop.Procedure) -> None:
        self.version = version
        self.pauses: list[Stand] = []
        self.told: dict[str, Any] = {}
        self.is_whole = False  # whether the journal told its clocks from the first entry on

    def pause(self, step: sop.Step, facts: dict[str, str], before: str, entry: JournalEntry) -> None:
        """The intervals that begin and end with an entry; `facts` and `before` as they were."""
        begun, ended = clocks.scopes(
            dict(step.sets), facts.get("on_hold") == "yes", before, step.to_stage or before
        )
        self.pauses = [
            (scope, start, entry.at) if scope in ended and until is None else (scope, start, until)
            for scope, start, until in self.pauses
        ]
        self.pauses += [(scope, entry.at, None) for scope in sorted(begun)]

    def stored(self, pauses: Iterable[Pause]) -> list[Stand]:
        """Rows as the ledger has them. Waiting at a stage was not written down by an older program."""
        rows = [(p.scope, p.from_at, p.until_at) for p in pauses if self.is_whole or p.scope == "hold"]
        wanted = [p for p in self.pauses if self.is_whole or p[0] == "hold"]
        same = sorted(rows, key=lambda p: p[:2]) == sorted(wanted, key=lambda p: p[:2])
        return self.pauses if same else rows

    def replayed(self, entry: JournalEntry) -> Iterator[tuple[str, str, str]]:
        """(clock, due time in the journal, derived) wherever the two differ."""
        body = entry.body
        told = body.get("clocks", {})
        self.told.update(told)
        self.is_whole |= entry.no == 1 and bool(told)
        opened = {k: due for k, (due, _) in body.get("opened", {}).items()}
        new = {*opened, *(clocks.spans(entry.from_stage, entry.to_stage)[0])}
        for kind, due in {**opened, **body.get("moved", {}), **body.get("spans", {})}.items():
            if kind in told and told[kind][1] is not None:
                derived = self._due(kind, told[kind], is_new=kind in new)
                if (
                    derived != due
                    and derived != dt.datetime.fromisoformat(due).astimezone(dt.UTC).isoformat()
                ):
                    yield kind, due, derived

    def _due(self, kind: str, told: list[Any], *, is_new: bool) -> str:
        start, minutes, calendar, level, sha256 = told[:5]
        duty = self.version.duty.get(kind)
        try:
            book = levels.by_sha(sha256)
            stops = clocks.stops(book, level, kind, duty.clause if duty else clocks.CLAUSE)
            stood = [(a, b) for scope, a, b in self.pauses if scope in stops and b is not None]
            due, _ = book.due(calendar, dt.datetime.fromisoformat(start), minutes, [] if is_new else stood)
        except (levels.UnknownBook, KeyError, ValueError) as problem:
            return f"{type(problem).__name__}: {problem}"
        return due.astimezone(dt.UTC).isoformat() if due else ""
