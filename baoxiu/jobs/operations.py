"""Queueing, leasing, finishing. Every change of a row is one UPDATE guarded by what was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from baoxiu.jobs import waking
from baoxiu.jobs.declaring import Declared
from baoxiu.jobs.models import Job
from baoxiu.jobs.schedules import LONGEST_PAUSE, pause
from baoxiu.people import rules
from baoxiu.people.actors import Actor
from baoxiu.people.rules import STAFF_KEEPERS

KEPT = dt.timedelta(days=7)  # done work is remembered so long: its key does nothing again
AT_LEAST = dt.timedelta(minutes=1)  # later than it can be
GLANCE = 10  # rows looked at to find one to claim
BATCH = 1000


class Lost(Exception):
    """The lease ran out and somebody else has the job; what was done in its transaction is undone."""


def keep(declared: Mapping[str, Declared], *, now: dt.datetime) -> None:
    """Sees to it that every repeating job has its row, and that nothing waits for a time that a clock set wrong has
    told: no beat, lease or pause ends later than it can."""
    for job in Job.objects.filter(state="waiting", run_at__gt=now + AT_LEAST):
        latest = _latest(job, declared.get(job.name), now)
        if latest and job.run_at > latest + AT_LEAST:
            _held(job).update(owner="", run_at=now if job.owner else min(latest, job.run_at))
    there = set(Job.objects.filter(repeats=True).values_list("name", flat=True))
    Job.objects.bulk_create(
        [
            Job(name=name, key=name, repeats=True, run_at=now, created_at=now)
            for name, job in declared.items()
            if job.schedule and name not in there
        ],
        ignore_conflicts=True,
    )


def _latest(job: Job, declared: Declared | None, now: dt.datetime) -> dt.datetime | None:
    """When it can be due at the latest; None where that cannot be told: put off on purpose, or of another version."""
    if declared is None:
        return None
    if job.owner:
        return now + declared.lease
    if declared.schedule:
        return declared.schedule.after(now)
    return now + LONGEST_PAUSE if job.attempts else None


def later(
    name: str,
    payload: Mapping[str, int | str],
    *,
    key: str,
    now: dt.datetime,
    run_at: dt.datetime | None = None,
) -> None:
    """Queues work in the caller's transaction; with a key that is known it does nothing."""
    row = Job(
        name=name, key=f"{name}:{key}"[:120], payload=dict(payload), run_at=run_at or now, created_at=now
    )
    Job.objects.bulk_create([row], ignore_conflicts=True)
    waking.ring()


def is_waiting(name: str, key: str) -> bool:
    """Whether what was queued under this key will still be done: not done, not given up."""
    return Job.objects.filter(key=f"{name}:{key}"[:120], state="waiting").exists()


def claim(
    names: Iterable[str], *, owner: str, lease: Mapping[str, dt.timedelta], now: dt.datetime
) -> Job | None:
    """The job that is due longest, leased to `owner`; None when nothing is due."""
    due = Job.objects.filter(state="waiting", run_at__lte=now, name__in=list(names)).order_by("run_at", "id")
    for job in due[:GLANCE]:
        mine = Job.objects.filter(pk=job.pk, state="waiting", run_at=job.run_at, attempts=job.attempts)
        until, attempts = now + lease[job.name], job.attempts + 1
        if mine.update(run_at=until, owner=owner, attempts=attempts, began_at=now):
            job.run_at, job.owner, job.attempts, job.began_at = until, owner, attempts, now
            return job
    return None


def _held(job: Job) -> QuerySet[Job]:
    """The row as long as the lease is ours."""
    return Job.objects.filter(pk=job.pk, state="waiting", owner=job.owner, attempts=job.attempts)


def finish(job: Job, declared: Declared, *, result: Any, now: dt.datetime) -> None:
    """Marks it done, or sets the next beat. Raises Lost."""
    said = " ".join(str(result).split())[:120] if result is not None else ""
    new: dict[str, Any] = {"owner": "", "error": "", "result": said, "ended_at": now}
    if declared.schedule:
        new |= {"attempts": 0, "run_at": declared.schedule.after(now)}
    else:
        new["state"] = "done"
    if not _held(job).update(**new):
        raise Lost(job.key)


def fail(job: Job, declared: Declared, *, error: str, now: dt.datetime) -> None:
    """Another try after a pause; dead after too many."""
    new: dict[str, Any] = {"owner": "", "error": " ".join(error.split())[:300], "ended_at": now}
    if not declared.schedule and job.attempts >= declared.tries:
        new["state"] = "dead"
    else:
        new["run_at"] = now + pause(job.attempts, declared.schedule)
    _held(job).update(**new)


def bury(job: Job, declared: Declared, *, now: dt.datetime) -> bool:
    """Whether a claimed job has killed its worker so often that it is not begun again."""
    if declared.schedule or job.attempts <= declared.tries:
        return False
    fail(job, declared, error=job.error or "its worker ended each time", now=now)
    return True


def release(owners: Iterable[str], *, now: dt.datetime) -> int:
    """What workers that are no more had in hand is due at once."""
    return Job.objects.filter(state="waiting", owner__in=list(owners)).update(owner="", run_at=now)


def owners() -> set[str]:
    """Who has something in hand."""
    return set(Job.objects.filter(state="waiting").exclude(owner="").values_list("owner", flat=True))


def retry(job: Job, *, by: Actor, now: dt.datetime) -> None:
    """A dead job is tried anew, a waiting one now. Raises Denied, Invalid (done, or in somebody's hands)."""
    rules.need(by, *STAFF_KEEPERS)
    idle = Job.objects.filter(pk=job.pk, owner="", state__in=["waiting", "dead"])
    if not idle.update(state="waiting", attempts=0, run_at=now):
        raise rules.Invalid("", "It is done or under way already.", "该任务已完成或正在进行。")
    waking.ring()


def clean(*, now: dt.datetime) -> int:
    """Forgets what was done a week ago."""
    old = Job.objects.filter(state="done", ended_at__lt=now - KEPT).values("pk")[:BATCH]
    return Job.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]
