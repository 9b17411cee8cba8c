"""Signing in: staff only; nobody signs up by himself; the same answer whether an account exists or not."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

log = logging.getLogger(__name__)
SMTP = "django.core.mail.backends.smtp.EmailBackend"
# what allauth would say of itself; of these only the last is news to the visitor
SAID = frozenset({"account/messages/password_changed.txt"})


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> Any:
        """The true peer: forwarded headers are not believed."""
        return peer(request)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **more: Any
    ) -> None:
        if message_template in SAID:
            super().add_message(request, level, message_template, *args, **more)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Never built from the Host header of whoever asked."""
        user, _, secret = key.partition("-")
        return settings.ORIGIN.rstrip("/") + reverse("account_reset_password_from_key", args=[user, secret])

    def send_mail(self, template_prefix: str, email: str, context: Mapping[str, Any]) -> None:
        """Sent beside the request: the answer takes as long for a known address as for an unknown one."""
        if settings.EMAIL_BACKEND == SMTP and not settings.MAIL_CONFIGURED:
            log.warning("no mail server is set: the mail %s was not sent", template_prefix)
            return
        message = self.render_mail(template_prefix, email, dict(context))
        threading.Thread(target=_send, args=(message,), daemon=True).start()


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except OSError:
        log.exception("a mail about an account could not be sent")


# -- what axes asks ---------------------------------------------------------------------------


def peer(request: HttpRequest, *_: Any) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def claimed_name(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Whose account somebody tries, however it is written."""
    given = (credentials or {}).get("email") or request.POST.get("login") or ""
    return str(given).strip().lower()[:254]


def locked(request: HttpRequest, *_: Any) -> HttpResponse:
    """After too many wrong passwords from one address for one account."""
    minutes = int(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "account/locked.html", {"minutes": minutes}, status=429)
