"""C4.3: policies: named work rules and objectives, one of them in use."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from baoxiu.dispatch.models import Policy
from baoxiu.dispatch.records import PolicyRecord
from baoxiu.people.actors import Actor
from baoxiu.people.rules import Invalid, need

POLICY_KEEPERS = ("manager", "administrator")


def save_policy(policy: Policy | None, record: PolicyRecord, *, by: Actor, now: dt.datetime) -> Policy:
    """A new policy (None) or a changed one; the first is in use at once. Raises Denied, Invalid."""
    need(by, *POLICY_KEEPERS)
    policy = policy or Policy(is_in_use=not Policy.objects.filter(is_in_use=True).exists())
    if Policy.objects.filter(name=record.name).exclude(pk=policy.pk).exists():
        raise Invalid("name", "Policy name: there is one with this name.", "策略名称：已存在。")
    policy.name, policy.values = record.name, record.model_dump(mode="json", exclude={"name"})
    policy.save()
    return policy


@transaction.atomic
def use_policy(policy: Policy, *, by: Actor, now: dt.datetime) -> Policy:
    """From now on days are planned by it. Dispatchers choose between the policies there are. Raises Denied."""
    need(by, *POLICY_KEEPERS, "dispatcher")
    Policy.objects.filter(is_in_use=True).exclude(pk=policy.pk).update(is_in_use=False)
    Policy.objects.filter(pk=policy.pk).update(is_in_use=True)
    policy.is_in_use = True
    return policy
