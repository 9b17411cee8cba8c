"""C7: what is published – procedures, the company's promise – is named by the hash of its meaning and never changes."""

from __future__ import annotations

import datetime as dt
import json

from django.db import models

from baoxiu.lib import canonical
from baoxiu.sop.warranty import Warranty, named


class ProcedureVersion(models.Model):
    sha256 = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=60)
    meaning = models.TextField()  # canonical JSON
    published_at = models.DateTimeField()
    in_force_from = models.DateTimeField(db_index=True)
    published_by = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.sha256[:12]}"


class WarrantyVersion(models.Model):
    """The company's promise: one version. Drafts may change, one at a time; what was announced never does.

    An announcement is taken back only before the version begins, and stays on record.
    """

    number = models.PositiveIntegerField(unique=True)
    status = models.CharField(max_length=10, default="draft")  # draft | published | withdrawn
    spec = models.TextField()  # canonical JSON of a Warranty
    in_force_from = models.DateField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    sign_off = models.CharField(max_length=200, blank=True)  # legal counsel, where the law objects
    made_by = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    published_by = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["status"], condition=models.Q(status="draft"), name="one_warranty_draft"
            ),
            models.CheckConstraint(
                name="published_warranty_is_whole",
                condition=models.Q(status="draft")
                | models.Q(in_force_from__isnull=False, published_at__isnull=False) & ~models.Q(sha256=""),
            ),
            models.CheckConstraint(
                name="withdrawn_warranty_says_when",
                condition=models.Q(status="withdrawn", withdrawn_at__isnull=False)
                | ~models.Q(status="withdrawn") & models.Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.status == "draft"

    @property
    def document(self) -> Warranty:
        return Warranty.model_validate(json.loads(self.spec))

    @property
    def named(self) -> str:
        """The canonical JSON that `sha256` is the hash of, from what is stored."""
        assert self.in_force_from
        return canonical.dumps(named(json.loads(self.spec), self.in_force_from))

    def is_announced(self, today: dt.date) -> bool:
        """Published, and not yet begun."""
        return self.status == "published" and self.in_force_from is not None and self.in_force_from > today


class RuleSwitch(models.Model):
    """One turn of a switch; the latest of a rule counts. Never changed, never removed."""

    rule = models.CharField(max_length=60, db_index=True)
    is_on = models.BooleanField()
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.rule} {'on' if self.is_on else 'off'}"
