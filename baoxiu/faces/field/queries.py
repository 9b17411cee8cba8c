"""C4.4a, C4.6: an engineer's own jobs, in the order of the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from baoxiu.cases import work_orders
from baoxiu.cases.models import Case, Duty, WorkOrder
from baoxiu.people.actors import Actor
from baoxiu.people.models import Station

LIMIT = 200
DONE_WITH = ("final",)  # nothing is left for the engineer


@dataclass(frozen=True, slots=True)
class Job:
    """One of the engineer's cases with its running work order and the duty that presses most."""

    case: Case
    order: WorkOrder | None
    duty: Duty | None

    @property
    def starts_at(self) -> dt.datetime | None:
        appointed = self.case.facts.get("appointed") == "yes" or self.case.stage != "visit"
        return self.order.starts_at if self.order and appointed else None

    @property
    def address(self) -> str:
        return self.case.site.one_line if self.case.site else ""


@dataclass(slots=True)
class Day:
    """The lists of the first page, each in the order in which it is worked off."""

    today: list[Job] = field(default_factory=list)
    new: list[Job] = field(default_factory=list)
    unscheduled: list[Job] = field(default_factory=list)
    station: list[Job] = field(default_factory=list)
    calls: list[Job] = field(default_factory=list)
    later: list[Job] = field(default_factory=list)
    waiting: list[Job] = field(default_factory=list)
    is_cut: bool = False


def own(viewer: Actor) -> QuerySet[Case]:
    """The cases this engineer is at work on; the start of every look-up here."""
    return Case.objects.visible_to(viewer).filter(engineer_id=viewer.staff_id or 0)


def day(viewer: Actor, *, now: dt.datetime) -> Day:
    """Three statements, however many jobs."""
    running = WorkOrder.objects.exclude(status__in=work_orders.ENDED)
    owed = Duty.objects.filter(outcome="open").order_by("due_at")
    cases = (
        own(viewer)
        .filter(is_open=True)
        .exclude(stage__in=DONE_WITH)
        .select_related("customer", "unit", "site")
        .prefetch_related(
            Prefetch("work_orders", running, to_attr="running"), Prefetch("duties", owed, to_attr="owed")
        )
        .order_by("next_due_at", "pk")[: LIMIT + 1]
    )
    found = [_job(case) for case in cases]
    made = Day(is_cut=len(found) > LIMIT)
    today = _day_of(now)
    for job in found[:LIMIT]:
        getattr(made, _list_of(job, today)).append(job)
    for row in (made.today, made.later):
        row.sort(key=lambda job: (job.starts_at or now, job.case.pk))
    return made


def _day_of(moment: dt.datetime) -> dt.date:
    return moment.astimezone(timezone.get_current_timezone()).date()


def _job(case: Case) -> Job:
    orders, owed = case.running, case.owed  # type: ignore[attr-defined]
    mine = [duty for duty in owed if duty.party == "engineer"] or owed
    return Job(case, orders[0] if orders else None, mine[0] if mine else None)


def _list_of(job: Job, today: dt.date) -> str:
    """The list of the day a job stands in."""
    stage, facts = job.case.stage, job.case.facts
    if stage in ("followup", "assigned"):
        return "calls" if stage == "followup" else "new"
    if stage not in ("visit", "repair", "handover") or facts.get("on_hold") == "yes":
        return "waiting"
    if facts.get("venue") == "depot":
        return "station"
    if job.starts_at:
        return "today" if _day_of(job.starts_at) <= today else "later"
    return "unscheduled" if stage == "visit" else "today"


def job(viewer: Actor, number: str) -> Case:
    """One own job with what its page needs. Raises Case.DoesNotExist for anybody else's."""
    return (
        own(viewer)
        .select_related("customer", "unit__model", "site", "station", "engineer")
        .get(number=number)
    )


def stations(viewer: Actor) -> list[tuple[int, str]]:
    """Where a product may be taken, the engineer's own station first."""
    found = Station.objects.filter(is_active=True).order_by("name").values_list("pk", "name")[:200]
    return sorted(found, key=lambda row: row[0] != viewer.station_id)
