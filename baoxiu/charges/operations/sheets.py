"""C3.2: a price list from a table into a draft, all rows or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from baoxiu.charges.models import PriceList
from baoxiu.charges.operations import prices as lists
from baoxiu.charges.records import ItemList, ItemRecord, NewList
from baoxiu.lib import money, tables
from baoxiu.people.actors import Actor
from baoxiu.people.rules import need
from baoxiu.sop.text import Text

COLUMNS = tuple(ItemRecord.model_fields)
NEEDED = ("code", "name", "price")
MOST = 5000


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot stand, by its number under the header."""

    row: int
    column: str
    reason: Text


class BadRows(ValueError):
    """Rows are wrong; nothing was changed."""

    def __init__(self, refused: list[Refused]) -> None:
        super().__init__(f"{len(refused)} rows are wrong")
        self.refused = refused


def load(
    prices: PriceList, rows: Iterable[tuple[int, tables.Row]], *, by: Actor, now: dt.datetime
) -> PriceList:  # fmt: skip
    """The rows instead of those of the currency's draft; a draft is begun where there is none.

    Raises Denied, BadRows, tables.BadTable (more than 5,000 rows, a column missing).
    """
    need(by, *lists.PRICE_KEEPERS)
    found, refused, at = [], list[Refused](), dict[str, int]()
    for number, row in rows:
        if number == 1 and (missing := [c for c in NEEDED if c not in row]):
            raise tables.lacking(missing)
        if number > MOST:
            raise tables.BadTable(f"more than {MOST:,} rows", f"超过{MOST:,}行")
        item = _read(prices.currency, number, row, refused)
        if item is None:
            continue
        if first := at.get(item.code):
            refused.append(
                Refused(
                    number,
                    "code",
                    Text(f"“{item.code}” stands in row {first} too", f"“{item.code}”与第{first}行重复"),
                )
            )
        at.setdefault(item.code, number)
        found.append(item)
    if refused:
        raise BadRows(refused)
    draft = lists.draft(NewList(currency=prices.currency), by=by, now=now)
    return lists.load_items(draft, ItemList(items=found), by=by, now=now)


def _read(currency: str, number: int, row: tables.Row, refused: list[Refused]) -> ItemRecord | None:
    try:
        item = ItemRecord.model_validate({name: row[name] for name in COLUMNS if row.get(name)})
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False)[:3]:
            column = str(detail["loc"][0]) if detail["loc"] else ""
            refused.append(
                Refused(
                    number, column, Text(f"not readable: {detail['msg']}"[:200], "无法识别，请检查格式。")
                )
            )
        return None
    if not money.is_exact(item.price, currency):
        refused.append(
            Refused(
                number, "price", Text(f"{currency} has no such small coins", f"{currency}没有这么小的单位")
            )
        )
        return None
    return item
