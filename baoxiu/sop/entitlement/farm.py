"""C3.1: farm machinery (Order 126 of 2010, in force 2010-06-01)."""

from __future__ import annotations

import datetime as dt

from baoxiu.sop.entitlement import days
from baoxiu.sop.entitlement.rules import AFTER, BREACH, COUNT, rule
from baoxiu.sop.entitlement.working import Working, money

FARM, ORDER, IN_FORCE = ("farm",), "Order 126 (2010) ", dt.date(2010, 6, 1)


@rule(
    "CN-3BAO-AGR-002", ("30 working days", "三十个工作日"), ORDER, BREACH, families=FARM, valid_from=IN_FORCE,
    needs="repairs", duty="exchange",
    yes=("Not repaired within 30 working days (until {until}): repair on, or exchange.", "30个工作日内（至{until}）未修好：继续修理或换货。"),
    no=("The 30 working days for the repair end with {until}.", "30个工作日的修理期限至{until}。"),
)  # fmt: skip
def long_repair(w: Working) -> bool | None:
    repair = w.open_repair
    if repair is None or not repair.covered or repair.cause == "customer_delay" or not w.is_owed:
        return None
    if w.table is None:
        return None
    try:
        until = days.working(repair.handed_in_on, 30, w.table)
    except days.MissingYear as missing:
        w.missing_year = missing.args[0]
        w.words = {"until": missing.args[0]}
        return False
    until = days.after(until, repair.excluded_days)
    w.words = {"until": until, "due": until}
    w.values["LIMIT"] = until
    if w.today <= until or not w.is_lawful():
        return False
    w.offer("CONTINUE_REPAIR", "EXCHANGE_FREE")
    return True


@rule(
    "CN-3BAO-AGR-003", ("Peak season", "农忙季节"), ORDER, AFTER, families=FARM, as_of="claim", valid_from=IN_FORCE,
    yes=("In the peak season: repaired by {by}.", "农忙季节：{by}前修好。"),
)  # fmt: skip
def peak(w: Working) -> bool | None:
    reported = w.claim.repair_reported_on
    if reported is None or not w.claim.peak_season or not w.base:
        return None
    is_main = w.claim.part_class in ("assembly", "main_part") or not w.claim.part
    by = days.after(reported, 3 if is_main else 1)
    w.words = {"by": by}
    w.values["FIX_BY"] = by
    return True


@rule(
    "CN-3BAO-AGR-004", ("The ladder", "修理、换件、换货、退货"), ORDER + "29–31", COUNT, families=FARM, valid_from=IN_FORCE,
    verified=False, confidence="medium",
    needs="repairs",
    yes=("A serious fault after {count} repairs: the next step is due.", "严重故障，已修理{count}次：应进入下一步处理。"),
    no=("{count} repairs of this fault.", "该故障已修理{count}次。"),
)  # fmt: skip
def ladder(w: Working) -> bool | None:
    if not w.is_owed or not w.repairs or w.claim.severity != "major":
        return None
    count = w.closed_repairs()
    w.words = {"count": count}
    if not w.is_lawful():
        return False
    if w.claim.exchanges:
        w.offer("REFUND_FULL")
        if w.claim.price is not None:
            w.values["REFUND"] = money(w.claim.price)
        return True
    if count < 2:
        return False
    has_part = any(r.replaced_part and r.same_fault for r in w.repairs)
    w.offer("EXCHANGE_FREE" if has_part else "ASSEMBLY_EXCHANGE")
    return True


@rule(
    "CN-3BAO-AGR-006", ("A new card", "补办三包凭证"), ORDER, AFTER, families=FARM, as_of="claim", valid_from=IN_FORCE,
    needs="requested_on",
    yes=("A new card by {by}.", "{by}前补办三包凭证。"),
)  # fmt: skip
def card(w: Working) -> bool | None:
    if w.claim.wants != "card" or w.claim.requested_on is None or w.table is None:
        return None
    try:
        by = days.working(w.claim.requested_on, 10, w.table)
    except days.MissingYear:
        return None
    w.words = {"by": by}
    w.values["REPLY_BY"] = by
    return True
