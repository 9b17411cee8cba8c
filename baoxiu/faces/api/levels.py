"""C5.2: service levels, contracts, alarms, and the ledgers of a case's clocks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field

from baoxiu.cases import queries as cases
from baoxiu.clocks import operations, queries
from baoxiu.clocks.models import Alarm
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import Kept
from baoxiu.faces.api.pages import Page, json
from baoxiu.faces.api.problems import Problem
from baoxiu.faces.api.verbs import Verb, declare, listed, saved
from baoxiu.faces.common.audience import DESK
from baoxiu.people.actors import Actor
from baoxiu.people.rules import Denied
from baoxiu.service_levels import operations as levels
from baoxiu.service_levels import queries as books
from baoxiu.service_levels.models import Contract
from baoxiu.service_levels.records import ContractRecord
from baoxiu.sop.service_levels import Book, missing_years

TAG = "C5.2"
SEERS, KEEPERS = books.SEERS, levels.KEEPERS


class MissingYear(BaseModel):
    table: str
    year: int


class BookOut(BaseModel):
    """The version in force. `missing`: tables and years that should be entered by now."""

    number: int
    sha256: str
    book: dict[str, Any]
    missing: list[MissingYear]


class BookIn(BaseModel):
    """`base`: the version the change was made on; another one in force meanwhile is refused."""

    model_config = ConfigDict(extra="forbid")

    base: int = Field(ge=0, le=2**53)
    reason: str = Field(min_length=1, max_length=300)
    book: Book


class BookRow(Kept):
    id: int
    sha256: str
    reason: str
    published_at: dt.datetime
    published_by: str


class ContractRow(Kept):
    id: int
    customer: int = Field(validation_alias="customer_id")
    code: str
    tier: str
    from_date: dt.date
    until_date: dt.date | None


class AlarmRow(BaseModel):
    """Of a case by its number, or of a registration (C2) by its id."""

    id: int
    case: str | None
    registration: int | None
    kind: str
    point: str
    at: dt.datetime
    due_at: dt.datetime
    fired_at: dt.datetime
    done: list[str]


class LedgerRow(BaseModel):
    """`what`: begun, stood (until `until`, for `reason`), moved, warn, inner, breach, done, cancelled, replaced."""

    at: dt.datetime
    what: str
    until: dt.datetime | None
    due_at: dt.datetime | None
    reason: str
    clause: str
    entry_no: int | None


class ClockOut(BaseModel):
    """A clock: `minutes` null is a time that was agreed. `book` is the number of the version it runs under."""

    kind: str
    clause: str
    minutes: int | None
    calendar: str
    level: str
    book: int
    is_provisional: bool
    opened_at: dt.datetime
    warn_at: dt.datetime
    inner_due_at: dt.datetime | None
    due_at: dt.datetime
    paused_at: dt.datetime | None
    ended_at: dt.datetime | None
    outcome: str
    late_minutes: int
    rows: list[LedgerRow]


def _told(by: Actor, now: dt.datetime) -> dict[str, Any]:
    number, book = books.in_force()
    missing = [{"table": table, "year": year} for table, year in missing_years(book, now)]
    return {"number": number, "sha256": book.sha256, "book": book.model_dump(mode="json"), "missing": missing}


def _put(by: Actor, now: dt.datetime, payload: BookIn) -> dict[str, Any]:
    levels.publish(payload.book, reason=payload.reason, by=by, now=now, base=payload.base)
    return _told(by, now)


def _contract(by: Actor, pk: int) -> Contract:
    return Contract.objects.get(pk=pk)


def _alarms(by: Actor, now: dt.datetime) -> dict[str, Any]:
    rows = [
        AlarmRow(
            id=a.pk, case=a.case.number if a.case else None, registration=a.registration_id, kind=a.kind, point=a.point, at=a.at, due_at=a.due_at, fired_at=a.fired_at,
            done=a.done,
        ).model_dump()
        for a in queries.alarms(by)
    ]  # fmt: skip
    return {"items": rows, "next": None}


def _seen(by: Actor, now: dt.datetime, id: int) -> None:
    try:
        operations.acknowledge(Alarm.objects.get(pk=id), by=by, now=now)
    except Denied:
        raise Problem("unknown") from None


_save_contract = saved(ContractRow, operations.save_contract, _contract)
_WHOLE = "All calendars, day tables and levels at once; open clocks are derived again in a moment."

# one row, one verb: this is read as a table
# fmt: off
declare(TAG, (
    Verb("GET", "/service-levels", "get_service_levels", "Service levels in force · 现行服务等级", SEERS, _told, BookOut),
    Verb("PUT", "/service-levels", "put_service_levels", "Publish service levels · 发布服务等级", KEEPERS, _put, BookOut, BookIn, _WHOLE),
    Verb("GET", "/service-levels/versions", "list_service_level_versions", "Published versions · 服务等级版本", SEERS, listed(BookRow, books.versions), Page[BookRow]),
    Verb("GET", "/contracts", "list_contracts", "Contracts · 合同列表", SEERS, listed(ContractRow, books.contracts), Page[ContractRow]),
    Verb("POST", "/contracts", "add_contract", "Agree a contract · 登记合同", KEEPERS, _save_contract, ContractRow, ContractRecord),
    Verb("PUT", "/contracts/{id}", "put_contract", "Change a contract · 修改合同", KEEPERS, _save_contract, ContractRow, ContractRecord),
    Verb("GET", "/alarms", "list_alarms", "Alarms that wait to be seen · 待确认提醒", DESK, _alarms, Page[AlarmRow]),
    Verb("DELETE", "/alarms/{id}", "delete_alarm", "An alarm was seen · 确认提醒", DESK, _seen),
))
# fmt: on


@api.operation(
    "GET",
    "/cases/{slug:number}/clocks",
    who=DESK,
    gives=Page[ClockOut],
    summary="Clocks and their ledgers · 时钟台账",
    tag=TAG,
)
def list_clocks(request: Asked, number: str) -> HttpResponse:
    """Every clock of the case, oldest first, with all that happened to it."""
    case = cases.get(request.auth, number)
    stories = queries.ledger(request.auth, case, now=timezone.now())
    return json({"items": [_clock(story) for story in stories], "next": None})


def _clock(story: queries.ClockStory) -> dict[str, Any]:
    c = story.clock
    names = set(ClockOut.model_fields) - {"kind", "clause", "late_minutes", "rows"}
    rows = [{name: getattr(row, name) for name in LedgerRow.model_fields} for row in story.rows]
    return {
        "kind": story.kind, "clause": story.clause, "late_minutes": story.late_minutes, "rows": rows,
        **{name: getattr(c, name) for name in names},
    }  # fmt: skip
