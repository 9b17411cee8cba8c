"""C6.2: the live board – what is late, what will be soon, what was done today – by clause, team, person.

Counts come from indexes of the open duties alone; what stands still on hold is taken off, for a clock
that is stopped is never late.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Q, QuerySet

from baoxiu.cases.models import Case, Duty, Pause
from baoxiu.catalogue.models import Registration
from baoxiu.people.actors import OFFICE, Actor
from baoxiu.people.models import Staff, Team
from baoxiu.people.rules import REGISTRARS
from baoxiu.sop.standard import STANDARD
from baoxiu.supervision.queries import Page

BY = ("all", "clause", "team", "person")
STATES = ("late", "soon", "done")
SOON = dt.timedelta(hours=12)  # before a registration has to be looked at
NONE = "none"  # the key of duties without clause, team or person
ROW = ("pk", "kind", "due_at", "ended_at", "owner__name", "case__number", "case__subject", "case__stage")


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
    registrations: Line | None = None  # owed without a case, so in no other line; for those who check them


def board(viewer: Actor, *, now: dt.datetime, midnight: dt.datetime) -> Board:
    """For those who see every case; empty for others. `midnight`: when today began."""
    if not _may(viewer):
        return Board([], [], [])
    late = _in("late", now, midnight)
    found = {
        # counted twice rather than by pairs: each count then needs an index alone, however much is late
        "late": [_counted(late, "kind"), _counted(late, "owner_id")],
        "soon": _both(_in("soon", now, midnight)),
        "done": _both(_in("done", now, midnight)),
    }
    for state in ("late", "soon"):
        held = _both(_standing_still(_in(state, now, midnight)))
        for counts, standing_still in zip(found[state], held, strict=True):
            counts.subtract(standing_still)
    made = _gathered(found)
    is_theirs = viewer.kind == "system" or viewer.has(*REGISTRARS)
    return replace(made, registrations=_registrations(now, midnight)) if is_theirs else made


def _registrations(now: dt.datetime, midnight: dt.datetime) -> Line:
    """Products customers registered, which somebody has to look at; two statements, each from an index."""
    waiting, near = Registration.objects.filter(status="waiting"), now + SOON
    open_ = waiting.aggregate(
        late=Count("pk", filter=Q(due_at__lt=now)),
        soon=Count("pk", filter=Q(due_at__gte=now, due_at__lt=near)),
    )
    return Line("C2", "", **open_, done=Registration.objects.filter(decided_at__gte=midnight).count())


def _may(viewer: Actor) -> bool:
    return viewer.kind == "system" or bool(viewer.parties & OFFICE)


def _in(state: str, now: dt.datetime, midnight: dt.datetime) -> QuerySet[Duty]:
    """The duties of a column, those that stand still among them."""
    if state == "done":
        return Duty.objects.filter(outcome="done", ended_at__gte=midnight)
    when = Q(due_at__lt=now) if state == "late" else Q(due_at__gte=now, warn_at__lte=now)
    return Duty.objects.filter(when, outcome="open")


def _standing_still(duties: QuerySet[Duty]) -> QuerySet[Duty]:
    stood = Q(paused_at__isnull=False) | Q(clock_from=None, case__facts__on_hold="yes")
    return duties.filter(stood, case__in=Pause.objects.filter(until_at=None).values("case"))


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


# -- the duties behind a number --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of the board. `key`: a clause, the id of a team or person, NONE; of "all" anything."""

    by: str
    key: str
    state: str


def behind(
    viewer: Actor, cell: Cell, *, now: dt.datetime, midnight: dt.datetime, after: str = "", limit: int = 50
) -> Page:
    """Exactly the duties a number counts: the longest overdue, the next due, the last done first.

    Raises ValueError for a cell or an `after` that is none.
    """
    if cell.by not in BY or cell.state not in STATES:
        raise ValueError("no such number")
    if not _may(viewer):
        return Page([], "")
    duties = _in(cell.state, now, midnight)
    if cell.state != "done":
        duties = duties.exclude(pk__in=_standing_still(duties).values("pk"))
    duties = duties.filter(_of(cell))
    column, down = ("ended_at", "-") if cell.state == "done" else ("due_at", "")
    if after:
        at, pk = _place(after)
        duties = duties.filter(**{f"{column}__{'lte' if down else 'gte'}": at})
        duties = duties.exclude(**{column: at, f"pk__{'gte' if down else 'lte'}": pk})
    rows: list[dict[str, Any]] = list(duties.order_by(down + column, f"{down}pk").values(*ROW)[: limit + 1])
    more = f"{rows[limit - 1][column].isoformat()}_{rows[limit - 1]['pk']}" if len(rows) > limit else ""
    return Page(rows[:limit], more)


def named(viewer: Actor, cell: Cell) -> str:
    """What a team or person is called; "" for all, for a clause and for nobody."""
    table: Any = {"team": Team, "person": Staff}.get(cell.by)
    if table is None or cell.key == NONE or not _may(viewer):
        return ""
    return table.objects.filter(pk=_id(cell.key)).values_list("name", flat=True).first() or ""


def _of(cell: Cell) -> Q:
    known: Mapping[str, Any] = STANDARD.duty
    if cell.by == "clause":
        kinds = [d.name for d in known.values() if d.clause == cell.key]
        if not kinds and cell.key != NONE:
            raise ValueError("no such clause")
        return Q(kind__in=kinds) if kinds else ~Q(kind__in=list(known))
    if cell.by == "all":
        return Q()
    column = {"person": "owner", "team": "owner__team"}[cell.by]
    if cell.key == NONE:
        return Q(**{f"{column}__isnull": True})
    return Q(**{column: _id(cell.key)})


def _id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise ValueError("no such number")
    return int(text)


def _place(after: str) -> tuple[dt.datetime, int]:
    at, _, pk = after.partition("_")
    moment = dt.datetime.fromisoformat(at)
    if moment.tzinfo is None or not 1970 <= moment.year <= 9000:
        raise ValueError("no such place")
    return moment, _id(pk)
