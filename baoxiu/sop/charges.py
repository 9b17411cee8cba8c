"""C3.2, C3.4, C4.5: what is charged and how it adds up; pure arithmetic, no price is kept here.

Every line is rounded on its own, half up, to the currency's smallest coin; tax is taken per line, so
that the printed lines always add up to the printed total. Currencies are never mixed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from baoxiu.lib import money
from baoxiu.lib.money import ZERO
from baoxiu.sop import codes
from baoxiu.sop.text import Text

FREE_REASONS = ("covered", "statute", "contract", "goodwill", "recall")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as priced. `option`: "" belongs to every alternative, else to that one alone."""

    kind: str
    text: str
    quantity: Decimal
    price: Decimal
    is_free: bool = False
    reason: str = ""
    tax_rate: Decimal = ZERO  # per cent
    option: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """net + tax = total, to the coin."""

    net: Decimal = ZERO
    tax: Decimal = ZERO
    total: Decimal = ZERO

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.net + other.net, self.tax + other.tax, self.total + other.total)


def line_sum(line: Line, currency: str, *, tax_included: bool = True) -> Sum:
    """What one line costs; nothing when it is free. Prices hold the tax or it comes on top."""
    if line.is_free:
        return Sum()
    amount = money.rounded(line.quantity * line.price, currency)
    if not line.tax_rate:
        return Sum(amount, ZERO, amount)
    if tax_included:
        net = money.rounded(amount / (1 + line.tax_rate / 100), currency)
        return Sum(net, amount - net, amount)
    tax = money.rounded(amount * line.tax_rate / 100, currency)
    return Sum(amount, tax, amount + tax)


def options(lines: Iterable[Line]) -> tuple[str, ...]:
    """The alternatives offered; none: there is one way only."""
    return tuple(sorted({line.option for line in lines} - {""}))


def sums(lines: Sequence[Line], currency: str, *, tax_included: bool = True) -> dict[str, Sum]:
    """Alternative → sum; `{"": sum}` where there is one way only."""
    return {
        option: sum(
            (line_sum(n, currency, tax_included=tax_included) for n in lines if n.option in ("", option)),
            Sum(),
        )
        for option in options(lines) or ("",)
    }


def reason_of(line_reason: str, is_free: bool) -> str:
    """Each line is free or charged for a reason: the one given, else the plain one."""
    return line_reason or ("covered" if is_free else "not_covered")


def fits(reason: str, is_free: bool) -> bool:
    return not reason or (reason in FREE_REASONS) == is_free


def minimum_gap(charged: Decimal, minimum: Decimal) -> Decimal:
    """What is missing to the minimum charge; nothing where nothing is charged at all."""
    return max(minimum - charged, ZERO) if charged > 0 else ZERO


def needs_approval(totals: Iterable[Decimal], limit: Decimal | None) -> bool:
    """Whether somebody inside must agree before the customer sees the quote."""
    return limit is not None and max(totals, default=ZERO) > limit


def said(amount: Decimal, currency: str) -> Text:
    """An amount in a sentence."""
    return Text(money.shown(amount, currency, "en"), money.shown(amount, currency, "zh"))


def consent_words(number: str, version: int, amount: Text, outcome: str) -> Text:
    """The very sentence the customer agrees to or declines."""
    if outcome == "accepted":
        return Text(
            f"I have read quote {number}, version {version}, and agree that the work in it is done for {amount.en}.",
            f"本人已阅读服务单{number}的第{version}版报价，同意按该报价维修，费用为{amount.zh}。",
        )
    return Text(
        f"I have read quote {number}, version {version}, and decline it; nothing in it is done or charged.",
        f"本人已阅读服务单{number}的第{version}版报价，不同意该报价；不维修，不收费。",
    )


def is_drawn(signature: str) -> bool:
    """Whether a signature holds a line: points as the pad writes them, two at least."""
    return len(re.findall(r"\[\s*-?\d+(?:\.\d+)?\s*,\s*-?\d+(?:\.\d+)?", signature)) > 1


