"""Signing in: staff only; nobody signs up by himself; the same answer whether an account exists or not."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from axes.models import AccessAttempt
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import Signer
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

log = logging.getLogger(__name__)
SMTP = "django.core.mail.backends.smtp.EmailBackend"
DEVICE = "device"  # the cookie of a browser on which an account was signed in
GUESSES_AT_AN_ACCOUNT = 60  # in AXES_COOLOFF_TIME, from all peers together
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

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        answer: HttpResponse = super().post_login(request, user, **more)
        answer.set_cookie(
            DEVICE, _device_of(user.email.lower()), max_age=180 * 86400, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
        return answer

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


def counted_by(request: Any, credentials: Mapping[str, Any] | None = None) -> list[list[str]]:
    """Wrong passwords count per account and peer. An account that is guessed at from many peers takes passwords
    only from devices on which it was signed in before: its owner is not locked out."""
    name = claimed_name(request, credentials) if isinstance(request, HttpRequest) else ""
    if name and not constant_time_compare(request.COOKIES.get(DEVICE, ""), _device_of(name)):
        since = timezone.now() - dt.timedelta(hours=settings.AXES_COOLOFF_TIME)
        recent = AccessAttempt.objects.filter(username=name, attempt_time__gt=since)
        if (recent.aggregate(n=Sum("failures_since_start"))["n"] or 0) >= GUESSES_AT_AN_ACCOUNT:
            return [["username"]]
    return [["username", "ip_address"]]


def _device_of(name: str) -> str:
    return Signer(salt="a device that knows the password").signature(name)


def locked(request: HttpRequest, *_: Any) -> HttpResponse:
    """After too many wrong passwords from one address for one account."""
    minutes = int(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "account/locked.html", {"minutes": minutes}, status=429)
