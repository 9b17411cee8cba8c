"""C2: reads of models and units; each starts from what the viewer may see."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from baoxiu.catalogue import coverage
from baoxiu.catalogue.models import ProductModel, RefusedUnit, Unit, UnitImport
from baoxiu.people import queries as people
from baoxiu.people.actors import ANONYMOUS, OFFICE, Actor


def visible_units(viewer: Actor) -> QuerySet[Unit]:
    """Every unit for office, administrator and system; those of their customers, or of nobody, for others."""
    if viewer.kind == "system" or viewer.parties & OFFICE or viewer.has("administrator"):
        return Unit.objects.all()
    mine = Q(customer__in=people.visible_customers(viewer).values("pk"))
    if viewer.has("account_manager"):
        mine |= Q(customer=None)
    return Unit.objects.filter(mine)


def models(
    viewer: Actor, query: str = "", *, product_class: str = "", before: int | None = None, limit: int = 50
) -> list[ProductModel]:
    """Newest first, before id `before`. Models are no secret among colleagues."""
    if viewer.kind not in ("staff", "system"):
        return []
    found = ProductModel.objects.select_related("skill")
    if query := people.typed(query):
        found = found.filter(Q(code__icontains=query) | Q(name__contains=query) | Q(brand__icontains=query))
    if product_class:
        found = found.filter(product_class=product_class)
    if before:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:limit])


def model(viewer: Actor, pk: int) -> ProductModel:
    """Raises ProductModel.DoesNotExist."""
    if viewer.kind not in ("staff", "system"):
        raise ProductModel.DoesNotExist
    return ProductModel.objects.select_related("skill").get(pk=pk)


def model_choices(viewer: Actor, limit: int = 500) -> list[tuple[int, str]]:
    """Models in use, for a choice."""
    if viewer.kind not in ("staff", "system"):
        return []
    rows = ProductModel.objects.filter(is_active=True).order_by("name", "code")[:limit]
    return [(m.pk, f"{m.name} {m.code} {m.brand}".strip()) for m in rows]


def units(
    viewer: Actor,
    query: str = "",
    *,
    model: int | None = None,
    customer: int | None = None,
    batch: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Unit]:
    """Newest first, before id `before`: by how the serial begins, or a part of the product's name."""
    found = visible_units(viewer).select_related("model", "customer", "site", "replaced_by")
    if query := people.typed(query, 80):
        found = found.filter(
            people.begins("serial", query) | Q(product__contains=query) | Q(brand__contains=query)
        )
    if model:
        found = found.filter(model=model)
    if customer:
        found = found.filter(customer=customer)
    if batch:
        found = found.filter(batch=batch)
    if before:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:limit])


def unit(viewer: Actor, pk: int) -> Unit:
    """With model, owner and place. Raises Unit.DoesNotExist when the viewer may not see it."""
    return (
        visible_units(viewer)
        .select_related("model__skill", "customer", "site", "replaced_by", "replaces")
        .get(pk=pk)
    )


def warranty_until(serial: str, viewer: Actor = ANONYMOUS) -> dt.date | None:
    """C3.3: the last day of the warranty by law or promise, for anybody; None where the number alone cannot say it.

    One unit must have it, not exchanged, with a purchase date: whatever else, the answer is the same.
    """
    found = list(
        Unit.objects.filter(serial=serial, replaced_by=None).select_related("model", "customer", "site")[:2]
    )
    if len(found) != 1 or found[0].purchase_date is None:
        return None
    unit = found[0]
    return coverage.until(unit, unit.purchase_date)


def imports(viewer: Actor, limit: int = 20) -> list[UnitImport]:
    """One's own files of units, newest first; all for managers and administrators."""
    return list(_imports(viewer).select_related("staff").order_by("-pk")[:limit])


def unit_import(viewer: Actor, pk: int) -> UnitImport:
    """Raises UnitImport.DoesNotExist."""
    return _imports(viewer).select_related("staff").get(pk=pk)


def refusals(viewer: Actor, found: UnitImport, after: int = 0, limit: int = 200) -> list[RefusedUnit]:
    """By row; `after`: beyond the one with this id."""
    rows = RefusedUnit.objects.filter(batch=found, batch__in=_imports(viewer), pk__gt=after)
    return list(rows.order_by("pk")[:limit])


def _imports(viewer: Actor) -> QuerySet[UnitImport]:
    if viewer.has("manager", "administrator"):
        return UnitImport.objects.all()
    return UnitImport.objects.filter(staff=viewer.staff_id or 0)
