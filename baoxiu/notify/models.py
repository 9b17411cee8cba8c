"""C4.1: what a company says, over which channels, and to whom it says nothing any more."""

from __future__ import annotations

from django.db import models

from baoxiu.people import sealed


class Template(models.Model):
    """One wording as it was published: a change is a new row, so that the log shows what was said."""

    event = models.CharField(max_length=30)
    channel = models.CharField(max_length=10)  # email | sms | chat
    language = models.CharField(max_length=5)  # zh | en
    subject = models.CharField(max_length=150, blank=True)
    body = models.TextField()
    code = models.CharField(max_length=40, blank=True)  # the SMS provider's number of this text
    is_on = models.BooleanField(default=True)
    is_latest = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=40)  # Actor.identity

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "channel", "language"],
                condition=models.Q(is_latest=True),
                name="one_latest_wording",
            )
        ]


class Channel(models.Model):
    """When and how much a channel may be used; without a row the defaults of `channels.DEFAULTS` hold."""

    name = models.CharField(max_length=10, primary_key=True)
    is_on = models.BooleanField(default=True)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    per_hour = models.PositiveIntegerField()  # to one recipient
    per_day = models.PositiveIntegerField()


class Target(models.Model):
    """A group of colleagues in a chat that is told of certain steps. The address holds a secret: it is never shown."""

    name = models.CharField(max_length=100)
    address = models.CharField(max_length=1000)  # sealed (people.sealed)
    steps = models.JSONField(default=list)
    language = models.CharField(max_length=5, default="zh")
    is_on = models.BooleanField(default=True)
    since_at = models.DateTimeField()  # nothing older is told
    seen_at = models.DateTimeField()  # the journal was read up to here

    @property
    def scheme(self) -> str:
        """The service, without the secret; empty when it cannot be read under this installation's key."""
        try:
            return sealed.unseal(self.address).partition("://")[0]
        except sealed.Broken:
            return ""


class Unsubscribed(models.Model):
    """Who wants no more of what we may leave unsaid."""

    channel = models.CharField(max_length=10)
    recipient = models.CharField(max_length=254)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "recipient"], name="unsubscribed_once")]
