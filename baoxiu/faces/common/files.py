"""Files in and out: sent before the form that names them, served only to those who may see their case."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from baoxiu.cases import attachments, links, queries
from baoxiu.cases.models import Attachment, Case
from baoxiu.faces.common import documents
from baoxiu.faces.common.audience import CASE_STAFF, LINK, audience
from baoxiu.faces.common.middleware import is_over
from baoxiu.people import tallies
from baoxiu.people.actors import Actor

# a file is never a page of ours: nothing in it may run, whatever a browser takes it for
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
THUMBNAIL_PIXELS = 320
UPLOADS_PER_REQUEST = 20
LINK_UPLOADS_PER_HOUR = 60


def sender(request: HttpRequest) -> Actor | None:
    """The staff member, or the customer behind a personal link's token in the request; None: nobody."""
    token = request.POST.get("token") or request.GET.get("token") or ""
    for purpose in links.LIFETIME_DAYS if token else ():
        link = links.resolve(token, purpose, now=timezone.now())
        if link:
            return links.actor(link)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor if actor.kind == "staff" and not is_over(request) else None


def refusal(error: attachments.FileRefused) -> str:
    """Why a file was not taken, in the visitor's language."""
    sentences = {
        "too_large": _("The file is too large."),
        "empty": _("The file is empty."),
        "type": _("This kind of file is not taken. Send photos, PDF, video, plain text, Word or Excel."),
    }
    return sentences.get(error.code, _("The file could not be taken."))


def keep_posted(request: HttpRequest, by: Actor, name: str = "files") -> list[int]:
    """Stores the files that came with the form itself (no script); ids for `Form(files=…)`.

    A file that is not taken is left out and named in `request.refused_files`.
    """
    kept: list[int] = []
    refused: list[str] = []
    for upload in request.FILES.getlist(f"{name}-upload")[:UPLOADS_PER_REQUEST]:
        try:
            kept.append(attachments.store(upload, by=by, now=timezone.now()).pk)
        except attachments.FileRefused as error:
            refused.append(f"{attachments.clean_name(upload.name or '')}: {refusal(error)}")
    request.refused_files = refused  # type: ignore[attr-defined]
    return kept


def complain(request: HttpRequest, form: Any, name: str = "files") -> bool:
    """Whether `keep_posted` refused files; then the form says so (and shows what else is wrong)."""
    refused: list[str] = getattr(request, "refused_files", [])
    if refused:
        form.payload()
        for sentence in refused:
            form.add_error(name, sentence)
    return bool(refused)


@audience(LINK)
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """One file → its id. Staff by their session, customers by the token of their link."""
    by, file = sender(request), request.FILES.get("file")
    if by is None:
        return JsonResponse(
            {"error": _("Your sign-in or link has expired. Open the page again.")}, status=403
        )
    if by.kind == "link" and too_many(by):
        return JsonResponse({"error": _("Too many files in one hour. Go on later.")}, status=429)
    if file is None:
        return JsonResponse({"error": _("No file came with the request.")}, status=400)
    try:
        kept = attachments.store(file, by=by, now=timezone.now())
    except attachments.FileRefused as error:
        return JsonResponse({"error": refusal(error)}, status=413 if error.code == "too_large" else 415)
    answer: dict[str, Any] = {"id": kept.pk, "name": kept.name, "size": kept.size, "type": kept.media_type}
    if kept.media_type in attachments.INLINE:
        token = request.POST.get("token", "")
        answer["picture"] = (
            reverse("common:file", args=[kept.pk]) + "?size=small" + (f"&token={token}" if token else "")
        )
    return JsonResponse(answer, status=201)


def too_many(by: Actor) -> bool:
    """Counts one more file of a link's holder; True beyond the hour's measure."""
    return tallies.exceeded(f"upload:{by.identity}", LINK_UPLOADS_PER_HOUR, seconds=3600, now=timezone.now())


@audience(LINK)
@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """The bytes, to whoever may see the case. Pictures are shown, everything else is downloaded."""
    viewer = sender(request)
    try:
        if viewer is None:
            raise Http404
        file = attachments.get(viewer, number)
        is_picture = file.media_type in attachments.INLINE
        stream: Any = attachments.open_bytes(file)
    except (Attachment.DoesNotExist, FileNotFoundError):
        raise Http404 from None
    media_type = file.media_type if is_picture else "application/octet-stream"
    if is_picture and request.GET.get("size") == "small":
        stream, media_type = _small(stream)
    answer = FileResponse(
        stream, as_attachment=not is_picture, filename=file.name,
        content_type=media_type,
    )  # fmt: skip
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = "private, max-age=3600"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _small(stream: Any) -> tuple[BytesIO, str]:
    """A thumbnail and its type, made anew each time: a page of photos stays light on a phone."""
    from PIL import Image, ImageOps

    made = BytesIO()
    with stream, Image.open(stream) as image:
        kind, mode = ("JPEG", "RGB") if image.format == "JPEG" else ("PNG", "RGBA")
        image.draft("RGB", (THUMBNAIL_PIXELS * 2, THUMBNAIL_PIXELS * 2))
        turned = ImageOps.exif_transpose(image).convert(mode)
        turned.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
        turned.save(made, kind, quality=80)
    made.seek(0)
    return made, f"image/{kind.lower()}"


@audience(*CASE_STAFF)
@require_GET
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """C4.5: the service sheet as PDF, to print, to sign on paper, or to file: in the language of who signs it."""
    viewer = request.actor  # type: ignore[attr-defined]
    try:
        case = queries.get(viewer, number)
    except Case.DoesNotExist:
        raise Http404 from None
    pdf = documents.service_sheet(case, viewer, case.customer.language, now=timezone.now())
    return documents.answer(pdf, f"{case.number}.pdf")
