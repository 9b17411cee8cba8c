"""Files: uploaded first, then named in a step's `files`; served only to who may see their case."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import File
from ninja.files import UploadedFile

from baoxiu.cases import attachments, queries
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.journal import file_row
from baoxiu.faces.api.pages import json
from baoxiu.faces.api.problems import Problem
from baoxiu.faces.api.shapes import FileRow
from baoxiu.faces.api.steps import ANYBODY
from baoxiu.faces.common import documents
from baoxiu.faces.common.audience import CASE_STAFF
from baoxiu.faces.common.files import too_many
from baoxiu.sop.fields import Id
from baoxiu.sop.text import Text as T

_REFUSED = {
    "too_large": ("too_large", T("The file is too large.", "文件过大。")),
    "empty": ("invalid", T("The file is empty.", "文件是空的。")),
    "type": (
        "media_type",
        T(
            "Photos, PDF, video, plain text, Word and Excel are taken.",
            "可上传照片、PDF、视频、纯文本、Word 和 Excel 文件。",
        ),
    ),
}


@api.operation(
    "POST",
    "/attachments",
    who=ANYBODY,
    gives=FileRow,
    status=201,
    summary="Upload a file · 上传附件",
    tag="Files",
)
def add_attachment(request: Asked, file: UploadedFile = File(...)) -> HttpResponse:
    """Kept under your key until a step names its id in `files`. The type is judged by content."""
    by = request.auth
    if by.kind == "link" and too_many(by):
        raise Problem("throttled", headers={"Retry-After": "3600"})
    try:
        kept = attachments.store(file, by=by, now=timezone.now())
    except attachments.FileRefused as error:
        kind, why = _REFUSED[error.code]
        raise Problem(kind, why, "file") from None
    return json(file_row(kept), 201, {"Location": f"{request.path}/{kept.pk}"})


@api.operation(
    "GET",
    "/attachments/{id}",
    who=ANYBODY,
    gives=None,
    summary="Download a file · 下载附件",
    tag="Files",
    extra={"x-bytes": True},
)
def get_attachment(request: Asked, id: Id) -> FileResponse:
    """The bytes, always as a download."""
    file = attachments.get(request.auth, id)
    response = FileResponse(
        attachments.open_bytes(file), content_type=file.media_type, as_attachment=True, filename=file.name
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@api.operation(
    "GET",
    "/cases/{slug:number}/service-sheet.pdf",
    who=CASE_STAFF,
    gives=None,
    summary="Service sheet as PDF · 服务单 PDF",
    tag="C4.5",
    extra={"x-bytes": True},
)
def get_service_sheet(request: Asked, number: str) -> HttpResponse:
    """In the language of `Accept-Language`; phone and address masked for whoever need not reach the customer."""
    by = request.auth
    case = queries.get(by, number)
    pdf = documents.service_sheet(case, by, get_language() or "en", now=timezone.now())
    return documents.answer(pdf, f"{case.number}.pdf")
