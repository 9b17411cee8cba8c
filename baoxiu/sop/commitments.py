"""C3.1–C3.4: who pays – free for a quality fault inside the warranty period, otherwise paid.

The plain rule of the signed procedure. Laws of a jurisdiction and makers' promises can only better
it; they will stand behind the same call. Months are counted by CN-DAY-002 (Civil Code 202): the
period ends with the same-numbered day of its last month, or that month's last day; the day is still in.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Literal

from baoxiu.sop.decision import Decision, Plain
from baoxiu.sop.text import Text

Fault = Literal["quality", "other", "unknown"]
FREE, PAID, UNKNOWN = "free", "paid", "unknown"
_ALWAYS_FREE = {
    "consultation": Text("Advice is free of charge.", "咨询免费。"),
    "complaint": Text("Dealing with a complaint is free of charge.", "处理投诉不收费。"),
}
_PROOF = Text(
    "Still needed: a proof of purchase (invoice, order, warranty card) or the serial number with its sale date.",
    "尚缺购买凭证（发票、订单或保修卡），或可查到销售日期的序列号。",
)
_QUALITY = Text(
    "A quality fault is repaired or replaced free of charge in warranty.",
    "保修期内的质量问题免费维修或更换。",
)
_NOT_QUALITY = Text(
    "Not a quality fault (misuse, accident, wear): repaired for a fee, after a quote and consent.",
    "非质量问题（人为、意外、损耗）：报价并征得同意后收费维修。",
)
_DIAGNOSE = Text("The diagnosis decides whether it is a quality fault.", "是否质量问题待检测判定。")
_INSTALLATION = Text(
    "Installation is charged as quoted, unless it was included in the sale.",
    "安装按报价收费；销售时已含安装的除外。",
)


def last_day(purchase_date: dt.date, months: int) -> dt.date:
    """The last day of a period of `months` from `purchase_date`. Raises ValueError for negative months."""
    if months < 0:
        raise ValueError(f"a warranty period cannot be {months} months")
    year, month = divmod(purchase_date.year * 12 + purchase_date.month - 1 + months, 12)
    if year > dt.MAXYEAR:
        return dt.date.max
    day = min(purchase_date.day, calendar.monthrange(year, month + 1)[1])
    return dt.date(year, month + 1, day)


def entitlement(
    *, kind: str, fault: str, purchase_date: dt.date | None, claim_date: dt.date, months: int = 12
) -> Decision:
    """free, paid or unknown for a request of `kind` raised on `claim_date`.

    Raises ValueError when the purchase lies after the claim, or for an unknown fault code.
    """
    if fault not in ("quality", "other", "unknown"):
        raise ValueError(f"unknown fault code: {fault!r}")
    if purchase_date and purchase_date > claim_date:
        raise ValueError(f"the purchase date {purchase_date} lies after the claim on {claim_date}")
    end = last_day(purchase_date, months) if purchase_date else None
    facts: dict[str, Plain] = {
        "kind": kind,
        "fault": fault,
        "purchase_date": purchase_date.isoformat() if purchase_date else None,
        "claim_date": claim_date.isoformat(),
        "months": months,
        "last_day": end.isoformat() if end else None,
    }
    if kind in _ALWAYS_FREE:
        return Decision(FREE, "C3.1", ("C3.1-service",), (_ALWAYS_FREE[kind],), facts)
    if fault == "other":
        return Decision(PAID, "C3.2", ("C3.2",), (_NOT_QUALITY,), facts)
    if kind == "installation" and fault == "unknown":
        return Decision(PAID, "C3.2", ("C3.2-installation",), (_INSTALLATION,), facts)
    if end is None:
        reasons = (Text("The purchase date is not known.", "购买日期未知。"), _PROOF)
        return Decision(UNKNOWN, "C3.3", ("C3.3-proof",), reasons, facts)
    return _dated(fault, end, claim_date, months, facts)


def _dated(fault: str, end: dt.date, claim_date: dt.date, months: int, facts: dict[str, Plain]) -> Decision:
    if claim_date > end:
        over = Text(
            f"Out of warranty: the {months} months ended with {end.isoformat()}; the price follows from the work.",
            f"已过保修期：{months}个月于{end.isoformat()}届满；按实际维修收费。",
        )
        return Decision(PAID, "C3.4", ("C3.4", "CN-DAY-002"), (over,), facts)
    inside = Text(
        f"In warranty: {months} months, until {end.isoformat()} inclusive.",
        f"在保修期内：{months}个月，至{end.isoformat()}（含当日）。",
    )
    if fault == "quality":
        return Decision(FREE, "C3.1", ("C3.1", "C3.3", "CN-DAY-002"), (_QUALITY, inside), facts)
    return Decision(UNKNOWN, "C3.1", ("C3.3", "CN-DAY-002"), (inside, _DIAGNOSE), facts)
