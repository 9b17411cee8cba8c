"""C3: consumer law beside the Three Guarantees – distance sales, delays, fraud, notices between businesses."""

from __future__ import annotations

from decimal import Decimal

from baoxiu.sop.entitlement import days
from baoxiu.sop.entitlement.rules import AFTER, CAUSE, PERIOD, REMEDY, WINDOW, rule
from baoxiu.sop.entitlement.working import Working, money


@rule(
    "CN-CPL-001", ("Seven days without a reason", "七日无理由退货"), "Consumer Law 25; SPC [2022]8 3", WINDOW,
    needs="distance_sale",
    yes=("Bought at a distance: may be returned without a reason until {until}.", "网购等远程购买：{until}前可无理由退货。"),
    no=("No return without a reason: excepted, not intact, or after {until}.", "不适用无理由退货：属例外、商品不完好或已过{until}。"),
)  # fmt: skip
def no_reason(w: Working) -> bool | None:
    claim = w.claim
    got = claim.delivered_on
    if not claim.distance_sale or claim.wants != "return" or got is None:
        return None
    until = w.rolled(days.after(got, 7))
    excepted = claim.no_return and (claim.no_return != "by_nature" or claim.no_return_confirmed)
    w.words = {"until": until}
    if excepted or not claim.intact or w.day > until:
        w.denied = "DENY_NO_REASON_RETURN"
        w.values["REASON"] = "EXCEPTION" if excepted else "LATE" if w.day > until else "NOT_INTACT"
        return False
    w.offer("NO_REASON_RETURN")
    if w.fault != "quality":
        w.values["FREIGHT"] = "CONSUMER"
    return True


@rule(
    "CN-CPL-011", ("Exceptions may not be widened", "不得扩大例外范围"), "State Council Order 778 (2024) 19", WINDOW,
    as_of="claim", verified=False, confidence="medium",
    needs="distance_sale",
    yes=("An exception “by nature” without the consumer's confirmation has no effect.", "未经消费者确认的“性质不宜退货”无效。"),
)  # fmt: skip
def not_widened(w: Working) -> bool | None:
    claim = w.claim
    if not claim.distance_sale or claim.no_return != "by_nature" or claim.no_return_confirmed:
        return None
    return True


@rule(
    "CN-CPL-002", ("Refund in seven days", "七日内退款"), "Consumer Law 24, 25", AFTER, as_of="claim",
    needs="returned_on",
    yes=("The money is back by {by}.", "{by}前退还价款。"),
)  # fmt: skip
def refund_by(w: Working) -> bool | None:
    if w.claim.returned_on is None or not w.choices:
        return None
    by = w.rolled(days.after(w.claim.returned_on, 7))
    w.words = {"by": by}
    w.values["REFUND_BY"] = by
    return True


@rule(
    "CN-CPL-003", ("Fifteen days are a refusal", "超过十五日视为拒绝"), "Order 73 8–9; Consumer Law 56", AFTER, as_of="claim",
    needs="requested_on",
    yes=("Asked for on {asked} and not done by {until}: a deliberate delay.", "{asked}提出，至{until}未办：视为故意拖延。"),
    no=("Asked for on {asked}: to be done by {until}.", "{asked}提出：{until}前须办理。"),
)  # fmt: skip
def delay(w: Working) -> bool | None:
    asked = w.claim.requested_on
    if asked is None or w.claim.wants == "card":
        return None
    until = days.after(asked, 15)
    w.words = {"asked": asked, "until": until}
    w.values.setdefault("LIMIT", until)
    if w.today <= until:
        return False
    w.values["REASON"] = "DELAY"
    return True


@rule(
    "CN-CPL-005", ("Fraud", "欺诈"), "Consumer Law 55; Order 73 13, 16", REMEDY, as_of="claim",
    needs="fraud",
    yes=("Fraud: three times {paid}, at least 500: {extra} on top.", "欺诈：{paid}的三倍，不低于500：增加赔偿{extra}。"),
)  # fmt: skip
def fraud(w: Working) -> bool | None:
    if not w.claim.fraud or w.claim.paid is None:
        return None
    extra = money(max(3 * w.claim.paid, Decimal(500)))
    w.words = {"paid": w.claim.paid, "extra": extra}
    w.values["EXTRA"] = extra
    return True


@rule(
    "CN-CPL-008", ("Notice of defects between businesses", "商事买卖的质量异议"), "Civil Code 620–624", CAUSE, buyer="business",
    yes=("Notice in time (until {until}).", "在期限内（至{until}）提出异议。"),
    no=("Notice after {until}: the goods count as conforming.", "{until}后提出异议：视为符合约定。"),
)  # fmt: skip
def notice(w: Working) -> bool | None:
    got = w.claim.delivered_on or w.claim.sold_on
    if got is None or not w.is_owed:
        return None
    ends = [days.last_day(p.starts_on or got, p.months) for p in w.claim.promises if p.months is not None]
    ends += [p.until for p in w.claim.promises if p.until]
    if w.claim.agreed_inspection_days is not None:
        ends.append(days.after(got, w.claim.agreed_inspection_days))
    until = max(ends) if ends else days.last_day(got, 24)  # an outer limit: it does not roll
    w.words = {"until": until}
    w.values["NOTICE_UNTIL"] = until
    if w.day <= until or w.claim.seller_knew:
        return True
    w.values["REASON"] = "LATE_NOTICE"
    return False


@rule(
    "CN-CPL-008/conformity", ("Defects are put right", "质量不符的补救"), "Civil Code 582, 617", PERIOD, buyer="business",
    is_subsidiary=True,
    yes=("No warranty was agreed: a defect notified in time is repaired.", "未约定保修期：按期提出异议的予以修理。"),
)  # fmt: skip
def conformity(w: Working) -> bool | None:
    if w.claim.promises or "NOTICE_UNTIL" not in w.values or "REASON" in w.values or not w.is_owed:
        return None
    start = w.claim.delivered_on or w.claim.sold_on
    if start is None:
        return None
    cover = w.cover("CN-CPL-008/conformity", "statute", start, days.last_day(start, 24), suspends=False)
    if cover.matches:
        w.base["REPAIR_FREE"] = None
    return cover.matches


@rule(
    "CN-CPL-009", ("Ten years", "十年"), "Product Quality Law 45", AFTER, buyer="", as_of="claim",
    needs="safety",
    yes=("Claims for damage by a defect end with {until}.", "因产品缺陷的请求权于{until}届满。"),
    no=("Claims for damage by a defect ended with {until}.", "因产品缺陷的请求权已于{until}届满。"),
)  # fmt: skip
def ten_years(w: Working) -> bool | None:
    got = w.claim.delivered_on
    if got is None or not w.claim.safety:
        return None
    until = days.last_day(got, 120)
    w.words = {"until": until}
    w.values["CLAIM_UNTIL"] = until
    return w.day <= until
