"""C1, C6.2: event logs for process mining: asked for, looked at, taken."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import FileResponse
from pydantic import BaseModel

from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.pages import Page, said
from baoxiu.faces.api.problems import Problem
from baoxiu.faces.api.verbs import Verb, declare, listed
from baoxiu.faces.office import eventlogs
from baoxiu.people.actors import Actor
from baoxiu.sop.fields import Id
from baoxiu.supervision import exporting
from baoxiu.supervision.models import LogExport


class LogOut(BaseModel):
    """`status`: waiting, running, done; `done` of `total` cases."""

    id: int
    form: str
    first: dt.date
    last: dt.date
    status: str
    total: int
    done: int
    created_at: dt.datetime


def _begin(by: Actor, now: dt.datetime, payload: exporting.LogRecord) -> dict[str, Any]:
    return said(LogOut, exporting.begin(payload, by=by, now=now))


def _one(by: Actor, now: dt.datetime, id: int) -> dict[str, Any]:
    try:
        return said(LogOut, exporting.export(by, id))
    except LogExport.DoesNotExist:
        raise Problem("unknown") from None


# one row, one verb: this is read as a table
# fmt: off
declare("C6.2", (
    Verb("GET", "/event-logs", "list_event_logs", "Event logs · 事件日志", exporting.KEEPERS, listed(LogOut, exporting.exports), Page[LogOut]),
    Verb("POST", "/event-logs", "add_event_log", "Write one · 生成事件日志", exporting.KEEPERS, _begin, LogOut, exporting.LogRecord, "In the background: look at it until `status` is done."),
    Verb("GET", "/event-logs/{id}", "get_event_log", "How far it has come · 查看进度", exporting.KEEPERS, _one, LogOut),
))
# fmt: on


@api.operation(
    "GET", "/event-logs/{id}/file", who=exporting.KEEPERS, gives=None,
    summary="Take the file · 下载事件日志", tag="C6.2", extra={"x-bytes": True},
)  # fmt: skip
def get_event_log_file(request: Asked, id: Id) -> FileResponse:
    """XES as XML, OCEL 2.0 as JSON; 404 until it is written."""
    try:
        return eventlogs.answer(*exporting.file_of(request.auth, id))
    except LogExport.DoesNotExist:
        raise Problem("unknown") from None
