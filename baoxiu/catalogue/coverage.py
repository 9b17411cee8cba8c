"""C3.3: what a unit is covered by as it stands – law and promise –, before anybody claims anything."""

from __future__ import annotations

import datetime as dt

from baoxiu.catalogue.models import Unit
from baoxiu.lib import workdays
from baoxiu.people.models import Customer, Site
from baoxiu.sop.entitlement import engine, places
from baoxiu.sop.entitlement.claim import Claim, Promise
from baoxiu.sop.entitlement.verdict import Verdict

TABLE = workdays.shipped("CN")


def promises(unit: Unit | None) -> list[Promise]:
    """What the company promised for the unit: its model's months, a year where nothing is said."""
    model = unit.model if unit else None
    return [Promise(months=model.warranty_months if model else 12)]


def standing(
    unit: Unit | None, today: dt.date, customer: Customer | None, site: Site | None
) -> Verdict | None:
    """The coverages of a unit as they stand `today`, fault and repairs left out; None without a purchase date."""
    if unit is None or unit.purchase_date is None or unit.purchase_date > today:
        return None
    claim = Claim(
        jurisdiction=places.jurisdiction(site.country, site.province) if site else "CN",
        buyer="business" if customer and customer.is_company else "consumer",
        product_class=unit.model.law_class if unit.model else "",
        sold_on=unit.purchase_date,
        claim_on=today,
        promises=promises(unit),
    )
    return engine.decide(claim, TABLE)


def covered_until(verdict: Verdict | None) -> dt.date | None:
    """The last day on which the whole unit is covered by somebody; None where nothing is said."""
    ends = [c.end for c in verdict.covers if c.end and not c.parts] if verdict else []
    return max(ends, default=None)
