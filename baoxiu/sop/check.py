"""C4, C7, B5: the laws every procedure keeps, proved before it is published.

Static laws look at the table alone; dynamic laws look at every state a case can come to
(`exploration`). A procedure without findings cannot lose a case, forget a duty, charge without
consent or close without both follow-ups, whatever people do and in whatever order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from baoxiu.sop.exploration import Exploration, Model, run
from baoxiu.sop.laws import LAW_ATOMS, LAW_CONDITIONS, STATE_LAWS, StateLaw
from baoxiu.sop.procedure import NEW, Procedure, Stage, Step
from baoxiu.sop.text import Text

PARTIES = frozenset({
    "agent", "dispatcher", "engineer", "station_head", "stock_keeper", "account_manager", "manager",
    "administrator", "integration", "customer", "system",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken law: where, why, and for dynamic laws the shortest run of steps that shows it."""

    law: str
    place: str
    reason: Text
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        way = f"  [{' → '.join(self.path)}]" if self.path else ""
        return f"{self.law} {self.place}: {self.reason.en}{way}"


@dataclass(frozen=True, slots=True)
class Counts:
    """How large the explored space is: what `baoxiu sop --check` prints."""

    stages: int
    steps: int
    duties: int
    facts: int
    states: int
    moves: int


def check(
    procedure: Procedure, *, payloads: Collection[str] | None = None, parties: Collection[str] = PARTIES
) -> list[Finding]:
    """The broken laws; none means it may be published. `payloads`: known payload names (None: not asked).

    The dynamic laws are asked only of a table that stands: static findings come alone.
    """
    found = list(_static(procedure, payloads, frozenset(parties)))
    return found or list(broken(explored(procedure)))


def explore(procedure: Procedure) -> Counts:
    """Counts of a procedure that stands; raises KeyError or ValueError for one that does not."""
    found = explored(procedure)
    return Counts(
        len(procedure.stages), len(procedure.steps), len(procedure.duties), len(procedure.facts),
        len(found.parent), sum(map(len, found.edges.values())),
    )  # fmt: skip


def explored(procedure: Procedure, *, reduced: bool = True) -> Exploration:
    """The whole space; `reduced=False` leaves nothing out but what no law and no step reads."""
    return run(Model(procedure, LAW_CONDITIONS, reduced))


# --- static laws -----------------------------------------------------------------------------------


def table(p: Procedure, parties: Collection[str] = PARTIES) -> list[Finding]:
    """What makes a table no table: names twice or not declared, no start, steps out of an end.

    All that is asked of a procedure others work by, which need not keep our laws.
    """
    return [*_unique(p), *_declared(p, frozenset(parties)), *_shape(p)]


def _static(p: Procedure, payloads: Collection[str] | None, parties: frozenset[str]) -> Iterator[Finding]:
    yield from table(p, parties)
    if missing := LAW_ATOMS - {(f.name, v) for f in p.facts for v in f.values}:
        names = {f"{n}={v}" for n, v in missing}
        yield Finding("S2", "facts", _names("the laws read", "规则须读取", names))
    if payloads is not None:
        for step in p.steps:
            if step.name not in payloads:
                yield Finding("S3", f"step {step.name}", Text("it has no payload", "没有对应的表单"))


def _shape(p: Procedure) -> Iterator[Finding]:
    ends = {s.name for s in p.stages if s.is_end}
    for stage in p.stages:
        if stage.completes and not stage.is_end:
            yield Finding(
                "S4", f"stage {stage.name}", Text("it completes but is no end", "标为办结却不是终点")
            )
    for step in p.steps:
        if step.to_stage and (left := ends & set(step.from_stages)):
            yield Finding("S4", f"step {step.name}", _names("it leaves the end", "离开终点", left))
    starts = [s.name for s in p.steps if NEW in s.from_stages]
    if len(starts) != 1 or p.step[starts[0]].to_stage is None or len(p.step[starts[0]].from_stages) != 1:
        yield Finding("S5", f"stage {NEW}", _names("starting steps", "立案步骤", starts))
    for duty in p.duties:
        if duty.due_minutes <= 0 or not 0 < duty.warn_share < 1:
            yield Finding("S6", f"duty {duty.name}", Text("its clock never runs", "时限无效"))


def _names(en: str, zh: str, names: Iterable[str]) -> Text:
    listed = ", ".join(sorted(names)) or "–"
    return Text(f"{en}: {listed}", f"{zh}：{listed}")


def _unique(p: Procedure) -> Iterator[Finding]:
    families: dict[str, list[str]] = {
        "stage": [NEW, *(s.name for s in p.stages)],
        "fact": [f.name for f in p.facts],
        "duty": [d.name for d in p.duties],
        "step": [s.name for s in p.steps],
        "noun": [s.noun for s in p.steps],
        **{f"value of {f.name}": list(f.values) for f in p.facts},
    }
    for family, names in families.items():
        for name, count in Counter(names).items():
            if count > 1:
                yield Finding("S1", f"{family} {name}", Text("the name is used twice", "名称重复"))


