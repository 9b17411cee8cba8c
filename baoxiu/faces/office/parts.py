"""M4, C4.3: parts on hand, by van and by stockroom, and how they came there."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from baoxiu.dispatch import operations as dispatch
from baoxiu.faces.common.audience import audience
from baoxiu.faces.office import records as form
from baoxiu.parts import operations, queries
from baoxiu.parts.models import Holding
from baoxiu.parts.records import HoldingRecord, StockRecord
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
        "holdings": queries.holdings(viewer, found), "moves": queries.moves(viewer, found), "now": timezone.now(),
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
        operations.count(found, record, by=by, now=timezone.now(), key=key)
        return back

    key = form.key_of(request)
    initial = {n: getattr(known, n) for n in ("number", "name", "quantity")} if known else None
    title = f"{found.name} · {known.number if known else _('Count a part')}"
    return form.page(request, HoldingRecord, do, title=title, back=back, initial=initial)


@audience(*KEEPERS)
def move(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Taken in, carried away, kept for a case, written off; `?number=` names the part, `?kind=` what happens."""
    found, by = _place(kind, pk), request.actor  # type: ignore[attr-defined]
    if not queries.may_count(by, found):
        raise PermissionDenied
    back, key = reverse("office:holdings", args=[kind, pk]), form.key_of(request)

    def do(record: StockRecord) -> str:
        dispatch.move_stock(found, record, by=by, now=timezone.now(), key=key)
        return back

    stations, engineers = queries.places(by)
    choices = {
        "station": [(s.pk, s.name) for s in stations if s != found],
        "engineer": [(e.pk, f"{e.name} · {e.station.name}" if e.station else e.name) for e in engineers if e != found],
    }  # fmt: skip
    initial = {n: v for n in ("number", "kind", "case") if (v := request.GET.get(n, "")[:80])}
    title = f"{found.name} · {_('Move stock')}"
    return form.page(request, StockRecord, do, title=title, back=back, choices=choices, initial=initial)


@audience(*KEEPERS)
@require_POST
def remove(request: HttpRequest, kind: str, pk: int, part: int) -> HttpResponse:
    found, by = _place(kind, pk), request.actor  # type: ignore[attr-defined]
    holding = get_object_or_404(Holding, pk=part, **{"staff" if kind == "van" else "station": found})
    back = reverse("office:holdings", args=[kind, pk])
    return form.act(
        request, lambda: operations.remove(holding, by=by, now=timezone.now()), back, _("Removed.")
    )
