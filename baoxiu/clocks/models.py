"""C5.2: alarms – a clock passed a point, and what was done about it; of a case, or of a registration that waits (C2)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from baoxiu.cases.models import Case
from baoxiu.catalogue.models import Registration
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff
from baoxiu.people.rules import REGISTRARS


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def visible_to(self, viewer: Actor) -> AlarmQuerySet:
        """Of the cases `viewer` may see; of registrations for those who check them."""
        seen = Q(case__in=Case.objects.visible_to(viewer))
        return self.filter(seen | Q(case=None) if viewer.has(*REGISTRARS) else seen)


class Alarm(models.Model):
    """提醒: written once per clock, point and due time; whoever it is for acknowledges it."""

    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="alarms")
    registration = models.ForeignKey(
        Registration, null=True, on_delete=models.CASCADE, related_name="alarms", db_index=False
    )
    kind = models.CharField(max_length=30)  # of the duty or span; of a registration REGISTRATION
    point = models.CharField(max_length=10)  # warn | inner | breach
    at = models.DateTimeField()  # when the point was
    fired_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done = models.JSONField(default=list)  # what was done: notify, raise, reassign
    to = models.CharField(max_length=20, default="", blank=True)  # owner, a role; "": only the rest was done
    staff = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.SET_NULL, related_name="alarms")
    role = models.CharField(max_length=20, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)  # when it was handed to the outbox
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = AlarmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "point", "at", "to"], name="one_alarm_per_point"),
            models.UniqueConstraint(
                fields=["registration", "point", "at", "to"],
                name="one_alarm_per_registration",
                condition=Q(registration__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False, registration=None) | Q(case=None, registration__isnull=False),
                name="alarm_of_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["staff", "-fired_at"], name="alarm_staff", condition=Q(seen_at=None)),
            models.Index(fields=["role", "-fired_at"], name="alarm_role", condition=Q(seen_at=None)),
            models.Index(fields=["case", "-fired_at"], name="alarm_case"),
            models.Index(fields=["id"], name="alarm_untold", condition=Q(told_at=None)),
        ]

    @property
    def number(self) -> str:
        """Of the case, or of the registration."""
        return self.case.number if self.case else self.registration.number if self.registration else ""

    @property
    def subject(self) -> str:
        if self.registration:
            return self.registration.product or self.registration.model_code or self.registration.serial
        return self.case.subject if self.case else ""


class Rung(models.Model):
    """升级链: who is told next when a breach was not acknowledged for `after_minutes`. Data, edited in the office."""

    number = models.PositiveSmallIntegerField(unique=True)
    after_minutes = models.PositiveIntegerField()
    role = models.CharField(max_length=20)  # owner, or a role
