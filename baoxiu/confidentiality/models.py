"""C9: the access log. Rows are only ever added."""

from __future__ import annotations

from django.db import models

from baoxiu.people.models import Customer, Staff


class Reveal(models.Model):
    """Somebody was shown contacts that are masked until asked for. `subject`: the case's number, never its content."""

    staff = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, db_index=False)
    actor = models.CharField(max_length=40)  # Actor.identity: stays when the person is gone
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL, db_index=False)
    subject = models.CharField(max_length=40)
    what = models.CharField(max_length=20, default="contacts")
    reason = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["staff", "-id"], name="reveal_staff"),
            models.Index(fields=["subject", "-id"], name="reveal_subject"),
            models.Index(fields=["customer", "-id"], name="reveal_customer"),
        ]
