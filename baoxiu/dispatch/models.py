"""C4.3: how a day is planned: policies, plans with their versions, what a dispatcher decided against the plan.

Jobs are `cases.WorkOrder`; a plan says only who goes where in which order and when he is expected.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from baoxiu.cases.models import Case
from baoxiu.dispatch.records import PolicyRecord
from baoxiu.people.models import Staff, Territory


class Policy(models.Model):
    """Named work rules (hard) and objectives (prices in seconds of travel). One is in use."""

    name = models.CharField(max_length=60, unique=True)
    is_in_use = models.BooleanField(default=False)
    values = models.JSONField(default=dict)  # a PolicyRecord without its name

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_in_use"], condition=Q(is_in_use=True), name="one_policy_in_use"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def record(self) -> PolicyRecord:
        """A value that is not stored has its default."""
        known = {k: v for k, v in self.values.items() if k in PolicyRecord.model_fields}
        return PolicyRecord(**{**known, "name": self.name})


class Plan(models.Model):
    """A day's plan. At most one draft a date; the published one with the highest version is in force.

    `routes`: engineer id (text) → case numbers in order. `holds`: case number → seconds from midnight before
    which its work may not begin. `seen`: case number → engineer id who had it when the draft was begun.
    `times` (published): case number → [engineer id, start, end] in seconds from midnight.
    """

    date = models.DateField()
    status = models.CharField(max_length=10)  # asked | draft | published | discarded | failed
    version = models.PositiveIntegerField(default=0)  # published: counts up within a date
    base = models.PositiveIntegerField(default=0)  # the published version a draft starts from
    edits = models.PositiveIntegerField(default=0)  # guards against two dispatchers at once
    routes = models.JSONField(default=dict)
    holds = models.JSONField(default=dict)
    seen = models.JSONField(default=dict)
    times = models.JSONField(default=dict)
    undo = models.JSONField(default=list)  # earlier [routes, holds] of a draft, the latest last
    cost: Any = models.JSONField(default=dict)
    seconds = models.PositiveSmallIntegerField(default=5)  # what the solver may take
    crew = models.JSONField(default=list)  # asked: the engineers whose routes may change; empty: all
    note = models.CharField(max_length=300, blank=True)
    policy = models.ForeignKey(Policy, null=True, blank=True, on_delete=models.SET_NULL)
    by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["date"], condition=Q(status="draft"), name="one_draft_a_date"),
            models.UniqueConstraint(
                fields=["date", "version"], condition=Q(status="published"), name="plan_versions"
            ),
        ]
        indexes = [models.Index(fields=["date", "status", "-version"], name="plan_of_day")]


class Override(models.Model):
    """A dispatcher's decision against the cheaper place, with the reason; pinned, the planner keeps to it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="overrides")
    engineer = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    instead_of = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    price = models.IntegerField(default=0)  # seconds of travel dearer than the best place
    reason = models.CharField(max_length=300)
    is_pinned = models.BooleanField(default=True)
    by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="override_of_case")]


class Hold(models.Model):
    """A window kept free for a customer who is choosing, one a case; nothing is promised before it is agreed."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+")
    engineer = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)


class PartNeed(models.Model):
    """A part that whoever goes to the customer has to bring along."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="part_needs")
    number = models.CharField(max_length=80)
    name = models.CharField(max_length=200, blank=True)
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="part_needed_once")]

    def __str__(self) -> str:
        return f"{self.name or self.number} × {self.quantity}"


class Crossing(models.Model):
    """Minutes more on the way between two territories, both ways: a river, a mountain, a toll gate."""

    one = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="+")  # the lower key
    other = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="one_crossing")]

    def __str__(self) -> str:
        return f"{self.one} – {self.other}"


class Roads(models.Model):
    """Legs somebody has measured, from a file; or those of a date, from the road server. `legs`: int64 triples (place, place, seconds), see `plan/travel.py`."""

    name = models.CharField(max_length=200)
    is_in_use = models.BooleanField(default=False)
    date = models.DateField(null=True, unique=True)  # the road server's for that day
    rows = models.PositiveIntegerField()
    legs = models.BinaryField()
    told: Any = models.JSONField(default=dict)  # how it compares with what is worked out
    by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_in_use"], condition=Q(is_in_use=True), name="one_roads_in_use"
            )
        ]

    def __str__(self) -> str:
        return self.name
