"""C4: every state a case can come to under a procedure, breadth first, loops included.

A state is (stage, facts, open duties). What cannot change any law's answer is left out, soundly:

* facts no law and no relevant step reads (cone of influence), and values nobody tells apart;
* *free duties*: some member of staff can discharge them at every open stage by a step that changes
  nothing else (reply, call). Open duties only ever block, so every run with them has one without;
* *pausing facts* (on hold): one step without other effect sets them, one of staff takes them back,
  at every open stage, and every other step either waits or does not care.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product

from baoxiu.sop.procedure import NEW, Procedure, Step

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
    """Fact → the names of the steps that set it and take it back; see the module's words."""
    found: dict[str, frozenset[str]] = {}
    for fact in procedure.facts:
        if fact.name in read or len(fact.values) != 2:
            continue
        off, on = fact.values
        pair = {v: _switch(procedure, (fact.name, v)) for v in (off, on)}
        names = frozenset(s.name for steps in pair.values() for s in steps)
        back = any(s.parties - OUTSIDE for s in pair[off])
        if pair[on] and back and all(
            _indifferent(s, fact.name, off) for s in procedure.steps if s.name not in names
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


@dataclass(frozen=True, slots=True)
class Move:
    """One way to take a step from one stage: guards and effects over packed integers."""

    step: str
    chosen: tuple[Atom, ...]
    by_staff: bool
    guards: tuple[tuple[tuple[int, int], ...], ...]  # all of (any of (mask, bits))
    keep: int
    put: int
    counts: tuple[tuple[int, int, int], ...]  # (shift, mask, top)
    to: int
    completes: bool


@dataclass
class Model:
    """A procedure packed for exploration: stage | facts | duties in one integer."""

    procedure: Procedure
    law_atoms: frozenset[Atom]
    reduced: bool = True  # False: free duties and pausing facts are explored too (to test the reduction)
    stages: list[str] = field(init=False)
    values: dict[str, list[str]] = field(init=False)  # tracked fact → class representatives
    shift: dict[str, int] = field(init=False)
    mask: dict[str, int] = field(init=False)
    duty_bit: dict[str, int] = field(init=False)
    skipped: set[str] = field(init=False)  # steps without effect on the tracked part
    pausing: frozenset[str] = field(init=False)
    moves: dict[int, list[Move]] = field(init=False)
    stage_mask: int = field(init=False)
    duty_mask: int = field(init=False)

    def __post_init__(self) -> None:
        p = self.procedure
        paused = pausing_facts(p, {name for name, _ in self.law_atoms}) if self.reduced else {}
        self.pausing = frozenset(paused)
        pause_steps = frozenset().union(*paused.values()) if paused else frozenset()
        free = free_duties(p) if self.reduced else frozenset()
        tracked, self.skipped = self._cone(free, pause_steps)
        self._lay_out(tracked, [d.name for d in p.duties if d.name not in free])
        self.moves = {
            i: [m for s in p.by_stage[name] if s.name not in self.skipped for m in self._compile(s, i)]
            for i, name in enumerate(self.stages)
        }

    def _cone(self, free: frozenset[str], pause_steps: frozenset[str]) -> tuple[set[str], set[str]]:
        """The facts that can influence a law, and the steps that cannot."""
        facts = {name for name, _ in self.law_atoms}
        while True:
            relevant = [
                s
                for s in self.procedure.steps
                if s.name not in pause_steps
                and (
                    s.to_stage is not None
                    or s.cancels
                    or (set(s.opens) | set(s.discharges)) - free
                    or facts & ({n for n, _ in s.sets} | set(s.chooses) | set(s.counts))
                )
            ]
            read = {n for s in relevant for c in s.requires for n, _ in c.any_of} - self.pausing
            if read <= facts:
                return facts, {s.name for s in self.procedure.steps} - {s.name for s in relevant}
            facts |= read

    def _lay_out(self, tracked: set[str], duties: list[str]) -> None:
        p = self.procedure
        atoms = {a for s in p.steps for c in s.requires for a in c.any_of} | self.law_atoms
        counted = {n for s in p.steps for n in s.counts}
        self.stages = [NEW, *(s.name for s in p.stages)]
        self.values, self.shift, self.mask, self.duty_bit = {}, {}, {}, {}
        at = len(self.stages).bit_length()
        self.stage_mask = (1 << at) - 1
        for fact in p.facts:
            if fact.name not in tracked:
                continue
            told = [v for v in fact.values if fact.name in counted or (fact.name, v) in atoms]
            rest = [v for v in fact.values if v not in told]
            self.values[fact.name] = told + rest[:1]
            width = max(1, (len(self.values[fact.name]) - 1).bit_length())
            self.shift[fact.name], self.mask[fact.name] = at, ((1 << width) - 1) << at
            at += width
        for name in duties:
            self.duty_bit[name] = 1 << at
            at += 1
        self.duty_mask = sum(self.duty_bit.values())

    def bits(self, atom: Atom) -> int:
        """The packed bits of fact=value; values nobody tells apart share one."""
        known = self.values[atom[0]]
        return (known.index(atom[1]) if atom[1] in known else len(known) - 1) << self.shift[atom[0]]

    def _compile(self, step: Step, here: int) -> Iterator[Move]:
        p = self.procedure
        guards = tuple(
            tuple((self.mask[n], self.bits((n, v))) for n, v in c.any_of)
            for c in step.requires
            if not any(n in self.pausing for n, _ in c.any_of)
        )
        to = self.stages.index(step.to_stage) if step.to_stage else here
        gone = self.duty_mask if step.cancels else sum(self.duty_bit.get(d, 0) for d in set(step.discharges))
        opened = sum(self.duty_bit.get(d, 0) for d in set(step.opens))
        chooses = [f for f in step.chooses if f in self.values]
        for combination in product(*(choosable(p, f) for f in chooses)):
            chosen = tuple(zip(chooses, combination, strict=True))
            written = {n: v for n, v in (*step.sets, *chosen) if n in self.values}
            clear = sum(self.mask[n] for n in written) | gone | self.stage_mask
            yield Move(
                step.name, chosen, bool(step.parties - OUTSIDE), guards, ~clear,
                to | opened | sum(self.bits(a) for a in written.items()),
                tuple(
                    (self.shift[n], self.mask[n], len(self.values[n]) - 1)
                    for n in step.counts if n in self.values
                ),
                to, bool(step.to_stage) and p.stage[step.to_stage or ""].completes,
            )  # fmt: skip

    def initial(self) -> int:
        return sum(self.bits(a) for a in self.procedure.initial_facts.items() if a[0] in self.values)

    def stage_of(self, state: int) -> str:
        return self.stages[state & self.stage_mask]

    def fact(self, state: int, name: str) -> str:
        return self.values[name][(state & self.mask[name]) >> self.shift[name]]

    def duties(self, state: int) -> tuple[str, ...]:
        return tuple(d for d, bit in self.duty_bit.items() if state & bit)


@dataclass
class Exploration:
    """The reachable states, how each was first reached, and who leads where."""

    model: Model
    parent: dict[int, tuple[int, Move] | None]
    edges: dict[int, list[tuple[int, bool]]]  # state → (next, by staff)
    owed: dict[int, int]  # state → duties that keep a completing step from being taken
    taken: set[str]

    def path(self, state: int) -> tuple[str, ...]:
        """The shortest way there, as step names with what was chosen."""
        steps: list[str] = []
        while (before := self.parent[state]) is not None:
            state, move = before
            steps.append(move.step + "".join(f" {n}={v}" for n, v in move.chosen))
        return tuple(reversed(steps))

    def leading_to(
        self, goals: Iterable[int], *, staff_only: bool = False, in_place: bool = False
    ) -> set[int]:
        """Every state from which one of `goals` can be reached (by staff alone; without another stage)."""
        goals = set(goals)
        stage = self.model.stage_mask
        back: dict[int, list[int]] = {}
        for state, nexts in self.edges.items():
            for after, by_staff in nexts:
                near = after in goals or state & stage == after & stage
                if (by_staff or not staff_only) and (near or not in_place):
                    back.setdefault(after, []).append(state)
        seen = set(goals)
        queue = deque(seen)
        while queue:
            for state in back.get(queue.popleft(), ()):
                if state not in seen:
                    seen.add(state)
                    queue.append(state)
        return seen


def run(model: Model) -> Exploration:
    """All states reachable from the stage before a case exists."""
    start = model.initial()
    result = Exploration(model, {start: None}, {}, {}, set())
    queue = deque([start])
    while queue:
        state = queue.popleft()
        nexts: dict[int, bool] = {}
        for move in model.moves[state & model.stage_mask]:
            if not all(any(state & m == b for m, b in guard) for guard in move.guards):
                continue
            after = (state & move.keep) | move.put
            for shift, mask, top in move.counts:
                value = (state & mask) >> shift
                after = (after & ~mask) | (min(value + 1, top) << shift)
            left = state & move.keep & model.duty_mask
            if move.completes and left:
                result.owed[state] = result.owed.get(state, 0) | left
                continue
            result.taken.add(move.step)
            nexts[after] = nexts.get(after, False) or move.by_staff
            if after not in result.parent:
                result.parent[after] = (state, move)
                queue.append(after)
        result.edges[state] = list(nexts.items())
    return result
