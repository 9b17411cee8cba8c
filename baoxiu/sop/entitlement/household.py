"""C3.1: household goods, phones, computers, audio-video – windows, repeated repairs, long repairs, refunds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from baoxiu.sop.entitlement import days
from baoxiu.sop.entitlement.rules import AFTER, BREACH, COUNT, REMEDY, WINDOW, Confidence, Judge, rule
from baoxiu.sop.entitlement.working import Working, money, repair_days

GOODS = ("household", "mobile", "fixed", "pc", "av")
REFUND, EXCHANGE, REPAIR = "REFUND_FULL", "EXCHANGE_FREE", "REPAIR_FREE"


def window(*steps: tuple[int, tuple[str, ...]]) -> Judge:
    """The customer's choice within so many days of the start; the last day rolls (CN-DAY-003)."""

    def judge(w: Working) -> bool | None:
        if w.start is None or not w.is_owed or not w.claim.listed or (w.row and w.row.accessory):
            return None
        for length, options in steps:
            last = w.rolled(days.after(w.start, length))
            w.words = {"days": length, "until": last}
            if w.day <= last:
                if EXCHANGE in options and w.claim.same_model_available is False:
                    # no same model: the money back
                    options = (REFUND, *(o for o in options if o not in (EXCHANGE, REFUND)))
                w.offer(*options)
                return True
        return False

    return judge


_WITHIN = (
    "A fault within {days} days of the sale (until {until}): the customer chooses.",
    "售出{days}日内（至{until}）出现性能故障：消费者可选择。",
)
_PAST = ("The {days} days ended with {until}.", "{days}日期限已于{until}届满。")
SEVEN, FIFTEEN = (7, (REFUND, EXCHANGE, REPAIR)), (15, (EXCHANGE, REPAIR))

_families: tuple[str, ...]
for _id, _families, _source, _steps in (
    ("CN-3BAO-95-001", ("household",), "1995 rule 9", (SEVEN,)),
    ("CN-3BAO-95-002", ("household",), "1995 rule 10", (FIFTEEN,)),
    ("CN-3BAO-MP-001", ("mobile",), "Order 4 (2001) 11–12", (SEVEN, FIFTEEN)),
    ("CN-3BAO-PC-001", ("pc",), "Order 24 (2002) 11–12", (SEVEN, FIFTEEN)),
    ("CN-3BAO-AV-002", ("av",), "AV rule (2002)", (SEVEN, FIFTEEN)),
):
    rule(
        _id, ("Return in 7, exchange in 15 days", "七日退货、十五日换货"), _source, WINDOW, families=_families,
        yes=_WITHIN, no=_PAST,
    )(window(*_steps))  # fmt: skip
rule(
    "CN-3BAO-FP-001/windows", ("Return in 7, exchange in 15 days", "七日退货、十五日换货"), "fixed-phone rule (from memory)",
    WINDOW, families=("fixed",), verified=False, confidence="medium", yes=_WITHIN, no=_PAST,
)(window(SEVEN, FIFTEEN))  # fmt: skip


def late(parts_days: int, repairer_days: int) -> Judge:
    """Not repaired so many days after hand-in: exchange, at the cost of whose fault the waiting is."""

    def judge(w: Working) -> bool | None:
        repair = w.open_repair
        if (
            repair is None
            or not repair.covered
            or repair.cause == "customer_delay"
            or not w.is_owed
            or not w.start
        ):
            return None
        from_producer = repair.cause == "wait_part_producer"
        limit = parts_days if from_producer else repairer_days
        # what the producer kept us waiting for is not the repairer's
        theirs = 0 if from_producer else repair.producer_days
        counted = repair_days(repair, w.today) - theirs
        last = days.after(repair.handed_in_on, limit + repair.excluded_days + theirs)
        w.words = {"days": limit, "until": last, "due": last, "limit": limit}
        w.values["LIMIT"] = last
        if counted <= limit or not w.is_lawful():
            return False
        w.values["PAYER"] = "PRODUCER" if from_producer else "REPAIRER"
        w.offer(EXCHANGE)
        return True

    return judge


_LATE = (
    "Not repaired more than {days} days after hand-in (limit {until}): exchange.",
    "送修超过{days}日未修好（限至{until}）：换货。",
)
_NOT_LATE = ("The limit of {days} days for the repair ends with {until}.", "修理期限{days}日，至{until}。")
_MEDIUM: Confidence = "medium"
for _id, _families, _source, _days, _known in (
    ("CN-3BAO-95-006", ("household",), "1995 rule 12", (90, 30), True),
    ("CN-3BAO-MP-004", ("mobile",), "Order 4 (2001) 16", (60, 30), True),
    ("CN-3BAO-FP-001", ("fixed",), "fixed-phone rule (2001) 21–22", (60, 30), True),
    ("CN-3BAO-PC-005", ("pc",), "Order 24 (2002) (from memory)", (60, 30), False),
    ("CN-3BAO-AV-004", ("av",), "AV rule (2002) (from memory)", (60, 30), False),
):
    rule(
        _id, ("A repair that takes too long", "超期未修好"), _source, BREACH, families=_families, verified=_known,
        confidence="high" if _known else _MEDIUM, needs="repairs", duty="exchange", yes=_LATE, no=_NOT_LATE,
    )(late(*_days))  # fmt: skip


