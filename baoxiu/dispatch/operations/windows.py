"""C4.3, C4.4a: a window offered is held while the customer decides; agreed, it is a promise the planner keeps."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from baoxiu.cases import work_orders
from baoxiu.cases.models import Case
from baoxiu.cases.steps import Taking, beside, operation
from baoxiu.dispatch import slots
from baoxiu.dispatch.models import Hold
from baoxiu.dispatch.records import WindowRecord
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff
from baoxiu.people.rules import Denied, Invalid
from baoxiu.sop import payloads

HELD = dt.timedelta(minutes=10)


@transaction.atomic
def hold(case: Case, record: WindowRecord, *, by: Actor, now: dt.datetime) -> Hold:
    """One of the windows offered now, for ten minutes; it takes the place of the one held before. Nobody else is offered
    or given the engineer then. Raises Denied, Invalid (not free any more)."""
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise Denied
    list(Case.objects.select_for_update().filter(pk=case.pk).values_list("pk"))
    offered = next((s for s in slots.slots(case, now=now) if s.starts_at == record.starts_at), None)
    if offered is None:
        raise _gone()
    engineer = int(offered.engineer)
    list(Staff.objects.select_for_update().filter(pk=engineer).values_list("pk"))
    if _held(engineer, offered.starts_at, offered.ends_at, case, now):
        raise _gone()
    window = {"starts_at": offered.starts_at, "ends_at": offered.ends_at, "until": now + HELD}
    return Hold.objects.update_or_create(case=case, defaults={"engineer_id": engineer, **window})[0]


def release(case: Case, *, by: Actor, now: dt.datetime) -> None:
    """Another window is wanted. Raises Denied."""
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise Denied
    Hold.objects.filter(case=case).delete()


def _gone() -> Invalid:
    return Invalid(
        "starts_at", "Window: it is not free any more; choose another.", "时间窗：已不可用，请另选。"
    )


def _held(
    engineer: int, opens: dt.datetime, closes: dt.datetime, case: Case, now: dt.datetime
) -> Hold | None:
    """A hold of another customer with this engineer that overlaps."""
    others = Hold.objects.filter(engineer=engineer, until__gt=now, starts_at__lt=closes, ends_at__gt=opens)
    return others.exclude(case=case).first()


@operation("promise_window")
def promise_window(taking: Taking, payload: payloads.PromiseWindow) -> None:
    """A window agreed with the customer before an engineer has said yes: whoever gets the job gets it too. A new one
    replaces the old. Two promised at once wait for each other; the second is refused when the first took the last place."""
    list(Staff.objects.with_role("engineer").select_for_update(no_key=True).order_by("pk").values_list("pk"))
    work_orders.agreeable(taking, payload.starts_at, payload.ends_at)
    if slots.is_given_away(taking.case, payload.starts_at, payload.ends_at, now=taking.now):
        raise taking.refuse(
            "From: the last engineer free in this window has just been promised to another customer; choose another window.",
            "时间：该时间窗最后一位空闲的工程师刚刚约给了其他客户，请另选时间窗。",
            code="overlap",
            field="starts_at",
        )
    work_orders.promise(taking, payload.starts_at, payload.ends_at)
    taking.words["agreed_with"] = payload.agreed_with or taking.case.contact_name
    taking.context.update(starts_at=payload.starts_at.isoformat(), ends_at=payload.ends_at.isoformat())


@beside("appoint", "promise_window")
def _agree(taking: Taking, payload: payloads.Appoint) -> None:
    """A customer agrees to what is held and to nothing else; what another customer is deciding on is not given away."""
    case, now = taking.case, taking.now
    own = Hold.objects.filter(case=case, until__gt=now).first()
    if taking.by.has("customer") and (
        own is None
        or (own.starts_at, own.ends_at) != (payload.starts_at, payload.ends_at)
        or own.engineer_id != (case.engineer_id or own.engineer_id)
    ):
        raise taking.refuse(
            "From: the window is not held for you any more; choose again.",
            "时间：该时间窗已不再为您保留，请重新选择。",
            code="not_held",
            field="starts_at",
        )
    other = _held(case.engineer_id or 0, payload.starts_at, payload.ends_at, case, now)
    if other:
        until = timezone.localtime(other.until).strftime("%H:%M")
        raise taking.refuse(
            f"From: another customer is deciding on this window until {until}.",
            f"时间：另一位客户正在选择该时间窗，保留至{until}。",
            code="overlap",
            field="starts_at",
        )
    if case.engineer_id:  # else it bars the engineer for others until every process knows of the promise
        Hold.objects.filter(case=case).delete()
