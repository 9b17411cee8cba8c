"""C5.2: acting on clocks: at their points, after a changed level, by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from baoxiu.cases import duties
from baoxiu.cases.clocks import CLAUSE
from baoxiu.cases.models import Case, Duty, Span
from baoxiu.cases.steps import Conflict, StepRefused, Taking, operation
from baoxiu.clocks.models import Alarm
from baoxiu.people.actors import Actor
from baoxiu.people.rules import need
from baoxiu.service_levels import operations as levels_operations
from baoxiu.service_levels import queries as levels
from baoxiu.service_levels.models import Contract
from baoxiu.service_levels.records import ContractRecord
from baoxiu.sop import payloads
from baoxiu.sop.service_levels import POINTS, Action
from baoxiu.terms import procedures

CLOCK = Actor("system", "Baoxiu", frozenset({"system"}))
KEEPERS = levels_operations.KEEPERS
MISSED = dt.timedelta(days=7)  # so long the background may have stood still


@operation("escalate")
def escalate(taking: Taking, payload: payloads.Escalate) -> None:
    """More urgent, or for the whole team; due times are derived again."""
    if not (payload.priority or payload.duty):
        raise taking.refuse(
            "Priority: say what is to change.", "优先级：请说明要改变什么。", field="priority"
        )
    if payload.duty and payload.duty not in taking.open_duties:
        raise taking.refuse("Duty: it is not open.", "应办事项：当前没有该事项。", field="duty")
    if payload.priority:
        taking.changes["priority"] = int(payload.priority)
    if payload.duty:
        taking.reassign[payload.duty] = None


@operation("retime")
def retime(taking: Taking, payload: payloads.Retime) -> None:
    """The spine derives every due time again by what is in force now."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one look did. `is_more`: there is more to do at once."""

    fired: int = 0
    retimed: int = 0
    is_more: bool = False


def tick(*, by: Actor = CLOCK, now: dt.datetime, limit: int = 200) -> Ticked:
    """Acts on every clock that passed a point and derives again what an older book left behind.

    Repeating it changes nothing; two at once do each thing once.
    """
    fired = looked = 0
    for model in (Duty, Span):
        rows = model._default_manager.filter(outcome="open", alarm_at__lte=now).order_by("alarm_at", "pk")
        for pk, case_id in list(rows.values_list("pk", "case_id")[:limit]):
            fired += _act(model, pk, case_id, by, now)
            looked += 1
    retimed, is_more = _catch_up(by, now, limit)
    return Ticked(fired, retimed, is_more or looked >= limit)


def _act(model: type[Duty] | type[Span], pk: int, case_id: int, by: Actor, now: dt.datetime) -> int:
    """Everything the points passed ask for, in one transaction; the number of alarms written."""
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
        row = model._default_manager.filter(pk=pk, outcome="open", alarm_at__lte=now).first()
        if row is None:
            return 0  # somebody else was first, or it is done
        clause = row.clause if isinstance(row, Duty) else CLAUSE
        terms = levels.by_number(row.book).terms_of(row.level, row.kind, clause)
        actions = terms.actions if terms else ()
        times = {"warn": row.warn_at, "inner": row.inner_due_at, "breach": row.due_at}
        known = row.fired.split()
        passed = [p for p in POINTS if (at := times[p]) and at <= now and p not in known]
        asked = {a.at for a in actions}
        ahead = [at for p in asked if (at := times[p]) and at > now]
        row.fired, row.alarm_at = " ".join([*known, *passed]), min(ahead, default=None)
        row.save(update_fields=["fired", "alarm_at"])
        made = 0
        for point in passed:
            made += _fire(case, row, point, [a for a in actions if a.at == point], by, now)
        return made


def _fire(
    case: Case, row: Duty | Span, point: str, actions: list[Action], by: Actor, now: dt.datetime
) -> int:
    if not actions:
        return 0
    at = {"warn": row.warn_at, "inner": row.inner_due_at, "breach": row.due_at}[point]
    done = _escalate(case, row, point, {a.do for a in actions}, by, now)
    tos = dict.fromkeys(a.to for a in actions if a.do == "notify") or {"": None}
    alarms = [
        Alarm(
            case=case, kind=row.kind, point=point, at=at, fired_at=now, due_at=row.due_at, to=to, done=done,
            **_recipient(case, row, to),
        )
        for to in tos
    ]  # fmt: skip
    Alarm.objects.bulk_create(alarms, ignore_conflicts=True)
    return len(alarms)


