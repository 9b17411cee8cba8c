"""C2: product models of any class."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from baoxiu.catalogue import operations, queries, records
from baoxiu.catalogue.models import ProductModel
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.common.display import is_chinese
from baoxiu.faces.office import records as form
from baoxiu.people import queries as people
from baoxiu.sop import codes

PAGE, UNITS = 50, 20
SEERS = (*DESK, "administrator")


@audience(*SEERS)
def listing(request: HttpRequest) -> HttpResponse:
    query, wanted = request.GET.get("q", "")[:100], request.GET.get("class", "")
    product_class = wanted if wanted in codes.PRODUCT_CLASSES else ""
    before = form.number(request.GET.get("before", ""))
    rows = queries.models(request.actor, query, product_class=product_class, before=before, limit=PAGE + 1)  # type: ignore[attr-defined]
    kept = request.GET.copy()
    kept.pop("before", None)
    newest = "?" + kept.urlencode() if before else ""
    if len(rows) > PAGE:
        kept["before"] = str(rows[PAGE - 1].pk)
    context = {
        "models": rows[:PAGE], "q": query, "product_class": product_class, "newest": newest,
        "older": "?" + kept.urlencode() if len(rows) > PAGE else "",
    }  # fmt: skip
    return render(request, "office/catalogue/models.html", context)


def _model(request: HttpRequest, pk: int) -> ProductModel:
    try:
        return queries.model(request.actor, pk)  # type: ignore[attr-defined]
    except ProductModel.DoesNotExist:
        raise Http404 from None


@audience(*SEERS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    model, viewer = _model(request, pk), request.actor  # type: ignore[attr-defined]
    units = queries.units(viewer, model=pk, limit=UNITS + 1)
    context = {"model": model, "units": units, "shown_units": UNITS, "may_see_owners": viewer.has(*DESK)}
    return render(request, "office/catalogue/model.html", context)


@audience("administrator", "manager")
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    known = _model(request, pk) if pk else None
    skills = [(s.pk, s.name_zh if is_chinese() else s.name_en) for s in people.skills(viewer)]
    initial: dict[str, Any] | None = None
    if known:
        initial = {n: getattr(known, n) for n in records.ModelRecord.model_fields} | {"skill": known.skill_id}

    def do(record: Any) -> str:
        made = operations.save_model(known, record, by=viewer, now=timezone.now())
        return reverse("office:model", args=[made.pk])

    back = reverse("office:model", args=[pk]) if pk else reverse("office:models")
    title = str(known) if known else _("New model")
    return form.page(
        request, records.ModelRecord, do, title=title, back=back, choices={"skill": skills}, initial=initial
    )
