"""C4.6, C4.7: who is to be called, what was said, what customers think."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, QuerySet

from baoxiu.cases.models import Case, Duty
from baoxiu.followups.models import FollowUp, Rating
from baoxiu.people.actors import Actor

KINDS = {"engineer": "engineer_followup", "final": "final_followup"}


def due(viewer: Actor, kind: str, limit: int = 100) -> list[dict[str, Any]]:
    """The calls owed, most urgent first: `kind` is engineer or final. An engineer sees their own."""
    duties = Duty.objects.filter(
        outcome="open", kind=KINDS[kind], case__in=Case.objects.visible_to(viewer).filter(is_open=True)
    )
    rows = duties.order_by("due_at", "id").values(
        "due_at", "warn_at", "owner_id", "owner__name", "case__number", "case__subject", "case__contact_name",
        "case__contact_phone", "case__language", "case__facts", "case__engineer__name",
    )  # fmt: skip
    return [dict(row) for row in rows[:limit]]


def of_case(viewer: Actor, case: Case) -> list[FollowUp]:
    """Every attempt, oldest first."""
    return list(
        FollowUp.objects.filter(case__in=_seen(viewer, case)).select_related("caller").order_by("at", "id")
    )


def ratings(viewer: Actor, case: Case) -> list[Rating]:
    return list(
        Rating.objects.filter(case__in=_seen(viewer, case)).select_related("engineer").order_by("round")
    )


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What customers said of the cases registered in a period. `stars`: overall rating → cases."""

    ratings: int
    overall: float | None
    attitude: float | None
    speed: float | None
    quality: float | None
    stars: dict[int, int]


def satisfaction(viewer: Actor, *, since: dt.datetime, until: dt.datetime) -> Satisfaction:
    """C1, C5.1: two statements."""
    cases = Case.objects.visible_to(viewer).filter(created_at__gte=since, created_at__lt=until)
    rated = Rating.objects.filter(case__in=cases)
    means = rated.aggregate(
        ratings=Count("pk"),
        overall=Avg("overall"),
        attitude=Avg("attitude"),
        speed=Avg("speed"),
        quality=Avg("quality"),
    )
    stars = rated.values("overall").annotate(cases=Count("case", distinct=True)).order_by("overall")
    return Satisfaction(**means, stars={row["overall"]: row["cases"] for row in stars})


def _seen(viewer: Actor, case: Case) -> QuerySet[Case]:
    return Case.objects.visible_to(viewer).filter(pk=case.pk)
