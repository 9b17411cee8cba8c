"""C2: the units sold, their history and their labels."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from baoxiu.cases.queries import lists
from baoxiu.catalogue import operations, queries, records
from baoxiu.catalogue.models import Unit
from baoxiu.faces.common import documents
from baoxiu.faces.common import labels as drawing
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.common.forms import Form
from baoxiu.faces.office import records as form
from baoxiu.people import queries as people
from baoxiu.people.actors import Actor
from baoxiu.people.models import Customer

PAGE, CASES, LABELS = 50, 20, 60
SEERS = (*DESK, "administrator")
KEEPERS = ("agent", "manager", "account_manager")


def _rows(request: HttpRequest, limit: int) -> list[Unit]:
    return queries.units(
        request.actor,  # type: ignore[attr-defined]
        request.GET.get("q", "")[:80],
        model=form.number(request.GET.get("model", "")),
        customer=form.number(request.GET.get("customer", "")),
        batch=form.number(request.GET.get("batch", "")),
        before=form.number(request.GET.get("before", "")),
        limit=limit,
    )


@audience(*SEERS)
def listing(request: HttpRequest) -> HttpResponse:
    rows, kept = _rows(request, PAGE + 1), request.GET.copy()
    before = kept.pop("before", None)
    same = "?" + kept.urlencode()
    if len(rows) > PAGE:
        kept["before"] = str(rows[PAGE - 1].pk)
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    context = {
        "units": rows[:PAGE], "q": request.GET.get("q", "")[:80], "same": same, "newest": same if before else "",
        "older": "?" + kept.urlencode() if len(rows) > PAGE else "", "may_see_owners": viewer.has(*DESK),
    }  # fmt: skip
    return render(request, "office/catalogue/units.html", context)


def _unit(request: HttpRequest, pk: int) -> Unit:
    try:
        return queries.unit(request.actor, pk)  # type: ignore[attr-defined]
    except Unit.DoesNotExist:
        raise Http404 from None


def _code(unit: Unit) -> str:
    return mark_safe(drawing.code(unit))


@audience(*SEERS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    unit, viewer, now = _unit(request, pk), request.actor, timezone.now()  # type: ignore[attr-defined]
    zone = timezone.get_current_timezone()
    cases = lists.cases(viewer, lists.Filter(unit=pk), now=now, zone=zone, limit=CASES)
    context = {
        "unit": unit, "cases": cases, "now": now, "address": drawing.address(unit), "code": _code(unit),
        "may_see_owners": viewer.has(*DESK), "may_change": viewer.has(*KEEPERS),
    }  # fmt: skip
    return render(request, "office/catalogue/unit.html", context)


@audience(*KEEPERS)
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    known = _unit(request, pk) if pk else None
    initial: dict[str, Any] = {}
    if known:
        initial = {
            n: getattr(known, n)
            for n in records.UnitRecord.model_fields
            if n not in ("model", "customer", "site")
        }
        initial |= {"model": known.model_id, "customer": known.customer_id, "site": known.site_id}
    elif owner := form.number(request.GET.get("customer", "")):
        initial = {"customer": owner}

    def do(record: Any) -> str:
        now = timezone.now()
        if known:
            made = operations.update_unit(known, record, by=viewer, now=now)
        else:
            made = operations.register_unit(record, by=viewer, now=now)
        return reverse("office:unit", args=[made.pk])

    back = reverse("office:unit", args=[pk]) if pk else reverse("office:units")
    return form.page(
        request, records.UnitRecord, do, title=str(known) if known else _("New product on record"), back=back,
        choices=_choices(viewer, request.POST.get("customer") or initial.get("customer")), initial=initial,
        note=_("Leave the owner empty for a piece still in stock: whoever reports it first becomes its owner."),
    )  # fmt: skip


def _choices(viewer: Actor, owner: Any) -> dict[str, list[tuple[Any, str]]]:
    """Models, and the owner chosen with his places; another owner is chosen from his own page."""
    found: dict[str, list[tuple[Any, str]]] = {
        "model": list(queries.model_choices(viewer)),
        "customer": [],
        "site": [],
    }
    if number := form.number(str(owner or "")):
        try:
            customer = people.customer(viewer, number)
        except Customer.DoesNotExist:
            return found
        found["customer"] = [(customer.pk, customer.name)]
        found["site"] = [(site.pk, site.one_line) for site in customer.sites.all()]
    return found


def _wanted(request: HttpRequest, limit: int) -> list[Unit]:
    """The units of the list, or one (`unit=`)."""
    one = form.number(request.GET.get("unit", ""))
    return [_unit(request, one)] if one else _rows(request, limit)


@audience(*SEERS)
@require_safe
def labels(request: HttpRequest) -> HttpResponse:
    """The first labels as they look, and how they shall lie on the sheet."""
    sheet = [(unit, _code(unit)) for unit in _wanted(request, LABELS)]
    which = [
        (n, request.GET[n])
        for n in ("q", "model", "customer", "batch", "unit", "before")
        if request.GET.get(n)
    ]
    context = {
        "sheet": sheet, "form": Form(records.LabelSheet), "which": which, "shown": LABELS, "most": drawing.MOST,
    }  # fmt: skip
    return render(request, "office/catalogue/labels.html", context)


@audience(*SEERS)
@require_safe
def labels_pdf(request: HttpRequest) -> HttpResponse:
    """The sheet to print, the units in the order they came on record."""
    asked = Form(records.LabelSheet, request.GET)
    layout = asked.payload()
    units = _wanted(request, drawing.MOST)[::-1] if layout else []
    if not isinstance(layout, records.LabelSheet) or not units:
        context = {"sheet": (), "form": asked, "which": (), "shown": LABELS, "most": drawing.MOST}
        return render(request, "office/catalogue/labels.html", context, status=422)
    language = request.LANGUAGE_CODE  # type: ignore[attr-defined]
    return documents.answer(drawing.sheet(units, layout, language, now=timezone.now()), "labels.pdf")


@audience(*KEEPERS)
@require_POST
def new_label(request: HttpRequest, pk: int) -> HttpResponse:
    unit, by = _unit(request, pk), request.actor  # type: ignore[attr-defined]
    where = reverse("office:unit", args=[pk])
    return form.act(
        request,
        lambda: _renew(unit, by),
        where,
        _("The old label does not work any more; print the new one."),
    )


def _renew(unit: Unit, by: Actor) -> None:
    operations.new_label(unit, by=by, now=timezone.now())
