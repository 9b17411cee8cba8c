"""C4.5: quotes as they were offered, and the customer's one answer to each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import models

from baoxiu.cases.models import Case
from baoxiu.lib import canonical


class Quote(models.Model):
    """报价: one version. What was offered never changes; `text_sha256` is what the customer answered to."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="quotes")
    version = models.PositiveIntegerField()
    entry_no = models.PositiveIntegerField()
    status = models.CharField(max_length=12)  # sop/venue.py: quote
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=16, decimal_places=2)
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64)
    valid_until = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="quote_versions_numbered"),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(status="sent"), name="one_quote_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.version}"

    def fingerprint(self, lines: Iterable[QuoteLine]) -> str:
        """SHA-256 over everything the customer reads; the same again from the stored rows."""
        rows = [
            [n.kind, n.text, f"{n.quantity:.2f}", f"{n.price:.2f}", n.is_free, f"{n.total:.2f}"]
            for n in lines
        ]
        until = self.valid_until.astimezone(dt.UTC).isoformat()
        return canonical.sha256(
            [self.case.number, self.version, self.currency, rows, f"{self.total:.2f}", until, self.text]
        )


class QuoteLine(models.Model):
    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    text = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    is_free = models.BooleanField(default=False)
    total = models.DecimalField(max_digits=16, decimal_places=2)  # what is charged: 0 when free

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["quote", "position"], name="quote_lines_numbered")]


class Consent(models.Model):
    """征得同意: the one answer to one quote – who, how, when, to which words."""

    quote = models.OneToOneField(Quote, on_delete=models.PROTECT, related_name="consent")
    outcome = models.CharField(max_length=10)  # accepted | declined
    name = models.CharField(max_length=200)
    way = models.CharField(max_length=10)
    recorded_by = models.CharField(max_length=40)  # Actor.identity
    text_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
