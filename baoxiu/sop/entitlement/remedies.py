"""C3.1: what the customer may choose today instead of one more repair, with every sum, before the choice is made.

The fee for use of the law's families is the engine's own (95-008 and its twins); here it is put into words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal

from baoxiu.lib import canonical
from baoxiu.sop.charges import said
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

# why a sum cannot be said
PRICE = Text("the price paid is not on record; the sum cannot be said yet.", "价款未登记，暂不能给出金额。")
BASIS = Text(
    "what the fee for the use is counted from (kilometres, the rate on the card) is not on record; the sum cannot be said yet.",
    "折旧费的计算依据（里程、三包凭证载明的系数）未登记，暂不能给出金额。",
)


@dataclass(frozen=True, slots=True)
class Remedy:
    """One choice. Amounts in the currency of the price paid, to its smallest unit; None: not known."""

    choice: str  # exchange | refund | continue
    words: Text
    price: Decimal | None = None
    fee: Decimal | None = None
    refund: Decimal | None = None
    days: int | None = None
    rule: str = ""
    currency: str = "CNY"
    verified: bool = True  # for staff: no word of it stands in what the customer signs

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
        found.append(_full(claim, asked, back) if is_full else _less(claim, back, today))
    return [*found, Remedy("continue", GO_ON)] if found else []


def sha256(number: str, found: list[Remedy]) -> str:
    """Names what was shown for the case `number`: every choice with its words."""
    return canonical.sha256([number, *([r.choice, r.words.en, r.words.zh] for r in found)])


def _rules(verdict: Verdict) -> str:
    return ", ".join(f.rule.id for f in verdict.fired() if f.rule.phase in (WINDOW, BREACH, COUNT, OVERLAY))


def _exchange(verdict: Verdict) -> Text:
    rules = _rules(verdict)
    return Text(
        f"Exchange for a unit of the same model, free of charge ({rules}).",
        f"免费更换同型号产品（{rules}）。",
    )


def _full(claim: Claim, asked: Verdict, back: Verdict) -> Remedy:
    if claim.price is None:
        return _unknown(PRICE)
    rules = _rules(asked if FULL & set(asked.options) else back)
    price, currency = said(claim.price, claim.currency), claim.currency
    if asked.values.get("USE_DEDUCTION") == "YES":
        return _unknown(
            Text(
                f"the price of {price.en} less a deduction for the use, for which the law gives no rate ({rules}): "
                "agree on it with the customer.",
                f"价款{price.zh}，可扣除使用折减，但法律未规定比例（{rules}），须与客户商定。",
            ),
            currency,
        )
    words = Text(
        f"Refund of the full price, {price.en}; nothing is deducted for the use ({rules}).",
        f"全额退款{price.zh}，不收折旧费（{rules}）。",
    )
    zero = claim.price - claim.price
    return Remedy("refund", words, claim.price, zero, claim.price, currency=currency, verified=asked.verified)


def _less(claim: Claim, verdict: Verdict, today: dt.date) -> Remedy:
    told = next((f for f in verdict.fired() if "fee" in f.words), None)
    if claim.price is None or told is None:
        return _unknown(PRICE if claim.price is None else BASIS)
    fee, refund = Decimal(verdict.values["FEE"]), Decimal(verdict.values["REFUND"])
    rule = told.rule
    most = Text(", at most the price", "，以价款为限") if fee == claim.price else Text("", "")
    paid, less, rest = (said(amount, claim.currency) for amount in (claim.price, fee, refund))
    en, zh = _formula(told, paid)
    words = Text(
        f"Refund {rest.en}: the price {paid.en} less the fee for the use until {today}: {en} = {less.en}{most.en} ({rule.id}, {rule.source.en}).",
        f"退款{rest.zh}：价款{paid.zh}，扣除截至{today}的折旧费：{zh}={less.zh}{most.zh}（{rule.id}，{rule.source.zh}）。",
    )
    days = int(verdict.values["DAYS"]) if "DAYS" in verdict.values else None
    return Remedy(
        "refund", words, claim.price, fee, refund, days, told.rule.id, claim.currency, verdict.verified
    )


def _formula(told: Finding, price: Text) -> tuple[str, str]:
    rate = told.words["rate"]
    if "km" in told.words:
        km = told.words["km"]
        return f"{price.en} × {km} km / 1,000 × {rate} %", f"{price.zh}×{km}公里÷1000×{rate}%"
    days = told.words["days"]
    return f"{price.en} × {rate} % × {days} days", f"{price.zh}×{rate}%×{days}日"


def _unknown(why: Text, currency: str = "CNY") -> Remedy:
    return Remedy("refund", Text(f"Refund: {why.en}", f"退货退款：{why.zh}"), currency=currency)
