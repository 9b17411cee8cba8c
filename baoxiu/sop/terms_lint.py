"""C3, C7: what the law says to the company's promise before it is published (CN-LAYER-002, CN-LAYER-003).

An error blocks publishing unless legal counsel signs it off; a warning is told. What the law gives stays
with the customer either way: the engine takes the best of all sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass

from baoxiu.sop.entitlement.engine import WEAK
from baoxiu.sop.entitlement.products import PRODUCTS, ROWS, Product
from baoxiu.sop.entitlement.rules import RULES
from baoxiu.sop.text import Text
from baoxiu.sop.warranty import PAYS, Goods, Warranty, fits

ERROR, WARNING = "error", "warning"
# the rule of the law that gives a family its periods
PERIODS = {
    "household": "CN-3BAO-95-003", "mobile": "CN-3BAO-MP-002", "pc": "CN-3BAO-PC-002", "av": "CN-3BAO-AV-001",
    "fixed": "CN-3BAO-FP-001/period", "car": "CN-3BAO-CAR-001", "farm": "CN-3BAO-AGR-001",
}  # fmt: skip
# the families goods of a class of ours may belong to, where nobody has said the class under the law
FAMILIES = {
    "appliance": frozenset({"household"}),
    "electronics": frozenset({"mobile", "pc", "av", "fixed"}),
}
_SHANGHAI, _BEIJING, _EU = ("CN-LAYER-007", 6), ("CN-LAYER-007/terms", 3), ("EU-SGD-001", 24)


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule`: the id of the rule that is undercut or broken."""

    level: str  # error | warning
    rule: str
    words: Text


def _clause(id: str, pattern: str, en: str, zh: str) -> tuple[str, re.Pattern[str], Text]:
    return id, re.compile(pattern, re.IGNORECASE), Text(en, zh)


# CN-LAYER-003: terms that are void against consumers (Consumer Law 26, Order 73 12, SPC [2022] 8 1)
VOID = (
    _clause("final-interpretation", "最终解释权|最后解释权|(final|sole) (right of )?interpretation",
            "“Final interpretation” must not be reserved.", "不得保留“最终解释权”。"),
    _clause("no-returns", "概不(退|负责)|一经售出|(no|non-?) ?(returns?|refunds?|refundable)\\b|all sales (are )?final",
            "Return, exchange or refund must not be ruled out.", "不得以“概不退换”等排除退货、换货、退款。"),
    _clause("at-will", "(有权|可)(随时|单方)[^。；]{0,12}(修改|变更|终止|解除)|at any time[^.;]{0,60}without notice|"
                       "(change|modify|end|terminate)[^.;]{0,40}(at will|at any time|in (its|our) sole discretion)",
            "The company must not reserve to change or end the promise at will.", "不得约定公司可随时、单方变更或终止承诺。"),
    _clause("receipt-is-acceptance", "签收即(视为|代表|表示)|一经签收|(signing|receipt)[^.;]{0,40}(acceptance|accepted)",
            "Signing for the parcel is not acceptance of the quality.", "不得约定签收即视为质量合格。"),
    _clause("no-complaints", "不得(投诉|起诉|举报)|放弃(诉讼|投诉)|waives?[^.;]{0,40}(right|claim)",
            "Complaint and court action must not be excluded.", "不得排除投诉、诉讼的权利。"),
)  # fmt: skip


def lint(warranty: Warranty, sold: Iterable[Goods] = (), off: Set[str] = WEAK) -> list[Finding]:
    """What is wrong with it, errors first. `sold`: what the company sells; none: all a household may buy."""
    goods = set(sold) or {Goods(name) for name in FAMILIES}
    goods |= {Goods(c.product_class, c.law_class, c.model) for c in warranty.coverages if c.law_class}
    found = [*_void(warranty), *_periods(warranty, goods, off), *_least(warranty, goods, off)]
    unique = {(f.level, f.rule, f.words): f for f in found}
    return sorted(unique.values(), key=lambda f: (f.level != ERROR, f.rule, f.words.en))


def errors(found: Iterable[Finding]) -> list[Finding]:
    return [f for f in found if f.level == ERROR]


