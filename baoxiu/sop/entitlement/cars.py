"""C3.1: family cars (SAMR Order 43, in force 2022-01-01) and paid work on motor vehicles."""

from __future__ import annotations

import datetime as dt

from baoxiu.sop.entitlement import days
from baoxiu.sop.entitlement.claim import Repair
from baoxiu.sop.entitlement.rules import AFTER, COUNT, PERIOD, REMEDY, WINDOW, rule
from baoxiu.sop.entitlement.working import Working, money

CAR, IN_FORCE = ("car",), dt.date(2022, 1, 1)
ORDER = "SAMR Order 43 (2021) "
ASSEMBLIES = frozenset({"engine", "gearbox", "traction_battery", "drive_motor"})
MAIN = ASSEMBLIES | {"steering", "brakes", "suspension", "driveline", "emission_control", "body"}
SEVERE = frozenset({"steering", "brakes", "body_cracking", "fuel_leak", "battery_fire"})


def _driven(w: Working, km: int) -> bool:
    """Whether no more than `km` were driven; unknown counts as no more."""
    return w.claim.km is None or w.claim.km <= km


@rule(
    "CN-3BAO-CAR-001", ("Two clocks", "包修期与三包有效期"), ORDER + "18", PERIOD, families=CAR, valid_from=IN_FORCE,
    yes=("Repair clock until {end} or 60,000 km; return clock until {back} or 50,000 km.",
         "包修期至{end}或6万公里；三包有效期至{back}或5万公里。"),
    no=("The repair clock ended with {end} or 60,000 km.", "包修期于{end}或6万公里届满。"),
)  # fmt: skip
def clocks(w: Working) -> bool | None:
    start = w.start
    if start is None:
        return None
    cover = w.cover("CN-3BAO-CAR-001", "statute", start, days.last_day(start, 36), suspends=False, km=60_000)
    back = w.rolled(days.last_day(start, 24))
    w.words = {"end": cover.end, "back": back}
    w.values["START"], w.values["RETURN_UNTIL"] = start, back
    if cover.matches and w.is_owed:
        w.base["REPAIR_FREE"] = None
    return cover.matches


def _both(w: Working) -> bool:
    w.offer("EXCHANGE_FREE", "REFUND_FULL")
    if w.claim.price is not None:
        w.values["REFUND"] = money(w.claim.price)
    return True


@rule(
    "CN-3BAO-CAR-002", ("Seven days", "七日"), ORDER + "22", WINDOW, families=CAR, valid_from=IN_FORCE,
    yes=("An assembly must be replaced within 7 days (until {until}): exchange or refund.", "7日内（至{until}）需更换总成：换车或退车。"),
    no=("The 7 days ended with {until}.", "7日已于{until}届满。"),
)  # fmt: skip
def seven(w: Working) -> bool | None:
    if w.start is None or not w.is_owed or w.claim.part not in ASSEMBLIES:
        return None
    until = w.rolled(days.after(w.start, 7))
    w.words = {"until": until}
    return w.day <= until and _both(w)


@rule(
    "CN-3BAO-CAR-003", ("60 days or 3,000 km: safety", "六十日或三千公里：安全"), ORDER + "23", WINDOW, families=CAR,
    valid_from=IN_FORCE,
    needs="safety",
    yes=("A safety fault within 60 days (until {until}) and 3,000 km: exchange or refund.", "60日（至{until}）且3000公里内的安全故障：换车或退车。"),
    no=("The 60 days (until {until}) or 3,000 km are over.", "60日（至{until}）或3000公里已过。"),
)  # fmt: skip
def safety(w: Working) -> bool | None:
    if w.start is None or not w.is_owed or w.claim.safety not in SEVERE:
        return None
    until = w.rolled(days.after(w.start, 60))
    w.words = {"until": until}
    return w.day <= until and _driven(w, 3000) and _both(w)


