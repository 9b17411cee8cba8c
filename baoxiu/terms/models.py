"""C7: procedures as published. A version is named by the hash of its meaning and never changes."""

from __future__ import annotations

from django.db import models


class ProcedureVersion(models.Model):
    sha256 = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=60)
    meaning = models.TextField()  # canonical JSON
    published_at = models.DateTimeField()
    in_force_from = models.DateTimeField(db_index=True)
    published_by = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.sha256[:12]}"
