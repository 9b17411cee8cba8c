"""The document: what ninja says of the operations, completed with what holds for all of them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from baoxiu.faces.api import (
    access,
    around,
    board,
    cases,
    catalogue,
    conformance,
    customers,
    entitlement,
    eventlogs,
    figures,
    files,
    intake,
    jobs,
    journal,
    keys,
    levels,
    links,
    notify,
    parts,
    planning,
    prices,
    problems,
    registrations,
    repair,
    repeats,
    staff,
    starting,
    steps,
    terms,
    warranty,
    windows,
)
from baoxiu.faces.api.contract import api
from baoxiu.faces.common.audience import PUBLIC, audience
from baoxiu.sop import clauses
from baoxiu.sop.text import Text as T

# importing them declares their operations
OPERATIONS = (
    access,
    around,
    board,
    cases,
    catalogue,
    conformance,
    customers,
    entitlement,
    eventlogs,
    figures,
    files,
    intake,
    jobs,
    journal,
    keys,
    links,
    levels,
    prices,
    repair,
    registrations,
    notify,
    parts,
    planning,
    staff,
    starting,
    steps,
    terms,
    warranty,
    windows,
)
_REF = "#/components/schemas/{model}"
_STATUSES = {
    400: "The request cannot be read", 401: "No valid key", 403: "Not yours to do", 404: "Nothing that you may see",
    405: "Method not taken", 409: "The procedure does not allow it now, or somebody was faster", 413: "Too large",
    415: "Content type not taken", 422: "Something in the request is wrong", 429: "Too many failed attempts",
    503: "Busy; try again",
}  # fmt: skip
_WRITES = {"post", "put", "patch"}
_LANGUAGE = {
    "name": "Accept-Language", "in": "header", "required": False, "schema": {"type": "string", "enum": ["zh", "en"]},
    "description": "Language of titles and of what is said about errors.",
}  # fmt: skip
_KEY = {
    "name": repeats.HEADER, "in": "header", "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "Yours to choose, one per intended effect. The same request again gets the first answer with "
    "`Idempotent-Replayed: true`; with another body 422; while the first still runs 409.",
}  # fmt: skip
_IF_MATCH = {
    "name": "If-Match", "in": "header", "required": False, "schema": {"type": "string", "pattern": '^"?[0-9]{1,9}"?$'},
    "description": "The ETag of the case you decided on; 409 when somebody was faster.",
}  # fmt: skip
_INTRODUCTION = """After-sales service, case by case, as the procedure says. 售后服务：一切按流程办理。

- **Keys 密钥**: `Authorization: Bearer …`. A colleague's key may do what the colleague may; a company's key sees that
  company's cases alone; the token of a customer's personal link opens its one case for its one purpose.
- **Steps 步骤**: each step of the procedure is one operation; `GET /api/cases/{number}` names those you may take now.
- **Repeating 重试**: send an `Idempotency-Key` with every POST; the same request again gets the first answer.
- **Lists 列表**: follow `next` (or the `Link` header). Nothing is counted.
- **Errors 错误**: RFC 9457 problem details in the language of `Accept-Language` (zh, en); nothing was changed.
"""
_OTHER_TAGS = {
    "Catalogue": T("Product models and units", "型号与产品档案"), "Customers": T("Customers", "客户"),
    "Files": T("Files", "附件"), "Keys": T("Keys for machines", "接口密钥"),
    "Parts": T("Parts on hand", "备件"), "Links": T("Customers' personal links", "客户专属链接"), "Staff": T("Staff, stations, skills", "员工、站点、技能"),
}  # fmt: skip


def _tag(name: str) -> dict[str, str]:
    words = _OTHER_TAGS.get(name) or clauses.title(name)
    return {"name": name, "description": f"{words.en} · {words.zh}"}


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    schema: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/"))
    schema["info"]["description"] = _INTRODUCTION
    schemas = schema["components"]["schemas"]
    details = problems.ProblemDetails.model_json_schema(ref_template=_REF, mode="serialization")
    schemas.update(details.pop("$defs"))
    schemas["ProblemDetails"] = details
    for operations in schema["paths"].values():
        for method, operation in operations.items():
            _complete(method, operation)
    tags = {
        tag for path in schema["paths"].values() for operation in path.values() for tag in operation["tags"]
    }
    schema["tags"] = [_tag(name) for name in sorted(tags)]
    return schema


def _complete(method: str, operation: dict[str, Any]) -> None:
    operation["parameters"].append(_LANGUAGE)
    if method == "post":
        operation["parameters"].append(_KEY)
    if operation.pop("x-if-match", False):
        operation["parameters"].append(_IF_MATCH)
    if operation.pop("x-bytes", False):
        operation["responses"][200]["content"] = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    for status, words in _STATUSES.items():
        operation["responses"][status] = {
            "description": words,
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="ProblemDetails")}}},
        }


@lru_cache(maxsize=1)
def _served() -> tuple[bytes, str]:
    data = orjson.dumps(document(), option=orjson.OPT_NON_STR_KEYS)
    return data, f'"{hashlib.sha256(data).hexdigest()[:16]}"'


@audience(PUBLIC)
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document."""
    data, tag = _served()
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(data, content_type="application/json", headers=headers)


@audience(PUBLIC)
def docs(request: HttpRequest) -> HttpResponse:
    """The document for people, from files of this machine alone."""
    return render(request, "api/docs.html")
