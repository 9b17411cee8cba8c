"""C4.6, C4.7, C5.1: every call made, and the customer's own word."""

from __future__ import annotations

from django.db import models

from baoxiu.cases.models import Case
from baoxiu.people.models import Staff


class FollowUp(models.Model):
    """回访: one attempt of either kind, reached or missed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    entry_no = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)  # engineer | final
    round = models.PositiveSmallIntegerField()
    attempt = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10)  # reached | missed | later | waived
    detail = models.CharField(max_length=20, default="", blank=True)  # of a missed call
    answers = models.JSONField(default=list)  # question, answer, text
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 … 5, as told
    text = models.TextField(blank=True)
    caller = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "round", "attempt"], name="follow_up_attempts_numbered"
            )
        ]
        indexes = [models.Index(fields=["caller", "-at"], name="follow_up_caller")]


class Rating(models.Model):
    """评价: from the customer only, once per round."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ratings")
    entry_no = models.PositiveIntegerField()
    round = models.PositiveSmallIntegerField()
    engineer = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT)
    attitude = models.PositiveSmallIntegerField()
    speed = models.PositiveSmallIntegerField()
    quality = models.PositiveSmallIntegerField()
    overall = models.PositiveSmallIntegerField()
    nps = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="one_rating_per_round")]
        indexes = [
            models.Index(fields=["engineer", "-at"], name="rating_engineer"),
            models.Index(fields=["-at"], name="rating_newest"),
        ]
