"""C2: units from a file that a colleague sends: read in the background, every row answered for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from baoxiu.catalogue import batches, importing, queries
from baoxiu.catalogue.models import UnitImport
from baoxiu.faces.common.audience import audience
from baoxiu.faces.common.display import say_of, say_table
from baoxiu.faces.common.steps import new_key
from baoxiu.faces.office.units import KEEPERS
from baoxiu.lib import csvsafe, tables
from baoxiu.people.actors import Actor

SHOWN, PART = 50, 1000


@audience(*KEEPERS)
def page(request: HttpRequest) -> HttpResponse:
    """The form, and the files sent before."""
    error = ""
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise tables.no_file()
            key = f"{viewer.identity}:{request.POST.get('key', '') or new_key()}"[:120]
            made = batches.begin(upload, key=key, by=viewer, now=timezone.now())
            return redirect("office:unit-batch", pk=made.pk)
        except tables.BadTable as problem:
            error = say_table(problem)
    context = {
        "columns": importing.COLUMNS, "error": error, "key": new_key(), "most": tables.MAX_ROWS,
        "imports": queries.imports(viewer), "now": timezone.now(),
    }  # fmt: skip
    return render(request, "office/catalogue/import.html", context, status=422 if error else 200)


def _found(request: HttpRequest, pk: int) -> UnitImport:
    try:
        return queries.unit_import(request.actor, pk)  # type: ignore[attr-defined]
    except UnitImport.DoesNotExist:
        raise Http404 from None


@audience(*KEEPERS)
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it has come; the same part again and again until it is over."""
    found = _found(request, pk)
    is_over = found.status in ("done", "failed")
    context: dict[str, Any] = {
        "found": found, "is_over": is_over, "now": timezone.now(), "shown": SHOWN,
        "refusals": queries.refusals(request.actor, found, limit=SHOWN) if is_over else (),  # type: ignore[attr-defined]
    }  # fmt: skip
    part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, f"office/catalogue/{'_batch' if part else 'batch'}.html", context)


@audience(*KEEPERS)
@require_safe
def refused(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Every refused row as CSV."""
    found = _found(request, pk)
    head = [(_("Row"), _("Column"), _("Reason"))]
    answer = StreamingHttpResponse(
        csvsafe.lines(line for part in (head, _refused(request.actor, found)) for line in part),  # type: ignore[attr-defined]
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="refused-{found.pk}.csv"'
    return answer


def _refused(viewer: Actor, found: UnitImport) -> Iterator[tuple[Any, ...]]:
    after = 0
    while rows := queries.refusals(viewer, found, after, PART):
        for row in rows:
            yield row.row, row.column, say_of(row.reason)
        after = rows[-1].pk
