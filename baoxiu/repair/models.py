"""C4.5: what was found, done, used and exchanged."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from baoxiu.cases.models import Case
from baoxiu.catalogue.models import Unit
from baoxiu.people.models import Staff, Station


class Diagnosis(models.Model):
    """检测: symptom, cause and planned remedy as codes; the finding that decides who pays."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="diagnoses")
    entry_no = models.PositiveIntegerField()
    symptom = models.CharField(max_length=20)
    cause = models.CharField(max_length=20)
    remedy = models.CharField(max_length=20)
    fault = models.CharField(max_length=10)
    cover = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["case", "-id"], name="diagnosis_of_case"),
            models.Index(fields=["symptom", "cause"], name="diagnosis_codes"),
        ]


class WorkRecord(models.Model):
    """维修作业: what was done and how long it took."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="work_records")
    entry_no = models.PositiveIntegerField()
    remedy = models.CharField(max_length=20)
    text = models.TextField()
    minutes = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="work_of_case")]


class PartUse(models.Model):
    """One part put in."""

    work = models.ForeignKey(WorkRecord, on_delete=models.CASCADE, related_name="parts")
    text = models.CharField(max_length=200)
    number = models.CharField(max_length=80, blank=True)
    quantity = models.PositiveIntegerField(default=1)


class Loan(models.Model):
    """备用机: one unit lent to the customer for the time of a repair, out until it is returned."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="loans")
    entry_no = models.PositiveIntegerField()
    station = models.ForeignKey(Station, null=True, on_delete=models.PROTECT)
    product = models.CharField(max_length=200, blank=True)
    serial = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True)
    lent_at = models.DateTimeField()
    due_date = models.DateField()
    returned_at = models.DateTimeField(null=True, blank=True)
    return_entry_no = models.PositiveIntegerField(null=True, blank=True)
    condition = models.CharField(max_length=12, blank=True)  # as it came back
    damage = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(returned_at=None), name="one_loaner_out_per_case"
            ),
            models.UniqueConstraint(
                fields=["serial"], condition=Q(returned_at=None) & ~Q(serial=""), name="loaner_lent_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["station", "due_date", "id"],
                condition=Q(returned_at=None),
                name="loaners_out_of_station",
            ),
            models.Index(fields=["due_date", "id"], condition=Q(returned_at=None), name="loaners_out"),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.product, self.serial) if part)


class UnitSwap(models.Model):
    """换机: one unit for another; the serials of both stay findable."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="swaps")
    entry_no = models.PositiveIntegerField()
    old_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="swapped_out")
    new_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="swapped_in")
    text = models.TextField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()
