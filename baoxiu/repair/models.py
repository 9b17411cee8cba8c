"""C4.5: what was found, done, used and exchanged."""

from __future__ import annotations

from django.db import models

from baoxiu.cases.models import Case
from baoxiu.catalogue.models import Unit
from baoxiu.people.models import Staff


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


class UnitSwap(models.Model):
    """换机: one unit for another; the serials of both stay findable."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="swaps")
    entry_no = models.PositiveIntegerField()
    old_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="swapped_out")
    new_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="swapped_in")
    text = models.TextField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()
