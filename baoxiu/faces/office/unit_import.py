"""C2: units from a file that a colleague sends: what was added, known, refused, and why."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from baoxiu.catalogue import importing
from baoxiu.faces.common.audience import audience
from baoxiu.faces.office.units import KEEPERS
from baoxiu.lib import tables
from baoxiu.people.actors import Actor

MOST_ROWS = 30_000  # in one request; longer files go in with the command
SHOWN = 200


@audience(*KEEPERS)
def page(request: HttpRequest) -> HttpResponse:
    """The form, and after sending what became of each row."""
    context: dict[str, Any] = {
        "columns": importing.COLUMNS,
        "most": MOST_ROWS,
        "shown": SHOWN,
        "error": "",
        "result": None,
        "refused": (),
        "is_cut": False,
    }
    status = 200
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            context |= load(upload, request.actor)  # type: ignore[attr-defined, arg-type]
        except tables.BadTable as error:
            context["error"], status = str(error), 422
    return render(request, "office/catalogue/import.html", context, status=status)


def load(upload: UploadedFile[Any] | None, by: Actor) -> dict[str, Any]:
    """Imports an uploaded file. Raises tables.BadTable, Denied."""
    if upload is None:
        raise tables.BadTable(_("Choose a file."))
    if (upload.size or 0) > settings.UPLOAD_BYTES:
        raise tables.BadTable(_("The file is too large."))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "units"
        with path.open("wb") as out:
            for chunk in upload.chunks():
                out.write(chunk)
        refused: list[importing.Refused] = []
        last, is_cut = importing.Progress(), False
        for last in importing.import_units(path, by=by, now=timezone.now()):
            refused += last.refused
            if is_cut := last.done >= MOST_ROWS:
                break
    return {"result": last, "refused": refused, "is_cut": is_cut}
