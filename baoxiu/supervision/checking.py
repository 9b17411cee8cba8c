"""`baoxiu verify`: the figures derived again and compared with what is stored."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from baoxiu.cases.models import Case
from baoxiu.sop import figures
from baoxiu.supervision import folding
from baoxiu.supervision.models import CaseFigures, ClauseDay, DayFigures, DaySpread, MonthFigures, Sums

COMPARED = ("entries", "marks", "clauses", "lapses", "waivers", "product", "symptom", "station", "engineer")


def differences(*, now: dt.datetime) -> Iterator[str]:
    """Where cases, sums and journal part, as of the last fold; folds what is new first."""
    folding.fold(now=now)
    sums: dict[tuple[dt.date, str, str], list[int]] = defaultdict(lambda: [0] * len(figures.COLUMNS))
    clauses: dict[tuple[dt.date, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    spreads = folding.no_spreads()
    ids: list[int] = []
    for pk in Case.objects.order_by("pk").values_list("pk", flat=True).iterator():
        ids.append(pk)
        if len(ids) == folding.CASES:
            yield from _cases(ids, sums, spreads, clauses, now)
            ids = []
    yield from _cases(ids, sums, spreads, clauses, now)
    yield from _sums(DayFigures, "day", sums)
    yield from _sums(MonthFigures, "month", folding.by_month(sums))
    yield from _spreads(spreads)
    stored = {
        (row.day, row.clause): {o: getattr(row, o) for o in ("kept", "waived", "broken", "owed")}
        for row in ClauseDay.objects.all()
    }
    for key in sorted(stored.keys() | clauses.keys()):
        derived = {o: clauses[key][o] for o in ("kept", "waived", "broken", "owed")}
        if stored.get(key, dict.fromkeys(derived, 0)) != derived:
            yield f"clauses of {key[0]} {key[1]}: stored {stored.get(key)}, derived {derived}"


def _cases(
    ids: list[int], sums: Any, spreads: folding.Spreads, clauses: Any, now: dt.datetime
) -> Iterator[str]:
    stored = {row.case_id: row for row in CaseFigures.objects.filter(case__in=ids)}
    for row in folding.derived(ids, now):
        folding.add(row, 1, sums)
        folding.spread(row, 1, spreads)
        for clause, outcome in row.clauses.items():
            clauses[row.registered_day, clause][outcome] += 1
        held = stored.get(row.case_id)
        for name in COMPARED:
            if getattr(held, name, None) != getattr(row, name):
                yield f"figures of {row.case.number}: {name}: stored {getattr(held, name, None)!r}, derived {getattr(row, name)!r}"


def _sums(table: type[Sums], span: str, sums: dict[tuple[dt.date, str, str], list[int]]) -> Iterator[str]:
    stored = {
        (row.day, row.dimension, row.value): [getattr(row, c) for c in figures.COLUMNS]
        for row in table._default_manager.iterator()
    }
    nothing = [0] * len(figures.COLUMNS)
    for key in sorted(stored.keys() | sums.keys()):
        if stored.get(key, nothing) != sums.get(key, nothing):
            yield f"sums of {span} {key[0]} {key[1]} {key[2]}: stored {stored.get(key)}, derived {sums.get(key)}"


def _spreads(spreads: folding.Spreads) -> Iterator[str]:
    stored = {(r.is_month, (r.day, r.dimension, r.value)): r for r in DaySpread.objects.iterator()}
    for key in sorted(stored.keys() | spreads.keys()):
        for name in figures.SPREADS:
            kept, derived = getattr(stored.get(key), name, {}), dict(spreads[key][name])
            if kept != derived:
                span = f"{'month' if key[0] else 'day'} {' '.join(map(str, key[1]))}"
                yield f"spread of {name} {span}: stored {kept}, derived {derived}"
