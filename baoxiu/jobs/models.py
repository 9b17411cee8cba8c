"""One row per piece of background work."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """Work that is due at `run_at`; while somebody does it, `run_at` is the end of the lease.

    A repeating job is one row for ever, so that no number of workers makes it run twice. The truth
    about what is owed stays in other rows (duties, outbox): a job lost to the last byte only delays.
    """

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=120, unique=True)  # of repeating work: its name
    payload = models.JSONField(default=dict)  # plain ids, never content
    repeats = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default="waiting")  # waiting | done | dead
    run_at = models.DateTimeField()
    owner = models.CharField(max_length=120, blank=True)  # the worker that has it; "" nobody
    attempts = models.PositiveIntegerField(default=0)  # begun since it last succeeded
    error = models.CharField(max_length=300, blank=True)
    result = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["run_at", "id"], name="job_waiting", condition=Q(state="waiting")),
            models.Index(fields=["-id"], name="job_dead", condition=Q(state="dead")),
        ]

    def __str__(self) -> str:
        return self.key
