"""C4: how many open cases stand where. The figures of a period are summed in `supervision`."""

from __future__ import annotations

from django.db.models import Count

from baoxiu.cases.models import Case
from baoxiu.people.actors import Actor


def open_by_stage(viewer: Actor) -> dict[str, int]:
    """How many open cases stand at each stage."""
    rows = Case.objects.visible_to(viewer).open().values("stage").annotate(cases=Count("pk"))
    return {row["stage"]: row["cases"] for row in rows.order_by()}


def versions_in_use(viewer: Actor) -> dict[str, int]:
    """How many open cases run under each version of the procedure."""
    rows = Case.objects.visible_to(viewer).open().values("procedure").annotate(cases=Count("pk"))
    return {row["procedure"]: row["cases"] for row in rows.order_by()}


def has_any(viewer: Actor) -> bool:
    """Whether a request was ever registered: no secret among colleagues."""
    return viewer.kind in ("staff", "system") and Case.objects.exists()
