"""M4: pieces of a part in a van or a stockroom, what of them is reserved, and every move that made it so."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from baoxiu.people.models import Staff, Station


class Holding(models.Model):
    """Pieces of one part that an engineer's van (`staff`) or a station's stockroom holds: the sum of its moves."""

    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="holdings")
    station = models.ForeignKey(Station, null=True, on_delete=models.PROTECT, related_name="holdings")
    number = models.CharField(max_length=80)
    name = models.CharField(max_length=200, blank=True)
    quantity = models.PositiveIntegerField()
    reserved = models.PositiveIntegerField(default=0)  # of them, for cases
    is_listed = models.BooleanField(default=True)  # a part kept here, even while there is none
    changed_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(staff__isnull=True) ^ Q(station__isnull=True), name="van_or_stockroom"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=F("reserved")), name="reserved_is_there"),
            models.UniqueConstraint(
                fields=["staff", "number"], condition=Q(staff__isnull=False), name="part_once_a_van"
            ),
            models.UniqueConstraint(
                fields=["station", "number"], condition=Q(station__isnull=False), name="part_once_a_stockroom"
            ),
        ]
        indexes = [models.Index(fields=["number"], name="holdings_of_part")]

    def __str__(self) -> str:
        return f"{self.number} × {self.quantity}"

    @property
    def free(self) -> int:
        return self.quantity - self.reserved

    @property
    def place(self) -> Staff | Station:
        found = self.staff or self.station
        assert found is not None  # van_or_stockroom
        return found


class Reservation(models.Model):
    """Pieces of a holding kept for one case; at nothing it has ended."""

    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="reservations")
    reference = models.CharField(max_length=40)  # the case's number
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holding", "reference"], name="one_reservation_a_case")
        ]
        indexes = [
            models.Index(fields=["reference"], condition=Q(quantity__gt=0), name="reservations_of_case")
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.quantity}"


class Posting(models.Model):
    """库存凭证: one happening – taken in, used, moved, counted, reserved. Never changed, never deleted."""

    kind = models.CharField(max_length=12)  # sop/codes.py: STOCK_MOVES
    reference = models.CharField(max_length=40, blank=True)  # a case's number
    text = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=255, null=True, blank=True, unique=True)
    digest = models.CharField(max_length=64, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["reference"], name="postings_of_case")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class Move(models.Model):
    """One line of a posting: what it changed at one holding, and what was there then."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="moves")
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="moves", db_index=False)
    pieces = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    quantity_after = models.PositiveIntegerField()
    reserved_after = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["holding", "-id"], name="moves_of_holding")]

    def __str__(self) -> str:
        return f"{self.pieces:+d}"
