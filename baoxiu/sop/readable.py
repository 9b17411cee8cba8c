"""C4, C7: the procedure in words – the table for the agreement and the manual, the print of `baoxiu sop`.

Everything here is derived from the procedure and the register of clauses; nothing is written twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from baoxiu.sop import clauses, codes
from baoxiu.sop.procedure import NEW, Condition, Procedure, Step
from baoxiu.sop.text import Text

COLUMNS: dict[str, Text] = {
    "step": Text("Step", "步骤"),
    "who": Text("Who", "办理人"),
    "at": Text("At stage", "所处阶段"),
    "to": Text("Then", "之后"),
    "needs": Text("Condition", "条件"),
    "settles": Text("Settles", "了结事项"),
    "owes": Text("Then owed, and by when", "新增应办事项与时限"),
}
_ANY_STAGE = Text("any", "任意")
_ANY_OPEN = Text("any open", "任意在办阶段")
_STAYS = Text("stays", "不变")
_CASE = Text("–", "–")
_ALL = Text("everything owed falls away", "应办事项全部取消")
_NO_CLAUSE = Text("There is no such clause.", "没有这一条款。")
_STATUS = {clauses.BUILT: Text("built", "已实现"), clauses.PLANNED: Text("planned", "计划中")}
_PLACES = {
    "rule": Text("Rule", "规则"),
    "room": Text("Room", "模块"),
    "faces": Text("Screens", "界面"),
    "manual": Text("Manual", "手册"),
    "story": Text("Story test", "故事测试"),
    "status": Text("Status", "状态"),
}
_UNITS = ((1440, Text("{n} d", "{n}天")), (60, Text("{n} h", "{n}小时")), (1, Text("{n} min", "{n}分钟")))


@dataclass(frozen=True, slots=True)
class Row:
    """One step in words."""

    name: str
    clause: str
    step: str
    who: str
    at: str
    to: str
    needs: str
    settles: str
    owes: str

    def cells(self) -> tuple[str, ...]:
        return (self.step, self.who, self.at, self.to, self.needs, self.settles, self.owes)


def table(procedure: Procedure, language: str, clause: str | None = None) -> list[Row]:
    """The steps in table order; only those of `clause` ("4.5", "C4", …) when one is named."""
    return [_row(procedure, s, language) for s in procedure.steps if _belongs(s.clause, clause)]


def headings(language: str) -> tuple[str, ...]:
    return tuple(t.to(language) for t in COLUMNS.values())


def markdown(procedure: Procedure, language: str, *wanted: str) -> str:
    """The table for the manual: of clauses, steps or both; empty when nothing belongs to them."""
    rows = [r for r in table(procedure, language) if any(w in (r.name, r.clause) for w in wanted)]
    if not rows:
        return ""
    head = headings(language)
    lines = [head, ("---",) * len(head), *(r.cells() for r in rows)]
    return "\n".join("| " + " | ".join(c.replace("|", "/") or "–" for c in line) + " |" for line in lines)


def text(procedure: Procedure, language: str, clause: str | None = None) -> str:
    """What `baoxiu sop [CLAUSE]` prints: the clause's places and its steps, or the whole procedure."""
    if clause is None:
        head = f"{procedure.title.to(language) or procedure.name}\nSHA-256 {procedure.sha256}"
        chapters = [_chapter(procedure, language, c) for c in clauses.CLAUSES.values()]
        return "\n\n".join([head, *chapters]) + "\n"
    found = clauses.find(clause)
    if not found:
        known = " ".join(clauses.CLAUSES)
        return f"{_NO_CLAUSE.to(language)} {known}\n"
    return "\n\n".join(_chapter(procedure, language, c) for c in found) + "\n"


def span(minutes: int, language: str) -> str:
    """The largest unit that divides the minutes: 90 → 90 min, 120 → 2 h, 2880 → 2 d."""
    unit, words = next((u, w) for u, w in _UNITS if minutes % u == 0)
    return words.to(language).format(n=minutes // unit)


def places(clause: clauses.Clause, language: str) -> list[tuple[str, str]]:
    """(what, where) of a clause: rule module, room, screens, manual page, story test, status."""
    where = {
        "status": _STATUS[clause.status].to(language),
        "rule": f"baoxiu/sop/{clause.rule}.py",
        "room": f"baoxiu/{clause.room}/",
        "faces": " ".join(clause.faces),
        "manual": clause.manual(language),
        "story": clause.story,
    }
    if clause.status == clauses.PLANNED:
        where = {"status": where["status"]}
    return [(_PLACES[k].to(language), v) for k, v in where.items()]


def _chapter(procedure: Procedure, language: str, clause: clauses.Clause) -> str:
    lines = [f"{clause.id}  {clause.title.to(language)}"]
    lines += [f"    {what}: {where}" for what, where in places(clause, language)]
    colon = "：" if language.lower().startswith("zh") else ": "
    for row in table(procedure, language, clause.id):
        lines.append(f"  • {row.step} [{row.name}]")
        for (_key, heading), cell in list(zip(COLUMNS.items(), row.cells(), strict=True))[1:]:
            if cell:
                lines.append(f"      {heading.to(language)}{colon}{cell}")
    return "\n".join(lines)


def _belongs(ident: str, asked: str | None) -> bool:
    return asked is None or any(c.id == ident for c in clauses.find(asked)) or ident == asked


def _row(p: Procedure, s: Step, language: str) -> Row:
    comma = "、" if language.lower().startswith("zh") else ", "
    who = comma.join(codes.ROLES[r].to(language) for r in codes.ROLES if r in s.parties)
    due = (f"{p.duty[d].title.to(language)} ({span(p.duty[d].due_minutes, language)})" for d in s.opens)
    return Row(
        s.name,
        s.clause,
        s.title.to(language),
        who,
        _at(p, s, language, comma),
        p.stage[s.to_stage].title.to(language) if s.to_stage else _STAYS.to(language),
        ("；" if comma == "、" else "; ").join(_condition(p, c, language) for c in s.requires),
        _ALL.to(language) if s.cancels else comma.join(p.duty[d].title.to(language) for d in s.discharges),
        comma.join(due),
    )


def _at(p: Procedure, s: Step, language: str, comma: str) -> str:
    here = set(s.from_stages)
    if here == {NEW}:
        return _CASE.to(language)
    if here == set(p.stage):
        return _ANY_STAGE.to(language)
    if here == {stage.name for stage in p.stages if not stage.is_end}:
        return _ANY_OPEN.to(language)
    return comma.join(p.stage[n].title.to(language) for n in s.from_stages if n in p.stage)


def _condition(p: Procedure, c: Condition, language: str) -> str:
    """“Charge: free of charge or Customer's consent: given”; values of one fact share its name."""
    zh = language.lower().startswith("zh")
    said: dict[str, list[str]] = {}
    for name, value in c.any_of:
        said.setdefault(p.fact[name].title.to(language), []).append(p.fact[name].label(value).to(language))
    joiner = "或" if zh else " or "
    return joiner.join(f"{fact}{'：' if zh else ': '}{joiner.join(values)}" for fact, values in said.items())