def loaner(length: int) -> Judge:
    """A comparable unit on loan when a repair lasts more than so many days; those that count for nobody left out."""

    def judge(w: Working) -> bool | None:
        repair = w.open_repair
        if repair is None or not repair.covered or not w.is_owed:
            return None
        last = days.after(repair.handed_in_on, length + repair.excluded_days)
        w.words = {"days": length, "from": days.after(last, 1), "due": last, "limit": length}
        if not w.base and not w.choices or w.today <= last:
            return False
        w.extras["LOANER"] = None
        return True

    return judge


_LENT = (
    "Not ready within {days} days: a loaner is due from {from}.",
    "{days}日内未修好：自{from}起提供备用机。",
)
_NOT_LENT = ("A loaner is due from {from}.", "自{from}起须提供备用机。")
for _id, _place, _families, _source, _length in (
    ("CN-3BAO-MP-005", "CN", ("mobile",), "Order 4 (2001)", 7),
    ("CN-3BAO-FP-001/loaner", "CN", ("fixed",), "fixed-phone rule (2001) 15", 3),
    ("CN-LAYER-005/loaner", "CN-ZJ", GOODS, "Zhejiang Measures (2017) 15", 5),
):
    rule(
        _id, ("Loaner", "提供备用机"), _source, AFTER, jurisdiction=_place, families=_families, needs="repairs", duty="loaner", yes=_LENT, no=_NOT_LENT
    )(loaner(_length))  # fmt: skip


def twice(w: Working) -> bool | None:
    """Two repairs, and it fails again: exchange."""
    if not w.is_owed or not w.claim.listed or not w.repairs or not w.start:
        return None
    count = w.closed_repairs()
    w.words = {"count": count}
    # main parts alone carry no exchange of the unit; the seller's promise carries none either
    if count < 2 or not w.is_lawful(whole=True):
        return False
    w.offer(EXCHANGE)
    return True


for _id, _families, _source in (
    ("CN-3BAO-95-005", ("household",), "1995 rule 11"),
    ("CN-3BAO-MP-003", ("mobile",), "Order 4 (2001) 13"),
    ("CN-3BAO-PC-004", ("pc",), "Order 24 (2002) 14"),
    ("CN-3BAO-AV-002/twice", ("av",), "AV rule (2002)"),
):
    rule(
        _id, ("Two repairs, then exchange", "两次修理仍不能正常使用"), _source, COUNT, families=_families, needs="repairs",
        yes=("Repaired {count} times and not usable again: exchange.", "已修理{count}次仍不能正常使用：换货。"),
        no=("Repaired {count} times for this fault.", "该故障已修理{count}次。"),
    )(twice)  # fmt: skip


def holds(w: Working) -> bool | None:
    """A repair must hold 30 days; the same fault earlier is repaired again free, whatever ended meanwhile."""
    done = [(r, r.handed_back_on or r.ready_on) for r in w.repairs]
    last, closed = next(((r, day) for r, day in reversed(done) if day), (None, None))
    if not w.is_owed or last is None or closed is None or not last.same_fault:
        return None
    until = days.after(closed, 30)
    w.words = {"closed": closed, "until": until}
    if not closed <= w.day <= until:
        return False
    w.cover("CN-3BAO-95-010", "repair", closed, until, suspends=False)
    w.base[REPAIR] = None
    return True


for _id, _place, _families, _source in (
    ("CN-3BAO-95-010", "CN", ("household", "mobile", "pc", "av"), "1995 rule 6 and its twins"),
    ("CN-LAYER-005/repair", "CN-ZJ", (), "Zhejiang Measures (2017) 15"),
    ("CN-LAYER-006/repair", "CN-SD", (), "Shandong Regulation (2017) 43"),
):
    rule(
        _id, ("A repair must hold 30 days", "修理后三十日保证"), _source, COUNT, jurisdiction=_place, families=_families, needs="repairs",
        yes=("The repair of {closed} must hold until {until}: repaired again free.", "{closed}修理后应保证至{until}：再次免费修理。"),
        no=("The repair of {closed} had to hold until {until}.", "{closed}的修理保证至{until}。"),
    )(holds)  # fmt: skip


