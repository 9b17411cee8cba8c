"""C9: keys for machines, made and revoked by an administrator."""

from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.utils import timezone

from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import Kept, Person
from baoxiu.faces.api.pages import Page, json, said, whole
from baoxiu.people import operations, queries, records
from baoxiu.people.models import ApiKey
from baoxiu.sop.fields import Id

KEEPERS = ("administrator",)


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


@api.operation("GET", "/keys", who=KEEPERS, gives=Page[KeyRow], summary="List keys · 密钥列表", tag="Keys")
def list_keys(request: Asked) -> HttpResponse:
    return whole(KeyRow, queries.keys(request.auth))


@api.operation(
    "POST",
    "/keys",
    who=KEEPERS,
    gives=KeyMade,
    status=201,
    summary="Make a key · 新建密钥",
    tag="Keys",
    secret="token",
)
def add_key(request: Asked, payload: records.KeyRecord) -> HttpResponse:
    """Of a colleague (their roles) or of one company (only its own)."""
    key, token = operations.create_key(payload, by=request.auth, now=timezone.now())
    return json({**said(KeyMade, key), "token": token}, 201)


@api.operation(
    "DELETE", "/keys/{id}", who=KEEPERS, gives=None, status=204, summary="Revoke a key · 停用密钥", tag="Keys"
)
def delete_key(request: Asked, id: Id) -> HttpResponse:
    """At once and for good."""
    operations.revoke_key(ApiKey.objects.get(pk=id), by=request.auth, now=timezone.now())
    return HttpResponse(status=204)