def _recipient(case: Case, row: Duty | Span, to: str) -> dict[str, int | str | None]:
    """The owner in person; a role, or the team of a duty nobody has."""
    if to != "owner":
        return {"staff_id": None, "role": to}
    owner = row.owner_id if isinstance(row, Duty) else case.owner_id
    party = row.party if isinstance(row, Duty) else "agent"
    return {"staff_id": owner, "role": "" if owner else party}


def _escalate(
    case: Case, row: Duty | Span, point: str, does: set[str], by: Actor, now: dt.datetime
) -> list[str]:
    """Raises and reassigns by a step of the case; says what was done."""
    higher = str(case.priority - 1) if "raise" in does and case.priority > 1 else ""
    to_team = row.kind if "reassign" in does and isinstance(row, Duty) and row.owner_id else ""
    done = ["notify"] if "notify" in does else []
    if not (higher or to_team):
        return done
    reason = f"{POINTS[point].zh} · {POINTS[point].en}"
    payload = payloads.Escalate.model_validate({"priority": higher, "duty": to_team, "reason": reason})
    try:
        escalate(case, payload, by=by, now=now)
    except StepRefused as refused:  # a case under a procedure that has no such step
        return [*done, f"refused: {refused.code}"]
    return [*done, *(["raise"] if higher else []), *(["reassign"] if to_team else [])]


# -- levels that changed


def _catch_up(by: Actor, now: dt.datetime, limit: int) -> tuple[int, bool]:
    """Derives again the clocks of cases that an older book left behind."""
    number, _ = levels.in_force()
    if not number:
        return 0, False
    behind = [
        *Duty.objects.filter(outcome="open", minutes__isnull=False, book__lt=number).values_list("case_id", flat=True)[:limit],
        *Span.objects.filter(outcome="open", book__lt=number).values_list("case_id", flat=True)[:limit],
    ]  # fmt: skip
    wanted = sorted(set(behind))[:limit]
    changed = _derive(Case.objects.filter(pk__in=wanted), number, by, now)
    return changed, len(behind) >= limit


def _derive(cases: QuerySet[Case], number: int, by: Actor, now: dt.datetime) -> int:
    """How many cases have other due times now. Those that stay as they are get no entry."""
    changed = 0
    for case in cases.order_by("pk"):
        with transaction.atomic():
            payload = payloads.Retime(reason="服务等级或日历已变更 · service levels or calendars changed")
            try:
                if _would_change(case, payload, by, now):
                    retime(case, payload, by=by, now=now)
                    changed += 1
            except (StepRefused, Conflict, KeyError):
                pass  # under a procedure without that step it keeps what it began with
            for model in (Duty, Span):
                model._default_manager.filter(case=case, outcome="open", book__lt=number).update(book=number)
    return changed


def _would_change(case: Case, payload: payloads.Retime, by: Actor, now: dt.datetime) -> bool:
    version = procedures.by_hash(case.procedure)
    running = {d.kind: d for d in Duty.objects.filter(case=case, outcome="open")}
    taking = Taking(case, version, version.step["retime"], payload, by, now, case.journal_count + 1, running)
    made = duties.plan(taking)
    return any(not c.is_quiet for c in (*made.moved.values(), *made.spans_moved.values()))


def save_contract(
    contract: Contract | None, payload: ContractRecord, *, by: Actor, now: dt.datetime
) -> Contract:
    """Agrees or changes a contract; the customer's open cases follow at once. Raises Denied, Invalid."""
    need(by, *KEEPERS)
    before = contract.customer_id if contract else None
    saved = levels_operations.save_contract(contract, payload, by=by, now=now)
    number, _ = levels.in_force()
    customers: Iterable[int] = {c for c in (before, saved.customer_id) if c}
    _derive(Case.objects.filter(customer_id__in=customers, is_open=True), number, CLOCK, now)
    return saved


def follow_contracts(*, by: Actor = CLOCK, now: dt.datetime) -> int:
    """Contracts that began or ended in the last days: their customers' open cases follow. Repeating changes nothing."""
    number, book = levels.in_force()
    if not book.asks_contract:
        return 0
    today = timezone.localdate(now)
    days = (today - MISSED, today)
    turned = Contract.objects.filter(Q(from_date__range=days) | Q(until_date__range=days))
    cases = Case.objects.filter(customer_id__in=turned.values("customer_id"), is_open=True)
    return _derive(cases, number, by, now)


def acknowledge(alarm: Alarm, *, by: Actor, now: dt.datetime) -> None:
    """Somebody it is for has seen it; the first counts. Raises Denied."""
    mine = alarm.staff_id == by.staff_id if alarm.staff_id else by.has(alarm.role, "manager")
    need(by, *(by.parties if mine else ()))
    Alarm.objects.filter(pk=alarm.pk, seen_at=None).update(seen_at=now, seen_by_id=by.staff_id)
