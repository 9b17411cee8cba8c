"""C3: a verdict in words, Chinese or English – what is owed, why, until when, by which rules."""

from __future__ import annotations

from baoxiu.sop import codes
from baoxiu.sop.entitlement.claim import Claim
from baoxiu.sop.entitlement.verdict import TOKENS, Verdict
from baoxiu.sop.entitlement.working import Cover
from baoxiu.sop.text import Text

SOURCES = {
    "statute": Text("law", "法定"),
    "maker": Text("maker's promise", "厂家承诺"),
    "seller": Text("seller's promise", "商家承诺"),
    "extension": Text("extended warranty", "延保"),
    "contract": Text("contract", "合同"),
    "goodwill": Text("goodwill", "善意补偿"),
    "part": Text("replaced part", "更换部件"),
    "repair": Text("repair", "修理保证"),
}
EXTRAS = {
    "LOANER": Text("a loaner meanwhile", "期间提供备用机"),
    "LABOUR_FREE": Text("labour free of charge", "免工时费"),
    "MATERIAL_FREE": Text("parts free of charge", "免材料费"),
}
_FIRED, _FAILED = Text("yes", "是"), Text("no", "否")
_UNVERIFIED = Text("not verified", "未核实")


def headline(options: list[str] | tuple[str, ...], extras: list[str] | tuple[str, ...]) -> Text:
    """What the customer may have, best first."""
    names = [TOKENS[o] for o in options]
    more = [EXTRAS[e] for e in extras if e in EXTRAS]
    return Text(
        " or ".join(n.en for n in names) + "".join(f", {m.en}" for m in more),
        "或".join(n.zh for n in names) + "".join(f"，{m.zh}" for m in more),
    )


def span(cover: Cover) -> Text:
    """One coverage as a line."""
    source = SOURCES[cover.source]
    named = [codes.PARTS.get(part, Text(part, part)) for part in sorted(cover.parts)]
    parts = Text(", ".join(p.en for p in named), "、".join(p.zh for p in named))
    what = Text(f" ({parts.en})", f"（{parts.zh}）") if named else Text("", "")
    end = str(cover.end or "…")
    days = Text(f", +{cover.suspended_days} d in repair", f"，维修顺延{cover.suspended_days}日")
    extra = days if cover.suspended_days else Text("", "")
    name = f" {cover.name}" if cover.name else ""
    return Text(
        f"{source.en}{name}{what.en}: {cover.start} – {end}{extra.en} [{cover.rule_id}]",
        f"{source.zh}{name}{what.zh}：{cover.start} 至 {end}{extra.zh} [{cover.rule_id}]",
    )


def text(claim: Claim, verdict: Verdict, language: str) -> str:
    """Several lines, the last one empty."""

    def say(en: str, zh: str) -> str:
        return Text(en, zh).to(language)

    mark = "✓" if verdict.outcome == "free" else "¥" if verdict.outcome == "paid" else "?"
    head = f"{claim.id} · " if claim.id else ""
    lines = [f"{mark} {head}{headline(verdict.options, verdict.extras).to(language)}", f"  {verdict.result}"]
    if not verdict.verified:
        lines.append(
            "  ! " + say("A rule or a row that decided is not verified.", "作出判定的规则或数据有未核实项。")
        )
    if verdict.covers:
        lines.append("  " + say("Coverages:", "保障："))
        lines += [f"    {'●' if c.matches else '○'} {span(c).to(language)}" for c in verdict.covers]
    lines.append("  " + say("Rules:", "规则："))
    for finding in verdict.findings:
        rule = finding.rule
        note = "" if rule.verified else f" ({_UNVERIFIED.to(language)})"
        word = (_FIRED if finding.fired else _FAILED).to(language)
        lines.append(
            f"    [{word}] {rule.id} {finding.say().to(language)} – {rule.source.to(language)}{note}"
        )
    return "\n".join(lines) + "\n"
