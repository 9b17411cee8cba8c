"""C4.3: why a job stands where it stands, who else could have it at which price, and why the others cannot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from baoxiu.dispatch import boards, moving
from baoxiu.dispatch.models import Override
from baoxiu.dispatch.plan import explain
from baoxiu.dispatch.plan.insertion import Option
from baoxiu.dispatch.situation import Order
from baoxiu.people.actors import Actor
from baoxiu.people.rules import need
from baoxiu.sop.text import Text

ASKED = 12  # engineers without room for whom it is worked out what would have to give way


@dataclass(frozen=True)
class Why:
    """`price`: seconds of travel dearer than the best place. `options`: cheapest places. `unserved`: reasons for one
    nobody has. `against`: who cannot, why, and at which price if another job gave way."""

    order: Order
    engineer: str
    rules: tuple[Text, ...]
    binding: tuple[Text, ...]
    slack: int
    price: int
    is_best: bool
    options: tuple[Option, ...]
    unserved: tuple[Text, ...]
    against: tuple[explain.WhyNot, ...]
    overrides: tuple[Override, ...]
    names: Mapping[str, str]


def why(viewer: Actor, date: dt.date, number: str, *, now: dt.datetime) -> Why | None:
    """None for a job that is not of the day. Raises Denied."""
    need(viewer, *boards.SEERS)
    day, plan = boards.recent(date, now).shown
    m = day.arrays
    if number not in m.job:
        return None
    options = moving.options(day, moving.taken_out(plan, number), number, top=len(day.day.engineers))
    who = plan.engineer_of().get(number, "")
    here = next((o for o in options if o.engineer == who), None)
    there = explain.assignment(m, plan, number) if who else None
    return Why(
        order=day.orders[number],
        engineer=who,
        rules=tuple(v.text for v in explain.rules(m, number)),
        binding=tuple(v.text for v in there.binding) if there else (),
        slack=there.slack if there else 0,
        price=max(0, here.cost - options[0].cost) if here else 0,
        is_best=bool(here and here.cost <= options[0].cost),
        options=tuple(options[:5]),
        unserved=() if who else tuple(v.text for v in explain.unserved(m, plan, number)),
        against=_against(day.arrays, plan, number, {o.engineer for o in options} | {who}),
        overrides=tuple(
            Override.objects.filter(case_id=day.orders[number].case_id)
            .select_related("engineer", "instead_of", "by")
            .order_by("-pk")[:3]
        ),
        names=day.names,
    )


def _against(
    m: explain.matrices.Matrices, plan: explain.Plan, number: str, fit: set[str]
) -> tuple[explain.WhyNot, ...]:
    """Those without room first: they are the ones to talk about."""
    column = m.ok[:, m.job[number]]
    others = [e.id for e in m.day.engineers if e.id not in fit]
    full = [e for e in others if column[m.engineer[e]]]
    barred = [e for e in others if not column[m.engineer[e]]]
    return tuple(explain.why_not(m, plan, number, e) for e in (*full[:ASKED], *barred))
