"""C5.2, C6.2: the live board, breaches nobody has acknowledged, and the chain of who is told."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import Path, Query
from pydantic import BaseModel

from baoxiu.clocks import chain
from baoxiu.clocks.models import Alarm
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.pages import Page, Paging, bad_cursor, json, sheet
from baoxiu.faces.api.problems import Problem
from baoxiu.faces.common.audience import DESK
from baoxiu.faces.office.board import midnight
from baoxiu.sop.fields import Id
from baoxiu.supervision import board


class LineOut(BaseModel):
    """`key`: clause, team or person; empty for duties without one."""

    key: str
    name: str
    late: int
    soon: int
    done: int


class BoardOut(BaseModel):
    """`registrations`: of products, to be looked at by an agent or manager; they belong to no case and no other line; null for others."""

    as_of: dt.datetime
    total: LineOut
    clauses: list[LineOut]
    teams: list[LineOut]
    people: list[LineOut]
    registrations: LineOut | None


class BoardDutyOut(BaseModel):
    """A duty the board counts; `ended_at` where it is done."""

    number: str
    subject: str
    stage: str
    duty: str
    due_at: dt.datetime
    ended_at: dt.datetime | None
    owner: str | None


class BreachOut(BaseModel):
    """`rung`: how far up the chain it was told; to a person or to a role. `registration`: its id, where it is no case."""

    id: int
    number: str
    registration: int | None
    duty: str
    due_at: dt.datetime
    rung: int
    told_at: dt.datetime
    staff: str | None
    role: str


class BreachesOut(BaseModel):
    items: list[BreachOut]
    next: str | None = None


class Settled(BaseModel):
    """How many alarms of the breach that settled; 0 when somebody had acknowledged it before."""

    settled: int


class RungIO(BaseModel):
    """`role`: owner (whose duty it is) or a role."""

    after_minutes: int
    role: str


class ChainIO(BaseModel):
    rungs: list[RungIO]


@api.operation("GET", "/board", who=DESK, gives=BoardOut, summary="Late, soon, done · 实时看板", tag="C6.2")
def get_board(request: Asked) -> HttpResponse:
    """Duties open now, by clause, team and person, and those done today."""
    now = timezone.now()
    found = board.board(request.auth, now=now, midnight=midnight(now))
    return json(
        {
            "as_of": now,
            "total": _line(found.total),
            **{name: [_line(x) for x in getattr(found, name)] for name in ("clauses", "teams", "people")},
            "registrations": _line(found.registrations) if found.registrations else None,
        }
    )


def _line(line: board.Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in LineOut.model_fields}


@api.operation(
    "GET", "/board/{by}/{key}/{state}", who=DESK, gives=Page[BoardDutyOut],
    summary="The duties behind a number of the board · 看板数字背后的应办事项", tag="C6.2",
)  # fmt: skip
def list_board_duties(
    request: Asked, by: Literal["all", "clause", "team", "person"], key: Annotated[str, Path(max_length=40)],
    state: Literal["late", "soon", "done"], paging: Paging = Query(...),
) -> HttpResponse:  # fmt: skip
    """`key`: a line's key, `none` for an empty one; of `all` anything."""
    now, cell = timezone.now(), board.Cell(by, key, state)
    try:
        found = board.behind(
            request.auth, cell, now=now, midnight=midnight(now), after=paging.cursor, limit=paging.limit
        )
    except ValueError:
        raise bad_cursor() if paging.cursor else Problem("unknown") from None
    shown = [
        {
            "number": row["case__number"], "subject": row["case__subject"], "stage": row["case__stage"], "duty": row["kind"],
            "due_at": row["due_at"], "ended_at": row["ended_at"], "owner": row["owner__name"],
        }
        for row in found.rows
    ]  # fmt: skip
    return sheet(request, shown, found.after or None)


@api.operation(
    "GET", "/breaches", who=("agent", "dispatcher", "manager"), gives=BreachesOut,
    summary="Breaches nobody has acknowledged · 未确认的超时", tag="C5.2",
)  # fmt: skip
def list_breaches(request: Asked) -> HttpResponse:
    """The highest rung first; at most fifty."""
    rows = [
        {
            "id": a.pk, "number": a.number, "registration": a.registration_id, "duty": a.kind, "due_at": a.at, "rung": int(a.to.split(":")[1]),
            "told_at": a.fired_at, "staff": a.staff.name if a.staff else None, "role": a.role,
        }
        for a in chain.unanswered(request.auth)
    ]  # fmt: skip
    return json({"items": rows, "next": None})


@api.operation(
    "POST", "/breaches/{id}/acknowledgement", who=(*DESK, "engineer", "station_head", "stock_keeper"), gives=Settled,
    summary="Acknowledge a breach · 确认超时", tag="C5.2", status=200,
)  # fmt: skip
def acknowledge_breach(request: Asked, id: Id) -> HttpResponse:
    """The chain stops; the duty stays due. For whoever was told, and for those who see every case."""
    alarm = Alarm.objects.filter(pk=id, to__startswith="chain:").first()
    if alarm is None:
        raise Problem("unknown")
    return json({"settled": chain.acknowledge(alarm, by=request.auth, now=timezone.now())})


@api.operation(
    "GET", "/chain", who=("manager",), gives=ChainIO, summary="The escalation chain · 升级链", tag="C5.2"
)
def get_chain(request: Asked) -> HttpResponse:
    return json(_chain())


@api.operation(
    "PUT",
    "/chain",
    who=("manager",),
    gives=ChainIO,
    summary="Set the escalation chain · 设置升级链",
    tag="C5.2",
)
def put_chain(request: Asked, payload: ChainIO) -> HttpResponse:
    """Replaces it whole; each rung later than the one before."""
    wanted = [(r.after_minutes, r.role) for r in payload.rungs]
    chain.set_rungs(wanted, by=request.auth, now=timezone.now())
    return json(_chain())


def _chain() -> dict[str, Any]:
    return {"rungs": [{"after_minutes": r.after_minutes, "role": r.role} for r in chain.rungs()]}
