"""C3.2: price lists – drafted row by row, compared with the version before, published."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from baoxiu.charges import operations, queries, records
from baoxiu.charges.models import PriceItem, PriceList
from baoxiu.charges.operations import sheets
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.common.display import say_table
from baoxiu.faces.office import records as form
from baoxiu.lib import tables

SEERS = (*DESK, "administrator")
KEEPER = "manager"
SHOWN = 500  # rows on one page


def _list(request: HttpRequest, pk: int) -> PriceList:
    try:
        return queries.price_list(request.actor, pk)  # type: ignore[attr-defined]
    except PriceList.DoesNotExist:
        raise Http404 from None


def _item(request: HttpRequest, pk: int, part: int) -> PriceItem:
    try:
        found = queries.item(request.actor, part)  # type: ignore[attr-defined]
    except PriceItem.DoesNotExist:
        raise Http404 from None
    if found.price_list_id != pk:
        raise Http404
    return found


def _at(pk: int) -> str:
    return reverse("office:price-list", args=[pk])


@audience(*SEERS)
def listing(request: HttpRequest) -> HttpResponse:
    """Every version; the one that holds now is marked."""
    found, now = queries.price_lists(request.actor), timezone.now()  # type: ignore[attr-defined]
    holding = set()
    for currency in {p.currency for p in found}:
        begun = [p for p in found if p.currency == currency and p.in_force_from and p.in_force_from <= now]
        holding |= {max(begun, key=lambda p: (p.in_force_from, p.version)).pk} if begun else set()
    return render(request, "office/charges/lists.html", {"lists": found, "holding": holding, "now": now})


@audience(KEEPER)
def new(request: HttpRequest) -> HttpResponse:
    def do(record: Any) -> str:
        made = operations.draft(record, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return _at(made.pk)

    note = _(
        "A copy of the newest version of this currency to be changed; nothing holds before it is published."
    )
    return form.page(
        request, records.NewList, do, title=_("New version"), back=reverse("office:prices"), note=note
    )


@audience(*SEERS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Rows, what changed against the version before, and what that would have meant for recent quotes."""
    prices, viewer = _list(request, pk), request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    context = {
        "prices": prices, "items": list(prices.items.all())[:SHOWN], "changes": queries.changes(viewer, prices)[:SHOWN],
        "before": queries.before(viewer, prices), "impact": queries.impact(viewer, prices, now), "shown": SHOWN,
        "may_change": prices.is_draft and viewer.has(KEEPER),
    }  # fmt: skip
    return render(request, "office/charges/list.html", context)


@audience(*SEERS)
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows for a spreadsheet."""
    prices = _list(request, pk)
    answer = HttpResponse(
        "".join(queries.sheet(request.actor, prices)), content_type="text/csv; charset=utf-8"
    )  # type: ignore[attr-defined]
    answer["Content-Disposition"] = f'attachment; filename="prices-{prices.currency}-{prices.version}.csv"'
    return answer


@audience(KEEPER)
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """A file's rows become the currency's draft, all or none; the draft shows what it changes before it is published."""
    prices, error, refused = _list(request, pk), "", list[sheets.Refused]()
    if request.method == "POST":
        try:
            draft = _load(prices, request)
            return redirect(_at(draft.pk))
        except sheets.BadRows as wrong:
            refused = wrong.refused
        except tables.BadTable as problem:
            error = say_table(problem)
    context = {
        "prices": prices, "columns": sheets.COLUMNS, "most": sheets.MOST, "error": error, "refused": refused[:SHOWN],
    }  # fmt: skip
    return render(request, "office/charges/upload.html", context, status=422 if error or refused else 200)


def _load(prices: PriceList, request: HttpRequest) -> PriceList:
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > settings.UPLOAD_BYTES:
        raise tables.no_file() if file is None else tables.too_large()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prices"
        path.write_bytes(file.read())
        return sheets.load(prices, tables.read(path), by=request.actor, now=timezone.now())  # type: ignore[attr-defined]


@audience(KEEPER)
def head(request: HttpRequest, pk: int) -> HttpResponse:
    prices = _list(request, pk)

    def do(record: Any) -> str:
        operations.save_head(prices, record, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return _at(pk)

    initial = {name: getattr(prices, name) for name in records.HeadRecord.model_fields}
    return form.page(request, records.HeadRecord, do, title=str(prices), back=_at(pk), initial=initial)


@audience(KEEPER)
def item(request: HttpRequest, pk: int, part: int | None = None) -> HttpResponse:
    prices, known = _list(request, pk), _item(request, pk, part) if part else None

    def do(record: Any) -> str:
        operations.save_item(prices, known, record, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return _at(pk)

    initial = {name: getattr(known, name) for name in records.ItemRecord.model_fields} if known else None
    title = str(known) if known else _("New row")
    return form.page(request, records.ItemRecord, do, title=title, back=_at(pk), initial=initial)


@audience(KEEPER)
@require_POST
def remove_item(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    found, by = _item(request, pk, part), request.actor  # type: ignore[attr-defined]
    return form.act(
        request, lambda: operations.remove_item(found, by=by, now=timezone.now()), _at(pk), _("Removed.")
    )


@audience(KEEPER)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    prices = _list(request, pk)

    def do(record: Any) -> str:
        operations.publish(prices, record, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return _at(pk)

    note = _("From then on new quotes are made from this version; quotes already sent stay as they are.")
    title = _("Publish %(name)s") % {"name": prices}
    return form.page(
        request, records.Publication, do, title=title, back=_at(pk), note=note, submit=_("Publish")
    )


@audience(KEEPER)
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    prices, by = _list(request, pk), request.actor  # type: ignore[attr-defined]
    return form.act(
        request, lambda: operations.discard(prices, by=by, now=timezone.now()),
        reverse("office:prices") if prices.is_draft else _at(pk), _("The draft is gone."),
    )  # fmt: skip
