"""A machine that speaks to the API with a key, and a case for it to work on."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from baoxiu.intake import operations
from baoxiu.people.actors import SYSTEM, Actor
from baoxiu.people.models import ApiKey, Customer, Staff
from baoxiu.sop import payloads
from tests.conftest import NOW, Cast


def key_for(whom: Staff | Customer, token: str, **more: Any) -> ApiKey:
    owner = {"staff": whom} if isinstance(whom, Staff) else {"customer": whom}
    digest = hashlib.sha256(token.encode()).hexdigest()
    return ApiKey.objects.create(name=f"key {token}", token_hash=digest, created_at=NOW, **owner, **more)


@dataclass
class Machine:
    """Requests with a key; `token=""` sends none."""

    token: str
    language: str = "en"
    client: Client = field(default_factory=Client)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {"Accept-Language": self.language, **{k.replace("_", "-"): v for k, v in headers.items()}}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        options = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(self.client, method.lower())(f"/api{path}", headers=sent, **options)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, {} if body is None else body, **headers)


def machine(cast: Cast, who: str, **more: Any) -> Machine:
    """A machine with the key of a member of the cast, or of a customer ("liu")."""
    whom = cast.staff.get(who) or getattr(cast, who)
    key_for(whom, f"token-{who}")
    return Machine(f"token-{who}", **more)


def request_of(customer: Customer, *, now: dt.datetime = NOW, by: Actor = SYSTEM, **more: Any) -> str:
    """Registers a request for `customer`; gives its number."""
    values = {"channel": "phone", "problem": "洗衣机不排水", "name": customer.name, **more}
    contacts = {c.kind: c.value for c in customer.contacts.all()}
    payload = payloads.Register(customer_id=customer.pk, **{**contacts, **values})
    if by is SYSTEM:
        by = Actor("system", "Baoxiu", frozenset({"agent"}))
    return operations.register(payload, by=by, now=now).number


def problem(response: Any, status: int) -> dict[str, Any]:
    """The problem an answer holds, after looking that it is one."""
    assert response.status_code == status, response.content.decode()
    assert response.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert set(body) == {"type", "title", "status", "detail", "code", "errors"}
    assert body["status"] == status
    return body
