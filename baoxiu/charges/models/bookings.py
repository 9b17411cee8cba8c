"""C4.5: money that came in, went back, or is not asked for any more."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from baoxiu.cases.models import Case


class Booking(models.Model):
    """账目: one payment, refund or waiver. Never changed, never deleted: a mistake is booked back."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="bookings")
    entry_no = models.PositiveIntegerField()
    number = models.CharField(max_length=40, unique=True)  # of the receipt
    kind = models.CharField(max_length=10)  # payment | refund | waiver
    way = models.CharField(max_length=10, blank=True)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    reference = models.CharField(max_length=80, blank=True)
    gateway_reference = models.CharField(max_length=120, null=True, blank=True, unique=True)
    recorded_by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="booking_is_money"),
            models.UniqueConstraint(fields=["case", "entry_no", "kind"], name="one_booking_per_cause"),
        ]
        indexes = [models.Index(fields=["at", "currency"], name="booking_report")]

    def __str__(self) -> str:
        return self.number
