"""C3.3: the coverages – statutory periods, promises, replaced parts – as a list, never one date."""

from __future__ import annotations

from baoxiu.sop.entitlement import days
from baoxiu.sop.entitlement.rules import AFTER, PERIOD, Judge, rule
from baoxiu.sop.entitlement.working import ALL_PARTS, Working

_IN = (
    "In warranty: {months} months by law, until {end} inclusive.",
    "在法定保修期内：{months}个月，至{end}（含当日）。",
)
_OVER = (
    "The {months} months by law ended with {end}; main parts until {part_end}.",
    "法定{months}个月于{end}届满；主要部件至{part_end}。",
)


def statutory(id: str) -> Judge:
    """The periods of the product's row: whole unit, and its main parts."""

    def judge(w: Working) -> bool | None:
        row, start = w.row, w.start
        if row is None or start is None:
            return None
        whole = w.cover(id, "statute", start, days.last_day(start, row.months), verified=row.verified)
        found, end = whole, "–"
        if row.part_months and (row.part_months > row.months or row.parts):
            # parts named on the card only: whoever says “main part” says that it is one
            parts = row.parts or (
                frozenset({w.claim.part}) if w.claim.part and w.claim.part_class == "main_part" else ALL_PARTS
            )
            if parts:
                last = days.last_day(start, row.part_months)
                part = w.cover(id, "statute", start, last, parts, verified=row.verified)
                end = str(part.end)
                found = whole if whole.matches else part
        said = found if found.matches else whole
        w.words = {
            "months": row.part_months if said.parts else row.months,
            "end": said.end,
            "part_end": end,
        }
        _repair(w, found.matches, bool(found.parts))
        return found.matches

    return judge


def _repair(w: Working, covered: bool, only_part: bool) -> None:
    if covered and w.is_owed:
        w.base["PART_FREE" if only_part else "REPAIR_FREE"] = None


_families: tuple[str, ...]
for _id, _family, _source, _conf in (
    ("CN-3BAO-95-003", "household", "1995 rule 8, 15 and catalogue", "high"),
    ("CN-3BAO-MP-002", "mobile", "Order 4 (2001)", "high"),
    ("CN-3BAO-PC-002", "pc", "Order 24 (2002) 10", "high"),
    ("CN-3BAO-AV-001", "av", "AV rule (2002)", "high"),
    ("CN-3BAO-AGR-001", "farm", "Order 126 (2010) 24 and table", "high"),
):
    rule(
        _id, ("Free repair in the statutory period", "法定保修期内免费修理"), _source, PERIOD, families=(_family,),
        yes=_IN, no=_OVER,
    )(statutory(_id))  # fmt: skip


@rule(
    "CN-3BAO-FP-001/period", ("Free repair in the statutory period", "法定保修期内免费修理"), "fixed-phone rule (2001), period from memory",
    PERIOD, families=("fixed",), verified=False, confidence="medium", yes=_IN, no=_OVER,
)  # fmt: skip
def fixed_phone(w: Working) -> bool | None:
    return statutory("CN-3BAO-FP-001/period")(w)


@rule(
    "CN-3BAO-MP-008", ("Lost papers: from the factory date", "凭证遗失：按出厂日期"), "Order 4 (2001)", PERIOD,
    families=("mobile",),
    needs="factory_on",
    yes=("No papers: counted from the 90th day after the factory date ({start}), until {end}; repair only.",
         "无凭证：自出厂第90日（{start}）起算，至{end}；仅免费修理。"),
    no=("No papers: the period from the factory date ended with {end}.", "无凭证：自出厂日期推算已于{end}届满。"),
)  # fmt: skip
def lost_papers(w: Working) -> bool | None:
    row, factory = w.row, w.claim.factory_on
    if row is None or factory is None or w.start is not None:
        return None
    start = days.after(factory, 90)
    cover = w.cover(
        "CN-3BAO-MP-008", "statute", start, days.last_day(start, row.months), verified=row.verified
    )
    # before the presumed start it was not even sold: it is in
    cover.matches = cover.end is not None and w.day <= cover.end
    w.words = {"start": start, "end": cover.end}
    w.values["START"] = start
    _repair(w, cover.matches, only_part=False)
    return cover.matches


@rule(
    "CN-3BAO-PC-003", ("Lost papers: other proof", "凭证遗失：其他证明"), "Order 24 (2002) 9", PERIOD, families=("pc",),
    yes=("No paper is needed: the seller's own record proves the purchase.", "无需凭证：销售记录可证明购买。"),
)  # fmt: skip
def other_proof(w: Working) -> bool | None:
    return True if w.claim.proof == "record" and w.start else None


def replaced(id: str) -> Judge:
    """A main part replaced under warranty has its own period again."""

    def judge(w: Working) -> bool | None:
        if w.row is None or not w.claim.part:
            return None
        done = [
            r.handed_back_on or r.ready_on
            for r in w.repairs
            if r.replaced_part == w.claim.part and (r.handed_back_on or r.ready_on)
        ]
        months = w.row.part_months or w.row.months
        if not done or not months:
            return None
        start = max(day for day in done if day)
        cover = w.cover(
            id, "part", start, days.last_day(start, months), parts=frozenset({w.claim.part}), verified=w.row.verified
        )  # fmt: skip
        w.words = {"part": w.claim.part, "start": start, "end": cover.end}
        w.values["NEW_EXPIRY"] = cover.end
        _repair(w, cover.matches, only_part="REPAIR_FREE" not in w.base)
        return cover.matches

    return judge


for _id, _place, _families, _source in (
    ("CN-3BAO-AV-003", "CN", ("av",), "AV rule (2002)"),
    ("CN-3BAO-AGR-005", "CN", ("farm",), "Order 126 (2010) 31"),
    ("CN-LAYER-005/part", "CN-ZJ", (), "Zhejiang Measures (2017) 15"),
):
    rule(
        _id, ("A replaced part begins anew", "更换的部件重新计算"), _source, PERIOD, jurisdiction=_place,
        families=_families, needs="repairs",
        yes=("The {part} was replaced on {start}: covered until {end}.", "{part}于{start}更换：保修至{end}。"),
        no=("The replaced {part} was covered until {end}.", "更换的{part}保修已于{end}届满。"),
    )(replaced(_id))  # fmt: skip


@rule(
    "CN-DAY-002", ("Months are counted by their day", "按月计算的期间"), "Civil Code 201, 202", AFTER, buyer="",
    yes=("The first day is not counted; a period of months ends with the same-numbered day, that day included.",
         "开始当日不计入；按月计算的期间以对应日为最后一日（含当日）。"),
)  # fmt: skip
def counted(w: Working) -> bool | None:
    return True if w.covers else None


@rule(
    "CN-DAY-003", ("The last day rolls to a working day", "期末遇休息日顺延"), "Civil Code 203", AFTER, buyer="",
    yes=("A last day on a rest day was moved to the next working day.", "期末遇休息日，已顺延至次一工作日。"),
    no=("The working days of {year} are not known (not published yet): a last day there is given without moving it.",
        "{year}年放假安排未知（尚未公布）：该年的期末日未作顺延。"),
)  # fmt: skip
def rolled(w: Working) -> bool | None:
    w.words = {"year": w.missing_year}
    return False if w.missing_year else w.has_rolled or None
