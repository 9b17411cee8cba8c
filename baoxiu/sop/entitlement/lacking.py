"""C3: which facts of the product would say more – named where they are missing, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baoxiu.sop.entitlement.products import find
from baoxiu.sop.text import Text

NAMES = {
    "sold_on": Text("purchase date", "购买日期"),
    "delivered_on": Text("day of delivery (who proves the defect)", "交付日期（举证责任）"),
    "installed_on": Text("day of installation (the warranty begins then)", "安装日期（保修起算）"),
    "proof": Text(
        "proof of purchase (without it the warranty may be refused)", "购买凭证（无凭证可能不予三包）"
    ),
    "price": Text("price paid (refund and fee)", "价款（退款与折旧费）"),
}
# families whose rule lets the seller ask for card or invoice (95-011 and its twins)
_PROVED = frozenset({"household", "mobile", "pc"})
_MONEY = frozenset({"EXCHANGE_FREE", "REFUND_FULL", "REFUND_LESS_DEP"})


def facts(unit: Mapping[str, Any], options: tuple[str, ...] = ()) -> list[Text]:
    """`unit`: product_class, sold_on, delivered_on, installed_on, price, proof, factory_on; `options`: what the
    customer may have. The day it was made stands in for a proof."""
    row = find(unit.get("product_class") or "")
    wanted = ["sold_on"]
    if row and row.durable:
        wanted.append("delivered_on")
    if row and row.from_installation:
        wanted.append("installed_on")
    if row and row.family in _PROVED and not unit.get("factory_on"):
        wanted.append("proof")
    if _MONEY & set(options):
        wanted.append("price")
    return [NAMES[name] for name in wanted if unit.get(name) in (None, "")]
