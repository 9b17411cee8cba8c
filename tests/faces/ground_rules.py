"""What the pages looked at stand on besides cases: levels, contracts, planning, warranty terms."""

from __future__ import annotations

import datetime as dt
from typing import Any

from baoxiu.dispatch.models import Policy
from baoxiu.faces.console.demo.rules import add_levels
from baoxiu.people.models import Territory
from baoxiu.service_levels import operations as levels
from baoxiu.service_levels.records import ContractRecord
from baoxiu.sop.warranty import Warranty
from baoxiu.terms import operations as terms
from tests.conftest import Cast


def levels_of(cast: Cast, now: dt.datetime) -> dict[str, Any]:
    """A level with a contract, a policy, a territory."""
    boss = cast.actor("manager")
    add_levels(boss, now)
    agreed = ContractRecord(customer=cast.liu.pk, code="HT-900", tier="gold", from_date=now.date())
    return {
        "contract": levels.save_contract(None, agreed, by=boss, now=now).pk,
        "policy": Policy.objects.create(name="急单优先", values={}).pk,
        "territory": Territory.objects.create(name="徐汇", places="徐汇区").pk,
    }


def terms_of(cast: Cast, now: dt.datetime) -> int:
    """A draft the law objects to."""
    boss = cast.actor("manager")
    made = terms.draft(by=boss, now=now)
    short = {
        "zh": "保修六个月。",
        "en": "Six months of warranty.",
        "coverages": [{"months": 6}, {"months": 36, "part": "motor"}],
    }
    return terms.save(made, Warranty.model_validate(short), by=boss, now=now).pk
