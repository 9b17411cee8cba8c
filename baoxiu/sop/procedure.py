"""C4: the procedure as data. What is signed here is what the gate, the screens and the reports run.

A `Procedure` is immutable; its meaning has one canonical JSON and one SHA-256. Titles, nouns' looks
and translations lie outside the hash: wording may be mended without changing what was signed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from baoxiu.sop.text import Text

NEW = "new"  # the stage before a case exists: only `register` starts here


class ProcedureError(ValueError):
    """A procedure that cannot stand: names what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a case stands. An end stage has no way out; `completes` marks the regular end."""

    name: str
    title: Text
    clause: str
    is_end: bool = False
    completes: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A declared fact with its finite domain; the first value is the one a new case has."""

    name: str
    values: tuple[str, ...]
    title: Text
    labels: tuple[Text, ...] = ()

    @property
    def initial(self) -> str:
        return self.values[0]

    def label(self, value: str) -> Text:
        """The words for one value; the code itself where there are none."""
        i = self.values.index(value)
        return self.labels[i] if i < len(self.labels) else Text(value, value)


@dataclass(frozen=True, slots=True)
class DutyKind:
    """What the company owes next (应办事项): whose, within how many minutes, warned at which share."""

    name: str
    title: Text
    clause: str
    party: str
    due_minutes: int
    warn_share: float = 0.75


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when any of its (fact, value) pairs holds."""

    any_of: tuple[tuple[str, str], ...]

    def holds(self, facts: Mapping[str, str]) -> bool:
        return any(facts.get(name) == value for name, value in self.any_of)


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table: who may do what, from where to where, under which conditions.

    `to_stage` None: the case stays where it is. `chooses`: facts whose value the payload decides.
    `counts`: facts whose values are "0", "1", … and go one up, stopping at the top.
    `cancels`: every open duty falls away (withdrawn, merged). Opening an open duty renews its due time.
    """

    name: str
    noun: str
    clause: str
    title: Text
    parties: frozenset[str]
    from_stages: tuple[str, ...]
    to_stage: str | None = None
    requires: tuple[Condition, ...] = ()
    sets: tuple[tuple[str, str], ...] = ()
    chooses: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    discharges: tuple[str, ...] = ()
    cancels: bool = False
    tone: str = "normal"  # primary | normal | danger | talk: looks only, outside the hash


