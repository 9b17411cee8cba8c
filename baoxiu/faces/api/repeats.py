"""`Idempotency-Key` on every POST: the same request again gets the first answer and changes nothing.

The key is claimed and the answer kept in the operation's own transaction, so a request that failed
leaves the key free. Keys belong to whoever sends them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import BaseModel

from baoxiu.cases.models import IdempotencyKey
from baoxiu.faces.api.problems import Problem, invalid
from baoxiu.lib import canonical
from baoxiu.people.actors import Actor

HEADER = "Idempotency-Key"
_KEPT_HEADERS = ("Location", "ETag")


def once(
    request: HttpRequest, by: Actor, values: dict[str, Any], run: Callable[[], HttpResponse], secret: str = ""
) -> HttpResponse:
    """Runs `run` in one transaction, or gives its first answer again, without the field `secret`. Raises Problem."""
    key = request.headers.get(HEADER, "")
    if not key:
        with transaction.atomic():
            return run()
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        raise invalid(HEADER, "1 to 255 visible ASCII characters.", "须为 1–255 个可见 ASCII 字符。")
    digest = canonical.sha256([request.method, request.path, {n: _plain(v) for n, v in values.items()}])
    with transaction.atomic():
        claim = _claim(by, key, digest)
        if isinstance(claim, HttpResponse):
            return claim
        response = run()
        headers = {h: response.headers[h] for h in _KEPT_HEADERS if h in response.headers}
        body = response.content
        if secret:
            body = orjson.dumps({**orjson.loads(body), secret: None})
        claim.answer = {"status": response.status_code, "body": body.decode(), "headers": headers}
        claim.save(update_fields=["answer"])
        return response


def _claim(by: Actor, key: str, digest: str) -> IdempotencyKey | HttpResponse:
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(
                actor=by.identity, key=key, digest=digest, created_at=timezone.now()
            )
    except IntegrityError:
        first = IdempotencyKey.objects.get(actor=by.identity, key=key)
    if first.digest != digest:
        raise Problem("key_reused", field=HEADER)
    if first.answer is None:
        raise Problem("conflict", headers={"Retry-After": "1"})
    headers = {**first.answer["headers"], "Idempotent-Replayed": "true"}
    return HttpResponse(
        first.answer["body"], status=first.answer["status"], content_type="application/json", headers=headers
    )


def _plain(value: Any) -> Any:
    """A validated argument as plain data; a file by what is in it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, UploadedFile):
        content = b"".join(value.chunks())
        value.seek(0)
        return [value.name, canonical.sha256(content.hex())]
    return str(value)
