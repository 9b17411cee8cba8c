"""C3: which rules of the law are switched off: what ships off, changed by those who may, on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from baoxiu.people.remembered import remembered
from baoxiu.sop.entitlement.engine import WEAK
from baoxiu.sop.entitlement.products import ROWS
from baoxiu.sop.entitlement.rules import RULES
from baoxiu.terms.models import RuleSwitch

# the ids that can be switched: rules, and rows of products
SWITCHES: frozenset[str] = frozenset([*RULES, *(row.id for row in ROWS)])


def off() -> frozenset[str]:
    """The ids switched off; one statement."""
    return turned_off({turn["rule"]: turn["is_on"] for turn in _turns()})


@remembered
def _turns() -> QuerySet[RuleSwitch, Any]:
    return RuleSwitch.objects.order_by("pk").values("rule", "is_on")


def turned_off(latest: Mapping[str, bool]) -> frozenset[str]:
    """The ids switched off, by the latest turn of each rule."""
    if not latest:
        return WEAK
    return (WEAK - {rule for rule, is_on in latest.items() if is_on}) | {
        rule for rule, is_on in latest.items() if not is_on
    }
