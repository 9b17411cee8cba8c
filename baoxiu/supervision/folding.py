"""C6.2: the fold – figures and conformance kept up with the journal, a batch of cases at a time.

The fold reads the journal from its position on and derives the figures of every case touched anew, so
that doing it twice changes nothing. Keys that are skipped – a transaction still open on PostgreSQL –
are remembered and looked for again until no transaction can be that old. What changes by time alone
(a duty falls due, a window closes) is found by its time.

Cases are read and derived without a lock; a transaction only writes them, a hundred at a time, so that
nobody who registers a case waits for figures. What moved meanwhile stands in the journal behind the position
and is derived again.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef

from baoxiu.cases import conformance
from baoxiu.cases.models import Case, Duty, JournalEntry
from baoxiu.lib import zones
from baoxiu.sop import figures
from baoxiu.sop.conformance import BROKEN, WAIVED, examine
from baoxiu.sop.figures import Later
from baoxiu.supervision.models import (
    DIMENSIONS,
    CaseFigures,
    ClauseDay,
    DayFigures,
    DaySpread,
    MonthFigures,
    Position,
    State,
)
from baoxiu.terms import procedures

ENTRIES = 4000  # of the journal, at a time
CASES = 25  # in one transaction, and in memory
OLDEST_TRANSACTION = dt.timedelta(minutes=10)


def fold(*, now: dt.datetime, most: int = 1_000_000) -> int:
    """Brings the figures up to the journal; returns how many cases were derived again, about `most`."""
    done = 0
    while done < most:
        found = _batch(now)
        done += found
        if not found:
            return done
    return done


def rebuild(*, now: dt.datetime) -> int:
    """Throws everything away and folds the journal from its beginning."""
    with transaction.atomic():
        _forget(Position.objects.select_for_update().get_or_create(pk=1)[0])
    return fold(now=now)


def _forget(position: Position) -> None:
    for table in (CaseFigures, DayFigures, MonthFigures, DaySpread, ClauseDay):
        table.objects.all().delete()
    position.upto, position.gaps, position.looked_at, position.rules = 0, [], None, figures.RULES
    position.save()


def _batch(now: dt.datetime) -> int:
    position = Position.objects.get_or_create(pk=1)[0]
    if position.rules != figures.RULES:
        with transaction.atomic():
            _forget(_locked(position))
        return _batch(now)
    was = position.state
    touched = _from_journal(position, now) or _by_time(position, now)
    for ids in (touched, _before(touched)):
        ordered = sorted(ids)
        for i in range(0, len(ordered), CASES):
            if not derive(ordered[i : i + CASES], now, was):
                return 0
    with transaction.atomic():
        if _locked(position).state != was:
            return 0
        position.save()
    return len(touched)


def _locked(position: Position) -> Position:
    return Position.objects.select_for_update().get(pk=position.pk)


def _before(touched: set[int]) -> set[int]:
    """The closed cases of the same units, for which one of these may be the repeat."""
    found: set[int] = set()
    ordered = sorted(touched)
    for i in range(0, len(ordered), CASES):
        units = Case.objects.filter(pk__in=ordered[i : i + CASES], unit__isnull=False).values("unit")
        kin = Case.objects.filter(unit__in=units, closed_at__isnull=False, is_open=False)
        shared = kin.filter(Exists(Case.objects.filter(unit=OuterRef("unit")).exclude(pk=OuterRef("pk"))))
        found |= set(shared.values_list("pk", flat=True))
    return found


def _from_journal(position: Position, now: dt.datetime) -> set[int]:
    """The cases of entries not folded yet; the position moves behind them."""
    entries = JournalEntry.objects.filter(pk__gt=position.upto).order_by("pk")
    rows = list(entries.values_list("pk", "case_id")[:ENTRIES])
    touched = {case for _, case in rows}
    gaps: list[list[object]] = []
    for low, high, seen in position.gaps:
        late = JournalEntry.objects.filter(pk__gte=low, pk__lte=high).values_list("case_id", flat=True)
        touched |= set(late)
        if dt.datetime.fromisoformat(seen) > now - OLDEST_TRANSACTION:
            gaps.append([low, high, seen])
    before = position.upto
    for pk, _ in rows:
        if pk > before + 1:
            gaps.append([before + 1, pk - 1, now.isoformat()])
        before = pk
    position.upto, position.gaps = before, gaps
    return touched if rows else {c for c in touched if _is_behind(c)}


def _is_behind(case_id: int) -> bool:
    counts = Case.objects.filter(pk=case_id).values_list("journal_count", "figures__entries").first()
    return counts is not None and counts[0] != counts[1]


def _by_time(position: Position, now: dt.datetime) -> set[int]:
    """The cases in which something fell due, or a window closed, since the last look."""
    settled = CaseFigures.objects.filter(settles_at__lt=now).order_by("settles_at")
    touched = set(settled.values_list("case_id", flat=True)[:ENTRIES])
    since = position.looked_at
    if since and since > now:  # the clock was put back: what fell due in hours that never were did not
        ahead = Duty.objects.filter(outcome="open", due_at__gte=now, due_at__lt=since)
        touched |= set(ahead.values_list("case_id", flat=True))
        position.looked_at = now
    elif since is None or since < now:
        due = Duty.objects.filter(outcome="open", due_at__lt=now)
        due = due.filter(due_at__gte=since) if since else due.none()  # the first fold has just derived all
        touched |= set(due.values_list("case_id", flat=True))
        position.looked_at = now
    return touched


# -- one batch of cases ---------------------------------------------------------------------------


def derive(ids: list[int], now: dt.datetime, state: State) -> bool:
    """Writes the figures of these cases anew and the differences into the sums.

    False, and nothing written, when the position is not at `state` any more: somebody else folds.
    """
    new = derived(ids, now)
    with transaction.atomic():
        if _locked(Position(pk=1)).state != state:
            return False
        _replace(ids, new)
    return True


def _replace(ids: list[int], new: list[CaseFigures]) -> None:
    old = {row.case_id: row for row in CaseFigures.objects.filter(case__in=ids)}
    days: dict[Key, list[int]] = defaultdict(lambda: [0] * len(figures.COLUMNS))
    spreads = no_spreads()
    clauses: dict[tuple[dt.date, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row, sign in [*((r, -1) for r in old.values()), *((r, 1) for r in new)]:
        add(row, sign, days)
        spread(row, sign, spreads)
        for clause, outcome in row.clauses.items():
            clauses[row.registered_day, clause][outcome] += sign
    _write(new, old)
    _write_days(days)
    _write_spreads(spreads)
    _write_clauses(clauses)


def derived(ids: list[int], now: dt.datetime) -> list[CaseFigures]:
    """The rows these cases must have; nothing is written."""
    cases = Case.objects.filter(pk__in=ids).select_related("unit")
    entries: dict[int, list[JournalEntry]] = defaultdict(list)
    for entry in JournalEntry.objects.filter(case__in=ids).order_by("case_id", "no"):
        entries[entry.case_id].append(entry)
    kin = _kin({c.unit_id for c in cases if c.unit_id})
    return [_figures(case, entries[case.pk], kin, now) for case in cases if entries[case.pk]]


Kin = dict[int, list[tuple[dt.datetime, int, str]]]


def _kin(units: set[int]) -> Kin:
    """unit → its cases by time: when, which, which symptom."""
    found: Kin = defaultdict(list)
    rows = Case.objects.filter(unit__in=units).order_by("created_at")
    for unit, at, pk, symptom in rows.values_list("unit_id", "created_at", "pk", "figures__symptom"):
        found[unit].append((at, pk, symptom or ""))
    return found


def _figures(case: Case, entries: list[JournalEntry], kin: Kin, now: dt.datetime) -> CaseFigures:
    version = procedures.by_hash(case.procedure)
    events = [conformance.plain_event(e) for e in entries]
    told = figures.summed(version, events)
    zone = zones.zone(settings.TIME_ZONE, "UTC")
    cover = case.facts.get("cover", "unknown")
    marks = figures.marks(
        told, created=case.created_at, cover=cover,
        later=_later(case, told, kin), now=now, zone=zone,
    )  # fmt: skip
    clauses = {v.clause: v.outcome for v in examine(version, events, now=now)}
    return CaseFigures(
        case=case,
        entries=len(entries),
        marks={name: [day.isoformat(), list(values)] for name, (day, values) in marks.items()},
        clauses=clauses,
        lapses=_listed(c for c, o in clauses.items() if o == BROKEN),
        waivers=_listed(c for c, o in clauses.items() if o == WAIVED),
        product=(case.unit.product if case.unit else "")[:200],
        symptom=told.symptom,
        station=str(case.station_id or ""),
        engineer=str(case.engineer_id or ""),
        channel=case.channel,
        currency=figures.currency(told, cover, marks),
        registered_day=marks["registered"][0],
        response_day=_day(marks, "response"),
        closed_day=_day(marks, "resolved"),
        settled_day=_day(marks, "fixed"),
        calls_day=_day(marks, "calls"),
        final_day=_day(marks, "final"),
        rated_day=_day(marks, "csat"),
        settles_at=figures.settles_at(told, now),
    )


def _later(case: Case, told: figures.Told, kin: Kin) -> Later:
    if told.closed_at is None or case.unit_id is None:
        return Later()
    after = [(at, symptom) for at, pk, symptom in kin[case.unit_id] if pk != case.pk and at > told.closed_at]
    same = (at for at, symptom in after if symptom == told.symptom)
    return Later(min((at for at, _ in after), default=None), min(same, default=None))


def _day(marks: figures.Marks, name: str) -> dt.date | None:
    return marks[name][0] if name in marks else None


def _listed(names: Iterable[str]) -> str:
    text = " ".join(sorted(names))
    return f" {text} " if text else ""


# -- sums ------------------------------------------------------------------------------------------

Key = tuple[dt.date, str, str]  # day, dimension, value
Spreads = dict[tuple[bool, Key], dict[str, Counter[str]]]  # (of a month, key) → measure → bucket → cases
_PLACE = {column: i for i, column in enumerate(figures.COLUMNS)}


def _keys(row: CaseFigures, name: str, on: str) -> Iterator[Key]:
    day = dt.date.fromisoformat(on)
    for dimension in DIMENSIONS:
        if dimension != "currency" or name in figures.MONEY:
            yield day, dimension, "" if dimension == "all" else getattr(row, dimension)


def add(row: CaseFigures, sign: int, into: dict[Key, list[int]]) -> None:
    """Adds (or takes away) a case to the sums of its days and dimensions."""
    for name, (on, values) in row.marks.items():
        for key in _keys(row, name, on):
            sums = into[key]
            for column, value in zip(figures.MEASURES[name], values, strict=True):
                sums[_PLACE[column]] += sign * value


def no_spreads() -> Spreads:
    return defaultdict(lambda: {name: Counter() for name in figures.SPREADS})


def spread(row: CaseFigures, sign: int, into: Spreads) -> None:
    """The same for how long it took."""
    for name in figures.SPREADS:
        if name in row.marks:
            on, values = row.marks[name]
            bucket = figures.bucket(values[-1])
            for day, dimension, value in _keys(row, name, on):
                into[False, (day, dimension, value)][name][bucket] += sign
                into[True, (day.replace(day=1), dimension, value)][name][bucket] += sign


def _write(new: list[CaseFigures], old: dict[int, CaseFigures]) -> None:
    fields = [f.name for f in CaseFigures._meta.fields if not f.primary_key]
    CaseFigures.objects.bulk_create([r for r in new if r.case_id not in old], batch_size=200)
    changed = [r for r in new if r.case_id in old]
    if changed:
        CaseFigures.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["case"], update_fields=fields, batch_size=200
        )


def _write_days(days: dict[Key, list[int]]) -> None:
    for table, spans in ((DayFigures, days), (MonthFigures, by_month(days))):
        changed = {key: sums for key, sums in spans.items() if any(sums)}
        _upsert(
            [
                table(day=d, dimension=n, value=v, **dict(zip(figures.COLUMNS, sums, strict=True)))
                for (d, n, v), sums in sorted(changed.items())
            ],
            ("dimension", "day", "value"),
            figures.COLUMNS,
        )


def by_month(days: dict[Key, list[int]]) -> dict[Key, list[int]]:
    """The same sums, each month's under its first day."""
    found: dict[Key, list[int]] = {}
    for (day, dimension, value), sums in days.items():
        key = day.replace(day=1), dimension, value
        found[key] = [a + b for a, b in zip(found[key], sums, strict=True)] if key in found else sums
    return found


