"""C3.2, C4.5: prices and quotes as their readers see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from baoxiu.cases.models import Case, JournalEntry
from baoxiu.charges import balances
from baoxiu.charges.models import Booking, Consent, PriceItem, PriceList, Quote
from baoxiu.charges.records import ItemRecord
from baoxiu.lib import csvsafe, money
from baoxiu.lib.money import ZERO
from baoxiu.people.actors import Actor
from baoxiu.sop import charges

READERS = ("agent", "dispatcher", "engineer", "station_head", "account_manager", "manager", "administrator")


def of_case(viewer: Actor, case: Case) -> list[Quote]:
    """Every version with lines and answer, newest first; the customer's side sees what was sent to it."""
    found = Quote.objects.filter(case__in=Case.objects.visible_to(viewer).filter(pk=case.pk))
    if viewer.kind in ("link", "integration"):
        found = found.exclude(sent_at=None)
    return list(
        found.select_related("consent", "price_list", "case").prefetch_related("lines").order_by("-version")
    )


def current(viewer: Actor, case: Case) -> Quote | None:
    """The newest version, whatever became of it."""
    return next(iter(of_case(viewer, case)), None)


# -- money -------------------------------------------------------------------------------------


def balance(viewer: Actor, case: Case) -> charges.Balance:
    """What the case costs, what was paid, what is due."""
    seen = Case.objects.visible_to(viewer).filter(pk=case.pk).exists()
    return balances.of(case) if seen else charges.Balance()


def bookings(viewer: Actor, case: Case) -> list[Booking]:
    """Payments, refunds and waivers, oldest first."""
    return list(Booking.objects.filter(case__in=Case.objects.visible_to(viewer).filter(pk=case.pk)))


def booking(viewer: Actor, case: Case, pk: int) -> Booking:
    """Raises Booking.DoesNotExist."""
    seen = Case.objects.visible_to(viewer).filter(pk=case.pk)
    return Booking.objects.get(pk=pk, case__in=seen)


@dataclass(frozen=True, slots=True)
class Takings:
    """One currency's money in a period: agreed by customers, and booked by kind and way."""

    currency: str
    agreed: Decimal
    quotes: int
    booked: dict[str, Decimal]  # "payment cash" → sum

    def of(self, kind: str) -> Decimal:
        return sum((amount for name, amount in self.booked.items() if name.split()[0] == kind), ZERO)


def takings(viewer: Actor, since: dt.datetime, until: dt.datetime) -> list[Takings]:
    """By currency, never added up across them. For managers."""
    if viewer.kind != "system" and not viewer.has("manager"):
        return []
    agreed = (
        Consent.objects.filter(outcome="accepted", at__gte=since, at__lt=until)
        .values_list("quote__currency")
        .annotate(sum=Sum(Coalesce("amount", "quote__total")), count=Count("pk"))
    )
    booked = (
        Booking.objects.filter(at__gte=since, at__lt=until)
        .order_by()
        .values_list("currency", "kind", "way")
        .annotate(sum=Sum("amount"))
    )
    sums = {currency: (money.rounded(sum_, currency), count) for currency, sum_, count in agreed}
    found: dict[str, dict[str, Decimal]] = {}
    for currency, kind, way, sum_ in booked:
        found.setdefault(currency, {})[f"{kind} {way}".strip()] = money.rounded(sum_, currency)
    return [
        Takings(currency, *sums.get(currency, (ZERO, 0)), found.get(currency, {}))
        for currency in sorted({*sums, *found})
    ]


# -- prices ------------------------------------------------------------------------------------


def _may_read(viewer: Actor) -> bool:
    return viewer.kind == "system" or (viewer.kind == "staff" and viewer.has(*READERS))


def price_lists(viewer: Actor, limit: int = 200) -> list[PriceList]:
    """Every version, by currency, newest first, with `rows` of each."""
    if not _may_read(viewer):
        return []
    found = PriceList.objects.annotate(rows=Count("items"))
    return list(found.order_by("currency", "-version")[:limit])


def price_list(viewer: Actor, pk: int) -> PriceList:
    """With its items. Raises PriceList.DoesNotExist."""
    if not _may_read(viewer):
        raise PriceList.DoesNotExist
    return PriceList.objects.prefetch_related("items").get(pk=pk)


COLUMNS = tuple(ItemRecord.model_fields)