@dataclass(frozen=True)
class Procedure:
    """A complete procedure. `check.check()` proves it before it is published."""

    name: str
    stages: tuple[Stage, ...]
    facts: tuple[Fact, ...]
    duties: tuple[DutyKind, ...]
    steps: tuple[Step, ...]
    title: Text = field(default=Text("", ""), compare=False)

    @cached_property
    def stage(self) -> dict[str, Stage]:
        return {s.name: s for s in self.stages}

    @cached_property
    def fact(self) -> dict[str, Fact]:
        return {f.name: f for f in self.facts}

    @cached_property
    def duty(self) -> dict[str, DutyKind]:
        return {d.name: d for d in self.duties}

    @cached_property
    def step(self) -> dict[str, Step]:
        return {s.name: s for s in self.steps}

    @cached_property
    def by_stage(self) -> dict[str, tuple[Step, ...]]:
        """The steps that start from each stage, in table order."""
        return {name: tuple(s for s in self.steps if name in s.from_stages) for name in (NEW, *self.stage)}

    @cached_property
    def initial_facts(self) -> dict[str, str]:
        return {f.name: f.initial for f in self.facts}

    def meaning(self) -> dict[str, Any]:
        """Everything that decides behaviour, and nothing else."""
        return {
            "stages": [[s.name, s.clause, s.is_end, s.completes] for s in self.stages],
            "facts": {f.name: list(f.values) for f in self.facts},
            "duties": {d.name: [d.clause, d.party, d.due_minutes, d.warn_share] for d in self.duties},
            "steps": {
                s.name: {
                    "clause": s.clause,
                    "parties": sorted(s.parties),
                    "from": list(s.from_stages),
                    "to": s.to_stage,
                    "requires": [[list(pair) for pair in c.any_of] for c in s.requires],
                    "sets": dict(s.sets),
                    "chooses": list(s.chooses),
                    "counts": list(s.counts),
                    "opens": list(s.opens),
                    "discharges": list(s.discharges),
                    "cancels": s.cancels,
                }
                for s in self.steps
            },
        }

    @classmethod
    def from_meaning(cls, name: str, meaning: Mapping[str, Any], words: Procedure) -> Procedure:
        """The procedure a stored meaning stands for; titles come from `words` where it has them."""

        def text(known: Any, code: str) -> Text:
            title: Text = known.title if known else Text(code, code)
            return title

        return cls(
            name=name,
            stages=tuple(
                Stage(n, text(words.stage.get(n), n), clause, end, completes)
                for n, clause, end, completes in meaning["stages"]
            ),
            facts=tuple(
                Fact(
                    n,
                    tuple(values),
                    text(words.fact.get(n), n),
                    words.fact[n].labels if n in words.fact else (),
                )
                for n, values in ((n, meaning["facts"][n]) for n in _in_order(meaning["facts"], words.fact))
            ),
            duties=tuple(
                DutyKind(n, text(words.duty.get(n), n), *meaning["duties"][n])
                for n in _in_order(meaning["duties"], words.duty)
            ),
            steps=tuple(
                _step_from(n, meaning["steps"][n], words.step.get(n))
                for n in _in_order(meaning["steps"], words.step)
            ),
            title=words.title,
        )

    @cached_property
    def canonical(self) -> str:
        return json.dumps(self.meaning(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.canonical.encode()).hexdigest()


def _in_order(names: Mapping[str, Any], known: Mapping[str, Any]) -> list[str]:
    """Canonical JSON sorts its names; people read them in the order of the table they know."""
    return [n for n in known if n in names] + [n for n in names if n not in known]


def _step_from(name: str, row: Mapping[str, Any], known: Step | None) -> Step:
    return Step(
        name,
        known.noun if known else name.replace("_", "-"),
        row["clause"],
        known.title if known else Text(name, name),
        frozenset(row["parties"]),
        tuple(row["from"]),
        row["to"],
        requires=tuple(Condition(tuple((n, v) for n, v in pairs)) for pairs in row["requires"]),
        sets=tuple(row["sets"].items()),
        chooses=tuple(row["chooses"]),
        counts=tuple(row["counts"]),
        opens=tuple(row["opens"]),
        discharges=tuple(row["discharges"]),
        cancels=row["cancels"],
        tone=known.tone if known else "normal",
    )


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step may not be taken now: a code for machines, words for people, what is missing."""

    code: str  # unknown_step | wrong_party | wrong_stage | missing_fact | owed
    reason: Text
    missing: tuple[str, ...] = ()


def refusal(
    procedure: Procedure,
    name: str,
    *,
    stage: str,
    facts: Mapping[str, str],
    open_duties: frozenset[str] | set[str],
    parties: frozenset[str] | set[str],
) -> Refusal | None:
    """None when a party of `parties` may take step `name` now; otherwise why not.

    A case cannot reach its regular end while a duty stays open: nothing owed is forgotten.
    """
    step = procedure.step.get(name)
    if step is None:
        return Refusal("unknown_step", Text(f"There is no step “{name}”.", f"没有“{name}”这一步。"))
    if not step.parties & parties:
        return Refusal("wrong_party", Text("This step is not yours to take.", "这一步不归您办理。"))
    if stage not in step.from_stages:
        here = procedure.stage[stage].title if stage in procedure.stage else Text(stage, stage)
        return Refusal(
            "wrong_stage",
            Text(
                f"“{step.title.en}” is not possible while the case is at “{here.en}”.",
                f"服务单处于“{here.zh}”时不能“{step.title.zh}”。",
            ),
        )
    missing = tuple(c for c in step.requires if not c.holds(facts))
    if missing:
        return Refusal(
            "missing_fact",
            Text(
                "Not possible now; it needs: " + "; ".join(_words(procedure, c, "en") for c in missing) + ".",
                "现在不能办理，需要：" + "；".join(_words(procedure, c, "zh") for c in missing) + "。",
            ),
            tuple(f"{n}={v}" for c in missing for n, v in c.any_of),
        )
    left = set(open_duties) - set(step.discharges)
    if step.to_stage and procedure.stage[step.to_stage].completes and left and not step.cancels:
        return Refusal(
            "owed",
            Text(
                "Still owed: " + ", ".join(procedure.duty[d].title.en for d in sorted(left)) + ".",
                "还有应办事项：" + "、".join(procedure.duty[d].title.zh for d in sorted(left)) + "。",
            ),
            tuple(sorted(left)),
        )
    return None


def _words(procedure: Procedure, condition: Condition, language: str) -> str:
    return (" or " if language == "en" else "或").join(
        _word(procedure.fact[name], value, language) for name, value in condition.any_of
    )


def _word(fact: Fact, value: str, language: str) -> str:
    title, is_english = fact.title.to(language), language == "en"
    if fact.values != ("no", "yes"):
        return f"{title}{': ' if is_english else '：'}{fact.label(value).to(language)}"
    if value == "yes":
        return title
    return f"not “{title}”" if is_english else f"非“{title}”状态"


def facts_after(
    step: Step, facts: Mapping[str, str], chosen: Mapping[str, str], procedure: Procedure
) -> dict[str, str]:
    """The facts after `step`. Raises ProcedureError when a chosen fact is missing or not in its domain."""
    after = dict(facts)
    after.update(step.sets)
    for name in step.chooses:
        value = chosen.get(name)
        if value == "none" or value not in procedure.fact[name].values:  # the proof never chooses “none”
            raise ProcedureError(f"step {step.name}: fact {name} cannot be {value!r}")
        after[name] = value
    for name in step.counts:
        values = procedure.fact[name].values
        after[name] = values[min(values.index(after[name]) + 1, len(values) - 1)]
    return after
