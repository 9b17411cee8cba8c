"""C3.3, C3.4: what maker, seller, contract or extension promised; the best for the customer counts."""

from __future__ import annotations

import datetime as dt

from baoxiu.sop.entitlement import days
from baoxiu.sop.entitlement.cause import FREE_KINDS
from baoxiu.sop.entitlement.claim import Promise
from baoxiu.sop.entitlement.rules import PERIOD, REMEDY, rule
from baoxiu.sop.entitlement.working import ALL_PARTS, Cover, Working

# what a standard term must not undercut, months: Shanghai 31, Beijing 6
LEAST = {"CN-BJ": 3}


def _add(w: Working, promise: Promise) -> Cover | None:
    claim = w.claim
    start = promise.starts_on or claim.sold_on or claim.delivered_on or claim.installed_on
    end, months = promise.until, promise.months
    if start and months is not None:
        if claim.jurisdiction in LEAST and claim.buyer == "consumer":
            months = max(months, LEAST[claim.jurisdiction])
        last = days.last_day(start, months)
        end = max(end, last) if end else last
    if end is None:
        return None
    # in California the law itself stops the clock
    suspends = promise.suspends or claim.jurisdiction == "US-CA"
    parts = frozenset(promise.parts) if promise.parts else ALL_PARTS
    return w.cover(
        "C3.3", promise.source, start or dt.date.min, end, parts, suspends,
        promise.name, promise.labour, promise.material, promise.travel, promise.km,
    )  # fmt: skip


def _holds_anyway(w: Working, promise: Promise) -> bool:
    """The law excludes it, this promise does not."""
    return bool(w.excluded) and promise.excludes is not None and w.excluded not in promise.excludes


@rule(
    "C3.3", ("The promise", "承诺"), "C3.3", PERIOD, jurisdiction="", buyer="", needs="promises",
    yes=("In warranty as promised, until {end} inclusive.", "按承诺在保修期内，至{end}（含当日）。"),
    no=("The promised warranty ended with {end}.", "承诺的保修期于{end}届满。"),
)  # fmt: skip
def promised(w: Working) -> bool | None:
    held = longest = None
    for promise in w.claim.promises:
        cover = _add(w, promise)
        if cover is None or cover.end is None:
            continue
        if longest is None or cover.end > longest:
            longest = cover.end
        if not cover.matches:
            continue
        if held is None or cover.end > held:
            held = cover.end
        if not (w.is_owed or _holds_anyway(w, promise)):
            continue
        if cover.labour and cover.material:
            w.base["PART_FREE" if cover.parts else "REPAIR_FREE"] = None
        elif cover.labour or cover.material:
            w.extras["LABOUR_FREE" if cover.labour else "MATERIAL_FREE"] = None
    if longest is None:
        return None
    w.words = {"end": held or longest}
    return held is not None


@rule(
    "CN-LAYER-001", ("The most favourable source counts", "从优适用"), "Order 43 4; Civil Code 622", REMEDY, needs="promises",
    yes=("The law gives more than the promise: the law counts.", "法定保障优于承诺：按法定执行。"),
    no=("The promise gives more than the law: the promise counts.", "承诺优于法定保障：按承诺执行。"),
)  # fmt: skip
def best_source(w: Working) -> bool | None:
    if w.row is None or not w.claim.promises:
        return None
    law = said = None
    for cover in w.covers:
        end = cover.end
        if not cover.matches or end is None:
            continue
        if cover.rule_id == "C3.3":
            if said is None or end > said:
                said = end
        elif cover.source in ("statute", "part", "repair") and (law is None or end > law):
            law = end
    if law == said:
        return None
    return law is not None and (said is None or law > said)


@rule(
    "CN-LAYER-002", ("A shorter agreed period is lifted", "短于法定的约定期限"), "Civil Code 622(2)", REMEDY, needs="row",
    yes=("The agreed {agreed} months are fewer than the {months} by law: {months} months count.",
         "约定{agreed}个月短于法定{months}个月：按{months}个月计算。"),
)  # fmt: skip
def lifted(w: Working) -> bool | None:
    row = w.row
    if row is None:
        return None
    months = row.part_months if w.claim.part and w.claim.part in row.parts else row.months
    agreed = -1
    for promise in w.claim.promises:
        if promise.months is not None and promise.months > agreed and not promise.parts:
            agreed = promise.months
    if not 0 <= agreed < months:
        return None
    w.words = {"agreed": agreed, "months": months}
    return True


@rule(
    "C3.3-proof", ("Proof of purchase", "购买凭证"), "C3.3", REMEDY, jurisdiction="", buyer="",
    yes=("The purchase date is not known. Still needed: a proof of purchase (invoice, order, warranty card) or the serial "
         "number with its sale date.",
         "购买日期未知。尚缺购买凭证（发票、订单或保修卡），或可查到销售日期的序列号。"),
)  # fmt: skip
def proof(w: Working) -> bool | None:
    if w.covers or w.start or w.base or w.choices or not w.is_owed or w.claim.kind in FREE_KINDS:
        return None
    w.values["REASON"] = "PURCHASE_DATE"
    return True


@rule(
    "C3.4", ("Out of warranty", "已过保修期"), "C3.4", REMEDY, jurisdiction="", buyer="",
    yes=("Out of warranty: every period has ended; the price follows from the work.", "已过保修期：按实际维修收费。"),
)  # fmt: skip
def over(w: Working) -> bool | None:
    if w.base or w.choices or not w.covers or not w.is_owed or w.claim.kind in FREE_KINDS:
        return None
    w.values["EXCLUSION"] = "EXPIRED"
    return True
