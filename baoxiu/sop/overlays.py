"""C2, B5: overlays – what an add-on or one customer adds to the standard procedure.

An overlay only adds: a fact, a duty, a stage with the step through it, a step, a condition, a tighter
clock. It never loosens and never removes. Overlays are applied in one fixed order (rank, then name),
kind of change by kind of change, so the composite does not depend on the order they are given in; it
is a `Procedure` like any other, stored by its content and checked by the same laws.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from baoxiu.sop.procedure import Condition, DutyKind, Fact, Procedure, ProcedureError, Stage, Step
from baoxiu.sop.reduction import open_stages

STANDARD_OWNER = "the standard procedure"


class OverlayError(ProcedureError):
    """An overlay that does not fit, or two that contradict each other; names them."""


@dataclass(frozen=True, slots=True)
class AddFact:
    """A new fact; `set_by` are (existing step, value) pairs, e.g. ("reopen", "no")."""

    fact: Fact
    set_by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AddDuty:
    """A new duty, opened and discharged by existing or inserted steps."""

    duty: DutyKind
    opened_by: tuple[str, ...]
    discharged_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InsertStage:
    """A new stage before `before`: the steps `only` (none named: all) that moved a case there come here first.

    `duty` is owed at the new stage; `step` discharges it, goes on to `before` and opens what the steps
    that came here would have opened. Steps possible at every open stage are possible here too.
    """

    stage: Stage
    before: str
    duty: DutyKind
    step: Step
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InsertStep:
    step: Step


@dataclass(frozen=True, slots=True)
class RequireFact:
    """One more condition for an existing step."""

    step: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class TightenClock:
    """A shorter due time, never a longer one. Several overlays may tighten one clock: the tightest holds."""

    duty: str
    due_minutes: int


Change = AddFact | AddDuty | InsertStage | InsertStep | RequireFact | TightenClock
_PHASES: tuple[type[Any], ...] = (AddFact, InsertStage, InsertStep, AddDuty, RequireFact, TightenClock)


@dataclass(frozen=True, slots=True)
class Overlay:
    """`rank` orders kinds of overlays: add-ons 10 … 50, a customer's own 90."""

    name: str
    rank: int
    changes: tuple[Change, ...]


def compose(base: Procedure, overlays: Iterable[Overlay]) -> Procedure:
    """The procedure with every overlay applied. Raises OverlayError; does not check the laws."""
    ordered = sorted(overlays, key=lambda o: (o.rank, o.name))
    names = [o.name for o in ordered]
    for name in names:
        if names.count(name) > 1:
            raise OverlayError(f"overlay {name} is given twice")
    composer = _Composer(base)
    for phase in _PHASES:
        for overlay in ordered:
            for change in overlay.changes:
                if isinstance(change, phase):
                    composer.apply(overlay.name, change)
    composer.extend_everywhere(base)
    made = composer.procedure
    return replace(made, name="+".join((base.name, *names))) if names else base


