"""C9: reads of people; each starts from what the viewer may see."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from baoxiu.people.actors import OFFICE, Actor
from baoxiu.people.models import Customer


def visible_customers(viewer: Actor) -> QuerySet[Customer]:
    """Every customer for the office and the system, his own for an account manager or an integration key."""
    if viewer.kind == "system" or viewer.parties & OFFICE:
        return Customer.objects.all()
    if viewer.kind in ("integration", "link"):
        return Customer.objects.filter(pk=viewer.customer_id or 0)
    mine = Q(pk__in=())
    if viewer.has("account_manager"):
        mine |= Q(account_manager_id=viewer.staff_id)
    if viewer.has("engineer"):
        mine |= Q(cases__engineer_id=viewer.staff_id)
    if viewer.has("station_head") and viewer.station_id:
        mine |= Q(cases__station_id=viewer.station_id)
    return Customer.objects.filter(mine).distinct()
