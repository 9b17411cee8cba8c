"""M4: pieces of a part in a van or a stockroom."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from baoxiu.people.models import Staff, Station


class Holding(models.Model):
    """Pieces of one part that an engineer's van (`staff`) or a station's stockroom holds."""

    staff = models.ForeignKey(Staff, null=True, on_delete=models.CASCADE, related_name="holdings")
    station = models.ForeignKey(Station, null=True, on_delete=models.CASCADE, related_name="holdings")
    number = models.CharField(max_length=80)
    name = models.CharField(max_length=200, blank=True)
    quantity = models.PositiveIntegerField()
    changed_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(staff__isnull=True) ^ Q(station__isnull=True), name="van_or_stockroom"
            ),
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
