"""C3.1, I3: statutory rights outside China – EU, UK, US, Australia, Japan, Korea. From memory: unverified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from baoxiu.sop.entitlement import days
from baoxiu.sop.entitlement.rules import AFTER, COUNT, PERIOD, WINDOW, Judge, rule
from baoxiu.sop.entitlement.working import Working, money

REPAIR, EXCHANGE, REFUND, LESS = "REPAIR_FREE", "EXCHANGE_FREE", "REFUND_FULL", "PRICE_REDUCTION"
REJECT = "REJECT_FULL_REFUND"
# Table M-1: months of liability and of the presumption where a state differs from 24 and 12
STATES = {"ES": (36, 24), "PT": (36, 24), "SE": (36, 24), "FR": (24, 24), "IE": (72, 12)}
REPAIR_LAW = dt.date(2026, 7, 31)
ANNEX_II = frozenset(
    "washing_machine washer_dryer dishwasher refrigerator display lcd_tv welding_equipment vacuum_cleaner server "
    "mobile_phone fixed_phone tablet tumble_dryer e_bike".split()
)


def _foreign(
    id: str, title: tuple[str, str], source: str, phase: int, place: str, yes: tuple[str, str],
    no: tuple[str, str] = ("", ""), valid_from: dt.date | None = None,
) -> Callable[[Judge], Judge]:  # fmt: skip
    return rule(
        id, title, source, phase, jurisdiction=place, verified=False, yes=yes, no=no, valid_from=valid_from
    )


def _got(w: Working) -> dt.date | None:
    return w.claim.delivered_on or w.claim.sold_on


def _state(w: Working) -> tuple[int, int]:
    return STATES.get(w.claim.jurisdiction[3:], (24, 12))


@_foreign(
    "EU-SGD-001", ("Liability for two years", "两年责任"), "Dir (EU) 2019/771 10", PERIOD, "EU",
    ("The seller is liable until {end}.", "卖方责任至{end}。"), ("The seller was liable until {end}.", "卖方责任已于{end}届满。"),
)  # fmt: skip
def liability(w: Working) -> bool | None:
    got = _got(w)
    if got is None:
        return None
    months = _state(w)[0]
    if w.claim.condition != "new" and w.claim.agreed_used_months is not None:
        months = max(12, min(months, w.claim.agreed_used_months))
    end = days.last_day(got, months)
    if _is_extended(w, end):
        end = days.last_day(got, months + 12)
        w.values["NEW_EXPIRY"] = end
    w.cover("EU-SGD-001", "statute", got, end, suspends=False, verified=False)
    w.words = {"end": end}
    return w.covers[-1].matches


def _is_extended(w: Working, end: dt.date) -> bool:
    """EU-R2R-001: once by twelve months, for contracts from 2026-07-31, when repair was chosen."""
    bought = w.claim.sold_on or w.claim.delivered_on
    done = any(
        r.covered and (r.ready_on or r.handed_back_on) and r.handed_in_on <= end for r in w.claim.repairs
    )
    return bool(bought and bought >= REPAIR_LAW and done)


@_foreign(
    "EU-R2R-001", ("Twelve months more after a repair", "维修后延长十二个月"), "Dir (EU) 2024/1799 16", PERIOD, "EU",
    ("Repaired: the liability is extended once by 12 months, until {end}.", "已维修：责任期一次性延长12个月，至{end}。"),
    valid_from=REPAIR_LAW,
)  # fmt: skip
def extended(w: Working) -> bool | None:
    if "NEW_EXPIRY" not in w.values:
        return None
    w.words = {"end": w.values["NEW_EXPIRY"]}
    return True


@_foreign(
    "EU-SGD-002", ("Presumed for a year", "一年推定"), "Dir (EU) 2019/771 11", PERIOD, "EU",
    ("Shown within {months} months (until {until}): presumed to have been there.", "{months}个月内（至{until}）显现：推定交付时已存在。"),
    ("Shown after {until}: the consumer proves.", "{until}后显现：由消费者证明。"),
)  # fmt: skip
def presumed(w: Working) -> bool | None:
    got = _got(w)
    if got is None:
        return None
    months = _state(w)[1]
    until = days.last_day(got, months)
    w.words = {"months": months, "until": until}
    is_early = (w.claim.found_on or w.day) <= until
    w.values["BURDEN"] = "SELLER" if is_early else "CONSUMER"
    return is_early


@_foreign(
    "EU-SGD-003", ("The ladder of remedies", "救济顺序"), "Dir (EU) 2019/771 13–16", COUNT, "EU",
    ("Failed again after a repair: price reduction or the end of the contract.", "维修后再次出现：减价或解除合同。"),
    ("Repair or replacement first, as the consumer chooses.", "先修理或更换，由消费者选择。"),
)  # fmt: skip
def remedies(w: Working) -> bool | None:
    if not w.is_owed or not w.is_lawful():
        return None
    failed = w.closed_repairs() > 0
    if failed:
        w.offer(LESS, *(() if w.claim.severity == "minor" else (REJECT,)))
        return True
    w.offer(REPAIR, EXCHANGE)
    return False


@_foreign(
    "EU-R2R-002", ("The manufacturer repairs", "制造商维修义务"), "Dir (EU) 2024/1799 5–6", AFTER, "EU",
    ("Outside the liability too the manufacturer must offer a repair at a reasonable price.", "责任期外制造商也须以合理价格提供维修。"),
)  # fmt: skip
def must_repair(w: Working) -> bool | None:
    if w.claim.product_class not in ANNEX_II or w.day < REPAIR_LAW or w.base or w.choices:
        return None
    w.values["REASON"] = "REPAIR_DUTY"
    return True


@_foreign(
    "EU-OTHER-001", ("Withdrawal for 14 days", "十四日撤回"), "Dir 2011/83/EU 9", WINDOW, "EU",
    ("Bought at a distance: may be returned until {until}.", "远程购买：{until}前可撤回。"),
    ("The 14 days ended with {until}.", "14日已于{until}届满。"),
)  # fmt: skip
def withdrawal(w: Working) -> bool | None:
    got = w.claim.delivered_on
    if not w.claim.distance_sale or w.claim.wants != "return" or got is None:
        return None
    until = days.after(got, 14)
    w.words = {"until": until}
    w.values["REJECT_UNTIL"] = until
    if w.day > until or (w.claim.no_return and w.claim.no_return != "by_nature"):
        w.denied = "DENY_NO_REASON_RETURN"
        return False
    w.offer("NO_REASON_RETURN")
    return True


def eu_parts_until(last_placed_on: dt.date) -> dt.date:
    """EU-OTHER-001: smartphone parts for seven years after the last was placed on the market."""
    return days.last_day(last_placed_on, 84)


@_foreign(
    "UK-CRA-001", ("Reject within 30 days", "三十日拒收"), "Consumer Rights Act 2015 20, 22", WINDOW, "UK",
    ("May be rejected until {until}: full refund, repair or replacement.", "{until}前可拒收：全额退款、修理或更换。"),
    ("The short-term right to reject ended with {until}.", "短期拒收权已于{until}届满。"),
)  # fmt: skip
def reject(w: Working) -> bool | None:
    got = w.claim.installed_on or _got(w)
    if got is None or not w.is_owed:
        return None
    until = days.after(got, 30)
    for repair in w.repairs:
        back = repair.handed_back_on or repair.ready_on
        if repair.handed_in_on <= until and back:
            left = (until - repair.handed_in_on).days
            until = days.after(back, max(left, 7))
    w.words = {"until": until}
    w.values["REJECT_UNTIL"] = until
    if w.day > until:
        return False
    w.offer(REJECT, REPAIR, EXCHANGE)
    return True


@_foreign(
    "UK-CRA-002", ("One repair, then the final right to reject", "一次维修后可最终拒收"), "Consumer Rights Act 2015 19, 23–24", COUNT,
    "UK",
    ("One repair failed: price reduction or rejection.", "一次维修失败：减价或拒收。"),
    ("Repair or replacement first.", "先修理或更换。"),
)  # fmt: skip
def final_reject(w: Working) -> bool | None:
    got = _got(w)
    if got is None or not w.is_owed:
        return None
    cover = w.cover("UK-CRA-002", "statute", got, days.last_day(got, 72), suspends=False, verified=False)
    w.values["BURDEN"] = "SELLER" if (w.claim.found_on or w.day) <= days.last_day(got, 6) else "CONSUMER"
    if not cover.matches:
        return False
    if not w.closed_repairs():
        w.offer(REPAIR, EXCHANGE)
        return False
    w.offer(LESS, REJECT)
    is_late = w.day > days.last_day(got, 6)
    w.values["USE_DEDUCTION"] = "YES" if is_late or w.claim.product_class == "family_car" else "NO"
    return True


@_foreign(
    "US-CA-001", ("California: repaired in 30 days", "加州：三十日内修好"), "Cal Civ Code 1793.2, 1795.6", AFTER, "US-CA",
    ("The repair is due by {until}; the warranty stands still meanwhile.", "{until}前须修好；其间保修期中止。"),
)  # fmt: skip
def california(w: Working) -> bool | None:
    repair = w.open_repair or (w.repairs[-1] if w.repairs else None)
    if repair is None:
        return None
    until = days.after(repair.handed_in_on, 30)
    w.words = {"until": until}
    w.values["FIX_BY"] = until
    return True


@_foreign(
    "AU-ACL-001", ("Consumer guarantees", "澳大利亚消费者保障"), "Australian Consumer Law 54–64, 259–263", COUNT, "AU",
    ("The guarantees apply for a reasonable time, here until {end}.", "在合理期限内适用，本例至{end}。"),
    ("The reasonable time ended with {end}.", "合理期限已于{end}届满。"),
)  # fmt: skip
def guarantees(w: Working) -> bool | None:
    got = _got(w)
    if got is None or not w.is_owed or w.claim.reasonable_months is None:
        return None
    end = days.last_day(got, w.claim.reasonable_months)
    cover = w.cover("AU-ACL-001", "statute", got, end, suspends=False, verified=False)
    w.words = {"end": end}
    if not cover.matches:
        return False
    if w.claim.severity == "major":
        w.offer(REFUND, EXCHANGE, "KEEP_AND_COMPENSATION")
    else:
        w.base[REPAIR] = None
    return True


@_foreign(
    "JP-001", ("Notice within a year", "一年内通知"), "Civil Code of Japan 562–566", COUNT, "JP",
    ("Notified within a year of knowing (until {until}).", "知悉后一年内（至{until}）通知。"),
    ("A year from knowing ended with {until}.", "知悉后一年已于{until}届满。"),
)  # fmt: skip
def japan(w: Working) -> bool | None:
    known = w.claim.found_on
    if known is None or not w.is_owed or not w.claim.non_conforming:
        return None
    until = days.last_day(known, 12)
    w.words = {"until": until}
    w.values["LIMIT"] = until
    if w.day > until:
        return False
    w.offer(REPAIR, EXCHANGE, LESS)
    return True


@_foreign(
    "KR-001", ("Dispute-resolution standard", "韩国消费者纠纷解决标准"), "KFTC notice", COUNT, "KR",
    ("By the standard: {step}.", "按标准：{step}。"), ("The standard gives no more than the warranty.", "标准仅在保修期内适用。"),
)  # fmt: skip
def korea(w: Working) -> bool | None:
    start = w.claim.sold_on or (days.last_day(w.claim.factory_on, 3) if w.claim.factory_on else None)
    if start is None or not w.is_owed:
        return None
    months = 24 if w.claim.product_class == "mobile_phone" else 12
    cover = w.cover("KR-001", "statute", start, days.last_day(start, months), suspends=False, verified=False)
    w.words = {"step": ""}
    count, opened = w.closed_repairs(), w.open_repair
    if w.day <= days.after(start, 10):
        w.offer(EXCHANGE, REFUND)
        w.words["step"] = "10 d"
    elif w.day <= days.last_day(start, 1):
        w.offer(EXCHANGE, REPAIR)
        w.words["step"] = "1 m"
    elif cover.matches and (
        count >= 2 or len(w.repairs) >= 4 or opened and w.today > days.last_day(opened.handed_in_on, 1)
    ):
        w.offer(EXCHANGE, REFUND)
        w.words["step"] = f"{count}×"
        if w.claim.price is not None:
            w.values["REFUND"] = money(w.claim.price)
    elif cover.matches:
        w.base[REPAIR] = None
        w.words["step"] = "–"
    return cover.matches or bool(w.choices)
