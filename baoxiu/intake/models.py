"""C4.1: runs of file imports, so that one can go on where it stopped."""

from __future__ import annotations

from django.db import models


class ImportRun(models.Model):
    """One file, known by the hash of its bytes; `rows_done` grows with each batch committed."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    rows_done = models.PositiveIntegerField(default=0)
    registered = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    is_finished = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class ImportRefusal(models.Model):
    """A row that was refused, and why."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="refusals")
    row = models.PositiveIntegerField()
    field = models.CharField(max_length=60)
    reason_en = models.CharField(max_length=300)
    reason_zh = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "row"], name="refused_once_per_row")]
