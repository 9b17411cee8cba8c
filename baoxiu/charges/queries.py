"""C4.5: quotes as their readers see them."""

from __future__ import annotations

from baoxiu.cases.models import Case
from baoxiu.charges.models import Quote
from baoxiu.people.actors import Actor


def of_case(viewer: Actor, case: Case) -> list[Quote]:
    """Every version with lines and answer, newest first."""
    return list(
        Quote.objects.filter(case__in=Case.objects.visible_to(viewer).filter(pk=case.pk))
        .select_related("consent")
        .prefetch_related("lines")
        .order_by("-version")
    )


def current(viewer: Actor, case: Case) -> Quote | None:
    """The newest version, whatever became of it."""
    return next(iter(of_case(viewer, case)), None)
