"""What the background does, for those who look after it."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from baoxiu.jobs.models import Job
from baoxiu.people.actors import Actor
from baoxiu.people.rules import STAFF_KEEPERS

LATE = dt.timedelta(minutes=2)


def _seen(viewer: Actor) -> QuerySet[Job]:
    return Job.objects.all() if viewer.kind == "system" or viewer.has(*STAFF_KEEPERS) else Job.objects.none()


def repeating(viewer: Actor) -> list[Job]:
    """The repeating work, by name."""
    return list(_seen(viewer).filter(repeats=True).order_by("name"))


def queued(viewer: Actor, limit: int = 100) -> list[Job]:
    """What waits or is under way, due first."""
    return list(_seen(viewer).filter(repeats=False, state="waiting").order_by("run_at", "id")[:limit])


def dead(viewer: Actor, limit: int = 100) -> list[Job]:
    """What was given up, newest first."""
    return list(_seen(viewer).filter(state="dead").order_by("-id")[:limit])


def is_standing_still(viewer: Actor, now: dt.datetime) -> bool:
    """Whether repeating work is overdue: no worker runs, or none can."""
    return _seen(viewer).filter(repeats=True, state="waiting", run_at__lt=now - LATE).exists()
