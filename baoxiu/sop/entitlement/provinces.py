"""C3.1: what provinces add, and goods without a national rule."""

from __future__ import annotations

from decimal import Decimal

from baoxiu.sop.entitlement import days
from baoxiu.sop.entitlement.household import EXCHANGE, FIFTEEN, GOODS, REFUND, REPAIR, SEVEN, window
from baoxiu.sop.entitlement.rules import BREACH, COUNT, OVERLAY, PERIOD, WINDOW, rule
from baoxiu.sop.entitlement.working import Working, money, repair_days

ZHEJIANG, SHANDONG = "Zhejiang Measures (2017) 15, 26, 27", "Shandong Regulation (2017) 27, 43"
_by_delivery = window(SEVEN, FIFTEEN)


@rule(
    "CN-LAYER-004", ("Goods without a national rule", "无三包规定的商品"), "Consumer Law 24", WINDOW, needs="no_row",
    yes=("No national rule: return within 7 days of receipt (until {until}); then exchange or repair.",
         "无国家规定：收货7日内（至{until}）可退货；此后换货或修理。"),
    no=("The 7 days from receipt ended with {until}.", "收货7日期限已于{until}届满。"),
)  # fmt: skip
def no_rule(w: Working) -> bool | None:
    got = w.claim.delivered_on or w.claim.installed_on or w.claim.sold_on
    if w.row is not None or got is None or not w.is_owed:
        return None
    until = w.rolled(days.after(got, 7))
    w.words = {"until": until}
    if w.day <= until:
        w.offer(REFUND, EXCHANGE, REPAIR)
        return True
    if not w.claim.non_conforming:
        return False
    w.offer(EXCHANGE, REPAIR)
    if w.claim.rescission:
        w.offer(REFUND)
    return True


@rule(
    "CN-LAYER-005/windows", ("Zhejiang: windows from delivery", "浙江：自交付起算"), ZHEJIANG, WINDOW, jurisdiction="CN-ZJ",
    families=GOODS,
    yes=("Zhejiang counts from delivery: within {days} days (until {until}).", "浙江自交付之日起算：{days}日内（至{until}）。"),
    no=("Zhejiang: the {days} days from delivery ended with {until}.", "浙江：自交付起{days}日已于{until}届满。"),
)  # fmt: skip
def from_delivery(w: Working) -> bool | None:
    if w.claim.delivered_on is None or w.start is None or w.claim.exchanged_on:
        return None
    counted, w.start = w.start, w.claim.delivered_on
    fired = _by_delivery(w)
    w.start = counted
    return fired


@rule(
    "CN-LAYER-005", ("Zhejiang: refund or exchange", "浙江：退货或换货"), ZHEJIANG, OVERLAY, jurisdiction="CN-ZJ", families=GOODS,
    needs="repairs", duty="exchange",
    yes=("Zhejiang: {count} repairs, {days} days in repair: refund in full or exchange, as the customer chooses.",
         "浙江：修理{count}次、累计{days}日：消费者可选择全额退货或换货。"),
    no=("Zhejiang: {count} repairs, {days} of 35 days in repair.", "浙江：修理{count}次，累计{days}日（上限35日）。"),
)  # fmt: skip
def zhejiang(w: Working) -> bool | None:
    if not w.repairs or not w.is_owed:
        return None
    count = w.closed_repairs()
    total = sum(repair_days(r, w.today) for r in w.repairs if r.covered)
    w.words = {"count": count, "days": total, "due": None, "limit": 35}
    if w.open_repair and w.open_repair.covered:
        w.words["due"] = days.after(w.today, 35 - total)
    w.values["CUM_DAYS"] = total
    if not w.is_lawful() or not (total > 35 or count >= 2):
        return False
    w.offer(REFUND, EXCHANGE)
    w.values["FEE"] = Decimal("0.00")
    if w.claim.price is not None:
        w.values["REFUND"] = money(w.claim.price)
    return True


