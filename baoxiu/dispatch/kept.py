"""C4.3: days as this process knows them: built anew once the journal, the plans or the people have moved on.

What is only shown or offered comes from here; what is written is judged on a day built for it.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Count, Max, Min, Q, Sum

from baoxiu.cases.models import JournalEntry, WorkOrder
from baoxiu.dispatch import situation
from baoxiu.dispatch.models import Crossing, PartNeed, Plan, Policy, Roads
from baoxiu.dispatch.plan import model
from baoxiu.dispatch.plan.referee import Verdict
from baoxiu.dispatch.situation import Situation
from baoxiu.parts.models import Holding
from baoxiu.people.models import Absence, EngineerWish, Staff, StaffSkill, Territory, WorkingHours

T = TypeVar("T")
Mark = tuple[Any, ...]
OLDEST = dt.timedelta(seconds=20)  # for what no mark tells: a corrected address, a certificate's new day
MOST = 8  # days kept


class Kept:
    """A day with what was worked out from it."""

    def __init__(self, day: Situation, plans: Mark, rest: Mark, now: dt.datetime) -> None:
        self.day, self.plans, self.rest, self.at = day, plans, rest, now
        self.made: dict[Any, Any] = {}
        self.lock = threading.RLock()

    def is_young(self, now: dt.datetime, age: dt.timedelta) -> bool:
        return dt.timedelta(0) <= now - self.at < age

    def knows(self, promised: set[Mark]) -> bool:
        """Whether these windows of jobs nobody has were promised when it was built."""
        orders = self.day.rows.orders
        return all((o := orders.get(c)) and (o["starts_at"], o["ends_at"]) == (a, z) for c, a, z in promised)

    @cached_property
    def in_force(self) -> Verdict:
        return self.day.check(self.day.force)

    @cached_property
    def shown(self) -> tuple[Situation, model.Plan]:
        """With the draft where there is one."""
        draft = self.day.rows.draft
        if draft is None:
            return self.day, self.day.force
        day = self.day.holding(draft.holds)
        return day, day.known(draft.routes)

    def once(self, name: Any, make: Callable[[], T]) -> T:
        """What `make` gives, worked out once for this day."""
        with self.lock:
            if name not in self.made:
                self.made[name] = make()
            made: T = self.made[name]
            return made


_DAYS: dict[dt.date, Kept] = {}
_BUILDING = threading.Lock()


def day(
    date: dt.date,
    *,
    now: dt.datetime,
    oldest: dt.timedelta = OLDEST,
    unseen: dt.timedelta = dt.timedelta(0),
) -> Kept:
    """The day, at most `oldest` old and of the present version; one younger than `unseen` need only know the plans and
    what is promised to customers while nobody has the job."""
    plans, found, behind = _plans(date, now), _DAYS.get(date), None
    if found and found.is_young(now, min(oldest, unseen)) and found.plans == plans:
        if found.knows(_promised(date)):
            return found
        behind = found
    rest = _rest(date)
    with _BUILDING:
        found = _DAYS.get(date)  # another request may have built it meanwhile
        fresh = found is not behind and found and found.is_young(now, oldest)
        if found and fresh and (found.plans, found.rest) == (plans, rest):
            return found
        made = Kept(situation.build(date, now=now), plans, rest, now)
        _DAYS.pop(date, None)
        while len(_DAYS) >= MOST:
            _DAYS.pop(next(iter(_DAYS)), None)
        _DAYS[date] = made
        return made


def forget() -> None:
    """For tests, whose databases begin anew."""
    _DAYS.clear()


def _plans(date: dt.date, now: dt.datetime) -> Mark:
    of = Plan.objects.filter(date__gte=min(date, situation.today(now)))
    kinds = {kind: Count("pk", filter=Q(status=kind)) for kind in ("draft", "published", "asked")}
    return tuple(of.aggregate(last=Max("pk"), edits=Sum("edits"), **kinds).values())


def _promised(date: dt.date) -> set[Mark]:
    opens, closes = (situation.midnight(date + dt.timedelta(days=n)) for n in (0, 1))
    waiting = WorkOrder.objects.filter(
        engineer=None, status="promised", ends_at__gt=opens, starts_at__lt=closes
    )
    return set(waiting.values_list("case_id", "starts_at", "ends_at"))


def _rest(date: dt.date) -> Mark:
    """Small statements over small tables; the journal tells of every case."""
    last = JournalEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
    away = Absence.objects.filter(until_date__gt=date)
    counted: list[tuple[Any, dict[str, Any]]] = [
        (Staff.objects.filter(is_active=True), {"lat": Sum("lat"), "lon": Sum("lon")}),
        (away, {"from": Sum("staff_id"), "first": Min("from_date"), "until": Max("until_date")}),
        (WorkingHours.objects, {"from": Sum("from_minute"), "until": Sum("until_minute")}),
        (StaffSkill.objects, {"level": Sum("level"), "until": Max("valid_until"), "first": Min("valid_until")}),
        (EngineerWish.objects, {"staff": Sum("staff_id")}),
        (Territory.staff.through.objects, {"staff": Sum("staff_id")}),
        (PartNeed.objects, {"pieces": Sum("quantity")}),
        (Crossing.objects, {"minutes": Sum("minutes")}),
        (Roads.objects.filter(Q(is_in_use=True) | Q(date=date)), {}),
    ]  # fmt: skip
    sums = [tuple(rows.aggregate(n=Count("pk"), last=Max("pk"), **more).values()) for rows, more in counted]
    policy = Policy.objects.filter(is_in_use=True).values_list("pk", "values").first()
    places = list(Territory.objects.order_by("pk").values_list("name", "places"))
    counted_at = Holding.objects.order_by("-changed_at").values_list("changed_at", flat=True).first()
    return (last, *sums, policy, places, counted_at)
