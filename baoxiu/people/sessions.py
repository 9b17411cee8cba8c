"""Who asks, read on every request: the session and the member of staff, each by a statement made once."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from baoxiu.people.models import Staff
from baoxiu.people.remembered import remembered


class SessionStore(db.SessionStore):
    """Django's sessions in the database."""

    def decode(self, session_data: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(_checked(session_data))
        return found

    def _get_session_from_db(self) -> Session | None:
        found = _session(self.session_key or "")
        if found and found[0].expire_date > timezone.now():
            return found[0]
        self._session_key = None
        return None


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's check of passwords."""

    def get_user(self, user_id: Any) -> Staff | None:
        found = _staff(int(user_id))
        return found[0] if found and self.user_can_authenticate(found[0]) else None


@lru_cache(maxsize=1024)
def _checked(session_data: str) -> str:
    """What is in it, its signature checked; as text, so that nobody changes what another reads."""
    return json.dumps(db.SessionStore().decode(session_data))


@remembered
def _session(key: str) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key)


@remembered
def _staff(pk: int) -> QuerySet[Staff]:
    return Staff.objects.filter(pk=pk)
