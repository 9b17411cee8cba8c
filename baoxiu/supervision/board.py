"""C6.2: the live board – what is late, what will be soon, what was done today – by clause, team, person.

Counts come from indexes of the open duties alone; what stands still on hold is taken off, for a clock
that is stopped is never late.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from baoxiu.cases.models import Case, Duty, Pause
from baoxiu.people.actors import OFFICE, Actor
from baoxiu.people.models import Staff
from baoxiu.sop.standard import STANDARD


@dataclass(frozen=True, slots=True)
class Standing:
    open: int
    late: int


def standing(viewer: Actor, *, now: dt.datetime) -> Standing:
    """Open cases the viewer may see, and those past their time whose clocks run."""
    seen = Case.objects.visible_to(viewer).open()
    late = seen.filter(next_due_at__lt=now)
    held = late.filter(pk__in=Pause.objects.filter(until_at=None, scope="hold").values("case"))
    return Standing(seen.count(), late.count() - held.count())


@dataclass(slots=True)
class Line:
    """One row: duties late now, soon (warned, not yet due), done today."""

    key: str
    name: str
    late: int = 0
    soon: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    clauses: list[Line]
    teams: list[Line]
    people: list[Line]
    total: Line = field(default_factory=lambda: Line("", ""))


def board(viewer: Actor, *, now: dt.datetime, midnight: dt.datetime) -> Board:
    """For those who see every case; empty for others. `midnight`: when today began."""
    if not (viewer.kind == "system" or viewer.parties & OFFICE):
        return Board([], [], [])
    open_now = Duty.objects.filter(outcome="open")
    stood = Q(paused_at__isnull=False) | Q(clock_from=None, case__facts__on_hold="yes")
    held = open_now.filter(stood, case__in=Pause.objects.filter(until_at=None).values("case"))
    is_late, is_soon = Q(due_at__lt=now), Q(due_at__gte=now, warn_at__lte=now)
    late = open_now.filter(is_late)
    found = {
        # counted twice rather than by pairs: each count then needs an index alone, however much is late
        "late": [_counted(late, "kind"), _counted(late, "owner_id")],
        "soon": _both(open_now.filter(is_soon)),
        "done": _both(Duty.objects.filter(outcome="done", ended_at__gte=midnight)),
    }
    for state, when in (("late", is_late), ("soon", is_soon)):
        for counts, standing_still in zip(found[state], _both(held.filter(when)), strict=True):
            counts.subtract(standing_still)
    return _gathered(found)


def _counted(duties: QuerySet[Duty], column: str) -> Counter[Any]:
    rows = duties.values_list(column).annotate(n=Count("pk")).order_by()
    return Counter(dict(rows))


def _both(duties: QuerySet[Duty]) -> list[Counter[Any]]:
    """By kind and by owner; for what is few."""
    kinds: Counter[Any] = Counter()
    owners: Counter[Any] = Counter()
    for kind, owner, n in duties.values_list("kind", "owner_id").annotate(n=Count("pk")).order_by():
        kinds[kind] += n
        owners[owner] += n
    return [kinds, owners]


def _gathered(found: dict[str, list[Counter[Any]]]) -> Board:
    ids = {owner for _, owners in found.values() for owner in owners if owner}
    staff = {s.pk: s for s in Staff.objects.filter(pk__in=ids).select_related("team")}
    clauses: dict[str, Line] = {}
    teams: dict[str, Line] = {}
    people: dict[str, Line] = {}
    total = Line("", "")

    def add(lines: dict[str, Line], key: str, name: str, state: str, n: int) -> None:
        line = lines.setdefault(key, Line(key, name))
        setattr(line, state, getattr(line, state) + n)

    for state, (kinds, owners) in found.items():
        for kind, n in kinds.items():
            clause = STANDARD.duty[kind].clause if kind in STANDARD.duty else ""
            add(clauses, clause, clause, state, n)
        for owner, n in owners.items():
            person: Any = staff.get(owner)
            team = person.team if person else None
            add(people, str(person.pk) if person else "", person.name if person else "", state, n)
            add(teams, str(team.pk) if team else "", team.name if team else "", state, n)
        setattr(total, state, sum(kinds.values()))
    return Board(_sorted(clauses, by_key=True), _sorted(teams), _sorted(people), total)


def _sorted(lines: dict[str, Line], by_key: bool = False) -> list[Line]:
    return sorted(lines.values(), key=lambda x: x.key if by_key else (-x.late, -x.soon, x.name))  # type: ignore[return-value]
