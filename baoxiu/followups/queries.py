"""C4.6, C4.7: who is to be called, what was said, what customers think."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

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


def _seen(viewer: Actor, case: Case) -> QuerySet[Case]:
    return Case.objects.visible_to(viewer).filter(pk=case.pk)
