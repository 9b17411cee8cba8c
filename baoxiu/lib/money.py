"""Exact money: decimals, one rounding rule, each currency with its smallest coin."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

# digits behind the point; every other currency has two (ISO 4217)
DIGITS = {"JPY": 0, "KRW": 0}
ZERO = Decimal(0)


class MixedCurrencies(ValueError):
    """Amounts of different currencies are never added."""


def digits(currency: str) -> int:
    return DIGITS.get(currency, 2)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Half up to the currency's smallest coin: 0.005 → 0.01, never the banker's even digit."""
    return amount.quantize(Decimal(1).scaleb(-digits(currency)), ROUND_HALF_UP)


def is_exact(amount: Decimal, currency: str) -> bool:
    """Whether the amount can be paid in coins of the currency."""
    return amount == rounded(amount, currency)


def minor(amount: Decimal, currency: str) -> int:
    """The amount in smallest coins: 12.30 CNY → 1230, 500 JPY → 500."""
    return int(rounded(amount, currency).scaleb(digits(currency)))


def from_minor(coins: int, currency: str) -> Decimal:
    return Decimal(coins).scaleb(-digits(currency))


def plain(amount: Decimal, currency: str) -> str:
    """`1234.50`, `500`: for machines, hashes and messages."""
    return f"{rounded(amount, currency):.{digits(currency)}f}"


# a currency's sign in an English and in a Chinese text, where it is not its code
SIGNS = {
    "CNY": ("CN¥", "¥"), "EUR": ("€", "€"), "GBP": ("£", "£"), "USD": ("$", "US$"), "JPY": ("¥", "JP¥"),
    "AUD": ("A$", "AU$"), "CAD": ("CA$", "CA$"), "HKD": ("HK$", "HK$"), "KRW": ("₩", "₩"),
}  # fmt: skip


def shown(amount: Decimal, currency: str, language: str) -> str:
    """`¥1,234.50` for people; `language`: zh, or any other for English. In every sentence and on every page the same."""
    sign = SIGNS.get(currency, (currency, currency))[language == "zh"]
    value = rounded(amount, currency)
    return f"{'-' if value < 0 else ''}{sign}{abs(value):,.{digits(currency)}f}"


def total(amounts: Iterable[tuple[Decimal, str]]) -> tuple[Decimal, str]:
    """(sum, currency). Raises MixedCurrencies; nothing at all is 0 of no currency."""
    given = list(amounts)
    if len(currencies := {currency for _, currency in given}) > 1:
        raise MixedCurrencies(", ".join(sorted(currencies)))
    return sum((amount for amount, _ in given), ZERO), next(iter(currencies), "")
