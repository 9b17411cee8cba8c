"""C3, C4: the laws of every procedure as data; `check` proves them.

S1–S6 are read off the table, L1–L4 and L8 follow from the shape of the explored states, the others
are conditions that hold in every state a case can come to.
"""

from __future__ import annotations

from dataclasses import dataclass

from baoxiu.sop.procedure import Condition, Stage
from baoxiu.sop.text import Text

LAWS: dict[str, Text] = {
    "S1": Text("Every name is used once", "名称不重复"),
    "S2": Text("Whatever is mentioned is declared", "引用的都已声明"),
    "S3": Text("Every step has a payload", "每一步都有表单"),
    "S4": Text("Nothing leads out of an end", "终点没有出路"),
    "S5": Text("Exactly one step starts a case", "只有一步可以立案"),
    "S6": Text("Every duty has a usable clock", "每项应办事项都有有效时限"),
    "L1": Text("Every stage is reached and every step can be taken", "每个阶段可达，每一步都可办"),
    "L2": Text("Every open case can reach the regular end", "每张在办单都能正常办结"),
    "L3": Text("Every duty is discharged before the end", "结束前所有应办事项都已了结"),
    "L4": Text("Staff can always move the case on", "本公司人员总能推进"),
    "L5": Text("No chargeable work without consent", "未经客户同意不得收费维修"),
    "L6": Text("No closing without both follow-ups", "未完成两次回访不得关单"),
    "L7": Text("A follow-up is waived only after three attempts or advice", "三次未接通或指导解决才可免访"),
    "L8": Text("An open case always owes something", "在办单始终有应办事项"),
    "L9": Text("No case ends while we hold the product", "产品未归还不得结束"),
    "L10": Text("No case is given up once work has begun", "已动工不得直接撤单"),
    "L11": Text("The stage fits the agreed service type", "阶段与约定的服务方式相符"),
    "L12": Text("Diagnosis comes first", "先检测后处理"),
    "L13": Text("Nothing is handed over untested or without an outcome", "未测试、无结果不得交付"),
    "L14": Text("Only what we hold travels back, and only at hand-over", "只有我方持有的产品在交付时寄回"),
}


@dataclass(frozen=True, slots=True)
class StateLaw:
    """At every reachable state of the stages `at`: where all of `given` holds, all of `needed` holds.

    `at`: "any", "completing", "end", "given_up" (an end that does not complete), a stage's name, or
    "!" and a stage's name for every other stage.
    """

    law: str
    at: str
    given: tuple[Condition, ...]
    needed: tuple[Condition, ...]
    reason: Text

    def applies(self, stage: Stage) -> bool:
        if self.at.startswith("!"):
            return stage.name != self.at[1:]
        named = {
            "any": True, "completing": stage.completes, "end": stage.is_end,
            "given_up": stage.is_end and not stage.completes,
        }  # fmt: skip
        return named.get(self.at, stage.name == self.at)

    @property
    def facts(self) -> frozenset[str]:
        """The facts it reads."""
        return frozenset(n for c in (*self.given, *self.needed) for n, _ in c.any_of)


def _all(words: str) -> tuple[Condition, ...]:
    """`"a=1|a=2 b=3"`: (a is 1 or 2) and b is 3."""
    return tuple(
        Condition(tuple((atom.split("=")[0], atom.split("=")[1]) for atom in group.split("|")))
        for group in words.split()
    )


def _law(law: str, at: str, given: str, needed: str, en: str, zh: str) -> StateLaw:
    return StateLaw(law, at, _all(given), _all(needed), Text(en, zh))


_BEGUN = "work=started|work=done"
_OUTCOMES = "outcome=repaired|outcome=replaced|outcome=unrepairable|outcome=unrepaired|outcome=withdrawn"

STATE_LAWS = (
    _law("L5", "any", f"{_BEGUN} cover=paid", "consent=given",
         "paid work goes on without the customer's consent", "未经同意进行收费维修"),
    _law("L6", "completing", "", "engineer_followup=done|engineer_followup=waived final_followup=done|final_followup=waived",
         "the case closes without both follow-ups", "未完成两次回访即关单"),
    _law("L7", "any", "engineer_followup=waived", "engineer_misses=3|outcome=advised",
         "the engineer's follow-up is waived before three attempts", "工程师回访未满三次即免访"),
    _law("L7", "any", "final_followup=waived", "final_misses=3",
         "the final follow-up is waived before three attempts", "客服终访未满三次即免访"),
    _law("L9", "end", "", "possession=customer", "the case ends while the product is with us", "产品仍在我方即结束"),
    _law("L10", "given_up", "", "work=none", "the case is given up although work has begun", "已动工却直接撤单"),
    _law("L11", "assigned", "", "venue=onsite", "an engineer is sent out without agreement", "未约定上门却派工"),
    _law("L11", "visit", "", "venue=onsite", "a visit without agreement", "未约定上门却上门"),
    _law("L11", "inbound", "", "venue=depot", "a parcel is awaited without agreement", "未约定寄修却等待收件"),
    _law("L11", "inbound", "", "appointed=no", "a parcel is awaited while a visit is agreed", "已约上门却等待收件"),
    _law("L12", "any", _BEGUN, "diagnosed=yes", "work without a diagnosis", "未检测即维修"),
    _law("L12", "any", "outcome=unrepairable", "diagnosed=yes", "condemned without a diagnosis", "未检测即判定无法修复"),
    _law("L12", "parts", "", "diagnosed=yes", "parts are awaited without a diagnosis", "未检测即待料"),
    _law("L12", "consent", "", "diagnosed=yes cover=paid",
         "a quote without a diagnosis or for what is free", "未检测或属免费却报价"),
    _law("L12", "quote_approval", "", "diagnosed=yes cover=paid",
         "a quote without a diagnosis or for what is free", "未检测或属免费却报价"),
    _law("L13", "handover", "", _OUTCOMES, "handed over without an outcome", "没有处理结果即交付"),
    _law("L13", "handover", "outcome=repaired|outcome=replaced", "tested=yes",
         "handed over untested", "未测试即交付"),
    _law("L14", "any", "outbound=shipped", "possession=ours", "we ship what we do not hold", "寄出不在我方的产品"),
    _law("L14", "!handover", "", "outbound=none", "the return parcel is forgotten on its way", "寄回途中被遗忘"),
)  # fmt: skip

LAW_CONDITIONS: tuple[Condition, ...] = tuple(
    dict.fromkeys(condition for law in STATE_LAWS for condition in (*law.given, *law.needed))
)
LAW_ATOMS: frozenset[tuple[str, str]] = frozenset(a for c in LAW_CONDITIONS for a in c.any_of)
