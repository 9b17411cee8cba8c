"""C4.1: sends what the outbox holds.

A row is claimed by moving its due time ahead (a lease) in one guarded UPDATE, sent outside any
transaction, then marked. Killed between sending and marking, the row comes due again after the
lease: at most one duplicate per kill, with the same Message-ID.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from jinja2 import TemplateError

from baoxiu.cases.models import Outgoing
from baoxiu.notify import messages, switch
from baoxiu.people.actors import SYSTEM, Actor

ATTEMPTS = 8
LEASE = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round did; `waiting`: will be tried again."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0

    @property
    def handled(self) -> int:
        return self.sent + self.failed + self.waiting


def _pause(attempts: int) -> dt.timedelta:
    """After the n-th failure: 1, 4, 16 … minutes, a day at most."""
    return min(dt.timedelta(minutes=4 ** max(attempts - 1, 0)), dt.timedelta(days=1))


def send_due(*, by: Actor = SYSTEM, now: dt.datetime, limit: int = 50) -> Sent:
    """Sends at most `limit` messages that are due; none without a mail server or while they are held."""
    if not settings.MAIL_CONFIGURED or switch.is_off():
        return Sent()
    rows = Outgoing.objects.filter(state="waiting", due_at__lte=now).order_by("due_at", "id")
    count = {"sent": 0, "failed": 0, "waiting": 0}
    connection = get_connection()
    try:
        for row in rows.select_related("case__customer")[:limit]:
            if _claim(row, now):
                count[_send(row, connection, now)] += 1
    finally:
        _close(connection)
    return Sent(**count)


def _claim(row: Outgoing, now: dt.datetime) -> bool:
    """Whether the message is this worker's for the length of the lease."""
    mine = Outgoing.objects.filter(pk=row.pk, state="waiting", due_at=row.due_at, attempts=row.attempts)
    row.due_at, row.attempts = now + LEASE, row.attempts + 1
    return bool(mine.update(due_at=row.due_at, attempts=row.attempts))


def _send(row: Outgoing, connection: BaseEmailBackend, now: dt.datetime) -> str:
    """One attempt; returns the row's new state."""
    try:
        [(_, mail)] = messages.render_many([row])
        validate_email(row.recipient)
        connection.open()
        EmailMessage(
            mail.subject,
            mail.body,
            messages.one_line(settings.DEFAULT_FROM_EMAIL),
            [row.recipient],
            connection=connection,
            headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
        ).send()
    except (OSError, smtplib.SMTPException, ValueError, ValidationError, TemplateError) as problem:
        _close(connection)  # the next message gets a fresh one
        return _failed(row, problem, now)
    Outgoing.objects.filter(pk=row.pk).update(state="sent", sent_at=now, error="")
    return "sent"


def _failed(row: Outgoing, problem: Exception, now: dt.datetime) -> str:
    state = "failed" if row.attempts >= ATTEMPTS else "waiting"
    Outgoing.objects.filter(pk=row.pk).update(
        state=state,
        due_at=now + _pause(row.attempts),
        error=messages.one_line(f"{type(problem).__name__}: {problem}"),
    )
    return state


def _close(connection: BaseEmailBackend) -> None:
    with contextlib.suppress(OSError, smtplib.SMTPException):
        connection.close()
