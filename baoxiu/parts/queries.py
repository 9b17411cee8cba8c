"""M4: what lies where."""

from __future__ import annotations

from django.db.models import Count, QuerySet, Sum

from baoxiu.parts.models import Holding
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff, Station

KEEPERS = ("stock_keeper", "station_head", "dispatcher", "manager", "administrator")


def may_count(viewer: Actor, place: Staff | Station) -> bool:
    """Who keeps one station's stock keeps its vans too; planners and administrators keep all."""
    if viewer.kind != "staff" or not viewer.has(*KEEPERS):
        return False
    at = place.station_id if isinstance(place, Staff) else place.pk
    return viewer.has("dispatcher", "manager", "administrator") or viewer.station_id in (None, at)


def places(viewer: Actor) -> tuple[list[Station], list[Staff]]:
    """Stockrooms and vans, each with `kinds` and `pieces`; nothing for whom it does not concern."""
    if not viewer.has(*KEEPERS):
        return [], []
    stations = Station.objects.filter(is_active=True)
    engineers = Staff.objects.with_role("engineer").select_related("station")
    counted = {"kinds": Count("holdings"), "pieces": Sum("holdings__quantity")}
    return list(stations.annotate(**counted).order_by("name")), list(
        engineers.annotate(**counted).order_by("name")
    )


def holdings(viewer: Actor, place: Staff | Station) -> QuerySet[Holding]:
    """By part number."""
    if not viewer.has(*KEEPERS):
        return Holding.objects.none()
    return place.holdings.order_by("number")
