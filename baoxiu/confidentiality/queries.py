"""C9: the access log, for administrators."""

from __future__ import annotations

from baoxiu.confidentiality.models import Reveal
from baoxiu.people.actors import Actor
from baoxiu.people.rules import need

SEERS = ("administrator",)


def reveals(
    viewer: Actor, *, staff: int | None = None, subject: str = "", before: int | None = None, limit: int = 50
) -> list[Reveal]:
    """Newest first, before id `before`; of one colleague, of one case. Raises Denied."""
    need(viewer, *SEERS)
    rows = Reveal.objects.select_related("staff", "customer")
    if staff:
        rows = rows.filter(staff=staff)
    if subject:
        rows = rows.filter(subject=subject[:40])
    if before:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[:limit])
