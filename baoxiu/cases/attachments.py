"""Files of a case: type and size judged by content, stored by hash, durable before any row names them."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import hashlib
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from baoxiu.cases.models import Attachment, Case
from baoxiu.people.actors import Actor
from baoxiu.people.rules import REGISTRARS

IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
INLINE = frozenset(IMAGES.values())  # what a browser may show; all else is downloaded
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_ACTIVE = re.compile(rb"<\s*(!doctype|html|svg|script|\?xml|body|iframe|head)", re.I)
MAX_PIXELS = 64_000_000  # decoded, a picture of this size takes 200 MB
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class FileRefused(ValueError):
    """A file that is not taken; `code` too_large | empty | type, the sentence says why."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def store(upload: Any, *, by: Actor, now: dt.datetime) -> Attachment:
    """Keeps an uploaded file (with `.chunks()` and `.name`). Raises FileRefused.

    The bytes are on disk, synced and under their final name before the row exists.
    """
    root = Path(settings.ATTACHMENTS)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, temporary = tempfile.mkstemp(dir=root, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in upload.chunks():
                size += len(chunk)
                if size > settings.UPLOAD_BYTES:
                    raise FileRefused("too_large", f"larger than {settings.UPLOAD_BYTES // 1_000_000} MB")
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if not size:
            raise FileRefused("empty", "the file is empty")
        media_type = _media_type(Path(temporary))
        _publish(Path(temporary), path_of(digest.hexdigest()))
    finally:
        Path(temporary).unlink(missing_ok=True)
    return Attachment.objects.create(
        uploader=by.identity,
        sha256=digest.hexdigest(),
        size=size,
        media_type=media_type,
        name=clean_name(upload.name or ""),
        created_at=now,
    )


def get(viewer: Actor, pk: int) -> Attachment:
    """The file, if the viewer may see its case or has just uploaded it. Raises Attachment.DoesNotExist."""
    file = Attachment.objects.select_related("entry").get(pk=pk)
    if file.registration_id:
        allowed = viewer.kind == "system" or viewer.has(*REGISTRARS)
    elif file.case_id is None:
        allowed = file.uploader == viewer.identity and viewer.kind != "anonymous"
    else:
        allowed = Case.objects.visible_to(viewer).filter(pk=file.case_id).exists()
        if viewer.kind in ("link", "integration") and file.entry and file.entry.step not in PUBLIC_STEPS:
            allowed = False
    if not allowed:
        raise Attachment.DoesNotExist
    return file


PUBLIC_STEPS = frozenset(
    {"register", "reply", "message", "receive", "check_in", "work", "hand_over", "replace", "quote"}
)


def open_bytes(file: Attachment) -> IO[bytes]:
    return path_of(file.sha256).open("rb")


def path_of(sha256: str) -> Path:
    return Path(settings.ATTACHMENTS) / sha256[:2] / sha256[2:4] / sha256


def clean_name(name: str) -> str:
    """The last part of a name without control characters or path signs; never empty."""
    last = re.split(r"[\\/]", name)[-1]
    last = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*\u202e\u200b\u200f').strip(" .")
    return last[-120:] or "file"


def discard(sha256: str, *, older_than: dt.datetime) -> bool:
    """Deletes bytes that no row names, unless somebody has sent the same ones since; whether they went."""
    path = path_of(sha256)
    with _nobody_publishes():
        return discard_part(path, older_than=older_than)


def discard_part(path: Path, *, older_than: dt.datetime) -> bool:
    """Deletes a file that was last touched before then."""
    try:
        if path.stat().st_mtime >= older_than.timestamp():
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    return True


@contextlib.contextmanager
def _nobody_publishes() -> Iterator[None]:
    """Bytes found again are young again: between looking at their age and deleting them nobody may do that."""
    descriptor = os.open(Path(settings.ATTACHMENTS) / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _publish(temporary: Path, final: Path) -> None:
    final.parent.mkdir(parents=True, exist_ok=True)
    os.chmod(temporary, 0o640)
    with _nobody_publishes():
        try:
            os.utime(final)
            return
        except FileNotFoundError:
            os.replace(temporary, final)
    for folder in (final.parent, final.parent.parent, final.parent.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _media_type(path: Path) -> str:
    """What the bytes are. Raises FileRefused for anything not on the list."""
    with path.open("rb") as file:
        head = file.read(4096)
    try:
        with Image.open(path) as image:
            found = IMAGES.get(image.format or "")
            if found and image.width * image.height > MAX_PIXELS:
                raise FileRefused("too_large", f"larger than {MAX_PIXELS // 1_000_000} megapixels")
            if found:
                image.load()
                return found
    except FileRefused:
        raise
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        pass
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:10] == b"qt" else "video/mp4"
    if head.startswith(b"PK\x03\x04"):
        return _office_type(path)
    if _is_text(path, head):
        return "text/plain"
    raise FileRefused(
        "type", "this kind of file is not taken: photos, PDF, video, plain text, Word and Excel are"
    )


def _office_type(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:10_000]
    except (zipfile.BadZipFile, OSError, ValueError):
        names = []
    if "[Content_Types].xml" in names and not any("vbaProject" in n for n in names):
        for folder, media_type in _OFFICE.items():
            if any(n.startswith(folder) for n in names):
                return media_type
    raise FileRefused("type", "archives are not taken: send photos, PDF, video, plain text, Word or Excel")


def _is_text(path: Path, head: bytes) -> bool:
    if b"\0" in head or _ACTIVE.search(head):
        return False
    data = path.read_bytes()
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return not _ACTIVE.search(data)