def on_device(shown: str, sha256: str, signature: str) -> tuple[str, Text] | None:
    """Why a consent on the engineer's device does not count: (field, words). The customer saw these words and signed."""
    if shown != sha256:
        return "version", Text(
            "Show the customer this very quote; then it is signed.", "须向客户出示本报价原文后再签字。"
        )
    if not is_drawn(signature):
        return "signature", Text("The customer signs on the device.", "须由客户在设备上签字。")
    return None


# -- what is owed -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agreed:
    """An accepted quote: the entry it was made with, and how much was agreed."""

    entry_no: int
    amount: Decimal


def billed(agreed: Iterable[Agreed], rounds: Sequence[int]) -> Decimal:
    """In each round of a case the last accepted quote counts: a changed scope replaces the one before.

    `rounds`: the numbers of the entries that began them, rising.
    """
    last: dict[int, Agreed] = {}
    for quote in sorted(agreed, key=lambda q: q.entry_no):
        last[sum(1 for start in rounds if start <= quote.entry_no)] = quote
    return sum((quote.amount for quote in last.values()), ZERO)


@dataclass(frozen=True, slots=True)
class Balance:
    """A case's money, in one currency. `due` below zero: the customer gets money back."""

    currency: str = ""
    billed: Decimal = ZERO
    waived: Decimal = ZERO
    paid: Decimal = ZERO
    refunded: Decimal = ZERO

    @property
    def due(self) -> Decimal:
        return self.billed - self.waived - self.paid + self.refunded

    @property
    def kept(self) -> Decimal:
        """What was paid and not given back."""
        return self.paid - self.refunded


# -- price lists ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions of a price list."""

    code: str
    kind: str  # added | removed | changed
    before: Mapping[str, str]
    after: Mapping[str, str]
    percent: Decimal | None = None  # of the price

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(n for n in self.after if self.before.get(n) != self.after[n])


def compare(old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]) -> list[Change]:
    """By code: what came, what went, what is different; `price` is compared in per cent, half up."""
    found = []
    for code in sorted({*old, *new}):
        before, after = old.get(code, {}), new.get(code, {})
        if before == after:
            continue
        kind = "changed" if before and after else "added" if after else "removed"
        percent = None
        if kind == "changed" and Decimal(before["price"]) and before["price"] != after["price"]:
            percent = money.rounded(
                (Decimal(after["price"]) / Decimal(before["price"]) - 1) * 100, "CNY"
            ).normalize()
        found.append(Change(code, kind, before, after, percent))
    return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a case asks of the price list: the planned remedy, the model, and where it stands."""

    remedy: str
    product_class: str
    model: str
    place: str  # the address as one text; "" in the depot


@dataclass(frozen=True, slots=True)
class Item:
    """The part of a price list's row that decides whether it is proposed."""

    code: str
    kind: str
    remedy: str = ""
    product_class: str = ""
    model: str = ""
    zone: str = ""


def proposed(items: Iterable[Item], wanted: Wanted) -> list[str]:
    """The codes to begin a quote with: the labour that fits best, and the travel of the nearest zone."""
    rows = [
        i for i in items if i.product_class in ("", wanted.product_class) and i.model in ("", wanted.model)
    ]
    labour = [i for i in rows if i.kind == "labour" and i.remedy == wanted.remedy]
    travel = [
        i for i in rows if i.kind == "travel" and wanted.place and (not i.zone or i.zone in wanted.place)
    ]
    best = [
        max(labour, key=lambda i: (bool(i.model), bool(i.product_class), i.code), default=None),
        max(travel, key=lambda i: (len(i.zone), i.code), default=None),
    ]
    return [i.code for i in best if i]


assert set(FREE_REASONS) <= set(codes.CHARGE_REASONS)
