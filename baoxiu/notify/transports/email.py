"""E-mail by SMTP, one connection for a round."""

from __future__ import annotations

import contextlib
import smtplib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email

from baoxiu.cases.models import Outgoing
from baoxiu.notify import channels, unsubscribing
from baoxiu.notify.messages import Letter, one_line
from baoxiu.notify.transports import Refused, TryLater, Unreachable


class Post:
    def __init__(self) -> None:
        self._connection = get_connection()

    def send(self, row: Outgoing, letter: Letter) -> None:
        message = compose(row, letter)
        try:
            self._connection.open()
        except (OSError, smtplib.SMTPException) as problem:
            self.close()
            raise Unreachable("unreachable", _said(problem)) from problem
        message.connection = self._connection
        try:
            message.send()
        except (OSError, smtplib.SMTPException, ValueError) as problem:
            self.close()  # the next message gets a fresh one
            if _is_final(problem):
                raise Refused("refused", _said(problem)) from problem
            raise TryLater("put_off", _said(problem)) from problem

    def close(self) -> None:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._connection.close()


def compose(row: Outgoing, letter: Letter) -> EmailMessage:
    """The mail as it is sent. Raises Refused for an address that is none."""
    try:
        validate_email(row.recipient)
    except ValidationError as problem:
        raise Refused("no_address", one_line(row.recipient)) from problem
    headers, body = {"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"}, letter.body
    if row.event in channels.OPTIONAL:
        way_out = unsubscribing.address(row)
        headers["List-Unsubscribe"] = f"<{way_out}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        words = "不想再收到评价邀请：" if letter.template.language == "zh" else "No more invitations to rate:"
        body += f"\n-- \n{words} {way_out}\n"
    sender = one_line(settings.DEFAULT_FROM_EMAIL)
    return EmailMessage(letter.subject, body, sender, [row.recipient], headers=headers)


def _is_final(problem: Exception) -> bool:
    """A code from 500 on is the server's last word on this message."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in problem.recipients.values())
    code = getattr(problem, "smtp_code", 0)
    return isinstance(problem, ValueError) or (isinstance(code, int) and code >= 500)


def _said(problem: Exception) -> str:
    return one_line(f"{type(problem).__name__}: {problem}")
