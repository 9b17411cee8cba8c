"""C3.2, C6.2: work that was recorded is valued by the price list in force, so that free repairs have a cost."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from baoxiu.cases.models import Case
from baoxiu.cases.steps import Taking, beside
from baoxiu.charges.models import PriceList, Quote
from baoxiu.sop import codes, payloads, worth


@beside("work")
def _value_work(taking: Taking, payload: payloads.Work) -> None:
    """Into the journal, whoever pays: that may be decided again. Nothing where the list has no row for it."""
    prices = _list_of(taking.case, taking.now)
    if prices is None:
        return
    unit = taking.case.unit
    codes_of_parts = [part.number for part in payload.parts]
    fits = Q(kind="labour", remedy__in=("", payload.remedy)) & Q(
        product_class__in=("", unit.product_class if unit else ""),
        model__in=("", unit.model.code if unit and unit.model else ""),
    )
    rows = [
        worth.Row(i.code, i.kind, i.price, i.unit, i.remedy, i.product_class, i.model)
        for i in prices.items.filter(fits | Q(kind="part", code__in=codes_of_parts))
    ]
    found = worth.work(
        rows, prices.currency, remedy=payload.remedy, minutes=payload.minutes,
        parts=[(part.number, part.quantity) for part in payload.parts],
    )  # fmt: skip
    if found:
        taking.data["worth"] = found


def _list_of(case: Case, now: dt.datetime) -> PriceList | None:
    """In the currency the case is quoted in, else the first one there are prices for."""
    currency = Quote.objects.filter(case=case).values_list("currency", flat=True).first()
    if currency is None:
        published = PriceList.objects.filter(status="published", in_force_from__lte=now)
        known = set(published.values_list("currency", flat=True))
        currency = next((c for c in codes.CURRENCIES if c in known), None)
    return PriceList.objects.in_force(currency, now) if currency else None
