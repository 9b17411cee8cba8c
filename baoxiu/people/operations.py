"""C9: who may sign in. Customers never do: they act through personal links."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from baoxiu.people.actors import Actor
from baoxiu.people.models import Invitation, Staff

INVITATION_DAYS = 7


class NotAllowed(Exception):
    """Only an administrator (or the machine itself) invites."""


class InvitationUnusable(Exception):
    """Unknown, used, expired, or of somebody who left."""


def invite(staff: Staff, *, by: Actor, now: dt.datetime) -> str:
    """A one-time link token for `staff` to set the password; earlier open ones end. Only its hash is kept."""
    if by.kind != "system" and not by.has("administrator"):
        raise NotAllowed
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        Invitation.objects.filter(staff=staff, used_at=None, expires_at__gt=now).update(expires_at=now)
        Invitation.objects.create(
            staff=staff, token_hash=_hash(token), expires_at=now + dt.timedelta(days=INVITATION_DAYS)
        )
    return token


def invited(token: str, *, now: dt.datetime) -> Staff:
    """Whose invitation a token is. Raises InvitationUnusable."""
    found = (
        Invitation.objects.select_related("staff")
        .filter(token_hash=_hash(token), used_at=None, expires_at__gt=now, staff__is_active=True)
        .first()
    )
    if found is None:
        raise InvitationUnusable
    return found.staff


def accept_invitation(token: str, password: str, *, now: dt.datetime) -> Staff:
    """Sets the password once. Raises InvitationUnusable, or Django's ValidationError for a weak password."""
    staff = invited(token, now=now)
    validate_password(password, staff)
    with transaction.atomic():
        if (
            Invitation.objects.filter(token_hash=_hash(token), used_at=None, expires_at__gt=now).update(
                used_at=now
            )
            != 1
        ):
            raise InvitationUnusable
        staff.set_password(password)
        staff.save(update_fields=["password"])
    return staff


def _hash(token: str) -> str:
    return hashlib.sha256(token[:100].encode("utf-8", "replace")).hexdigest()
