"""C4: every state a case can come to under a procedure, breadth first, loops included.

A state is (stage, facts, open duties), packed in one integer. What cannot change any law's answer is
left out: facts no law and no relevant step reads (cone of influence), values nobody tells apart, and
what `reduction` finds free.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import product
from operator import or_

from baoxiu.sop.procedure import NEW, Condition, Procedure, Step
from baoxiu.sop.reduction import OUTSIDE, Atom, choosable, free_duties, pausing_facts


@dataclass(frozen=True, slots=True)
class Move:
    """One way to take a step from one stage: guards and effects over packed integers."""

    step: str
    chosen: tuple[Atom, ...]
    by_staff: bool
    mask: int  # the facts that must be exactly
    bits: int  # these
    guards: tuple[tuple[tuple[int, int], ...], ...]  # and all of (any of (mask, bits))
    keep: int
    put: int
    counts: tuple[tuple[int, int, int], ...]  # (shift, mask, top)
    discharges: int
    completes: bool


@dataclass
class Model:
    """A procedure packed for exploration: stage | facts | duties in one integer."""

    procedure: Procedure
    laws: tuple[Condition, ...]  # what the laws read
    reduced: bool = True  # False: free duties and pausing facts are explored too (to test the reduction)
    stages: list[str] = field(init=False)
    values: dict[str, dict[str, int]] = field(init=False)  # tracked fact → value → its class
    shift: dict[str, int] = field(init=False)
    mask: dict[str, int] = field(init=False)
    duty_bit: dict[str, int] = field(init=False)
    skipped: set[str] = field(init=False)  # steps without effect on the tracked part
    pausing: frozenset[str] = field(init=False)
    moves: dict[int, list[Move]] = field(init=False)
    read: dict[int, int] = field(init=False)  # stage → the bits its moves look at
    stage_mask: int = field(init=False)
    duty_mask: int = field(init=False)

    def __post_init__(self) -> None:
        p = self.procedure
        paused = pausing_facts(p, {n for c in self.laws for n, _ in c.any_of}) if self.reduced else {}
        self.pausing = frozenset(paused)
        pause_steps = frozenset().union(*paused.values()) if paused else frozenset()
        free = free_duties(p) if self.reduced else frozenset()
        tracked, self.skipped = self._cone(free, pause_steps)
        self._lay_out(tracked, [d.name for d in p.duties if d.name not in free])
        self.moves = {
            i: [m for s in p.by_stage[name] if s.name not in self.skipped for m in self._compile(s, i)]
            for i, name in enumerate(self.stages)
        }
        self.read = {i: self.stage_mask | reduce(or_, map(_read, m), 0) for i, m in self.moves.items()}

    def _cone(self, free: frozenset[str], pause_steps: frozenset[str]) -> tuple[set[str], set[str]]:
        """The facts that can influence a law, and the steps that cannot."""
        facts = {n for c in self.laws for n, _ in c.any_of}
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
        conditions = [c.any_of for c in (*self.laws, *(c for s in p.steps for c in s.requires))]
        counted = {n for s in p.steps for n in s.counts}
        self.stages = [NEW, *(s.name for s in p.stages)]
        self.values, self.shift, self.mask, self.duty_bit = {}, {}, {}, {}
        at = len(self.stages).bit_length()
        self.stage_mask = (1 << at) - 1
        for fact in (f for f in p.facts if f.name in tracked):
            classes: dict[object, int] = {}
            self.values[fact.name] = {}
            for v in fact.values:  # values that occur in the same conditions are the same to everybody
                same = v if fact.name in counted else tuple((fact.name, v) in c for c in conditions)
                self.values[fact.name][v] = classes.setdefault(same, len(classes))
            width = max(1, (len(classes) - 1).bit_length())
            self.shift[fact.name], self.mask[fact.name] = at, ((1 << width) - 1) << at
            at += width
        for name in duties:
            self.duty_bit[name] = 1 << at
            at += 1
        self.duty_mask = sum(self.duty_bit.values())

    def bits(self, atom: Atom) -> int:
        """The packed bits of fact=value."""
        return self.values[atom[0]][atom[1]] << self.shift[atom[0]]

    def _compile(self, step: Step, here: int) -> Iterator[Move]:
        p = self.procedure
        conditions = [c for c in step.requires if not any(n in self.pausing for n, _ in c.any_of)]
        single = {c.any_of[0] for c in conditions if len(c.any_of) == 1}
        if len({n for n, _ in single}) < len(single):
            return  # it requires two values of one fact
        mask, bits = sum(self.mask[n] for n, _ in single), sum(map(self.bits, single))
        guards = tuple(
            tuple((self.mask[n], self.bits((n, v))) for n, v in c.any_of)
            for c in conditions
            if len(c.any_of) > 1
        )
        to = self.stages.index(step.to_stage) if step.to_stage else here
        gone = self.duty_mask if step.cancels else sum(self.duty_bit.get(d, 0) for d in set(step.discharges))
        opened = sum(self.duty_bit.get(d, 0) for d in set(step.opens))
        chooses = [f for f in step.chooses if f in self.values]
        for combination in product(*(self._told_apart(f) for f in chooses)):
            chosen = tuple(zip(chooses, combination, strict=True))
            written = {n: v for n, v in (*step.sets, *chosen) if n in self.values}
            clear = sum(self.mask[n] for n in written) | gone | self.stage_mask
            yield Move(
                step.name, chosen, bool(step.parties - OUTSIDE), mask, bits, guards, ~clear,
                to | opened | sum(self.bits(a) for a in written.items()),
                tuple(
                    (self.shift[n], self.mask[n], len(p.fact[n].values) - 1)
                    for n in step.counts if n in self.values
                ),
                0 if step.cancels else gone, bool(step.to_stage) and p.stage[step.to_stage or ""].completes,
            )  # fmt: skip

    def _told_apart(self, fact: str) -> list[str]:
        """One choosable value for each class."""
        return list({self.bits((fact, v)): v for v in reversed(choosable(self.procedure, fact))}.values())

    def initial(self) -> int:
        return sum(self.bits(a) for a in self.procedure.initial_facts.items() if a[0] in self.values)

    def stage_of(self, state: int) -> str:
        return self.stages[state & self.stage_mask]

    def holds(self, condition: Condition, state: int) -> bool:
        return any(state & self.mask[n] == self.bits((n, v)) for n, v in condition.any_of)

    def duties(self, state: int) -> tuple[str, ...]:
        return tuple(d for d, bit in self.duty_bit.items() if state & bit)


def _read(move: Move) -> int:
    return reduce(or_, (mask for guard in move.guards for mask, _ in guard), move.mask)


@dataclass
class Exploration:
    """The reachable states, how each was first reached, and who leads where."""

    model: Model
    parent: dict[int, tuple[int, Move] | None]
    edges: dict[int, dict[int, bool]]  # state → next → by staff
    owed: dict[int, int]  # state → duties that keep a completing step from being taken
    dischargeable: dict[int, int]  # state → duties some step takeable here discharges
    taken: set[str]  # steps whose stage and facts allow them somewhere

    def path(self, state: int) -> tuple[str, ...]:
        """The shortest way there, as step names with what was chosen."""
        steps: list[str] = []
        while (before := self.parent[state]) is not None:
            state, move = before
            steps.append(move.step + "".join(f" {n}={v}" for n, v in move.chosen))
        return tuple(reversed(steps))

    @cached_property
    def back(self) -> dict[int, dict[int, bool]]:
        """`edges` the other way round: state → before → by staff."""
        back: dict[int, dict[int, bool]] = {state: {} for state in self.parent}
        for state, nexts in self.edges.items():
            for after, by_staff in nexts.items():
                back[after][state] = by_staff
        return back

    def stranded(self) -> dict[int, int]:
        """State → open duties nobody can discharge before the case has left its stage."""
        stage, owed, can = self.model.stage_mask, self.model.duty_mask, dict(self.dischargeable)
        if not any(s & owed & ~can[s] for s in self.parent):
            return {}  # whatever is owed anywhere can be discharged then and there
        queue = deque(state for state, duties in can.items() if duties)
        while queue:
            state = queue.popleft()
            here, duties = state & stage, can[state]
            for before in self.back[state]:
                if before & stage == here and duties & ~can[before]:
                    can[before] |= duties
                    queue.append(before)
        return {s: left for s in self.parent if (left := s & owed & ~can[s])}

    def leading_to(
        self, goals: Iterable[int], *, staff_only: bool = False, in_place: bool = False
    ) -> set[int]:
        """Every state from which one of `goals` can be reached (by staff alone; without another stage)."""
        goals = frozenset(goals)
        stage = self.model.stage_mask
        seen = set(goals)
        queue = deque(seen)
        while queue:
            state = queue.popleft()
            anywhere = not in_place or state in goals
            for before, by_staff in self.back[state].items():
                if (
                    before not in seen
                    and (by_staff or not staff_only)
                    and (anywhere or (before ^ state) & stage == 0)
                ):
                    seen.add(before)
                    queue.append(before)
        return seen


def run(model: Model) -> Exploration:
    """All states reachable from the stage before a case exists."""
    start = model.initial()
    result = Exploration(model, {start: None}, {}, {}, {}, set())
    parent, edges, queue = result.parent, result.edges, deque([start])
    # the moves open to a state hang on the few bits they look at
    known: dict[int, tuple[int, list[_Open]]] = {}
    read, stage_mask = model.read, model.stage_mask
    while queue:
        state = queue.popleft()
        stage = state & stage_mask
        seen = state & read[stage]
        if seen not in known:
            known[seen] = _open_moves(model.moves[stage], state)
            result.taken.update(found[3].step for found in known[seen][1])
        dischargeable, moves = known[seen]
        nexts: dict[int, bool] = {}
        for keep, put, by_staff, move, special in moves:
            after = (state & keep) | put
            if special:
                for shift, mask, top in move.counts:
                    value = (state & mask) >> shift
                    after = (after & ~mask) | (min(value + 1, top) << shift)
                if move.completes and (left := state & keep & model.duty_mask):
                    result.owed[state] = result.owed.get(state, 0) | left
                    continue
                dischargeable |= move.discharges
            if by_staff or after not in nexts:
                nexts[after] = by_staff
            if after not in parent:
                parent[after] = (state, move)
                queue.append(after)
        edges[state] = nexts
        result.dischargeable[state] = dischargeable
    return result


# keep, put, by staff, the move, whether it counts or completes
_Open = tuple[int, int, bool, Move, bool]


def _open_moves(moves: Iterable[Move], state: int) -> tuple[int, list[_Open]]:
    """What the moves open to a state discharge, those that complete apart, and the moves."""
    open_now = [m for m in moves if _is_open(m, state)]
    discharged = reduce(or_, (m.discharges for m in open_now if not m.completes), 0)
    return discharged, [(m.keep, m.put, m.by_staff, m, bool(m.counts) or m.completes) for m in open_now]


def _is_open(move: Move, state: int) -> bool:
    return state & move.mask == move.bits and all(
        any(state & m == b for m, b in guard) for guard in move.guards
    )
