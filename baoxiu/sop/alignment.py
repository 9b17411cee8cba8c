"""C1: how well a run of events fits a procedure: optimal alignments.

A trace and the procedure are walked side by side (the synchronous product). A move both make costs
nothing; an event the procedure does not allow there, or a step the trace left out, costs one each. A*
finds a cheapest way; its estimate never exceeds what is left to pay, so the result is optimal.

Fitness of a trace is 1 - cost / (events + steps of the procedure's shortest run): 1 fits, 0 could not
fit worse. Source: van der Aalst, Adriansyah, van Dongen, Replaying History on Process Models (2012).
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, product

from baoxiu.sop.procedure import NEW, Procedure, Step

BOTH, LOG, MODEL = "both", "log", "model"
State = tuple[str, tuple[str, ...], frozenset[str]]  # stage, facts that are read, open duties


class TooHard(Exception):
    """More states than allowed would have to be looked at."""


@dataclass(frozen=True, slots=True)
class Move:
    """`kind`: both, log (an event too many) or model (a step left out); `at`: events consumed before it."""

    kind: str
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Alignment:
    cost: int
    fitness: float
    moves: tuple[Move, ...]

    @property
    def deviations(self) -> tuple[Move, ...]:
        return tuple(m for m in self.moves if m.kind != BOTH)


class Aligner:
    """Aligns traces of step names with one procedure; equal traces are aligned once.

    `may_stop`: a trace may end at any stage (cases still running), else only where a case may end.
    """

    def __init__(self, procedure: Procedure, *, may_stop: bool = False, limit: int = 400_000) -> None:
        self.procedure, self.may_stop, self.limit = procedure, may_stop, limit
        self.read = sorted({n for s in procedure.steps for c in s.requires for n, _ in c.any_of})
        self.place = {n: i for i, n in enumerate(self.read)}
        self._ahead, self._left = _closures(procedure), _distances(procedure)
        self.successors = lru_cache(maxsize=None)(self._successors)
        self.align = lru_cache(maxsize=None)(self._align)
        self.shortest = 0
        self.shortest = self._search(()).cost

    def start(self) -> State:
        facts = self.procedure.initial_facts
        return NEW, tuple(facts[n] for n in self.read), frozenset()

    def _align(self, trace: tuple[str, ...]) -> Alignment:
        """Raises TooHard."""
        return self._search(trace)

    def _search(self, trace: tuple[str, ...]) -> Alignment:
        estimate = self._estimator(trace)
        start, order = (0, self.start()), count()
        best: dict[tuple[int, State], int] = {start: 0}
        came: dict[tuple[int, State], tuple[tuple[int, State], Move]] = {}
        queue = [(estimate(0, NEW), 0, next(order), start)]
        done: set[tuple[int, State]] = set()
        while queue:
            _, _, _, node = heapq.heappop(queue)
            if node in done:
                continue
            done.add(node)
            at, state = node
            if at == len(trace) and self.is_final(state):
                return self._told(trace, node, best[node], came)
            if len(done) > self.limit:
                raise TooHard(f"more than {self.limit:,} states")
            for move, after in self._moves(trace, at, state):
                cost = best[node] + (move.kind != BOTH)
                if cost < best.get(after, 1 << 30):
                    best[after], came[after] = cost, (node, move)
                    rest = cost + estimate(after[0], after[1][0])
                    heapq.heappush(queue, (rest, -after[0], next(order), after))
        raise TooHard("the procedure has no run that ends")

    def _moves(self, trace: Sequence[str], at: int, state: State) -> Iterable[tuple[Move, tuple[int, State]]]:
        event = trace[at] if at < len(trace) else None
        for name, after in self.successors(state):
            if name == event:
                yield Move(BOTH, name, at), (at + 1, after)
            if after != state:
                yield Move(MODEL, name, at), (at, after)
        if event is not None:
            yield Move(LOG, event, at), (at + 1, state)

    def is_final(self, state: State) -> bool:
        stage = self.procedure.stage.get(state[0])
        return self.may_stop or (stage is not None and stage.is_end)

    def _estimator(self, trace: Sequence[str]) -> Callable[[int, str], int]:
        """(events consumed, stage) → the least that is still to pay."""
        stray: dict[frozenset[str], list[int]] = {}
        for ahead in set(self._ahead.values()):
            sums = [0]
            for name in reversed(trace):
                sums.append(sums[-1] + (name not in ahead))
            stray[ahead] = sums[::-1]
        size, may_stop = len(trace), self.may_stop

        def estimate(at: int, stage: str) -> int:
            never = stray[self._ahead[stage]][at]
            steps = 0 if may_stop else self._left[stage] - (size - at - never)
            return never + max(0, steps)

        return estimate

    def _told(
        self,
        trace: Sequence[str],
        node: tuple[int, State],
        cost: int,
        came: dict[tuple[int, State], tuple[tuple[int, State], Move]],
    ) -> Alignment:
        moves: list[Move] = []
        while node in came:
            node, move = came[node]
            moves.append(move)
        worst = len(trace) + self.shortest
        return Alignment(cost, 1 - cost / worst if worst else 1.0, tuple(moves[::-1]))

    def _successors(self, state: State) -> tuple[tuple[str, State], ...]:
        stage, facts, owed = state
        known = dict(zip(self.read, facts, strict=True))
        found: dict[tuple[str, State], None] = {}
        for step in self.procedure.by_stage.get(stage, ()):
            if not all(c.holds(known) for c in step.requires):
                continue
            left = frozenset() if step.cancels else owed - set(step.discharges)
            if step.to_stage and self.procedure.stage[step.to_stage].completes and left:
                continue
            for after in self._facts_after(step, facts):
                found[step.name, (step.to_stage or stage, after, left | set(step.opens))] = None
        return tuple(found)

    def _facts_after(self, step: Step, facts: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
        """One for each choice the step leaves."""
        after = list(facts)
        for name, value in step.sets:
            if name in self.place:
                after[self.place[name]] = value
        for name in step.counts:
            if name in self.place:
                values = self.procedure.fact[name].values
                i = min(values.index(after[self.place[name]]) + 1, len(values) - 1)
                after[self.place[name]] = values[i]
        open_facts = [n for n in step.chooses if n in self.place]
        choices = [[v for v in self.procedure.fact[n].values if v != "none"] for n in open_facts]
        for chosen in product(*choices):
            for name, value in zip(open_facts, chosen, strict=True):
                after[self.place[name]] = value
            yield tuple(after)


def _closures(p: Procedure) -> dict[str, frozenset[str]]:
    """For each stage the steps that may still be taken from there or from a stage after it."""
    after = {s: {t.to_stage or s for t in p.by_stage[s]} for s in p.by_stage}
    found: dict[str, frozenset[str]] = {}
    for stage in p.by_stage:
        seen, todo = {stage}, [stage]
        while todo:
            new = after[todo.pop()] - seen
            seen |= new
            todo += new
        found[stage] = frozenset(t.name for s in seen for t in p.by_stage[s])
    return found


def _distances(p: Procedure) -> dict[str, int]:
    """For each stage the least number of steps to an end, facts aside."""
    far = {s: 0 if s in p.stage and p.stage[s].is_end else 1 << 20 for s in p.by_stage}
    for _ in far:
        for stage, steps in p.by_stage.items():
            far[stage] = min([far[stage], *(far[s.to_stage or stage] + 1 for s in steps)])
    return far


@dataclass(frozen=True, slots=True)
class Fit:
    """How a whole log fits. `mean`: of the traces' fitness; `total`: 1 - all cost / all that could be."""

    traces: int
    variants: int
    fitting: int
    mean: float
    total: float
    cost: int
    too_hard: int
    deviations: tuple[tuple[str, str, int], ...]  # kind, name, how often; the most first


def fit(aligner: Aligner, traces: Iterable[tuple[str, ...]]) -> Fit:
    """Traces too hard to align are counted apart and left out of the figures."""
    variants = Counter(traces)
    cost = worst = fitting = hard = 0
    mean = 0.0
    seen: Counter[tuple[str, str]] = Counter()
    for trace, times in variants.items():
        try:
            found = aligner.align(trace)
        except TooHard:
            hard += times
            continue
        cost += found.cost * times
        worst += (len(trace) + aligner.shortest) * times
        fitting += times * (not found.cost)
        mean += found.fitness * times
        for move in found.deviations:
            seen[move.kind, move.name] += times
    n = variants.total() - hard
    ranked = sorted(seen.items(), key=lambda pair: (-pair[1], pair[0]))
    return Fit(
        variants.total(), len(variants), fitting, mean / n if n else 0.0, 1 - cost / worst if worst else 1.0, cost,
        hard, tuple((kind, name, times) for (kind, name), times in ranked),
    )  # fmt: skip
