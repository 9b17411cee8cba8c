"""Files: uploaded first, then named in a step's `files`; served only to who may see their case."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File
from ninja.files import UploadedFile

from baoxiu.cases import attachments
from baoxiu.faces.api.contract import api
from baoxiu.faces.api.journal import file_row
from baoxiu.faces.api.pages import json
from baoxiu.faces.api.problems import Problem
from baoxiu.faces.api.shapes import FileRow
from baoxiu.faces.api.steps import ANYBODY
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
def add_attachment(request: HttpRequest, file: UploadedFile = File(...)) -> HttpResponse:
    """Kept under your key until a step names its id in `files`. The type is judged by content."""
    try:
        kept = attachments.store(file, by=request.auth, now=timezone.now())  # type: ignore[attr-defined]
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
def get_attachment(request: HttpRequest, id: Id) -> FileResponse:
    """The bytes, always as a download."""
    file = attachments.get(request.auth, id)  # type: ignore[attr-defined]
    response = FileResponse(
        attachments.open_bytes(file), content_type=file.media_type, as_attachment=True, filename=file.name
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