class _Composer:
    """Applies one change after another and remembers who made it."""

    def __init__(self, base: Procedure) -> None:
        self.procedure = base
        self.owner: dict[tuple[str, str], str] = {}
        self.required: dict[str, list[tuple[str, Condition]]] = {}
        self.first_clock = {d.name: d.due_minutes for d in base.duties}

    def apply(self, overlay: str, change: Change) -> None:
        match change:
            case AddFact(fact, set_by):
                self._add(overlay, "facts", fact)
                for step, value in set_by:
                    if value not in fact.values:
                        raise OverlayError(f"overlay {overlay}: fact {fact.name} has no value {value}")
                    self._mend(overlay, step, sets=((fact.name, value),))
            case AddDuty(duty, opened_by, discharged_by):
                self._add(overlay, "duties", duty)
                for step in discharged_by:
                    self._mend(overlay, step, discharges=(duty.name,))
                for step in opened_by:
                    self._mend(overlay, step, opens=(duty.name,))
            case InsertStage():
                self._insert_stage(overlay, change)
            case InsertStep(step=new):
                self._add(overlay, "steps", new)
            case RequireFact(step=name, condition=condition):
                self._require(overlay, name, condition)
            case TightenClock(duty=name, due_minutes=minutes):
                self._tighten(overlay, name, minutes)

    def extend_everywhere(self, base: Procedure) -> None:
        """What is possible at every open stage of the base is possible at inserted stages too."""
        every = open_stages(base)
        new = tuple(s.name for s in self.procedure.stages if s.name not in base.stage and not s.is_end)
        for step in self.procedure.steps:
            if every <= set(step.from_stages):
                self._swap(replace(step, from_stages=tuple(dict.fromkeys((*step.from_stages, *new)))))

    def _add(self, overlay: str, family: str, item: Stage | Fact | DutyKind | Step) -> None:
        """Appends a declaration; the same name twice is a conflict unless it says exactly the same."""
        items: tuple[Any, ...] = getattr(self.procedure, family)
        for other in items:
            if other.name == item.name:
                if other == item and (family, item.name) in self.owner:
                    return
                first = self.owner.get((family, item.name), STANDARD_OWNER)
                raise OverlayError(
                    f"{family}: {item.name} is declared by {_both(first, overlay)} in different ways"
                )
        self.owner[family, item.name] = overlay
        fields: dict[str, Any] = {family: (*items, item)}
        self.procedure = replace(self.procedure, **fields)

    def _mend(self, overlay: str, name: str, **additions: tuple[Any, ...]) -> None:
        """Adds to fields of one step."""
        step = self._step(overlay, name)
        fields: dict[str, Any] = {
            f: tuple(dict.fromkeys((*getattr(step, f), *new))) for f, new in additions.items()
        }
        self._swap(replace(step, **fields))

    def _step(self, overlay: str, name: str) -> Step:
        if name not in self.procedure.step:
            raise OverlayError(f"overlay {overlay}: there is no step {name}")
        return self.procedure.step[name]

    def _swap(self, *changed: Step) -> None:
        new = {s.name: s for s in changed}
        steps = tuple(new.get(s.name, s) for s in self.procedure.steps)
        self.procedure = replace(self.procedure, steps=steps)

    def _insert_stage(self, overlay: str, change: InsertStage) -> None:
        before = change.before
        if before not in self.procedure.stage or self.procedure.stage[before].is_end:
            raise OverlayError(f"overlay {overlay}: no stage can be inserted before {before}")
        if first := self.owner.get(("before", before)):
            raise OverlayError(f"two stages before {before}: by {_both(first, overlay)}")
        coming = [s for s in self.procedure.steps if s.to_stage == before and before not in s.from_stages]
        coming = [s for s in coming if not change.only or s.name in change.only]
        opened = {s.opens for s in coming}
        if not opened or set(change.only) - {s.name for s in coming}:
            raise OverlayError(f"overlay {overlay}: no such step leads to {before}")
        self._add(overlay, "stages", change.stage)
        stages = [s for s in self.procedure.stages if s.name != change.stage.name]
        stages.insert([s.name for s in stages].index(before), change.stage)
        self.procedure = replace(self.procedure, stages=tuple(stages))
        self._add(overlay, "duties", change.duty)
        self.owner["before", before] = overlay
        there = tuple(d for d in dict.fromkeys(d for o in opened for d in sorted(o)))
        handed_on = tuple(d for d in there if all(d in o for o in opened))
        self._swap(
            *(
                replace(
                    s,
                    to_stage=change.stage.name,
                    opens=(*(d for d in s.opens if d not in handed_on), change.duty.name),
                )
                for s in coming
            )
        )
        step = replace(
            change.step,
            from_stages=(change.stage.name,),
            to_stage=before,
            discharges=tuple(dict.fromkeys((*change.step.discharges, change.duty.name))),
            opens=tuple(dict.fromkeys((*change.step.opens, *handed_on))),
        )
        self._add(overlay, "steps", step)

    def _require(self, overlay: str, name: str, condition: Condition) -> None:
        step = self._step(overlay, name)
        for fact, value in condition.any_of:
            if fact not in self.procedure.fact or value not in self.procedure.fact[fact].values:
                raise OverlayError(f"overlay {overlay}: step {name} requires the unknown {fact}={value}")
        by = {c: first for first, c in self.required.get(name, ())}
        for other in step.requires:
            first = by.get(other, STANDARD_OWNER)
            if _contradict(other, condition):
                raise OverlayError(
                    f"step {name}: {_both(first, overlay)} require what cannot hold together: "
                    f"{_words(other)} and {_words(condition)}"
                )
        self.required.setdefault(name, []).append((overlay, condition))
        self._mend(overlay, name, requires=(condition,))

    def _tighten(self, overlay: str, name: str, minutes: int) -> None:
        if name not in self.procedure.duty:
            raise OverlayError(f"overlay {overlay}: there is no duty {name}")
        duty = self.procedure.duty[name]
        limit = self.first_clock.get(name, duty.due_minutes)
        if not 0 < minutes <= limit:
            raise OverlayError(
                f"overlay {overlay}: {name} may be tightened below {limit} minutes, not set to {minutes}"
            )
        tighter = replace(duty, due_minutes=min(minutes, duty.due_minutes))
        duties = tuple(tighter if d.name == name else d for d in self.procedure.duties)
        self.procedure = replace(self.procedure, duties=duties)


def _both(first: str, second: str) -> str:
    return f"{first if first == STANDARD_OWNER else 'overlay ' + first} and overlay {second}"


def _contradict(one: Condition, other: Condition) -> bool:
    """Both speak of one and the same fact only, and share no value."""
    facts = {n for n, _ in (*one.any_of, *other.any_of)}
    return len(facts) == 1 and not set(one.any_of) & set(other.any_of)


def _words(condition: Condition) -> str:
    return " or ".join(f"{n}={v}" for n, v in condition.any_of)
