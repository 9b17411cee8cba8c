"""C4.5: what helps to fill in a quote: the rows of the price list in force, and the lines it may begin with."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from baoxiu.cases.models import Case
from baoxiu.charges import queries as charges
from baoxiu.charges.models import PriceItem, PriceList, Quote, QuoteLine
from baoxiu.faces.common.display import cash, is_chinese, say, word
from baoxiu.people.actors import Actor
from baoxiu.sop import codes

QUOTING = frozenset({"quote", "submit_quote"})
MOST = 400  # rows in one choice


def currency_of(viewer: Actor, case: Case, quotes: list[Quote] | None = None) -> str:
    """What the case is quoted in: as before, else the first currency there are prices for."""
    earlier = charges.of_case(viewer, case) if quotes is None else quotes
    return earlier[0].currency if earlier else codes.CURRENCIES[0]


def prices(viewer: Actor, case: Case, now: dt.datetime) -> PriceList | None:
    return charges.in_force(viewer, currency_of(viewer, case), now)


def choices(viewer: Actor, case: Case, now: dt.datetime) -> dict[str, list[tuple[str, str]]]:
    """The rows that fit the product, as options of a line."""
    found = prices(viewer, case, now)
    return (
        {"price_item": [(i.code, label(i)) for i in charges.fitting(viewer, case, found, MOST)]}
        if found
        else {}
    )


def initial(viewer: Actor, case: Case, now: dt.datetime) -> dict[str, Any]:
    """Currency, and the lines the diagnosis and the place call for."""
    found = prices(viewer, case, now)
    start: dict[str, Any] = {"currency": currency_of(viewer, case)}
    if found:
        start["lines"] = [{"item": i.code, "kind": i.kind} for i in charges.proposal(viewer, case, found)]
    return start


def to_book(viewer: Actor, case: Case, noun: str) -> dict[str, Any]:
    """The amount a payment or refund is likely to have."""
    balance = charges.balance(viewer, case)
    return {
        "amount": balance.due if noun == "payment" else max(-balance.due, balance.due * 0) or balance.kept
    }


def ways() -> list[tuple[str, str]]:
    """How money changes hands before somebody's eyes; what is paid online the gateway says itself."""
    return [(code, word("PAYMENT_WAYS", code)) for code in codes.PAYMENT_WAYS if code != "online"]


def label(item: PriceItem) -> str:
    name = item.name if is_chinese() or not item.name_en else item.name_en
    price = f"{cash(item.price, item.price_list.currency)} {word('PRICE_UNITS', item.unit)}"
    return " · ".join(part for part in (word("LINE_KINDS", item.kind), name, item.zone, price) if part)


def options(quote: Quote | None) -> list[tuple[str, str]]:
    """The alternatives of a quote with what each costs; none where there is one way only."""
    return [
        (code, f"{word('QUOTE_OPTIONS', code)}: {cash(sum_.total, quote.currency)}")
        for code, sum_ in (quote.sums() if quote else {}).items()
        if quote and code
    ]


class ToPay(NamedTuple):
    option: str
    name: str
    total: str
    tax: str
    words: str


def line(row: QuoteLine) -> dict[str, Any]:
    reason = row.reason if row.reason not in ("", "covered", "not_covered") or row.is_free else ""
    return {
        "text": row.text, "kind": row.kind, "quantity": _plain(row.quantity), "price": row.price, "is_free": row.is_free,
        "full": row.full, "reason": word("CHARGE_REASONS", reason) if reason else "",
        "option": word("QUOTE_OPTIONS", row.option) if row.option else "",
    }  # fmt: skip


def to_pay(found: Quote | None) -> list[ToPay]:
    """What each alternative costs, with the sentence the customer would agree to."""
    return [
        ToPay(
            option, word("QUOTE_OPTIONS", option) if option else "", cash(s.total, found.currency),
            cash(s.tax, found.currency) if s.tax else "", say(found.words(s.total, "accepted")),
        )
        for option, s in (found.sums() if found else {}).items() if found
    ]  # fmt: skip


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
