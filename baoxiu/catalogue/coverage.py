"""C3.3: what a unit is covered by as it stands – law and promise –, before anybody claims anything."""

from __future__ import annotations

import datetime as dt
from typing import Any

from baoxiu.catalogue.models import ProductModel, Unit
from baoxiu.lib import workdays
from baoxiu.people.models import Customer, Site
from baoxiu.sop.entitlement import engine, places
from baoxiu.sop.entitlement.claim import Claim, Promise
from baoxiu.sop.entitlement.verdict import Verdict
from baoxiu.sop.warranty import Goods
from baoxiu.terms import laid_down, warranty

TABLE = workdays.shipped("CN")


def promises(
    unit: Unit | None,
    sold_on: dt.date | None,
    today: dt.date,
    known: tuple[warranty.Version, ...] | None = None,
) -> list[Promise]:
    """C7: what was promised for the unit: the warranty terms of the day it was sold, and its maker's own promise."""
    delivered = unit.delivered_date if unit else None
    terms = warranty.promised(goods(unit), sold_on=sold_on, today=today, delivered_on=delivered, known=known)
    return [*terms, *of_maker(unit)]


def goods(unit: Unit | None) -> Goods:
    """The unit as the limits of a coverage see it."""
    model = unit.model if unit else None
    return Goods(
        unit.product_class if unit else "", model.law_class if model else "", model.code if model else ""
    )


def facts(unit: Unit | None) -> dict[str, Any]:
    """What a claim takes from the unit's record, the purchase date aside."""
    if unit is None:
        return {}
    return {
        "product_class": unit.model.law_class if unit.model else "",
        "delivered_on": unit.delivered_date,
        "installed_on": unit.installed_date,
        "factory_on": unit.made_date,
        "price": unit.price,
        "currency": unit.currency,
        "proof": unit.proof,
    }


def of_maker(unit: Unit | None) -> list[Promise]:
    """What the model's maker promises by itself."""
    model = unit.model if unit else None
    if model is None or model.warranty_months is None:
        return []
    return [Promise(source="maker", name=model.code, months=model.warranty_months)]


def sold() -> list[Goods]:
    """The classes of goods the company sells, as the law is asked about them."""
    rows = ProductModel.objects.filter(is_active=True).values_list("product_class", "law_class").distinct()
    return [Goods(product_class, law_class) for product_class, law_class in rows]


def standing(
    unit: Unit | None, today: dt.date, customer: Customer | None, site: Site | None
) -> Verdict | None:
    """The coverages of a unit as they stand `today`, fault and repairs left out; None without a purchase date."""
    if unit is None or unit.purchase_date is None or unit.purchase_date > today:
        return None
    published, off = laid_down.read()
    claim = Claim(
        jurisdiction=places.jurisdiction(site.country, site.province) if site else "CN",
        buyer="business" if customer and customer.is_company else "consumer",
        sold_on=unit.purchase_date,
        **facts(unit),
        claim_on=today,
        promises=promises(unit, unit.purchase_date, today, published),
    )
    return engine.decide(claim, TABLE, off)


def covered_until(verdict: Verdict | None) -> dt.date | None:
    """The last day on which the whole unit is covered by somebody; None where nothing is said."""
    ends = [c.end for c in verdict.covers if c.end and not c.parts] if verdict else []
    return max(ends, default=None)


def until(unit: Unit, today: dt.date) -> dt.date | None:
    """The last day of the warranty as law and promise say, seen `today`."""
    return covered_until(standing(unit, today, unit.customer, unit.site))