def promised(warranty: Warranty, goods: Goods, part: str = "") -> int:
    """Months of free repair (labour and parts) promised for the whole unit, or for `part` of it."""
    both = (c for c in warranty.coverages if PAYS[c.scope] >= PAYS["labour_parts"] and c.part in ("", part))
    return max((c.months for c in both if fits(c, goods)), default=0)


def _void(warranty: Warranty) -> list[Finding]:
    return [
        Finding(ERROR, f"CN-LAYER-003/{id}", text)
        for id, pattern, text in VOID
        if pattern.search(warranty.zh) or pattern.search(warranty.en)
    ]


def _rows(goods: Goods, off: Set[str]) -> list[Product]:
    """The rows of the law that may concern such goods."""
    if goods.law_class:
        rows = [PRODUCTS[goods.law_class]] if goods.law_class in PRODUCTS else []
    else:
        families = FAMILIES.get(goods.product_class, frozenset())
        rows = [r for r in ROWS if r.family in families and not r.accessory]
    return [r for r in rows if r.id not in off and PERIODS[r.family] not in off]


def _periods(warranty: Warranty, sold: set[Goods], off: Set[str]) -> list[Finding]:
    """Shorter than the law for the whole unit: an error. For main parts, or begun too early: a warning."""
    whole: dict[tuple[str, int, int], dict[str, Product]] = {}
    parts: dict[tuple[str, int, int], dict[str, Product]] = {}
    early: dict[str, Product] = {}
    for goods in sold:
        for row in _rows(goods, off):
            asked = Goods(goods.product_class, row.code, goods.model)
            rule, months = PERIODS[row.family], promised(warranty, asked)
            if months < row.months:
                whole.setdefault((rule, row.months, months), {})[row.code] = row
            least = min((promised(warranty, asked, part) for part in row.parts), default=months)
            if least < row.part_months:
                parts.setdefault((rule, row.part_months, least), {})[row.code] = row
            begins = {c.starts for c in warranty.coverages if fits(c, asked) and not c.part}
            if row.from_installation and begins == {"purchase"}:
                early[row.code] = row
    found = [
        Finding(
            ERROR,
            rule,
            _names(rows, f"by law {law} months, promised {said}", f"法定{law}个月，承诺{said}个月"),
        )
        for (rule, law, said), rows in whole.items()
    ]
    found += [
        Finding(WARNING, rule, _names(rows, f"main parts by law {law} months, promised {said}", f"主要部件法定{law}个月，承诺{said}个月"))
        for (rule, law, said), rows in parts.items()
    ]  # fmt: skip
    if early:
        words = _names(
            early,
            "the law counts from the installation, the promise from the purchase",
            "法定自安装调试完毕起算，承诺自购买起算",
        )
        found.append(Finding(WARNING, "CN-3BAO-95-004", words))
    return found


def _names(rows: dict[str, Product], en: str, zh: str) -> Text:
    """“washing machine, refrigerator: …”."""
    kept = [rows[code] for code in sorted(rows)]
    return Text(
        f"{', '.join(r.name.en for r in kept)}: {en}.", f"{'、'.join(r.name.zh for r in kept)}：{zh}。"
    )


def _least(warranty: Warranty, sold: set[Goods], off: Set[str]) -> list[Finding]:
    """What holds for all goods: Shanghai's six months, Beijing's three; two years for goods sold into the EU."""
    least = min((promised(warranty, goods) for goods in sold), default=0)
    found = [
        Finding(
            ERROR, rule,
            Text(f"{RULES[rule].title.en}: promised {least} months.", f"{RULES[rule].title.zh}：承诺{least}个月。"),
        )
        for rule, months in (_SHANGHAI, _BEIJING)
        if rule not in off and least < months
    ]  # fmt: skip
    abroad = [promised(warranty, goods) for goods in sold if goods.product_class == "international"]
    rule, months = _EU
    if abroad and rule not in off and min(abroad) < months:
        text = f"{RULES[rule].title.en} (EU): promised {min(abroad)} months."
        found.append(
            Finding(WARNING, rule, Text(text, f"{RULES[rule].title.zh}（欧盟）：承诺{min(abroad)}个月。"))
        )
    return found
