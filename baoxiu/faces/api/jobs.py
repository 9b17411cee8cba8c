"""The background: what repeats, what waits, what was given up, and another try."""

from __future__ import annotations

import datetime as dt
from typing import Any

from baoxiu.faces.api.kept import Kept
from baoxiu.faces.api.pages import Page, said
from baoxiu.faces.api.verbs import Verb, declare, listed
from baoxiu.jobs import operations, queries
from baoxiu.jobs.models import Job
from baoxiu.people.actors import Actor
from baoxiu.people.rules import STAFF_KEEPERS as KEEPERS


class JobRow(Kept):
    """`run_at`: when it is due, or the end of the lease while `owner` has it in hand."""

    id: int
    name: str
    key: str
    repeats: bool
    state: str
    run_at: dt.datetime
    owner: str
    attempts: int
    error: str
    result: str
    created_at: dt.datetime
    began_at: dt.datetime | None
    ended_at: dt.datetime | None


def _all(viewer: Actor) -> list[Job]:
    return [*queries.repeating(viewer), *queries.dead(viewer), *queries.queued(viewer)]


def _retry(by: Actor, now: dt.datetime, id: int) -> dict[str, Any]:
    operations.retry(Job.objects.get(pk=id), by=by, now=now)
    return said(JobRow, Job.objects.get(pk=id))


# one row, one verb: this is read as a table
# fmt: off
declare("Background", (
    Verb("GET", "/jobs", "list_jobs", "Background work · 后台任务", KEEPERS, listed(JobRow, _all), Page[JobRow], more="Repeating work first, then what was given up, then what waits (100 each)."),
    Verb("POST", "/jobs/{id}/retry", "retry_job", "Try again now · 立即重试", KEEPERS, _retry, JobRow),
))
# fmt: on
