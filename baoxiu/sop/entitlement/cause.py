"""C3.1, C3.2: the cause comes before every date – quality fault or not, proved by whom, with what."""

from __future__ import annotations

from baoxiu.sop.entitlement import days
from baoxiu.sop.entitlement.rules import CAUSE, Judge, rule
from baoxiu.sop.entitlement.working import Working
from baoxiu.sop.text import Text

EXCLUSIONS = {
    "MISUSE": Text("wrong use, care or storage", "使用、维护、保管不当"),
    "UNAUTH_OPEN": Text("opened by somebody not authorised", "非授权者拆动"),
    "NO_PROOF": Text("neither card nor invoice", "无三包凭证及有效发票"),
    "PROOF_MISMATCH": Text("the card does not fit the product or was altered", "凭证型号不符或涂改"),
    "FORCE_MAJEURE": Text("force majeure", "不可抗力"),
    "DISCLOSED": Text("told in writing of the defect at the purchase", "购买时已书面告知的瑕疵"),
    "MODIFIED": Text("modified against the manual", "违反说明书改装"),
    "SOFTWARE": Text("virus or software the user installed", "病毒或自行安装的软件"),
    "INDEPENDENT_SERVICE": Text("serviced by another workshop", "在其他修理厂保养"),
}
SIX = ("MISUSE", "UNAUTH_OPEN", "NO_PROOF", "PROOF_MISMATCH", "FORCE_MAJEURE")
FREE_KINDS = frozenset({"consultation", "complaint"})


@rule(
    "CN-CPL-004", ("Who proves the defect", "举证责任"), "Consumer Law 23(3)", CAUSE,
    as_of="claim", needs="durable",
    yes=("Found within six months of delivery (until {until}): the business must prove that it was no defect.",
         "收货之日起六个月内（至{until}）发现瑕疵：由经营者举证。"),
    no=("Found after six months (until {until}): the consumer proves the defect.",
        "六个月（至{until}）之后发现：由消费者举证。"),
)  # fmt: skip
def burden(w: Working) -> bool | None:
    got = w.claim.delivered_on or w.claim.sold_on
    if w.row is None or not w.row.durable or got is None:
        return None
    until = days.last_day(got, 6)
    w.words = {"until": until}
    is_early = (w.claim.found_on or w.day) <= until
    w.values["BURDEN"] = "BUSINESS" if is_early else "CONSUMER"
    return is_early


def exclusion(*codes: str) -> Judge:
    """Whether one of `codes` is claimed and documented; what is claimed without evidence does not count."""

    def judge(w: Working) -> bool | None:
        code = w.claim.exclusion
        if code not in codes:
            return None
        w.words = {"what": EXCLUSIONS[code].en, "was": EXCLUSIONS[code].zh}
        if code == "NO_PROOF" and (w.claim.proof in ("invoice", "card", "record") or w.claim.factory_on):
            w.fault = "quality" if w.claim.fault == "other" else w.claim.fault
            return False
        if w.claim.evidence is False:
            w.fault = "quality" if w.values.get("BURDEN") == "BUSINESS" else "unknown"
            return False
        w.fault, w.excluded = "other", code
        w.values["EXCLUSION"] = code
        return True

    return judge


_YES = (
    "Excluded: {what}. Repaired for a fee, after a quote and consent.",
    "不属三包：{was}。报价并征得同意后收费维修。",
)
_NO = ("Not excluded: {what} is not documented or not true.", "“{was}”无证据或不成立，不得据此拒绝。")


def _excluded(id: str, family: str, source: str, *codes: str, verified: bool = True) -> None:
    rule(
        id, ("What the rule does not cover", "不实行三包的情形"), source, CAUSE, families=(family,), verified=verified,
        confidence="high" if verified else "medium", needs="exclusion", yes=_YES, no=_NO,
    )(exclusion(*codes))  # fmt: skip


_excluded("CN-3BAO-95-011", "household", "1995 rule 17 (from memory)", *SIX)
_excluded("CN-3BAO-MP-009", "mobile", "Order 4 (2001)", *SIX)
_excluded("CN-3BAO-PC-007", "pc", "Order 24 (2002)", *SIX, "SOFTWARE", "MODIFIED", verified=False)
_excluded(
    "CN-3BAO-CAR-009", "car", "SAMR Order 43 (2021) 32", "MISUSE", "DISCLOSED", "MODIFIED", "FORCE_MAJEURE"
)


