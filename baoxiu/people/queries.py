"""C9: reads of people; each starts from what the viewer may see."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from baoxiu.lib import prefixes
from baoxiu.people.actors import OFFICE, Actor
from baoxiu.people.models import (
    Absence,
    ApiKey,
    Contact,
    Customer,
    EngineerWish,
    Skill,
    Staff,
    StaffSkill,
    Station,
    Team,
    Territory,
    WorkingHours,
)

STAFF_SEERS = ("administrator", "manager", "dispatcher")


def typed(text: str, limit: int = 100) -> str:
    """What somebody typed to look for, as the database can take it."""
    return text.replace("\x00", "").strip()[:limit]


def begins(column: str, text: str) -> Q:
    """Values that begin with `text`, in the way an index helps: a range where text is ordered byte by byte."""
    if connection.vendor == "sqlite":
        return Q(**{f"{column}__gte": text, f"{column}__lt": prefixes.after(text)})
    return Q(**{f"{column}__startswith": text})


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


def known_by(pairs: Iterable[tuple[str, str]]) -> Customer | None:
    """The customer with this phone, else with this e-mail; the one known longest when several share it."""
    for kind, value in pairs:
        found = Contact.objects.filter(kind=kind, value=value).select_related("customer").order_by("customer")
        if first := found.first():
            return first.customer
    return None


def customers(
    viewer: Actor,
    query: str = "",
    *,
    is_company: bool | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Customer]:
    """Newest first, before id `before`: by a part of the name, or how a phone or an e-mail begins."""
    found = visible_customers(viewer).select_related("account_manager")
    if query := typed(query):
        found = found.filter(_named(query))
    if is_company is not None:
        found = found.filter(is_company=is_company)
    if before:
        found = found.filter(pk__lt=before)
    contacts = Contact.objects.order_by("-is_primary", "pk")
    return list(found.prefetch_related(Prefetch("contacts", contacts)).order_by("-pk")[:limit])


def _named(query: str) -> Q:
    wanted = Q(name__contains=query) | Q(reference=query)
    digits = re.sub(r"\D", "", query)
    starts = [query.lower()] if "@" in query else [f"+86{digits}", f"+{digits}"] if len(digits) >= 5 else []
    for start in starts:
        known = Contact.objects.filter(begins("value", start)).values_list("customer_id", flat=True)
        wanted |= Q(pk__in=list(known[:200]))
    return wanted


def customer(viewer: Actor, pk: int) -> Customer:
    """With contacts, people and sites. Raises Customer.DoesNotExist when the viewer may not see it."""
    contacts = Contact.objects.select_related("person").order_by("-is_primary", "pk")
    wishes = EngineerWish.objects.select_related("staff").order_by("kind", "staff__name")
    return (
        visible_customers(viewer)
        .select_related("account_manager")
        .prefetch_related(Prefetch("contacts", contacts), "people", "sites", Prefetch("wishes", wishes))
        .get(pk=pk)
    )


def companies(viewer: Actor, limit: int = 500) -> list[tuple[int, str]]:
    """Companies a key may be made for: an administrator needs their names and no more."""
    found = Customer.objects.all() if viewer.has("administrator") else visible_customers(viewer)
    return list(found.filter(is_company=True).order_by("name").values_list("pk", "name")[:limit])


def staff(
    viewer: Actor, *, role: str = "", station: int | None = None, is_active: bool = True
) -> list[Staff]:
    """Colleagues by name; nobody for those who need not know."""
    found = Staff.objects.filter(is_active=is_active) if viewer.has(*STAFF_SEERS) else Staff.objects.none()
    if role:
        found = found.filter(roles__contains=f" {role} ")
    if station:
        found = found.filter(station=station)
    skills = StaffSkill.objects.select_related("skill").order_by("skill__code")
    return list(
        found.select_related("station", "team")
        .prefetch_related(Prefetch("skills", skills))
        .order_by("name", "pk")[:500]
    )


def colleague(viewer: Actor, pk: int) -> Staff:
    """With skills and absences. Raises Staff.DoesNotExist."""
    found = Staff.objects.all() if viewer.has(*STAFF_SEERS) else Staff.objects.none()
    skills = StaffSkill.objects.select_related("skill").order_by("skill__code")
    absences = Absence.objects.order_by("-from_date")
    hours = WorkingHours.objects.order_by("weekday")
    return (
        found.select_related("station", "team")
        .prefetch_related(
            Prefetch("skills", skills),
            Prefetch("absences", absences),
            Prefetch("hours", hours),
            Prefetch("territories", Territory.objects.order_by("name")),
        )
        .get(pk=pk)
    )


def absences(viewer: Actor, *, today: dt.date, limit: int = 200) -> list[Absence]:
    """Who is away today or later."""
    if not viewer.has(*STAFF_SEERS):
        return []
    found = Absence.objects.filter(until_date__gt=today, staff__is_active=True).select_related(
        "staff__station"
    )
    return list(found.order_by("from_date", "pk")[:limit])


def stations(viewer: Actor) -> list[Station]:
    return list(Station.objects.order_by("-is_active", "code")) if viewer.kind == "staff" else []


def teams(viewer: Actor) -> list[Team]:
    return list(Team.objects.order_by("name")) if viewer.kind == "staff" else []


def skills(viewer: Actor) -> list[Skill]:
    return list(Skill.objects.order_by("code")) if viewer.kind == "staff" else []


def territories(viewer: Actor) -> list[Territory]:
    """With their engineers, by name."""
    if not viewer.has(*STAFF_SEERS):
        return []
    return list(Territory.objects.prefetch_related("staff").order_by("name"))


def engineers(viewer: Actor) -> list[tuple[int, str]]:
    """Id and name of those who can be sent, for those who may send or wish for them."""
    if not viewer.has(*STAFF_SEERS, "agent", "account_manager"):
        return []
    return list(Staff.objects.with_role("engineer").order_by("name").values_list("pk", "name")[:1000])


def keys(viewer: Actor) -> list[ApiKey]:
    """All keys, the working ones first; never their tokens."""
    if not viewer.has("administrator"):
        return []
    found = ApiKey.objects.select_related("staff", "customer")
    return sorted(found.order_by("-created_at")[:500], key=lambda key: key.revoked_at is not None)
