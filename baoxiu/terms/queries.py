"""C7: the versions that were published."""

from __future__ import annotations

from baoxiu.people.actors import Actor
from baoxiu.terms.models import ProcedureVersion


def versions(viewer: Actor, limit: int = 50) -> list[ProcedureVersion]:
    """Newest first; for staff: what was agreed is no secret among colleagues."""
    if viewer.kind not in ("staff", "system"):
        return []
    return list(ProcedureVersion.objects.defer("meaning").order_by("-in_force_from")[:limit])
