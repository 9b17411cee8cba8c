"""C3: a rule – typed data with one plain function – and the register of all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from baoxiu.sop.entitlement.sources import cite
from baoxiu.sop.text import Text

if TYPE_CHECKING:
    from baoxiu.sop.entitlement.working import Working

# the order of looking: cause, periods, windows, breaches, count, choice of remedy, promises, duties
CAUSE, PERIOD, WINDOW, BREACH, COUNT, OVERLAY, REMEDY, AFTER = range(8)
Confidence = Literal["high", "medium", "low", "convention"]
Judge = Callable[["Working"], bool | None]
NOWHERE = Text("", "")
NEEDS = (
    "repairs", "exclusion", "requested_on", "returned_on", "distance_sale", "fraud", "safety", "exchanged_on", "factory_on",
    "wants", "another_kind", "promises", "durable", "accessory", "no_row", "row",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """`judge` returns True (fired), False (looked at, failed) or None (does not concern the claim)."""

    id: str
    title: Text
    source: Text  # where it stands: sources.cite
    judge: Judge
    phase: int
    jurisdiction: str = "CN"  # "" everywhere, "CN" with all its provinces, "CN-ZJ"
    families: frozenset[str] = frozenset()  # empty: every product
    buyer: str = "consumer"  # "" for both
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None  # the last day
    as_of: Literal["sale", "claim"] = "sale"
    verified: bool = True
    confidence: Confidence = "high"
    needs: str = ""  # what claim or row must have for it to concern anybody: one of NEEDS
    is_subsidiary: bool = False  # holds only where nothing was agreed
    duty: str = ""  # what is owed from the day after its word `due`: loaner | exchange
    yes: Text = NOWHERE  # the sentence when it fired; {words} are filled in
    no: Text = NOWHERE

    @property
    def is_ours(self) -> bool:
        """A clause of the procedure, or a convention of the engine: no law."""
        return self.id.startswith("C3") or self.confidence == "convention"

    @property
    def ships_on(self) -> bool:
        """What is only believed is switched off until somebody has checked it."""
        return self.confidence != "low"

    def concerns(self, jurisdiction: str, buyer: str, family: str, given: tuple[bool, ...]) -> bool:
        """`given`: which of NEEDS the claim and its product's row have."""
        place = self.jurisdiction
        return (
            (not place or place == jurisdiction or jurisdiction.startswith(place + "-"))
            and (not self.buyer or self.buyer == buyer)
            and (not self.families or family in self.families)
            and (not self.needs or given[NEEDS.index(self.needs)])
        )

    def is_valid(self, day: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


RULES: dict[str, Rule] = {}


def rule(
    id: str,
    title: tuple[str, str],
    source: str,
    phase: int,
    *,
    yes: tuple[str, str],
    no: tuple[str, str] = ("", ""),
    jurisdiction: str = "CN",
    families: Iterable[str] = (),
    buyer: str = "consumer",
    valid_from: dt.date | None = None,
    as_of: Literal["sale", "claim"] = "sale",
    verified: bool = True,
    confidence: Confidence = "high",
    needs: str = "",
    is_subsidiary: bool = False,
    duty: str = "",
) -> Callable[[Judge], Judge]:
    """Registers the function below as the rule `id`. Raises ValueError for an id used twice or a source without Chinese."""

    def register(judge: Judge) -> Judge:
        if id in RULES:
            raise ValueError(f"rule {id} stands there twice")
        RULES[id] = Rule(
            id, Text(*title), cite(source, jurisdiction), judge, phase, jurisdiction, frozenset(families), buyer, valid_from,
            None, as_of, verified, confidence, needs, is_subsidiary, duty, Text(*yes), Text(*no),
        )  # fmt: skip
        return judge

    return register


@dataclass(slots=True)  # not frozen: ten are made for every decision
class Finding:
    """A rule that was looked at: whether it fired, with the words of its sentence."""

    rule: Rule
    fired: bool
    words: dict[str, object] = field(default_factory=dict)

    def say(self) -> Text:
        text = self.rule.yes if self.fired else self.rule.no
        text = text if text.en else self.rule.title
        return Text(text.en.format(**self.words), text.zh.format(**self.words))
