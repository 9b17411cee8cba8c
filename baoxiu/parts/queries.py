"""M4: what lies where, what of it is kept for whom, and how it came to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from baoxiu.parts.models import Holding, Move, Reservation
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff, Station

KEEPERS = ("stock_keeper", "station_head", "dispatcher", "manager", "administrator")
SENDERS = ("agent", "dispatcher", "account_manager", "manager")  # who say from where a part comes
SHOWN = 100  # moves of a place


def may_count(viewer: Actor, place: Staff | Station) -> bool:
    """Who keeps one station's stock keeps its vans too; planners and administrators keep all."""
    if viewer.kind == "system":
        return True
    if viewer.kind != "staff" or not viewer.has(*KEEPERS):
        return False
    at = place.station_id if isinstance(place, Staff) else place.pk
    return viewer.has("dispatcher", "manager", "administrator") or viewer.station_id in (None, at)


def may_reserve(viewer: Actor, place: Staff | Station) -> bool:
    """The desk everywhere, a keeper at what he keeps, anybody of his own van and stockroom."""
    own = viewer.staff_id if isinstance(place, Staff) else viewer.station_id
    return viewer.has(*SENDERS) or place.pk == own or may_count(viewer, place)


def places(viewer: Actor) -> tuple[list[Station], list[Staff]]:
    """Stockrooms and vans, each with `kinds` and `pieces`; nothing for whom it does not concern."""
    if not viewer.has(*KEEPERS):
        return [], []
    stations = Station.objects.filter(is_active=True)
    engineers = Staff.objects.with_role("engineer").select_related("station")
    listed = Q(holdings__is_listed=True)
    counted = {"kinds": Count("holdings", filter=listed), "pieces": Sum("holdings__quantity")}
    return list(stations.annotate(**counted).order_by("name")), list(
        engineers.annotate(**counted).order_by("name")
    )


def _may_see(viewer: Actor, place: Staff | Station) -> bool:
    """Keepers, and an engineer his own van."""
    own = isinstance(place, Staff) and viewer.kind == "staff" and place.pk == viewer.staff_id
    return viewer.has(*KEEPERS) or own


def holdings(viewer: Actor, place: Staff | Station) -> QuerySet[Holding]:
    """By part number, each with its reservations."""
    if not _may_see(viewer, place):
        return Holding.objects.none()
    found = place.holdings.filter(is_listed=True).order_by("number")
    return found.prefetch_related("reservations")


def moves(viewer: Actor, place: Staff | Station, limit: int = SHOWN) -> list[Move]:
    """The newest first."""
    if not _may_see(viewer, place):
        return []
    of_place = {"holding__staff" if isinstance(place, Staff) else "holding__station": place}
    found = Move.objects.filter(**of_place).select_related("posting", "holding")
    return list(found.order_by("-id")[:limit])


# -- for rooms above, which have asked who may ---------------------------------------------------


def of(staff: int | None, station: int | None) -> Q:
    """The van and the stockroom."""
    nowhere = Q(pk__in=())
    return (Q(staff=staff) if staff else nowhere) | (Q(station=station) if station else nowhere)


def kept_for(references: Iterable[str], *, holding: int) -> list[tuple[str, int]]:
    """(case, pieces) reserved of one holding."""
    found = Reservation.objects.filter(holding=holding, reference__in=list(references), quantity__gt=0)
    return list(found.order_by("reference").values_list("reference", "quantity"))


def reservations(references: Sequence[str]) -> list[Reservation]:
    """What is kept for these cases, with its holding."""
    found = Reservation.objects.filter(reference__in=list(references), quantity__gt=0)
    return list(
        found.select_related("holding__staff", "holding__station").order_by("reference", "holding__number")
    )


def sources(numbers: Iterable[str]) -> list[Holding]:
    """Where a part is free, stockrooms first."""
    found = Holding.objects.filter(number__in=list(numbers), quantity__gt=F("reserved"))
    return list(
        found.select_related("staff", "station").order_by("number", F("station").asc(nulls_last=True))
    )


def unbalanced() -> list[Holding]:
    """Holdings that are not the sum of their moves and reservations: none, ever."""
    found = Holding.objects.annotate(
        moved=Coalesce(Sum("moves__pieces"), 0), kept=Coalesce(Sum("moves__reserved"), 0)
    ).exclude(moved=F("quantity"), kept=F("reserved"))
    kept = Holding.objects.annotate(kept=Coalesce(Sum("reservations__quantity"), 0)).exclude(
        kept=F("reserved")
    )
    return [*found.order_by("pk"), *kept.order_by("pk")]