@rule(
    "CN-3BAO-CAR-004", ("60 days or 3,000 km: assembly", "六十日或三千公里：总成"), ORDER + "20", WINDOW, families=CAR,
    valid_from=IN_FORCE,
    yes=("A main part within 60 days (until {until}) and 3,000 km: the whole assembly is replaced on request.",
         "60日（至{until}）且3000公里内主要零件故障：可要求更换总成。"),
    no=("The 60 days (until {until}) or 3,000 km are over.", "60日（至{until}）或3000公里已过。"),
)  # fmt: skip
def assembly(w: Working) -> bool | None:
    if w.start is None or not w.is_owed or w.claim.part not in ASSEMBLIES:
        return None
    until = w.rolled(days.after(w.start, 60))
    w.words = {"until": until}
    if w.day > until or not _driven(w, 3000):
        return False
    w.offer("ASSEMBLY_EXCHANGE")
    return True


def visit_days(repair: Repair, today: dt.date, now: dt.datetime | None) -> int:
    """CN-DAY-006: days of one visit, each begun 24 hours one; by date where no hours are known."""
    ended = repair.finished_at or now
    if repair.started_at and ended and (ended.tzinfo is None) == (repair.started_at.tzinfo is None):
        count = days.begun(repair.started_at, ended)
    else:
        count = ((repair.ready_on or repair.handed_back_on or today) - repair.handed_in_on).days
    return max(0, count - repair.excluded_days)


def _reason(w: Working, total: int, count: int) -> str:
    same_part = sum(1 for r in w.repairs if r.replaced_part and r.replaced_part == w.claim.part)
    if w.claim.safety and count >= 2:
        return "SAFETY"
    if w.claim.part in ASSEMBLIES and w.claim.part_class == "assembly" and same_part >= 2:
        return "ASSEMBLY"
    if w.claim.part in MAIN and w.claim.part_class == "main_part" and same_part >= 2:
        return "MAIN_PART"
    return "DAYS" if total > 30 else "REPAIRS" if count > 4 else ""


@rule(
    "CN-3BAO-CAR-005", ("Return or exchange inside the return clock", "三包有效期内退换车"), ORDER + "24", COUNT, families=CAR,
    valid_from=IN_FORCE,
    needs="repairs",
    yes=("{count} repairs of the fault, {days} days in repair ({reason}): exchange or refund.",
         "同一问题修理{count}次、累计{days}日（{reason}）：换车或退车。"),
    no=("{count} repairs of the fault, {days} of 30 days in repair.", "同一问题修理{count}次、累计{days}日（上限30日）。"),
)  # fmt: skip
def again(w: Working) -> bool | None:
    if not w.repairs or not w.is_owed or w.start is None:
        return None
    total = sum(visit_days(r, w.today, w.claim.now) for r in w.repairs)
    count = w.closed_repairs()
    reason = _reason(w, total, count)
    w.words = {"count": count, "days": total, "reason": reason}
    w.values["CUM_DAYS"] = total
    back = w.rolled(days.last_day(w.start, 24))
    if not reason or w.day > back or not _driven(w, 50_000):
        return False
    w.values["REASON"] = reason
    w.offer("EXCHANGE_FREE", "REFUND_LESS_DEP")
    return True


@rule(
    "CN-3BAO-CAR-006", ("Fee for use", "使用补偿费"), ORDER + "26–27", REMEDY, families=CAR, valid_from=IN_FORCE,
    yes=("{km} km at {rate} % per 1,000 km: fee {fee}, refund {refund}.", "{km}公里，每千公里{rate}%：补偿费{fee}，退款{refund}。"),
    no=("Price, kilometres or the rate on the card are missing: the fee is not known.", "缺少价款、里程或凭证上的比例，无法计算补偿费。"),
)  # fmt: skip
def use_fee(w: Working) -> bool | None:
    if "REFUND_LESS_DEP" not in w.choices:
        return None
    claim = w.claim
    if claim.price is None or claim.km is None or claim.use_rate_percent is None:
        return False
    fee = min(claim.price, money(claim.price * claim.km / 1000 * claim.use_rate_percent / 100))
    w.values["FEE"], w.values["REFUND"] = fee, claim.price - fee
    w.words = {"km": claim.km, "rate": claim.use_rate_percent, "fee": fee, "refund": claim.price - fee}
    return True