def _declared(p: Procedure, parties: frozenset[str]) -> Iterator[Finding]:
    atoms = {(f.name, v) for f in p.facts for v in f.values}
    stages, facts, duties = {NEW, *p.stage}, set(p.fact), set(p.duty)
    for step in p.steps:
        unknown = (
            set(step.from_stages) - stages
            | ({step.to_stage} - set(p.stage) if step.to_stage else set())
            | {f"{n}={v}" for c in step.requires for n, v in c.any_of if (n, v) not in atoms}
            | {f"{n}={v}" for n, v in step.sets if (n, v) not in atoms}
            | (set(step.chooses) | set(step.counts)) - facts
            | (set(step.opens) | set(step.discharges)) - duties
            | set(step.parties) - parties
        )
        if unknown:
            yield Finding("S2", f"step {step.name}", _names("not declared", "未声明", unknown))
        for name in set(step.counts) & facts:
            if p.fact[name].values != tuple(str(i) for i in range(len(p.fact[name].values))):
                yield Finding("S2", f"step {step.name}", _names("no counter", "不是计数", [name]))
        if not step.parties or not step.from_stages or any(not c.any_of for c in step.requires):
            yield Finding("S2", f"step {step.name}", Text("nobody could ever take it", "没有人能办这一步"))
    for duty in p.duties:
        if duty.party not in parties:
            yield Finding("S2", f"duty {duty.name}", _names("not declared", "未声明", [duty.party]))


# --- dynamic laws ----------------------------------------------------------------------------------


def broken(e: Exploration) -> Iterator[Finding]:
    """The dynamic laws an explored procedure breaks, with the shortest example for each place."""
    yield from _reached(e)
    yield from _progress(e)
    p, model = e.model.procedure, e.model
    first = _FirstPerPlace(e)
    stages = {i: p.stage[name] for i, name in enumerate(model.stages) if name in p.stage}
    asking = {i: _asking(model, stage) for i, stage in stages.items()}
    for state in e.parent:
        here = state & model.stage_mask
        if here not in stages:
            continue
        is_end, laws = asking[here]
        owes = state & model.duty_mask
        if is_end and owes:
            owed = _names("still owed at the end", "结束时仍未了结", model.duties(state))
            yield from first("L3", state, owed)
        if not (is_end or owes):
            yield from first("L8", state, Text("nobody owes anything", "没有应办事项"))
        for law, read, asked in laws:
            if (seen := state & read) in asked:
                continue
            asked.add(seen)
            given = all(model.holds(c, state) for c in law.given)
            if given and not all(model.holds(c, state) for c in law.needed):
                yield from first(law.law, state, law.reason)


def _asking(model: Model, stage: Stage) -> tuple[bool, list[tuple[StateLaw, int, set[int]]]]:
    """Whether a stage is an end; its laws, what each reads, and what of that was asked: of states alike in it
    the first has the shortest path."""
    laws = [law for law in STATE_LAWS if law.applies(stage)]
    return stage.is_end, [
        (law, reduce(or_, map(model.mask.__getitem__, law.facts), 0), set()) for law in laws
    ]


class _FirstPerPlace:
    """One finding per law, stage and reason: the first found is the one with the shortest path."""

    def __init__(self, e: Exploration) -> None:
        self.e = e
        self.seen: set[tuple[str, str, str]] = set()

    def __call__(self, law: str, state: int, reason: Text) -> Iterator[Finding]:
        stage = self.e.model.stage_of(state)
        if (law, stage, reason.en) not in self.seen:
            self.seen.add((law, stage, reason.en))
            yield Finding(law, f"stage {stage}", reason, self.e.path(state))


def _reached(e: Exploration) -> Iterator[Finding]:
    """L1. Steps without effect on the laws are looked for at the reached stages, by their tracked facts."""
    p, model = e.model.procedure, e.model
    reached = {model.stage_of(s) for s in e.parent} | {p.step[name].to_stage or NEW for name in e.taken}
    for stage in p.stages:
        if stage.name not in reached:
            yield Finding("L1", f"stage {stage.name}", Text("it is never reached", "永远到不了"))
    for step in p.steps:
        can = step.name in e.taken or (step.name in model.skipped and _possible(e, step))
        if not can and set(step.from_stages) & reached:
            yield Finding("L1", f"step {step.name}", Text("it can never be taken", "永远办不了"))


def _possible(e: Exploration, step: Step) -> bool:
    model = e.model
    conditions = [c for c in step.requires if all(n in model.values for n, _ in c.any_of)]
    return any(
        model.stage_of(s) in step.from_stages and all(model.holds(c, s) for c in conditions) for s in e.parent
    )


def _progress(e: Exploration) -> Iterator[Finding]:
    """L2, L3 (dead end because of a duty), L4.

    L2: from every state at an open stage a completing end can be reached; withdrawing or merging does
    not count. L3: what is owed at an open stage can be discharged there, and never keeps a case that
    stands before its end from it. L4: L2 by steps of staff alone, so that waiting for the
    customer is never all there is. A state fails one of these laws only.
    """
    p, model = e.model.procedure, e.model
    complete = {s for s in e.parent if (t := p.stage.get(model.stage_of(s))) and t.completes}
    opens = {i for i, name in enumerate(model.stages) if name in p.stage and not p.stage[name].is_end}
    unfinished = [s for s in e.parent if s & model.stage_mask in opens]
    by_staff = e.leading_to(complete, staff_only=True)
    in_place = e.leading_to(complete, in_place=True) if e.owed else set()
    # where staff alone can finish everything, anybody can
    waits = not by_staff.issuperset(unfinished)
    can = e.leading_to(complete) if waits else by_staff
    unless_owed = e.leading_to(complete | set(e.owed)) if waits else by_staff
    stranded = e.stranded()
    first = _FirstPerPlace(e)
    for state in unfinished:
        if state not in unless_owed:
            yield from first("L2", state, Text("no way to the regular end", "无法正常办结"))
        elif state in stranded:
            left = [d for d, bit in model.duty_bit.items() if stranded[state] & bit]
            yield from first(
                "L3", state, _names("owed where it cannot be discharged", "在此阶段无法了结", left)
            )
        elif state not in can or (state in e.owed and state not in in_place):
            yield from first("L3", state, Text("what is owed keeps it from ending", "未了事项使其无法办结"))
        elif state not in by_staff:
            yield from first("L4", state, Text("only the customer could move it on", "只能等客户"))
