"""C4: what an exploration may leave out without changing any law's answer.

* *Free duties*: staff can discharge them at every open stage by a step that changes nothing else
  (reply, call). Open duties only ever block, so every run with them has one without.
* *Pausing facts* (on hold): one step without other effect sets them, one of staff takes them back,
  at every open stage, and every other step either waits or does not care.
"""

from __future__ import annotations

from collections.abc import Iterable

from baoxiu.sop.procedure import Procedure, Step

OUTSIDE = frozenset({"customer", "integration"})  # everybody else is staff
Atom = tuple[str, str]


def choosable(procedure: Procedure, fact: str) -> tuple[str, ...]:
    """The values a payload may choose: “none” means not yet and is never chosen."""
    return tuple(v for v in procedure.fact[fact].values if v != "none")


def open_stages(procedure: Procedure) -> frozenset[str]:
    return frozenset(s.name for s in procedure.stages if not s.is_end)


def _stays_everywhere(procedure: Procedure, step: Step) -> bool:
    return step.to_stage is None and not step.cancels and open_stages(procedure) <= set(step.from_stages)


def free_duties(procedure: Procedure) -> frozenset[str]:
    """Duties staff can discharge at every open stage at no other effect, and that no end can keep."""
    free: set[str] = set()
    for step in procedure.steps:
        acts = step.requires or step.sets or step.chooses or step.counts or step.opens
        if _stays_everywhere(procedure, step) and step.parties - OUTSIDE and not acts:
            free |= set(step.discharges)
    ends = {s.name for s in procedure.stages if s.is_end}
    for step in procedure.steps:
        into = procedure.stage[step.to_stage] if step.to_stage else None
        if into and into.is_end and not into.completes and not step.cancels:
            free &= set(step.discharges)
        if (into and into.is_end) or ends & set(step.from_stages):
            free -= set(step.opens)
    return frozenset(free)


def pausing_facts(procedure: Procedure, read: Iterable[str]) -> dict[str, frozenset[str]]:
    """Fact → the names of the steps that set it and take it back."""
    found: dict[str, frozenset[str]] = {}
    for fact in procedure.facts:
        if fact.name in read or len(fact.values) != 2:
            continue
        off, on = fact.values
        pair = {v: _switch(procedure, (fact.name, v)) for v in (off, on)}
        names = frozenset(s.name for steps in pair.values() for s in steps)
        back = any(s.parties - OUTSIDE for s in pair[off])
        if (
            pair[on]
            and back
            and all(_indifferent(s, fact.name, off) for s in procedure.steps if s.name not in names)
        ):
            found[fact.name] = names
    return found


def _switch(procedure: Procedure, atom: Atom) -> list[Step]:
    """The steps that do nothing but set `atom`, and need nothing but the other value of the fact."""
    return [
        s
        for s in procedure.steps
        if _stays_everywhere(procedure, s)
        and s.sets == (atom,)
        and not (s.chooses or s.counts or s.opens or s.discharges)
        and all(len(c.any_of) == 1 and c.any_of[0][0] == atom[0] != "" for c in s.requires)
        and all(c.any_of[0][1] != atom[1] for c in s.requires)
    ]


def _indifferent(step: Step, fact: str, off: str) -> bool:
    """It waits for `off`, sets nothing but `off`, or does not mention the fact at all."""
    conditions = [c for c in step.requires if any(name == fact for name, _ in c.any_of)]
    return (
        all(c.any_of == ((fact, off),) for c in conditions)
        and all(v == off for name, v in step.sets if name == fact)
        and fact not in step.chooses
        and fact not in step.counts
    )
