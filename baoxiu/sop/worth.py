"""C3.2, C6.2: what a repair is worth by the price list – what a free one costs the company. Pure arithmetic.

Parts by their numbers, labour by the row of the remedy, else by the hour. Travel is not valued. Where a part or the
labour has no row nothing is known, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from baoxiu.lib import money
from baoxiu.lib.money import ZERO

HOUR = 60


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the price list as far as it decides."""

    code: str
    kind: str
    price: Decimal
    unit: str = "job"
    remedy: str = ""
    product_class: str = ""
    model: str = ""


def work(
    rows: Iterable[Row], currency: str, *, remedy: str, minutes: int, parts: Iterable[tuple[str, int]]
) -> dict[str, str] | None:
    """One piece of work: currency, parts, labour, and whether that is for the `job` or by the `hour`. None: not known."""
    rows = list(rows)
    pieces = {row.code: row.price for row in rows if row.kind == "part"}
    total = ZERO
    for number, quantity in parts:
        if number not in pieces:
            return None
        total += money.rounded(pieces[number] * quantity, currency)
    labour = [
        row for row in rows
        if row.kind == "labour" and (row.remedy == remedy or (not row.remedy and row.unit == "hour"))
    ]  # fmt: skip
    best = max(
        labour, key=lambda r: (bool(r.remedy), bool(r.model), bool(r.product_class), r.code), default=None
    )
    if best is None:
        return None
    by_hour = best.unit == "hour"
    price = best.price * minutes / HOUR if by_hour else best.price
    return {
        "currency": currency,
        "parts": money.plain(total, currency),
        "labour": money.plain(price, currency),
        "per": "hour" if by_hour else "job",
    }


@dataclass
class Spent:
    """The work of a case, told entry by entry. Labour by the job counts once a round, the dearest."""

    works: int = 0
    currency: str = ""
    is_known: bool = True
    total: Decimal = ZERO  # parts, and labour by the hour
    _jobs: list[Decimal] = field(default_factory=lambda: [ZERO])  # by round

    def add(self, worth: Mapping[str, Any] | None) -> None:
        """None: work that could not be valued."""
        self.works += 1
        if not worth or self.currency not in ("", worth["currency"]):
            self.is_known = False
            return
        self.currency = worth["currency"]
        labour = Decimal(worth["labour"])
        self.total += Decimal(worth["parts"])
        if worth["per"] == "hour":
            self.total += labour
        else:
            self._jobs[-1] = max(self._jobs[-1], labour)

    def next_round(self) -> None:
        self._jobs.append(ZERO)

    @property
    def amount(self) -> Decimal:
        return self.total + sum(self._jobs, ZERO)
