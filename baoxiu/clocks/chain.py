"""C5.2, C6.2: the escalation chain – a breach nobody acknowledges is told to the next in line.

A rung is reached when a duty has been past its time for so long and nobody has acknowledged any alarm
of that breach. Each rung tells once; looking again changes nothing. An acknowledgement, a pause or the
duty's end stops the chain.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from baoxiu.cases.models import Duty
from baoxiu.catalogue.models import Registration
from baoxiu.clocks.models import Alarm, Rung
from baoxiu.people.actors import OFFICE, Actor
from baoxiu.people.rules import REGISTRARS, Denied, Invalid, need
from baoxiu.sop import codes
from baoxiu.sop.registration import DUTY

OLDEST = dt.timedelta(days=30)  # what was late before is no news
MOST_RUNGS = 6
LONGEST_MINUTES = 60 * 24 * 30
ROLES = ("owner", *(r for r in codes.ROLES if r not in ("customer", "integration", "administrator")))


def climb(*, now: dt.datetime, limit: int = 500) -> int:
    """Tells every rung that is reached; returns how many alarms were written. Repeating it changes nothing."""
    told = 0
    for rung in Rung.objects.order_by("number"):
        reached = Duty.objects.filter(
            outcome="open",
            due_at__lte=now - dt.timedelta(minutes=rung.after_minutes),
            due_at__gt=now - OLDEST,
        ).filter(paused_at=None)
        of_this = Alarm.objects.filter(
            case=OuterRef("case"), kind=OuterRef("kind"), point="breach", at=OuterRef("due_at")
        )
        waiting = reached.exclude(case__facts__on_hold="yes").filter(
            ~Exists(of_this.filter(seen_at__isnull=False)), ~Exists(of_this.filter(to=_place(rung)))
        )
        alarms = [_alarm(duty, rung, now) for duty in waiting.order_by("due_at", "pk")[:limit]]
        alarms += [_waits(found, rung, now) for found in _registrations(rung, now)[:limit]]
        Alarm.objects.bulk_create(alarms, ignore_conflicts=True)
        told += len(alarms)
    return told


def _registrations(rung: Rung, now: dt.datetime) -> QuerySet[Registration]:
    """C2: those that wait past their time; a rung of somebody who may not check them is passed over."""
    if _checker(rung) not in REGISTRARS:
        return Registration.objects.none()
    of_this = Alarm.objects.filter(registration=OuterRef("pk"), at=OuterRef("due_at"))
    return Registration.objects.filter(
        ~Exists(of_this.filter(seen_at__isnull=False)),
        ~Exists(of_this.filter(to=_place(rung))),
        status="waiting",
        due_at__lte=now - dt.timedelta(minutes=rung.after_minutes),
        due_at__gt=now - OLDEST,
    ).order_by("due_at", "pk")


def _checker(rung: Rung) -> str:
    """Whose duty a look at a registration is: nobody's in person, so the whole team's."""
    return REGISTRARS[0] if rung.role == "owner" else rung.role


def _waits(found: Registration, rung: Rung, now: dt.datetime) -> Alarm:
    return Alarm(
        registration=found, kind=DUTY, point="breach", at=found.due_at, fired_at=now, due_at=found.due_at,
        to=_place(rung), done=["notify"], role=_checker(rung),
    )  # fmt: skip


def _place(rung: Rung) -> str:
    return f"chain:{rung.number}"


def _alarm(duty: Duty, rung: Rung, now: dt.datetime) -> Alarm:
    owner = duty.owner_id if rung.role == "owner" else None
    role = "" if owner else duty.party if rung.role == "owner" else rung.role
    return Alarm(
        case_id=duty.case_id, kind=duty.kind, point="breach", at=duty.due_at, fired_at=now, due_at=duty.due_at,
        to=_place(rung), done=["notify"], staff_id=owner, role=role,
    )  # fmt: skip


def unanswered(viewer: Actor, limit: int = 50) -> QuerySet[Alarm]:
    """Breaches told up the chain that nobody has acknowledged, the highest rung first; for those who see all."""
    found = Alarm.objects.filter(point="breach", seen_at=None, to__startswith="chain:")
    if not (viewer.kind == "system" or viewer.parties & OFFICE):
        return found.none()
    still = Duty.objects.filter(
        case=OuterRef("case"), kind=OuterRef("kind"), outcome="open", due_at=OuterRef("at")
    )
    waits = Registration.objects.filter(pk=OuterRef("registration"), status="waiting")
    same = Alarm.objects.filter(
        Q(case=OuterRef("case"), kind=OuterRef("kind")) | Q(registration=OuterRef("registration")),
        point="breach",
        at=OuterRef("at"),
    )
    open_ones = found.visible_to(viewer).filter(
        Exists(still) | Exists(waits),
        ~Exists(same.filter(seen_at__isnull=False)),
        ~Exists(same.filter(to__startswith="chain:", to__gt=OuterRef("to"))),
    )
    return open_ones.select_related("case", "registration", "staff").order_by("-to", "at", "pk")[:limit]


def acknowledge(alarm: Alarm, *, by: Actor, now: dt.datetime) -> int:
    """Somebody takes note of the breach: the chain stops there. Raises Denied for who may not see the case.

    Returns how many alarms of the breach that settles; 0 when it was acknowledged before.
    """
    may = by.kind == "staff" and (by.parties & OFFICE or alarm.staff_id == by.staff_id or by.has(alarm.role))
    if not may or not Alarm.objects.visible_to(by).filter(pk=alarm.pk).exists():
        raise Denied("staff")
    same = Alarm.objects.filter(
        case_id=alarm.case_id,
        registration_id=alarm.registration_id,
        kind=alarm.kind,
        point="breach",
        at=alarm.at,
    )
    return same.filter(seen_at=None).update(seen_at=now, seen_by_id=by.staff_id)


def rungs() -> list[Rung]:
    return list(Rung.objects.order_by("number"))


def set_rungs(wanted: list[tuple[int, str]], *, by: Actor, now: dt.datetime) -> list[Rung]:
    """Replaces the chain by (minutes, role) in rising order. Raises Denied, Invalid."""
    need(by, "manager")
    if len(wanted) > MOST_RUNGS:
        raise Invalid("minutes", f"At most {MOST_RUNGS} rungs.", f"最多{MOST_RUNGS}级。")
    for minutes, role in wanted:
        if not 0 <= minutes <= LONGEST_MINUTES:
            raise Invalid("minutes", "Minutes: between 0 and 43,200.", "分钟数须在0到43200之间。")
        if role not in ROLES:
            raise Invalid("role", "Role: choose one of the list.", "请从列表中选择角色。")
    if [m for m, _ in wanted] != sorted({m for m, _ in wanted}):
        raise Invalid(
            "minutes", "Minutes: each rung must come later than the one before.", "每一级须晚于上一级。"
        )
    with transaction.atomic():
        Rung.objects.all().delete()
        return Rung.objects.bulk_create(
            [Rung(number=i, after_minutes=m, role=r) for i, (m, r) in enumerate(wanted, 1)]
        )
