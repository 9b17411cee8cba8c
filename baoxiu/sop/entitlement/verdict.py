"""C3: what was decided – the result in the grammar, the coverages, every rule that was looked at.

Result grammar: TOKEN or CHOICE(a|b|c) (the customer chooses; best first), then +EXTRA, then ;KEY=VALUE.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from baoxiu.sop.entitlement.rules import Finding
from baoxiu.sop.entitlement.working import Cover
from baoxiu.sop.text import Text

# best for the customer first
TOKENS = {
    "REFUND_FULL": Text("the full price back", "全额退款"),
    "REJECT_FULL_REFUND": Text("reject it for a full refund", "拒收并全额退款"),
    "NO_REASON_RETURN": Text("return without a reason", "无理由退货"),
    "EXCHANGE_FREE": Text("exchange free of charge", "免费换货"),
    "ASSEMBLY_EXCHANGE": Text("a new assembly free of charge", "免费更换总成"),
    "KEEP_AND_COMPENSATION": Text("keep it and be compensated", "留用并获补偿"),
    "REFUND_LESS_DEP": Text("refund less the use", "折旧后退款"),
    "REPAIR_FREE": Text("repair free of charge", "免费维修"),
    "CONTINUE_REPAIR": Text("go on with the repair", "继续修理"),
    "PART_FREE": Text("the part free of charge", "部件免费"),
    "PRICE_REDUCTION": Text("a lower price", "减价"),
    "SERVICE_FREE": Text("free of charge", "免费"),
    "DIAGNOSE": Text("to be diagnosed first", "先检测"),
    "PROVE": Text("proof of purchase needed", "需购买凭证"),
    "UNDECIDED": Text("cannot be decided yet", "暂不能判定"),
    "PAID_REPAIR_QUOTE": Text("paid repair, after a quote and consent", "报价并同意后收费维修"),
    "DENY_NO_REASON_RETURN": Text("no return without a reason", "不适用无理由退货"),
}
RANK = {token: rank for rank, token in enumerate(TOKENS)}
OPEN = frozenset({"DIAGNOSE", "PROVE", "UNDECIDED"})
PAID = frozenset({"PAID_REPAIR_QUOTE", "DENY_NO_REASON_RETURN"})
KEYS = (
    "START", "EXPIRY", "NEW_EXPIRY", "DAYS", "FEE", "REFUND", "EXTRA", "REFUND_BY", "REPLY_BY", "FIX_BY", "LIMIT",
    "CUM_DAYS", "REJECT_UNTIL", "RETURN_UNTIL", "NOTICE_UNTIL", "CLAIM_UNTIL", "USE_DEDUCTION", "BURDEN", "PAYER",
    "FREIGHT", "EXCLUSION", "REASON",
)  # fmt: skip


@dataclass(slots=True)  # not frozen: one is made for every decision
class Verdict:
    id: str
    options: tuple[str, ...]  # what the customer may have, best first; never empty
    extras: tuple[str, ...]
    values: dict[str, str]
    covers: tuple[Cover, ...]
    findings: tuple[Finding, ...]
    verified: bool  # whether everything that decided was read in the source
    denied: str = ""

    @property
    def token(self) -> str:
        """The best of the options."""
        return self.options[0]

    @property
    def outcome(self) -> str:
        """C3: free, paid or unknown – the fact `cover` of a case."""
        if self.token in OPEN:
            return "unknown"
        return "paid" if self.token in PAID else "free"

    @property
    def result(self) -> str:
        said = self.options[0] if len(self.options) == 1 else f"CHOICE({'|'.join(self.options)})"
        for extra in self.extras:
            said += f"+{extra}"
        for key, value in self.values.items():
            said += f";{key}={value}"
        return said

    def deadlines(self) -> dict[str, tuple[dt.date, str]]:
        """What is owed if the repair is not done: loaner, exchange → (the last day before, the rule); the nearest."""
        found: dict[str, tuple[dt.date, str]] = {}
        for finding in self.findings:
            kind, due = finding.rule.duty, finding.words.get("due")
            if kind and isinstance(due, dt.date) and (kind not in found or due < found[kind][0]):
                found[kind] = (due, finding.rule.id)
        return found

    def fired(self) -> Iterable[Finding]:
        return (f for f in self.findings if f.fired)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values: one line of `baoxiu entitlement --json`."""
        fired: list[str] = []
        failed: list[str] = []
        unverified: list[str] = []
        for finding in self.findings:
            rule = finding.rule
            if not finding.fired:
                failed.append(rule.id)
                continue
            fired.append(rule.id)
            if not rule.verified:
                unverified.append(rule.id)
        return {
            "id": self.id,
            "outcome": self.outcome,
            "result": self.result,
            "options": list(self.options),
            "extras": list(self.extras),
            "denied": self.denied,
            "values": self.values,
            "verified": self.verified,
            "fired": fired,
            "failed": failed,
            "unverified": unverified,
            "coverages": [c.to_json() for c in self.covers],
        }
