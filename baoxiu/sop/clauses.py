"""The register of clauses: where each one is ruled, done, shown and explained.

`baoxiu sop 4.5` prints from it; a test fails when a built clause lacks its rule, room, manual pages or
story. What is not built yet stands here as planned.
"""

from __future__ import annotations

from dataclasses import dataclass

from baoxiu.sop.text import Text as T

BUILT, PLANNED = "built", "planned"


@dataclass(frozen=True, slots=True)
class Clause:
    """`rule` is a module of `baoxiu.sop`, `room` a package of `baoxiu`, `faces` the screens' packages."""

    id: str
    title: T
    rule: str
    room: str
    faces: tuple[str, ...]
    status: str = PLANNED

    @property
    def group(self) -> str:
        """C4.4a → C4.4: variants of one clause share a lane."""
        return self.id.rstrip("abc") if self.id[:1] == "C" else self.id

    def manual(self, language: str) -> str:
        """The manual page, relative to the repository."""
        return f"docs/{'zh' if language.lower().startswith('zh') else 'en'}/{self.id}.md"

    @property
    def story(self) -> str:
        return f"tests/story/test_{self.id.lower().replace('.', '_')}.py"


def _row(ident: str, en: str, zh: str, rule: str, room: str, faces: str, status: str = PLANNED) -> Clause:
    return Clause(ident, T(en, zh), rule, room, tuple(faces.split()), status)


_ROWS = (
    _row("C1", "Purpose", "目的", "standard", "cases", "office"),
    _row("C2", "Scope", "适用范围", "commitments", "catalogue", "office portal desk api", BUILT),
    _row("C3.1", "Quality fault: free", "质量问题免费", "commitments", "cases", "desk portal api", BUILT),
    _row("C3.2", "Other fault: for a fee", "非质量问题收费", "repair", "charges", "desk portal api", BUILT),
    _row("C3.3", "Warranty", "保修期", "commitments", "catalogue", "desk portal api", BUILT),
    _row("C3.4", "Out of warranty", "保修期外", "commitments", "charges", "desk portal api", BUILT),
    _row("C4.1", "Intake", "受理", "intake", "intake", "desk portal api", BUILT),
    _row("C4.2", "Triage", "初步判断", "triage", "triage", "desk portal api", BUILT),
    _row("C4.3", "Dispatch", "派单", "dispatch", "dispatch", "desk field api", BUILT),
    _row("C4.4a", "On-site service", "上门服务", "venue", "visits", "field desk portal api", BUILT),
    _row("C4.4b", "Mail-in", "寄修", "venue", "depot", "bench desk portal api", BUILT),
    _row("C4.5", "Repair or replacement", "维修或更换", "repair", "repair", "field bench portal api", BUILT),
    _row("C4.6", "Engineer's follow-up", "工程师回访", "followups", "followups", "field desk api", BUILT),
    _row("C4.7", "Final follow-up", "客服终访", "followups", "followups", "desk portal api", BUILT),
    _row("C5.1", "Attitude", "服务态度", "followups", "followups", "portal office api", BUILT),
    _row("C5.2", "Efficiency", "服务效率", "service_levels", "clocks", "office desk api", BUILT),
    _row("C5.3", "Quality", "服务质量", "service_levels", "service_levels", "office"),
    _row("C6.1", "Training", "培训", "supervision", "supervision", "office"),
    _row("C6.2", "Supervision", "监督", "supervision", "supervision", "office"),
    _row("C7", "Change and termination", "变更与终止", "amendments", "terms", "office portal"),
    _row("C8", "Law and disputes", "法律与争议", "disputes", "disputes", "desk"),
    _row("C9", "Confidentiality", "保密", "confidentiality", "confidentiality", "office portal"),
    _row("C10", "Entire agreement", "完整协议", "agreement", "terms", "office portal"),
    _row("C11", "Signing", "签署", "agreement", "terms", "office portal"),
    _row("E1", "Software updates", "软件升级", "standard", "scenarios", "office portal"),
    _row("E2", "Hardware upgrade", "硬件升级", "standard", "scenarios", "office portal"),
    _row("E3", "Data recovery", "数据恢复", "standard", "scenarios", "bench portal"),
    _row("E4", "Customisation", "个性化定制", "standard", "scenarios", "desk portal"),
    _row("E5", "Training and guidance", "使用培训与指导", "standard", "scenarios", "portal"),
    _row("M1", "Periodic inspection", "定期巡检", "standard", "scenarios", "field office"),
    _row("M2", "Maintenance", "保养", "standard", "scenarios", "field office"),
    _row("M3", "Emergency repair around the clock", "全天候紧急维修", "standard", "scenarios", "desk field"),
    _row("M4", "Spare parts", "备件供应", "standard", "parts", "office bench"),
    _row("M5", "Upgrade consulting", "升级改造咨询", "standard", "scenarios", "desk"),
    _row("O1", "Response time", "响应时间", "service_levels", "service_levels", "desk office"),
    _row("O2", "Remote assistance", "远程协助", "standard", "scenarios", "desk portal"),
    _row("O3", "Service level agreement", "服务等级协议", "service_levels", "scenarios", "office portal"),
    _row("O4", "Data security and privacy", "数据安全与隐私", "confidentiality", "confidentiality", "office"),
    _row("O5", "Customised service", "定制服务", "overlays", "scenarios", "office"),
    _row("B1", "Design proposals", "方案设计", "overlays", "scenarios", "desk portal"),
    _row("B2", "Dedicated account manager", "专属客户经理", "overlays", "scenarios", "desk portal"),
    _row("B3", "Custom parts", "定制配件", "standard", "parts", "desk"),
    _row("B4", "Periodic calls and optimisation", "定期回访与优化", "followups", "scenarios", "desk portal"),
    _row("B5", "Customised procedure", "定制流程", "overlays", "terms", "office"),
    _row("I1", "International logistics", "国际物流", "standard", "scenarios", "bench office"),
    _row("I2", "Languages", "多语言", "text", "notify", "portal"),
    _row("I3", "Time, money, law", "时区、货币与法律", "commitments", "terms", "portal office"),
)
CLAUSES: dict[str, Clause] = {clause.id: clause for clause in _ROWS}

# Clauses that hold others: their own words, for headings and lanes.
GROUPS: dict[str, T] = {
    "C3": T("Commitments", "服务承诺"),
    "C4": T("Process", "服务流程"),
    "C4.4": T("On site or mail-in", "上门或寄修"),
    "C5": T("Requirements", "服务要求"),
    "C6": T("Training and supervision", "培训与监督"),
}


def title(ident: str) -> T:
    """The words of a clause or a group of clauses; the id itself for an unknown one."""
    if ident in CLAUSES:
        return CLAUSES[ident].title
    return GROUPS.get(ident, T(ident, ident))


def group_of(ident: str) -> str:
    return CLAUSES[ident].group if ident in CLAUSES else ident


def find(asked: str) -> tuple[Clause, ...]:
    """The clauses meant by "4.5", "c4.5", "C4", "4" or "E1"; none for what is not in the register."""
    wanted = asked.strip().casefold()
    wanted = f"c{wanted}" if wanted[:1].isdigit() else wanted
    exact = tuple(c for c in CLAUSES.values() if c.id.casefold() == wanted)
    inside = tuple(
        c
        for c in CLAUSES.values()
        if c.id.casefold().startswith(wanted) and c.id[len(wanted) : len(wanted) + 1] in (".", "a", "b", "c")
    )
    return exact or inside
