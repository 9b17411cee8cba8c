"""C4.6, C4.7: who is to be called, what was said, what customers think."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from baoxiu.cases.models import Case, Duty
from baoxiu.followups.models import FollowUp, Rating
from baoxiu.people.actors import Actor
from baoxiu.sop import followups

LOOKED_AT = 500  # newest ratings in which disagreements are looked for
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
class Verdicts:
    """What callers wrote down and what the customer rated in one round; `disagrees`: two different stories."""

    round: int
    calls: list[FollowUp]
    rating: Rating | None
    disagrees: bool


def verdicts(viewer: Actor, case: Case) -> list[Verdicts]:
    """Both sides beside one another, newest round first."""
    rated = {r.round: r for r in ratings(viewer, case)}
    calls: dict[int, list[FollowUp]] = {}
    for call in of_case(viewer, case):
        calls.setdefault(call.round, []).append(call)
    return [
        Verdicts(n, calls.get(n, []), rated.get(n), n in rated and _is_apart(rated[n], calls.get(n, [])))
        for n in sorted({*rated, *calls}, reverse=True)
    ]


def disagreements(viewer: Actor, *, since: dt.datetime, limit: int = 50) -> list[Rating]:
    """Ratings since then that tell another story than a call of the same round, newest first."""
    rated = Rating.objects.filter(at__gte=since, case__in=Case.objects.visible_to(viewer))
    newest = (
        rated.select_related("case", "engineer").prefetch_related("case__follow_ups").order_by("-at", "-pk")
    )
    return [
        r
        for r in newest[:LOOKED_AT]
        if _is_apart(r, [c for c in r.case.follow_ups.all() if c.round == r.round])
    ][:limit]


def _is_apart(rating: Rating, calls: list[FollowUp]) -> bool:
    told = [c.satisfaction for c in calls if c.satisfaction]
    return any(followups.disagrees(satisfaction, rating.overall) for satisfaction in told)


def _seen(viewer: Actor, case: Case) -> QuerySet[Case]:
    return Case.objects.visible_to(viewer).filter(pk=case.pk)
