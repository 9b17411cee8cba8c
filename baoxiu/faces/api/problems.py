"""What went wrong, as RFC 9457 problem details in the caller's language; nothing was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel, Field

from baoxiu.faces.common.display import say
from baoxiu.sop.text import Text as T

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    status: int
    title: T


KINDS: dict[str, Kind] = {
    "unreadable": Kind(400, T("The request cannot be read.", "无法读取请求。")),
    "unauthorized": Kind(401, T("A valid key is needed.", "需要有效的密钥。")),
    "denied": Kind(403, T("This is not yours to do.", "您无权进行此操作。")),
    "unknown": Kind(404, T("There is nothing here that you may see.", "不存在，或您无权查看。")),
    "method": Kind(405, T("This address does not take this method.", "此地址不支持该请求方法。")),
    "refused": Kind(409, T("The procedure does not allow this now.", "按流程现在不能这样办理。")),
    "conflict": Kind(409, T("Somebody else was faster; look again.", "他人已先行办理，请刷新后重试。")),
    "too_large": Kind(413, T("The request is too large.", "请求内容过大。")),
    "media_type": Kind(415, T("This kind of content is not taken here.", "不支持这种内容类型。")),
    "invalid": Kind(422, T("Something in the request is wrong.", "请求内容有误。")),
    "key_reused": Kind(
        422, T("This Idempotency-Key came with another request.", "该 Idempotency-Key 已用于另一个请求。")
    ),
    "throttled": Kind(429, T("Too many failed attempts.", "失败次数过多。")),
    "broken": Kind(500, T("Something went wrong on our side.", "系统出错，请稍后重试。")),
    "busy": Kind(503, T("Too busy just now; try again.", "系统繁忙，请稍后重试。")),
}


class FieldError(BaseModel):
    field: str = Field(description="Where: a field's path in the body, or a parameter's or header's name.")
    reason: str = Field(description="Why, in the caller's language.")


class ProblemDetails(BaseModel):
    """RFC 9457: what, where, how to mend. Nothing was changed."""

    type: str = Field(description="Stable name of the kind of problem, for machines.")
    title: str
    status: int
    detail: str
    code: str = Field(
        description="More exact than `type` where the procedure refuses: wrong_stage, missing_fact, …"
    )
    errors: list[FieldError] = Field(default_factory=list)


class Problem(Exception):
    """Raised anywhere below an API view."""

    def __init__(
        self,
        kind: str,
        detail: T | None = None,
        field: str = "",
        *,
        code: str = "",
        headers: dict[str, str] | None = None,
        errors: Sequence[tuple[str, T | str]] | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind, self.code, self.headers = kind, code or kind, headers or {}
        self.detail = detail or KINDS[kind].title
        self.errors: Sequence[tuple[str, T | str]] = (
            errors if errors is not None else [(field, self.detail)] if field else []
        )


def invalid(field: str, en: str, zh: str) -> Problem:
    return Problem("invalid", T(en, zh), field)


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as a response."""
    kind = KINDS[problem.kind]
    body: dict[str, Any] = {
        "type": f"urn:baoxiu:problem:{problem.kind}",
        "title": say(kind.title),
        "status": kind.status,
        "detail": say(problem.detail),
        "code": problem.code,
        "errors": [
            {"field": f, "reason": say(why) if isinstance(why, T) else why} for f, why in problem.errors
        ],
    }
    return HttpResponse(
        orjson.dumps(body), status=kind.status, content_type=MEDIA_TYPE, headers=problem.headers
    )
