"""C5.2: published books of service levels, and customers' contracts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from baoxiu.people.models import Customer


class LevelBook(models.Model):
    """One version of all calendars, day tables and levels. Never changes; the newest is in force."""

    sha256 = models.CharField(max_length=64)
    spec = models.TextField()  # canonical JSON
    reason = models.CharField(max_length=300)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=100)

    def __str__(self) -> str:
        return f"{self.pk} {self.sha256[:12]}"


class Contract(models.Model):
    """合同: what a customer has agreed beyond what everybody gets; levels ask for its code or tier."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contracts")
    code = models.CharField(max_length=40)
    tier = models.CharField(max_length=40, blank=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)  # the first day it holds no more

    class Meta:
        indexes = [models.Index(fields=["customer", "-from_date"], name="contract_customer")]
        constraints = [
            models.CheckConstraint(
                name="contract_ends_after_it_begins",
                condition=Q(until_date=None) | Q(until_date__gt=F("from_date")),
            )
        ]

    def __str__(self) -> str:
        return self.code
