"""C4.4b: parcels both ways and how a product arrived."""

from __future__ import annotations

from django.db import models

from baoxiu.cases.models import Case
from baoxiu.people.models import Station


class Parcel(models.Model):
    """寄件: one parcel to us (in) or back to the customer (out)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parcels")
    entry_no = models.PositiveIntegerField()
    station = models.ForeignKey(Station, null=True, on_delete=models.PROTECT)
    direction = models.CharField(max_length=3)  # in | out
    carrier = models.CharField(max_length=200)
    tracking = models.CharField(max_length=200)
    status = models.CharField(max_length=12)  # sop/venue.py: parcel
    sent_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "-id"], name="parcel_of_case"),
            models.Index(fields=["tracking"], name="parcel_tracking"),
        ]


class Receipt(models.Model):
    """收件验货: the product's condition when it came into our hands."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="receipts")
    entry_no = models.PositiveIntegerField()
    station = models.ForeignKey(Station, null=True, on_delete=models.PROTECT)
    parcel = models.OneToOneField(Parcel, null=True, on_delete=models.PROTECT, related_name="receipt")
    condition = models.TextField()
    accessories = models.TextField(blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
