"""C1: a procedure others work by, read from a file, to hold their event log against.

The file is JSON: `stages`, `facts`, `steps` as in the standard procedure's table, conditions written
"fact=value" (alternatives as a list), and for each step the `activities` of the log that mean it.
It need not keep our laws – no duties, no follow-ups –, only be a table that stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from baoxiu.sop import check
from baoxiu.sop.procedure import Condition, Fact, Procedure, ProcedureError, Stage, Step
from baoxiu.sop.text import Text


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class _Words(_Row):
    en: str = ""
    zh: str = ""


class _Stage(_Row):
    name: str
    title: _Words = _Words()
    end: bool = False


class _Step(_Row):
    name: str
    title: _Words = _Words()
    stages: list[str] = Field(alias="from", min_length=1)
    to: str | None = None
    requires: list[str | list[str]] = []
    sets: dict[str, str] = {}
    chooses: list[str] = []
    counts: list[str] = []
    activities: list[str] = []


class _File(_Row):
    name: str
    title: _Words = _Words()
    stages: list[_Stage] = Field(min_length=1)
    facts: dict[str, list[str]] = {}
    steps: list[_Step] = Field(min_length=1)
    ignores: list[str] = []


@dataclass(frozen=True, slots=True)
class Foreign:
    """`labels`: activity of the log → step, None for one that is left out of the comparison."""

    procedure: Procedure
    labels: Mapping[str, str | None]


def read(given: Any) -> Foreign:
    """The procedure a parsed JSON file describes. Raises ProcedureError, naming what is wrong."""
    try:
        file = _File.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ProcedureError(f"{place}: {first['msg']}") from None
    made = Procedure(
        name=file.name,
        title=Text(file.title.en, file.title.zh),
        stages=tuple(Stage(s.name, _text(s.title, s.name), "C4", s.end, s.end) for s in file.stages),
        facts=tuple(Fact(n, tuple(values), Text(n, n)) for n, values in file.facts.items()),
        duties=(),
        steps=tuple(map(_step, file.steps)),
    )
    if findings := check.table(made):
        raise ProcedureError(str(findings[0]))
    labels: dict[str, str | None] = dict.fromkeys(file.ignores)
    for step in file.steps:
        labels.update(dict.fromkeys(step.activities or [step.name], step.name))
    return Foreign(made, labels)


def of_ours(procedure: Procedure) -> Foreign:
    """One of our own procedures: its steps by their names and titles."""
    labels: dict[str, str | None] = {}
    for step in procedure.steps:
        labels.update({step.title.en: step.name, step.title.zh: step.name, step.name: step.name})
    return Foreign(procedure, labels)


def _text(words: _Words, name: str) -> Text:
    return Text(words.en or name, words.zh or words.en or name)


def _step(row: _Step) -> Step:
    return Step(
        row.name, row.name, "C4", _text(row.title, row.name), frozenset({"agent"}), tuple(row.stages), row.to,
        requires=tuple(_condition(c) for c in row.requires), sets=tuple(row.sets.items()),
        chooses=tuple(row.chooses), counts=tuple(row.counts),
    )  # fmt: skip


def _condition(given: str | list[str]) -> Condition:
    pairs = [given] if isinstance(given, str) else given
    return Condition(tuple((n, v) for n, _, v in (p.partition("=") for p in pairs)))


def spoken(labels: Mapping[str, str | None], activity: str, lifecycle: str) -> str | None:
    """The step an event means; None when it is left out; the activity itself when nothing is known of it.

    "Activity+start" is looked for before "Activity"; of a log with life cycles an activity alone means
    its completion.
    """
    if lifecycle and (whole := f"{activity}+{lifecycle}") in labels:
        return labels[whole]
    if lifecycle and lifecycle.lower() != "complete":
        return None if activity in labels else f"{activity}+{lifecycle}"
    return labels.get(activity, activity)