@rule(
    "CN-3BAO-CAR-007", ("Answer in 10, done in 20 working days", "十日答复、二十日办理"), ORDER + "28", AFTER, families=CAR,
    as_of="claim", valid_from=IN_FORCE,
    needs="requested_on",
    yes=("Answer by {reply}; done by {fix}.", "{reply}前答复，{fix}前办完。"),
    no=("The working days of {year} are not published: the days cannot be said.", "{year}年工作日尚未公布，无法计算期限。"),
)  # fmt: skip
def answer(w: Working) -> bool | None:
    asked = w.claim.requested_on
    if asked is None or w.table is None:
        return None
    try:
        reply, fix = days.working(asked, 10, w.table), days.working(asked, 20, w.table)
    except days.MissingYear as missing:
        w.words = {"year": missing.args[0]}
        return False
    w.words = {"reply": reply, "fix": fix}
    w.values["REPLY_BY"], w.values["FIX_BY"] = reply, fix
    return True


@rule(
    "CN-3BAO-CAR-008", ("A car on loan from day 6", "第六日起提供备用车"), ORDER + "21", AFTER, families=CAR, valid_from=IN_FORCE,
    needs="repairs", duty="loaner",
    yes=("In repair for more than 5 days: a loaner or a travel allowance.", "单次修理超过5日：提供备用车或交通补偿。"),
    no=("In repair for {days} days: a loaner is due after 5.", "已修理{days}日：超过5日须提供备用车。"),
)  # fmt: skip
def loaner(w: Working) -> bool | None:
    repair = w.open_repair
    if repair is None or repair.finished_at or not repair.covered or not w.is_owed:
        return None
    began, now, limit = repair.started_at, w.claim.now, 5 + repair.excluded_days
    if began and now and (began.tzinfo is None) == (now.tzinfo is None):
        is_long = now - began > dt.timedelta(days=limit)
    else:
        is_long = days.more_than(repair.handed_in_on, w.today, limit)
    w.words = {
        "days": visit_days(repair, w.today, now),
        "due": days.after(repair.handed_in_on, limit),
        "limit": 5,
    }
    if not is_long or not w.base:
        return False
    w.extras["LOANER"] = None
    return True


# months or days, kilometres
WORK = {"small": (10, 2_000), "secondary": (30, 5_000), "whole": (100, 20_000)}


@rule(
    "CN-3BAO-CAR-011", ("Warranty of paid work", "维修质量保证期"), "Motor Vehicle Maintenance Provisions (from memory)", COUNT,
    families=CAR, verified=False, confidence="high",
    needs="repairs",
    yes=("Paid work of {closed} is covered until {end} or {km} km.", "{closed}的付费维修保证至{end}或{km}公里。"),
    no=("Paid work of {closed} was covered until {end}.", "{closed}的付费维修保证至{end}。"),
)  # fmt: skip
def workshop(w: Working) -> bool | None:
    if not w.is_owed:
        return None
    done = [
        (r, r.handed_back_on or r.ready_on) for r in w.repairs if r.job and not r.covered and r.same_fault
    ]
    found = [(r, closed) for r, closed in done if closed]
    if not found:
        return None
    repair, closed = found[-1]
    length, km = WORK[repair.job]
    cover = w.cover(
        "CN-3BAO-CAR-011", "repair", closed, days.after(closed, length), suspends=False, verified=False
    )
    w.words = {"closed": closed, "end": cover.end, "km": km}
    if cover.matches:
        w.base["REPAIR_FREE"] = None
    return cover.matches
