"""C3, C4.2: a decision (判定) – what a rule found, under which clause, by which rules, and why.

It is stored with the case, shown (“依据 …”), printed on the report and contestable by the customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from baoxiu.sop.text import Text

Plain = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Decision:
    """`facts` are what the rule looked at, as plain JSON values: enough to decide again.

    `detail`: more that belongs to it, as JSON (of an entitlement the claim and the verdict).
    """

    outcome: str
    clause: str
    rule_ids: tuple[str, ...]
    reasons: tuple[Text, ...]
    facts: Mapping[str, Plain] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "outcome": self.outcome,
            "clause": self.clause,
            "rule_ids": list(self.rule_ids),
            "reasons": [{"en": r.en, "zh": r.zh} for r in self.reasons],
            "facts": dict(self.facts),
            **({"detail": dict(self.detail)} if self.detail else {}),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Decision:
        """The decision `to_json` wrote. Raises KeyError when something is missing."""
        return cls(
            stored["outcome"],
            stored["clause"],
            tuple(stored["rule_ids"]),
            tuple(Text(r["en"], r["zh"]) for r in stored["reasons"]),
            dict(stored["facts"]),
            dict(stored.get("detail") or {}),
        )
