"""C4.3: the parts a job is known to need: said at triage, for a return visit or by the dispatcher."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from baoxiu.cases.models import Case
from baoxiu.cases.steps import Taking, beside, operation
from baoxiu.dispatch import queries
from baoxiu.dispatch.models import PartNeed
from baoxiu.parts import operations as parts
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff
from baoxiu.people.rules import need
from baoxiu.sop import payloads


@operation("need_parts")
def need_parts(taking: Taking, payload: payloads.NeedParts) -> None:
    """The whole list anew; a number said twice counts twice."""
    _put(taking.case, payload.parts)


def fetch(numbers: Sequence[str], *, by: Actor, now: dt.datetime) -> list[parts.Line]:
    """The engineer has taken along what his jobs (by number) need from his station's stockroom. Raises Denied."""
    need(by, "engineer")
    wanted = queries.bringing(by, numbers)
    lines = [(x.number, x.to_fetch) for x in wanted if x.to_fetch]
    mine = Case.objects.filter(number__in=numbers, engineer=by.staff_id).values_list("number", flat=True)
    van = Staff.objects.get(pk=by.staff_id)
    return parts.fetch(van, lines, references=list(mine), by=by, now=now)


def _put(case: Case, lines: Sequence[payloads.NeededPart]) -> list[PartNeed]:
    """A number said twice counts twice."""
    pieces: Counter[str] = Counter()
    for line in lines:
        pieces[line.number] += line.quantity
    names = {line.number: line.name for line in lines}
    PartNeed.objects.filter(case=case).delete()
    rows = [PartNeed(case=case, number=n, name=names[n], quantity=q) for n, q in pieces.items()]
    return PartNeed.objects.bulk_create(rows)


@beside("triage", "return_visit")
def _told(taking: Taking, payload: payloads.Triage | payloads.ReturnVisit) -> None:
    if payload.parts:
        _put(taking.case, payload.parts)


@beside("work")
def _used(taking: Taking, payload: payloads.Work) -> None:
    """What went in needs no bringing any more."""
    numbers = [part.number for part in payload.parts if part.number]
    if numbers:
        PartNeed.objects.filter(case=taking.case, number__in=numbers).delete()
