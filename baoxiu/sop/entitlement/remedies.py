"""C3.1: what the customer may choose today instead of one more repair, with every sum, before the choice is made.

The fee for use of the law's families is the engine's own (95-008 and its twins); here it is put into words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal

from baoxiu.lib import canonical
from baoxiu.sop.entitlement import engine
from baoxiu.sop.entitlement.claim import Claim
from baoxiu.sop.entitlement.days import WorkingDays
from baoxiu.sop.entitlement.rules import BREACH, COUNT, OVERLAY, WINDOW, Finding
from baoxiu.sop.entitlement.verdict import Verdict
from baoxiu.sop.text import Text

FULL, LESS, EXCHANGE = frozenset({"REFUND_FULL", "REJECT_FULL_REFUND"}), "REFUND_LESS_DEP", "EXCHANGE_FREE"
GO_ON = Text(
    "Go on with the repair; exchange and refund are not asked for now.", "继续修理，暂不要求换货或退货。"
)


@dataclass(frozen=True, slots=True)
class Remedy:
    """One choice. Amounts in CNY (only China's law has the fee), to the fen; None: not known."""

    choice: str  # exchange | refund | continue
    words: Text
    price: Decimal | None = None
    fee: Decimal | None = None
    refund: Decimal | None = None
    days: int | None = None
    rule: str = ""

    @property
    def is_known(self) -> bool:
        """Whether every sum is said; what is not cannot be agreed to."""
        return self.choice != "refund" or self.refund is not None


def offered(claim: Claim, table: WorkingDays | None = None, off: Set[str] = engine.WEAK) -> list[Remedy]:
    """Exchange, refund, going on – where the law gives a choice beside the repair; empty where it does not."""
    off, today = frozenset(off), claim.today or claim.claim_on
    asked = engine.decide(claim, table, off)
    found = [Remedy("exchange", _exchange(asked))] if EXCHANGE in asked.options else []
    back = engine.decide(claim.model_copy(update={"wants": "refund"}), table, off)
    if LESS in back.options or FULL & {*asked.options, *back.options}:
        is_full = bool(FULL & set(asked.options)) or LESS not in back.options
        found.append(_full(claim) if is_full else _less(claim, back, today))
    return [*found, Remedy("continue", GO_ON)] if found else []


def sha256(number: str, found: list[Remedy]) -> str:
    """Names what was shown for the case `number`: every choice with its words."""
    return canonical.sha256([number, *([r.choice, r.words.en, r.words.zh] for r in found)])


def _exchange(verdict: Verdict) -> Text:
    rules = ", ".join(f.rule.id for f in verdict.fired() if f.rule.phase in (WINDOW, BREACH, COUNT, OVERLAY))
    return Text(
        f"Exchange for a unit of the same model, free of charge ({rules}).",
        f"免费更换同型号产品（{rules}）。",
    )


def _full(claim: Claim) -> Remedy:
    if claim.price is None or claim.jurisdiction[:2] != "CN":
        return _unknown()
    price = f"{claim.price:.2f}"
    words = Text(
        f"Refund of the full price, {price} CNY; nothing is deducted for the use.",
        f"全额退款{price}元，不收折旧费。",
    )
    return Remedy("refund", words, claim.price, Decimal("0.00"), claim.price)


def _less(claim: Claim, verdict: Verdict, today: dt.date) -> Remedy:
    told = next((f for f in verdict.fired() if "fee" in f.words), None)
    if claim.price is None or told is None or claim.jurisdiction[:2] != "CN":
        return _unknown()
    fee, refund = Decimal(verdict.values["FEE"]), Decimal(verdict.values["REFUND"])
    en, zh = _formula(told, claim.price)
    source = f"{told.rule.id}, {told.rule.source}"
    most = Text(", at most the price", "，以价款为限") if fee == claim.price else Text("", "")
    doubt = Text("", "") if verdict.verified else Text(" Not checked against the source.", "来源未核实。")
    words = Text(
        f"Refund {refund:.2f} CNY: the price {claim.price:.2f} less the fee for the use until {today}: {en} = {fee:.2f} CNY{most.en} ({source}).{doubt.en}",
        f"退款{refund:.2f}元：价款{claim.price:.2f}元，扣除截至{today}的折旧费：{zh}={fee:.2f}元{most.zh}（{source}）。{doubt.zh}",
    )
    days = int(verdict.values["DAYS"]) if "DAYS" in verdict.values else None
    return Remedy("refund", words, claim.price, fee, refund, days, told.rule.id)


def _formula(told: Finding, price: Decimal) -> tuple[str, str]:
    rate = told.words["rate"]
    if "km" in told.words:
        km = told.words["km"]
        return f"{price:.2f} × {km} km / 1,000 × {rate} %", f"{price:.2f}×{km}公里÷1000×{rate}%"
    days = told.words["days"]
    return f"{price:.2f} × {rate} % × {days} days", f"{price:.2f}×{rate}%×{days}日"


def _unknown() -> Remedy:
    return Remedy(
        "refund",
        Text(
            "Refund: the price paid, or what the fee is counted from, is not on record; the sum cannot be said yet.",
            "退货退款：价款或折旧计算依据未登记，暂不能给出金额。",
        ),
    )
