"""C9: keys for machines, made and revoked by an administrator."""

from __future__ import annotations

import datetime as dt
from typing import Any

from baoxiu.faces.api.kept import Kept, Person
from baoxiu.faces.api.pages import Page, said
from baoxiu.faces.api.verbs import Verb, declare, listed
from baoxiu.people import operations, queries, records
from baoxiu.people.actors import Actor
from baoxiu.people.models import ApiKey
from baoxiu.people.rules import STAFF_KEEPERS as KEEPERS


class KeyRow(Kept):
    id: int
    name: str
    staff: Person | None
    customer: Person | None
    created_at: dt.datetime
    revoked_at: dt.datetime | None


class KeyMade(KeyRow):
    """`token` is told this once, and is null when the answer is repeated."""

    token: str | None = None


def _add(by: Actor, now: dt.datetime, payload: records.KeyRecord) -> dict[str, Any]:
    key, token = operations.create_key(payload, by=by, now=now)
    return {**said(KeyMade, key), "token": token}


def _revoke(by: Actor, now: dt.datetime, id: int) -> None:
    operations.revoke_key(ApiKey.objects.get(pk=id), by=by, now=now)


# one row, one verb: this is read as a table
# fmt: off
declare("Keys", (
    Verb("GET", "/keys", "list_keys", "List keys · 密钥列表", KEEPERS, listed(KeyRow, queries.keys), Page[KeyRow]),
    Verb("POST", "/keys", "add_key", "Make a key · 新建密钥", KEEPERS, _add, KeyMade, records.KeyRecord, "Of a colleague (their roles) or of one company (only its own).", secret="token"),
    Verb("DELETE", "/keys/{id}", "delete_key", "Revoke a key · 停用密钥", KEEPERS, _revoke, more="At once and for good."),
))
# fmt: on
