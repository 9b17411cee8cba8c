"""C4.4a: an engineer's day and one case's visits."""

from __future__ import annotations

import datetime as dt

from django.db.models import F

from baoxiu.cases.models import Case, WorkOrder
from baoxiu.cases.work_orders import ENDED
from baoxiu.people.actors import Actor


def jobs(viewer: Actor, limit: int = 100) -> list[WorkOrder]:
    """The viewer's own running work orders: agreed windows in their order, then those without one."""
    return list(
        WorkOrder.objects.filter(engineer_id=viewer.staff_id or 0, case__in=Case.objects.visible_to(viewer))
        .exclude(status__in=ENDED)
        .select_related("case__customer", "case__unit__model", "case__site", "station")
        .order_by(F("starts_at").asc(nulls_last=True), "case__next_due_at", "id")[:limit]
    )


def between(viewer: Actor, since: dt.datetime, until: dt.datetime, limit: int = 500) -> list[WorkOrder]:
    """Agreed windows that touch [since, until): the dispatcher's board, by engineer and time."""
    return list(
        WorkOrder.objects.filter(
            case__in=Case.objects.visible_to(viewer), starts_at__lt=until, ends_at__gt=since
        )
        .exclude(status__in=("declined", "cancelled"))
        .select_related("case__site", "engineer")
        .order_by("engineer__name", "starts_at")[:limit]
    )


def of_case(viewer: Actor, case: Case) -> list[WorkOrder]:
    """Every work order of the case, newest first."""
    return list(
        WorkOrder.objects.filter(case__in=Case.objects.visible_to(viewer).filter(pk=case.pk))
        .select_related("engineer", "station")
        .order_by("-id")
    )
