"""C5.2: the ledger of a case's clocks; alarms that wait to be seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from baoxiu.cases.clocks import CLAUSE, stops
from baoxiu.cases.models import Case, Duty, JournalEntry, Pause, Span
from baoxiu.clocks.models import Alarm
from baoxiu.people.actors import Actor
from baoxiu.service_levels import queries as levels


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that happened to a clock. `what`: begun, stood, moved, a point, done, cancelled, replaced."""

    at: dt.datetime
    what: str
    until: dt.datetime | None = None  # stood: None while it still does
    due_at: dt.datetime | None = None  # begun, moved
    reason: str = ""  # stood: why; a point: what was done
    clause: str = ""
    entry_no: int | None = None


@dataclass(slots=True)
class ClockStory:
    """A clock from its beginning to its end. `late_minutes`: elapsed past its due time, 0 when in time."""

    kind: str
    clause: str
    clock: Duty | Span
    rows: list[Row] = field(default_factory=list)
    late_minutes: int = 0


def ledger(viewer: Actor, case: Case, *, now: dt.datetime | None = None) -> list[ClockStory]:
    """Every clock of the case, oldest first; five statements. Nothing for who may not see the case."""
    if not Case.objects.visible_to(viewer).filter(pk=case.pk).exists():
        return []
    rows: list[Duty | Span] = [*Duty.objects.filter(case=case), *Span.objects.filter(case=case)]
    pauses = list(Pause.objects.filter(case=case).order_by("from_at", "pk"))
    entries = list(JournalEntry.objects.filter(case=case).order_by("no").values_list("no", "at", "body"))
    alarms = list(Alarm.objects.filter(case=case).order_by("fired_at", "pk"))
    stories = [_story(row, pauses, entries, alarms, now) for row in rows]
    return sorted(stories, key=lambda story: (story.clock.opened_at, story.clock.opened_by_no, story.kind))


def _story(
    row: Duty | Span,
    pauses: list[Pause],
    entries: list[tuple[int, dt.datetime, dict[str, dict[str, str]]]],
    alarms: list[Alarm],
    now: dt.datetime | None,
) -> ClockStory:
    clause = row.clause if isinstance(row, Duty) else CLAUSE
    story = ClockStory(row.kind, clause, row)
    moves = [
        Row(at, "begun" if no == row.opened_by_no else "moved", due_at=_time(due), entry_no=no)
        for no, at, body in entries
        if no >= row.opened_by_no and (row.ended_at is None or at <= row.ended_at)
        and (due := _due(body, row.kind, begins=no == row.opened_by_no))
    ]  # fmt: skip
    end = row.ended_at
    stopped = [
        Row(max(p.from_at, row.opened_at), "stood", until=p.until_at, reason=p.reason, clause=p.clause, entry_no=p.opened_by_no)
        for p in pauses
        if row.minutes and p.scope in stops(levels.by_number(row.book), row.level, row.kind, clause)
        and (p.until_at is None or p.until_at > row.opened_at) and (end is None or p.from_at < end)
    ]  # fmt: skip
    points = [
        Row(a.fired_at, a.point, due_at=a.due_at, reason=" ".join(a.done))
        for a in alarms
        if a.kind == row.kind and row.opened_at <= a.fired_at and (end is None or a.fired_at <= end)
    ]
    found = sorted([*moves, *stopped, *points], key=lambda r: (r.at, r.what != "begun"))
    if end:
        found.append(Row(end, row.outcome, entry_no=row.ended_by_no if isinstance(row, Duty) else None))
    over = (end or now or row.due_at) - row.due_at
    story.rows, story.late_minutes = (
        found,
        max(0, int(over.total_seconds() // 60)) if not row.paused_at else 0,
    )
    return story


def _due(body: dict[str, dict[str, str]], kind: str, *, begins: bool) -> str:
    if begins and kind in body.get("opened", {}):
        return body["opened"][kind][0]
    return body.get("moved", {}).get(kind) or body.get("spans", {}).get(kind, "")


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def alarms(viewer: Actor, limit: int = 100) -> QuerySet[Alarm]:
    """What waits to be seen by the viewer: for them, or for a role they hold, on what they may see; newest first."""
    mine = Q(staff_id=viewer.staff_id) | Q(staff=None, role__in=sorted(viewer.parties))
    found = Alarm.objects.visible_to(viewer).filter(mine, seen_at=None)
    return found.select_related("case", "registration", "staff").order_by("-fired_at", "-pk")[:limit]