def sheet(viewer: Actor, prices: PriceList) -> Iterator[str]:
    """The rows as CSV, line by line; what a spreadsheet would run as a formula is plain text."""
    items = prices.items.all() if _may_read(viewer) else ()
    rows = ([{"code": i.code, **i.meaning()}[name] for name in COLUMNS] for i in items)
    return csvsafe.lines([list(COLUMNS), *rows])


def item(viewer: Actor, pk: int) -> PriceItem:
    """Raises PriceItem.DoesNotExist."""
    if not _may_read(viewer):
        raise PriceItem.DoesNotExist
    return PriceItem.objects.select_related("price_list").get(pk=pk)


def in_force(viewer: Actor, currency: str, now: dt.datetime) -> PriceList | None:
    return PriceList.objects.in_force(currency, now) if _may_read(viewer) else None


def before(viewer: Actor, prices: PriceList) -> PriceList | None:
    """The published version a version follows."""
    if not _may_read(viewer):
        return None
    earlier = PriceList.objects.filter(
        currency=prices.currency, status="published", version__lt=prices.version
    )
    return earlier.prefetch_related("items").order_by("-version").first()


def changes(viewer: Actor, prices: PriceList) -> list[charges.Change]:
    """What a version changes, row by row, against the one it follows; all rows are new where it is the first."""
    earlier = before(viewer, prices)
    old = {i.code: i.meaning() for i in earlier.items.all()} if earlier else {}
    return charges.compare(old, {i.code: i.meaning() for i in prices.items.all()})


@dataclass(frozen=True, slots=True)
class Impact:
    """What recent quotes made from the price list would cost under another version."""

    quotes: int = 0
    before: Decimal = ZERO
    after: Decimal = ZERO
    missing: int = 0  # lines whose row is gone


RECENT = dt.timedelta(days=90)


def impact(viewer: Actor, prices: PriceList, now: dt.datetime, limit: int = 200) -> Impact:
    """Lines by hand stay as they are; a row that is gone counts at its old price. One currency only."""
    if not _may_read(viewer):
        return Impact()
    recent = Quote.objects.filter(
        currency=prices.currency, sent_at__gte=now - RECENT, price_list__isnull=False
    ).prefetch_related("lines").order_by("-id")[:limit]  # fmt: skip
    rows = {i.code: i for i in prices.items.all()}
    old = new = ZERO
    missing = 0
    for quote in recent:
        lines = [line.priced() for line in quote.lines.all() if line.option in ("", "A")]
        missing += sum(1 for line in lines if line.item and line.item not in rows)
        again = [replace(line, price=rows[line.item].price) if line.item in rows else line for line in lines]
        for given, sums in ((lines, "old"), (again, "new")):
            found = sum(
                (charges.line_sum(n, quote.currency, tax_included=quote.tax_included).total for n in given),
                ZERO,
            )
            old, new = (old + found, new) if sums == "old" else (old, new + found)
    return Impact(len(recent), old, new, missing)


def fitting(viewer: Actor, case: Case, prices: PriceList, limit: int) -> list[PriceItem]:
    """The rows for this product's class and model, or for any."""
    if not _may_read(viewer):
        return []
    unit = case.unit
    of_class, of_model = (
        ["", unit.product_class if unit else ""],
        ["", unit.model.code if unit and unit.model else ""],
    )
    found = prices.items.filter(product_class__in=of_class, model__in=of_model)
    return list(found.select_related("price_list")[:limit])


def proposal(viewer: Actor, case: Case, prices: PriceList) -> list[PriceItem]:
    """The rows a quote for this case begins with: the labour of the planned remedy, the travel to the site."""
    if not Case.objects.visible_to(viewer).filter(pk=case.pk).exists():
        return []
    found = JournalEntry.objects.filter(case=case, step="diagnose").order_by("-no").first()
    unit, site = case.unit, case.site
    wanted = charges.Wanted(
        remedy=str(found.body["data"].get("remedy", "")) if found else "",
        product_class=unit.product_class if unit else "",
        model=unit.model.code if unit and unit.model else "",
        place=f"{site.province}{site.city}{site.district}"
        if site and case.facts["venue"] == "onsite"
        else "",
    )
    rows = {i.code: i for i in prices.items.filter(kind__in=("labour", "travel"))}
    asked = [charges.Item(i.code, i.kind, i.remedy, i.product_class, i.model, i.zone) for i in rows.values()]
    return [rows[code] for code in charges.proposed(asked, wanted)]