@rule(
    "C3.2-exclusion", ("What a promise does not cover", "承诺不保的情形"), "C3.2", CAUSE, jurisdiction="", buyer="",
    needs="exclusion",
    yes=_YES, no=_NO,
)  # fmt: skip
def promised_exclusion(w: Working) -> bool | None:
    if w.excluded or w.fault != w.claim.fault:  # a rule of the law has looked at it
        return None
    return exclusion(*SIX, "DISCLOSED", "MODIFIED", "SOFTWARE")(w)


def _elsewhere(w: Working) -> bool | None:
    """Free choice of the workshop must not be held against the customer."""
    if w.claim.exclusion != "INDEPENDENT_SERVICE":
        return None
    w.fault = "quality" if w.claim.fault == "other" else w.claim.fault
    return True


_STANDS = (
    "Serviced or repaired elsewhere: the warranty stands unless that caused the fault.",
    "在其他修理厂保养：不影响质保，除非故障由此引起。",
)
rule(
    "CN-3BAO-CAR-009/workshop", ("Free choice of workshop", "自主选择修理厂"), "SAMR Order 43 (2021) 32", CAUSE,
    families=("car",), needs="exclusion", yes=_STANDS,
)(_elsewhere)  # fmt: skip
rule(
    "US-MMWA-001", ("Magnuson-Moss: no tie-in", "美国质保法：不得捆绑"), "15 USC 2302(c)", CAUSE, jurisdiction="US",
    verified=False, needs="exclusion", yes=_STANDS,
)(_elsewhere)  # fmt: skip
rule(
    "EU-R2R-002/elsewhere", ("Repaired elsewhere", "曾在他处维修"), "Dir (EU) 2024/1799 5", CAUSE, jurisdiction="EU",
    verified=False, needs="exclusion", yes=_STANDS,
)(_elsewhere)  # fmt: skip


@rule(
    "C3.1-service", ("Advice and complaints are free", "咨询、投诉不收费"), "C3.1", CAUSE, jurisdiction="", buyer="",
    needs="another_kind",
    yes=("Advice and dealing with a complaint are free of charge.", "咨询和处理投诉不收费。"),
)  # fmt: skip
def service(w: Working) -> bool | None:
    return True if w.claim.kind in FREE_KINDS else None


@rule(
    "C3.2-installation", ("Installation", "安装"), "C3.2", CAUSE, jurisdiction="", buyer="",
    needs="another_kind",
    yes=("Installation is charged as quoted, unless it was included in the sale.", "安装按报价收费；销售时已含安装的除外。"),
)  # fmt: skip
def installation(w: Working) -> bool | None:
    if w.claim.kind != "installation" or w.fault != "unknown":
        return None
    w.fault = "other"
    return True


@rule(
    "C3.2", ("Not a quality fault", "非质量问题"), "C3.2", CAUSE, jurisdiction="", buyer="",
    yes=("Not a quality fault (misuse, accident, wear): repaired for a fee, after a quote and consent.",
         "非质量问题（人为、意外、损耗）：报价并征得同意后收费维修。"),
)  # fmt: skip
def not_quality(w: Working) -> bool | None:
    if w.fault != "other" or w.excluded:
        return None
    # the kind of request has said it more exactly
    kind = w.claim.kind
    return None if kind in FREE_KINDS or (kind == "installation" and w.claim.fault == "unknown") else True


@rule(
    "C3.1", ("A quality fault is free", "质量问题免费"), "C3.1", CAUSE, jurisdiction="", buyer="",
    yes=("A quality fault is repaired or replaced free of charge in warranty.", "保修期内的质量问题免费维修或更换。"),
    no=("The diagnosis decides whether it is a quality fault.", "是否质量问题待检测判定。"),
)  # fmt: skip
def quality(w: Working) -> bool | None:
    if w.fault == "other" or w.claim.kind in FREE_KINDS:
        return None
    return w.fault == "quality"