@rule(
    "CN-3BAO-95-007", ("Refund instead of exchange", "换货改退货"), "1995 rule 13 and its twins", REMEDY, families=GOODS,
    yes=("The same model is not to be had: the price in full.", "无同型号：全额退款。"),
    no=("The same model is to be had and refused: refund less the use.", "有同型号而不愿调换：按使用折旧后退款。"),
)  # fmt: skip
def refund(w: Working) -> bool | None:
    """Where exchange is owed: the money, less the use where the same model was to be had and is refused."""
    if EXCHANGE not in w.choices or REFUND in w.choices:
        return None
    if w.claim.same_model_available is False:
        del w.choices[EXCHANGE]
        w.offer(REFUND)
        if w.claim.price is not None:
            w.values["REFUND"] = money(w.claim.price)
        return True
    if w.claim.wants != "refund":
        return None
    del w.choices[EXCHANGE]
    w.choices.pop(REPAIR, None)
    w.offer("REFUND_LESS_DEP")
    return False


def depreciation(w: Working) -> bool | None:
    """CN-3BAO-95-008: the fee for the days of use."""
    row, price = w.row, w.claim.price
    if "REFUND_LESS_DEP" not in w.choices or row is None or row.rate is None or price is None:
        return None
    fee = w.fee(row.rate)
    w.values["FEE"], w.values["REFUND"] = fee, price - fee
    w.words |= {"fee": fee, "rate": row.rate, "refund": price - fee}
    return True


_FEE = (
    "{days} days of use at {rate} % of the price a day: fee {fee}, refund {refund}.",
    "已使用{days}日，每日{rate}%：折旧费{fee}，退款{refund}。",
)
for _id, _families, _source, _sure in (
    ("CN-3BAO-95-008", ("household", "av"), "1995 rule 13 and catalogue", "high"),
    ("CN-3BAO-MP-006", ("mobile",), "Order 4 (2001) annex", "high"),
    ("CN-3BAO-PC-006", ("pc",), "Order 24 (2002) annex, rate from memory", "low"),
):
    rule(
        _id, ("Depreciation", "折旧费"), _source, REMEDY, families=_families, verified=_sure == "high",
        confidence="high" if _sure == "high" else "low", needs="wants", yes=_FEE,
    )(depreciation)  # fmt: skip


@rule(
    "CN-3BAO-95-008/unknown", ("No rate, no fee", "无折旧率不得收费"), "convention", REMEDY, families=GOODS,
    confidence="convention", needs="wants",
    yes=("No verified depreciation rate: nothing is deducted.", "无已核实的折旧率：不收折旧费。"),
)  # fmt: skip
def no_rate(w: Working) -> bool | None:
    if "REFUND_LESS_DEP" not in w.choices or "FEE" in w.values:
        return None
    if w.row and w.row.rate is not None and w.claim.price is None and w.row.confidence != "low":
        return None  # the rate is known, only the price is not
    del w.choices["REFUND_LESS_DEP"]
    w.offer(REFUND)
    if w.claim.price is not None:
        w.values["FEE"], w.values["REFUND"] = Decimal("0.00"), money(w.claim.price)
    return True


@rule(
    "CN-3BAO-95-009", ("After an exchange", "换货后重新计算"), "1995 rule 14 and its twins", REMEDY, families=("household", "av", "fixed", "farm"),
    needs="exchanged_on",
    yes=("The unit was exchanged on {start}: every period began anew.", "{start}换货：各项期限重新计算。"),
)  # fmt: skip
def fresh(w: Working) -> bool | None:
    if w.claim.exchanged_on is None:
        return None
    w.words = {"start": w.claim.exchanged_on}
    w.values["START"] = w.claim.exchanged_on
    return True


@rule(
    "CN-3BAO-MP-007", ("Accessories are exchanged", "配件换货"), "Order 4 (2001)", COUNT, families=("mobile",), needs="accessory",
    yes=("An accessory with a fault is exchanged; after two exchanges the price comes back.", "配件故障免费更换；换货两次仍有故障退款。"),
)  # fmt: skip
def accessory(w: Working) -> bool | None:
    if w.row is None or not w.row.accessory or REPAIR not in w.base or not w.is_owed:
        return None
    del w.base[REPAIR]
    w.offer(REFUND if w.claim.exchanges >= 2 else EXCHANGE)
    return True


@rule(
    "CN-3BAO-95-013", ("Freight", "运输费用"), "Consumer Law 24(2); 1995 rule 15–16", AFTER,
    yes=("Transport for repair, exchange and return of faulty goods is on the trader.", "质量问题的修理、更换、退货运输费用由经营者承担。"),
)  # fmt: skip
def freight(w: Working) -> bool | None:
    if w.fault != "quality" or not (w.base or w.choices):
        return None
    w.values.setdefault("FREIGHT", "TRADER")
    return True


def parts_until(discontinued_on: dt.date) -> dt.date:
    """CN-3BAO-95-012 (1995 rule 7): spare parts must be had for five years after production stops."""
    return days.last_day(discontinued_on, 60)