def _write_spreads(spreads: Spreads) -> None:
    """Reads, adds, writes: whoever folds is alone (`Position` is locked)."""
    changed = {k: v for k, v in spreads.items() if any(any(counts.values()) for counts in v.values())}
    days, dimensions, values = ({key[i] for _, key in changed} for i in range(3))
    kept = DaySpread.objects.filter(day__in=days, dimension__in=dimensions, value__in=values)
    held = {(row.is_month, (row.day, row.dimension, row.value)): row for row in kept}
    rows = []
    for (is_month, key), added in sorted(changed.items()):
        row = held.get((is_month, key)) or DaySpread(
            is_month=is_month, day=key[0], dimension=key[1], value=key[2]
        )
        for name, counts in added.items():
            sums = Counter(getattr(row, name))
            sums.update(counts)
            setattr(row, name, {bucket: n for bucket, n in sorted(sums.items()) if n})
        rows.append(row)
    DaySpread.objects.bulk_create([r for r in rows if r.pk is None], batch_size=200)
    _update([r for r in rows if r.pk], figures.SPREADS)


def _write_clauses(clauses: dict[tuple[dt.date, str], dict[str, int]]) -> None:
    _upsert(
        [
            ClauseDay(day=d, clause=c, **counts)
            for (d, c), counts in sorted(clauses.items())
            if any(counts.values())
        ],
        ("day", "clause"),
        ("kept", "waived", "broken", "owed"),
    )


def _update(rows: Sequence[Model], columns: Iterable[str]) -> None:
    """As `bulk_update`, whose one long statement takes ten times as long to build as this to run."""
    if not rows:
        return
    fields = [rows[0]._meta.get_field(c) for c in columns]
    sql = f"UPDATE {rows[0]._meta.db_table} SET {', '.join(f'{f.column} = %s' for f in fields)} WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.executemany(
            sql,
            [[*(f.get_db_prep_save(getattr(r, f.attname), connection) for f in fields), r.pk] for r in rows],
        )


def _upsert(rows: Sequence[Model], unique: Sequence[str], columns: Sequence[str]) -> None:
    """Adds the rows' counters to what is stored under the same names."""
    if not rows:
        return
    table, names = rows[0]._meta.db_table, [*unique, *columns]
    sums = ", ".join(f"{c} = {table}.{c} + excluded.{c}" for c in columns)
    sql = (
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))}) "
        f"ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {sums}"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, [[getattr(row, n) for n in names] for row in rows])
