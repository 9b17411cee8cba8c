"""M4, C4.3: parts on hand, by van and by stockroom."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from baoxiu.faces.common.audience import audience
from baoxiu.faces.office import records as form
from baoxiu.parts import operations, queries
from baoxiu.parts.models import Holding
from baoxiu.parts.records import HoldingRecord
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff, Station

KEEPERS = queries.KEEPERS


@audience(*KEEPERS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    stations, engineers = queries.places(viewer)
    return render(request, "office/parts/places.html", {"stations": stations, "engineers": engineers})


def _place(kind: str, pk: int) -> Staff | Station:
    if kind == "van":
        return get_object_or_404(Staff.objects.with_role("engineer"), pk=pk)
    if kind == "stockroom":
        return get_object_or_404(Station, pk=pk)
    raise Http404


@audience(*KEEPERS)
@require_safe
def place(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    found, viewer = _place(kind, pk), request.actor  # type: ignore[attr-defined]
    context = {
        "place": found, "kind": kind, "may": queries.may_count(viewer, found),
        "holdings": queries.holdings(viewer, found),
    }  # fmt: skip
    return render(request, "office/parts/place.html", context)


@audience(*KEEPERS)
def count(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """A part counted; `?number=` starts from what is on record."""
    found, by = _place(kind, pk), request.actor  # type: ignore[attr-defined]
    if not queries.may_count(by, found):
        raise PermissionDenied
    back = reverse("office:holdings", args=[kind, pk])
    known = queries.holdings(by, found).filter(number=request.GET.get("number", "")).first()

    def do(record: HoldingRecord) -> str:
        operations.count(found, record, by=by, now=timezone.now())
        return back

    initial = {n: getattr(known, n) for n in HoldingRecord.model_fields} if known else None
    title = f"{found.name} · {known.number if known else _('Count a part')}"
    return form.page(request, HoldingRecord, do, title=title, back=back, initial=initial)


@audience(*KEEPERS)
@require_POST
def remove(request: HttpRequest, kind: str, pk: int, part: int) -> HttpResponse:
    found, by = _place(kind, pk), request.actor  # type: ignore[attr-defined]
    holding = get_object_or_404(Holding, pk=part, **{"staff" if kind == "van" else "station": found})
    back = reverse("office:holdings", args=[kind, pk])
    return form.act(
        request, lambda: operations.remove(holding, by=by, now=timezone.now()), back, _("Removed.")
    )
