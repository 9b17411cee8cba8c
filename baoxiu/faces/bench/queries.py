"""C4.4b: finding what lies in one's hands; label of the parcel back."""

from __future__ import annotations

from baoxiu.cases.models import Case
from baoxiu.depot.models import Parcel
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff

FOUND_LIMIT = 20
COLUMNS = ("number", "subject", "stage", "unit__product", "unit__serial", "stage_since")


def find(viewer: Actor, text: str) -> list[dict[str, object]]:
    """The viewer's cases with exactly this number, tracking number or serial, newest first."""
    seen = Case.objects.visible_to(viewer)
    word = text.strip()[:80]
    if not word:
        return []
    ways = (
        {"number": word.upper()},
        {"pk__in": list(Parcel.objects.filter(tracking=word).order_by("-id").values_list("case_id", flat=True)[:FOUND_LIMIT])},
        {"unit__serial": word},
    )  # fmt: skip
    for way in ways:
        found = list(seen.filter(**way).order_by("-created_at").values(*COLUMNS)[:FOUND_LIMIT])
        if found:
            return found
    return []


def engineers(viewer: Actor, case: Case) -> list[tuple[int, str]]:
    """Who may have it on the bench: the active engineers of the case's station."""
    here = Staff.objects.with_role("engineer").filter(station_id=case.station_id or 0)
    return list(here.order_by("name").values_list("pk", "name")[:200])
