"""C4.6 and C4.7: the engineer calls, then somebody else; the customer rates; or it starts again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from baoxiu.cases import rounds, work_orders
from baoxiu.cases.models import JournalEntry
from baoxiu.cases.steps import Taking, operation
from baoxiu.followups.models import FollowUp, Rating
from baoxiu.people.models import Staff
from baoxiu.sop import followups, payloads

_OWNERS = frozenset({"agent", "account_manager", "manager"})


@operation("follow_up")
def follow_up(taking: Taking, payload: payloads.FollowUp) -> None:
    """C4.6: the engineer of the case reached the customer: it works, the customer is satisfied."""
    _own_customer(taking)
    _not_dissatisfied(taking, payload.satisfaction)
    _record(taking, "engineer", "reached", payload.satisfaction, payload.questions, payload.answers)


@operation("follow_up_missed")
def follow_up_missed(taking: Taking, payload: payloads.FollowUpMissed) -> None:
    """C4.6: nobody answered; the call is owed again."""
    _own_customer(taking)
    _record(taking, "engineer", "missed", None, payload.text, detail=payload.outcome)


@operation("follow_up_later")
def follow_up_later(taking: Taking, payload: payloads.FollowUpLater) -> None:
    """C4.6: the customer names the time; the call is owed then, and this was no missed attempt."""
    _own_customer(taking)
    _later(taking, "engineer_followup", payload)
    _record(taking, "engineer", "later", None, payload.text)


@operation("final_later")
def final_later(taking: Taking, payload: payloads.FinalLater) -> None:
    """C4.7: as for the engineer's call."""
    _somebody_else(taking)
    _later(taking, "final_followup", payload)
    _record(taking, "final", "later", None, payload.text)


def _later(taking: Taking, duty: str, payload: payloads.FollowUpLater) -> None:
    ahead = payload.call_at - taking.now
    if not dt.timedelta() < ahead <= dt.timedelta(days=followups.LATER_DAYS):
        raise taking.refuse(
            f"Call again at: within {followups.LATER_DAYS} days from now.",
            f"再次回访时间：须在{followups.LATER_DAYS}天之内。",
            field="call_at",
        )
    taking.due[duty] = payload.call_at


@operation("substitute")
def substitute(taking: Taking, payload: payloads.Substitute) -> None:
    """C4.6: the engineer of the case is not there any more; somebody else calls instead."""
    if payload.engineer == taking.case.engineer_id:
        raise taking.refuse(
            "Engineer: the call is theirs already.", "工程师：已由该工程师回访。", field="engineer"
        )
    taking.data["from_engineer_id"] = taking.case.engineer_id
    work_orders.give(taking, work_orders.engineer(taking, payload.engineer).pk)


@operation("waive_follow_up")
def waive_follow_up(taking: Taking, payload: payloads.WaiveFollowUp) -> None:
    """C4.6: after three unanswered calls, with a reason on record."""
    _record(taking, "engineer", "waived", None, payload.reason)


@operation("final_follow_up")
def final_follow_up(taking: Taking, payload: payloads.FinalFollowUp) -> None:
    """C4.7: customer service asks again; never the engineer who did the work."""
    _somebody_else(taking)
    _not_dissatisfied(taking, payload.satisfaction)
    _record(taking, "final", "reached", payload.satisfaction, payload.text, payload.answers)


@operation("final_missed")
def final_missed(taking: Taking, payload: payloads.FinalMissed) -> None:
    """C4.7: nobody answered; the call is owed again the next day."""
    _somebody_else(taking)
    taking.minutes["final_followup"] = followups.RETRY_MINUTES
    _record(taking, "final", "missed", None, payload.text, detail=payload.outcome)


@operation("waive_final")
def waive_final(taking: Taking, payload: payloads.WaiveFinal) -> None:
    """C4.7: after three unanswered calls, with a reason on record."""
    _record(taking, "final", "waived", None, payload.reason)


@operation("reopen")
def reopen(taking: Taking, payload: payloads.Reopen) -> None:
    """C4.6: dissatisfied – a new round begins, and somebody is named who sees to it."""
    by, case = taking.by, taking.case
    if payload.owner and by.kind != "staff":
        raise taking.refuse("Owner: this is for our staff to name.", "负责人：由我方指定。", field="owner")
    if payload.owner and not _may_own(payload.owner):
        raise taking.refuse("Owner: there is no such agent.", "负责人：没有这位客服。", field="owner")
    caller = by.staff_id if by.parties & _OWNERS else None
    kept = case.owner_id if case.owner_id and _may_own(case.owner_id) else None
    owner = payload.owner or kept or caller or _last_agent(taking)
    if owner:
        taking.changes["owner_id"] = owner
    taking.data["round"] = rounds.current(case) + 1


@operation("rate")
def rate(taking: Taking, payload: payloads.Rate) -> None:
    """C5.1: by the customer's own link, once per round."""
    case = taking.case
    try:
        with transaction.atomic():
            Rating.objects.create(
                case=case,
                entry_no=taking.entry_no,
                round=rounds.current(case),
                engineer_id=case.engineer_id,
                attitude=payload.attitude,
                speed=payload.speed,
                quality=payload.quality,
                overall=payload.overall,
                nps=payload.nps,
                text=payload.text,
                at=taking.now,
            )
    except IntegrityError:
        raise taking.refuse(
            "This service has been rated already.", "本次服务已评价。", code="rated"
        ) from None


def _record(
    taking: Taking,
    kind: str,
    outcome: str,
    satisfaction: int | None,
    text: str,
    answers: Sequence[payloads.Answer] = (),
    detail: str = "",
) -> None:
    case, no = taking.case, rounds.current(taking.case)
    attempt = FollowUp.objects.filter(case=case, kind=kind, round=no).count() + 1
    FollowUp.objects.create(
        case=case,
        entry_no=taking.entry_no,
        kind=kind,
        round=no,
        attempt=attempt,
        outcome=outcome,
        satisfaction=satisfaction,
        text=text,
        detail=detail,
        answers=[a.model_dump() for a in answers if a.answer or a.text],
        caller_id=taking.by.staff_id,
        at=taking.now,
    )
    taking.data.update(round=no, attempt=attempt)


def _own_customer(taking: Taking) -> None:
    if taking.case.engineer_id != taking.by.staff_id:
        raise taking.refuse(
            "The engineer who did the work makes this call.", "应由实施维修的工程师回访。", code="wrong_party"
        )


def _somebody_else(taking: Taking) -> None:
    refusal = followups.final_caller_refusal(taking.by.staff_id, taking.case.engineer_id)
    if refusal:
        raise taking.refuse(refusal.reason.en, refusal.reason.zh, code=refusal.code)


def _not_dissatisfied(taking: Taking, satisfaction: int) -> None:
    if followups.is_dissatisfied(satisfaction):
        raise taking.refuse(
            "Satisfaction: a dissatisfied customer's case is reopened.",
            "满意度：客户不满意时应重开服务单。",
            code="dissatisfied",
            field="satisfaction",
        )


def _may_own(staff_id: int) -> bool:
    staff = Staff.objects.filter(pk=staff_id, is_active=True).first()
    return bool(staff and staff.role_set & _OWNERS)


def _last_agent(taking: Taking) -> int | None:
    """The agent who dealt with the case last; none where nobody has yet."""
    entries = JournalEntry.objects.filter(
        case=taking.case, party="agent", actor__startswith="staff:"
    ).order_by("-no")
    actor = entries.values_list("actor", flat=True).first()
    staff_id = int(actor.partition(":")[2]) if actor else 0
    return staff_id if staff_id and _may_own(staff_id) else None