@rule(
    "CN-LAYER-005/fee", ("Zhejiang: no depreciation", "浙江：不得收折旧费"), ZHEJIANG, OVERLAY, jurisdiction="CN-ZJ", families=GOODS,
    needs="wants",
    yes=("Zhejiang: nothing may be deducted for use.", "浙江：退货不得收取折旧费。"),
)  # fmt: skip
def no_fee(w: Working) -> bool | None:
    if EXCHANGE not in w.choices or w.claim.wants != "refund":
        return None
    w.offer(REFUND)
    w.values["FEE"] = Decimal("0.00")
    if w.claim.price is not None:
        w.values["REFUND"] = money(w.claim.price)
    return True


@rule(
    "CN-LAYER-006", ("Shandong: 30 days", "山东：三十日"), SHANDONG, BREACH, jurisdiction="CN-SD",
    needs="repairs", duty="exchange",
    yes=("Shandong: not repaired within 30 days (until {until}): refund or exchange.", "山东：30日内（至{until}）未修好：退货或换货。"),
    no=("Shandong: the repair is due by {until}.", "山东：修理期限至{until}。"),
)  # fmt: skip
def shandong(w: Working) -> bool | None:
    repair = w.open_repair
    if repair is None or not repair.covered or repair.cause == "customer_delay" or not w.is_owed:
        return None
    until = days.after(repair.handed_in_on, 30 + repair.excluded_days)
    w.words = {"until": until, "due": until, "limit": 30}
    w.values["LIMIT"] = until  # earlier than the national one, or the same
    if repair_days(repair, w.today) <= 30 or not w.base:
        return False
    w.offer(REFUND, EXCHANGE)
    if w.claim.price is not None:
        w.values["REFUND"] = money(w.claim.price)
    return True


_LEAST = (
    "At least {months} months by provincial rule, until {end}.",
    "地方规定至少保修{months}个月，至{end}。",
)
_LEAST_OVER = (
    "The {months} months by provincial rule ended with {end}.",
    "地方规定的{months}个月于{end}届满。",
)


def _least(w: Working, id: str) -> bool | None:
    start = w.claim.sold_on or w.claim.delivered_on
    if start is None or w.claim.low_value:
        return None
    cover = w.cover(id, "statute", start, days.last_day(start, 6))
    w.words = {"months": 6, "end": cover.end}
    if cover.matches and w.is_owed:
        w.base[REPAIR] = None
    return cover.matches


@rule(
    "CN-LAYER-007", ("Shanghai: six months on all goods", "上海：至少六个月"), "Shanghai Regulation 31", PERIOD,
    jurisdiction="CN-SH", yes=_LEAST, no=_LEAST_OVER,
)  # fmt: skip
def shanghai(w: Working) -> bool | None:
    return _least(w, "CN-LAYER-007")


@rule(
    "CN-LAYER-007/beijing", ("Beijing: six months where nothing was agreed", "北京：无约定的六个月"), "Beijing Measures (1997) 6",
    PERIOD, jurisdiction="CN-BJ", verified=False, confidence="medium", is_subsidiary=True, yes=_LEAST, no=_LEAST_OVER,
)  # fmt: skip
def beijing(w: Working) -> bool | None:
    if w.row is not None or w.claim.promises:
        return None
    return _least(w, "CN-LAYER-007/beijing")


@rule(
    "CN-LAYER-007/terms", ("Beijing: three months at least", "北京：格式条款不少于三个月"), "Beijing Measures (1997) 6", COUNT,
    jurisdiction="CN-BJ", verified=False, confidence="medium",
    yes=("The promised {months} months are raised to 3.", "约定的{months}个月提高到3个月。"),
)  # fmt: skip
def beijing_terms(w: Working) -> bool | None:
    short = [p.months for p in w.claim.promises if p.months is not None and p.months < 3]
    if not short:
        return None
    w.words = {"months": min(short)}
    return True
