"""C4.1: who answers for a case; one case or many at once, each through the gate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from baoxiu.cases.models import Case
from baoxiu.cases.steps import Conflict, StepRefused, Taking, operation
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff
from baoxiu.sop import payloads
from baoxiu.sop.text import Text

MANY = 200  # cases in one go
OWNERS = frozenset({"agent", "account_manager"})


@operation("take_over")
def take_over(taking: Taking, payload: payloads.TakeOver) -> None:
    """Somebody else answers for the case; the agents' open duties go along."""
    owner = Staff.objects.filter(pk=payload.owner, is_active=True).first()
    if owner is None or not owner.role_set & OWNERS:
        raise taking.refuse(
            "Owner: not an agent or account manager at work here.",
            "负责人：不是在职客服或客户经理。",
            field="owner",
        )
    if taking.case.owner_id == owner.pk:
        raise taking.refuse(
            "Owner: the case is theirs already.", "负责人：已经是这位同事。", field="owner", code="unchanged"
        )
    taking.changes["owner_id"] = owner.pk
    taking.reassign = {kind: owner.pk for kind, duty in taking.open_duties.items() if duty.party == "agent"}


@dataclass(slots=True)
class Reassigned:
    """What became of each number: done, or the reason why not."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, Text]] = field(default_factory=list)


def take_over_many(numbers: Iterable[str], owner: int, *, by: Actor, now: dt.datetime) -> Reassigned:
    """Each case in a transaction of its own; what `by` may not see is as if it were not there."""
    result = Reassigned()
    wanted = list(dict.fromkeys(numbers))[:MANY]
    found = {c.number: c for c in Case.objects.visible_to(by).filter(number__in=wanted)}
    for number in wanted:
        try:
            take_over(found[number], payloads.TakeOver(owner=owner), by=by, now=now)
            result.done.append(number)
        except KeyError:
            result.refused.append((number, Text("There is no such case.", "没有这个服务单。")))
        except StepRefused as refused:
            result.refused.append((number, refused.reason))
        except Conflict:
            result.refused.append((number, Text("Somebody moved it just now.", "刚刚有人处理过，请重试。")))
    return result
