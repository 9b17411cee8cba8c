"""C3: rules of the law are switched on and off, with a reason, on record."""

from __future__ import annotations

import datetime as dt

from baoxiu.people.actors import Actor
from baoxiu.people.rules import Invalid, need
from baoxiu.terms import switches
from baoxiu.terms.models import RuleSwitch
from baoxiu.terms.records import Switch

KEEPERS = ("manager", "administrator")


def switch(record: Switch, *, by: Actor, now: dt.datetime) -> RuleSwitch:
    """From now on decisions are made with the rule, or without it; those made stand. Raises Denied, Invalid."""
    need(by, *KEEPERS)
    if record.rule not in switches.SWITCHES:
        raise Invalid("rule", "There is no such rule.", "没有这条规则。")
    if (record.rule not in switches.off()) == record.is_on:
        raise Invalid("is_on", "It is so already.", "已经是此状态。")
    return RuleSwitch.objects.create(
        rule=record.rule, is_on=record.is_on, reason=record.reason, by=by.name, at=now
    )
