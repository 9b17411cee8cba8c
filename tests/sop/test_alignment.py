"""C1: optimal alignments of foreign traces, checked against a plain search over all ways."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baoxiu.lib import eventlogs
from baoxiu.sop import foreign
from baoxiu.sop.alignment import BOTH, LOG, MODEL, Aligner, TooHard, fit
from baoxiu.sop.procedure import ProcedureError
from baoxiu.sop.standard import STANDARD

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "telephone_repair.json"
LOGS = Path("../shared/data/event_logs")


def example() -> foreign.Foreign:
    return foreign.read(json.loads(EXAMPLE.read_text(encoding="utf-8")))


ALIGNER = Aligner(example().procedure)
GOOD = tuple(
    "register analysis_start analysis_end simple_start inform simple_end test_start test_end archive".split()
)
NAMES = [s.name for s in example().procedure.steps]


def test_a_run_of_the_procedure_fits_and_the_shortest_is_known() -> None:
    found = ALIGNER.align(GOOD)
    assert (found.cost, found.fitness, found.deviations) == (0, 1.0, ())
    assert ALIGNER.shortest == 9


def test_what_is_left_out_and_what_is_too_much_is_named_with_its_place() -> None:
    left = ALIGNER.align(GOOD[:-1])
    assert [(m.kind, m.name, m.at) for m in left.deviations] == [(MODEL, "archive", 8)]
    assert left.fitness == 1 - 1 / (8 + 9)
    more = ALIGNER.align((*GOOD[:5], "inform", *GOOD[5:]))
    assert more.cost == 1 and more.deviations[0].kind == LOG and more.deviations[0].name == "inform"
    alien = ALIGNER.align((*GOOD[:2], "dance", *GOOD[2:]))
    assert [(m.kind, m.name, m.at) for m in alien.deviations] == [(LOG, "dance", 2)]


def test_nothing_at_all_fits_worst_and_a_running_case_may_stop() -> None:
    assert ALIGNER.align(()).fitness == 0.0
    running = Aligner(example().procedure, may_stop=True)
    assert running.align(GOOD[:3]).cost == 0 and running.align(()).fitness == 1.0


def brute(trace: tuple[str, ...], budget: int = 40) -> int:
    """The least cost by plain breadth: sets of positions reached with 0, 1, 2 … deviations."""
    level = {(0, ALIGNER.start())}
    seen: set[Any] = set()
    for cost in range(budget):
        todo = list(level)
        while todo:
            at, state = node = todo.pop()
            if node in seen:
                continue
            seen.add(node)
            if at == len(trace) and ALIGNER.is_final(state):
                return cost
            todo += [
                (at + 1, after)
                for n, after in ALIGNER.successors(state)
                if at < len(trace) and n == trace[at]
            ]
        level = set()
        for at, state in seen:
            level |= {(at, after) for _, after in ALIGNER.successors(state)}
            if at < len(trace):
                level.add((at + 1, state))
    raise AssertionError("budget")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*NAMES, "dance"]), max_size=9).map(tuple))
def test_an_alignment_is_optimal_and_is_a_way_through_both(trace: tuple[str, ...]) -> None:
    found = ALIGNER.align(trace)
    assert found.cost == brute(trace)
    assert tuple(m.name for m in found.moves if m.kind != MODEL) == trace
    states = {ALIGNER.start()}
    for move in found.moves:
        if move.kind != LOG:
            states = {after for s in states for n, after in ALIGNER.successors(s) if n == move.name}
    assert any(ALIGNER.is_final(s) for s in states)
    assert 0 <= found.fitness <= 1 and sum(m.kind != BOTH for m in found.moves) == found.cost


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_run_of_our_own_procedure_fits_it(data: st.DataObject) -> None:
    aligner = standard()
    state, trace = aligner.start(), []
    for _ in range(40):
        steps = [s for s in aligner.successors(state) if s[1] != state]
        if not steps or (aligner.is_final(state) and data.draw(st.booleans())):
            break
        name, state = data.draw(st.sampled_from(steps))
        trace.append(name)
    assert Aligner(STANDARD, may_stop=True).align(tuple(trace)).cost == 0


@cache
def standard() -> Aligner:
    return Aligner(STANDARD)


def test_what_is_still_owed_keeps_our_own_case_from_its_end() -> None:
    trace = tuple("register triage reply advise message final_follow_up close".split())
    found = standard().align(trace)
    assert [(m.kind, m.name) for m in found.deviations] in (
        [(MODEL, "reply")],
        [(MODEL, "call")],
        [(LOG, "message")],
    )


def test_too_hard_is_counted_apart_and_equal_traces_are_aligned_once() -> None:
    small = Aligner(example().procedure)
    small.limit = 3
    with pytest.raises(TooHard):
        small.align(("archive", "archive"))
    assert fit(small, [("archive", "archive")] * 2).too_hard == 2
    fresh = Aligner(example().procedure)
    found = fit(fresh, [GOOD, GOOD, GOOD[:-1]])
    assert fresh.align.cache_info().misses == 2
    assert (found.traces, found.variants, found.fitting, found.cost) == (3, 2, 2, 1)
    assert found.deviations == ((MODEL, "archive", 1),)
    assert found.total == 1 - 1 / (2 * 18 + 17)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"stages": []}, "stages"),
        ({"stages": [{"name": "a"}, {"name": "a"}]}, "name is used twice"),
        ({"steps": [{"name": "x", "from": ["nowhere"], "to": "archived"}]}, "nowhere"),
        (
            {"steps": [{"name": "x", "from": ["new"], "to": "archived", "requires": ["moon=full"]}]},
            "moon=full",
        ),
        ({"dance": 1}, "dance"),
        ({"steps": [{"name": "x", "from": ["received"], "to": "archived"}]}, "new"),
    ],
)
def test_a_procedure_that_is_none_is_refused_with_its_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(ProcedureError, match=place):
        foreign.read({**json.loads(EXAMPLE.read_text(encoding="utf-8")), **change})


def test_an_activity_with_a_life_cycle_means_its_step() -> None:
    labels = {"Test": "test", "Wash+start": "wash_start", "Wash": "wash", "Talk": None}
    assert foreign.spoken(labels, "Wash", "start") == "wash_start"
    assert (
        foreign.spoken(labels, "Wash", "complete") == "wash" and foreign.spoken(labels, "Wash", "") == "wash"
    )
    assert foreign.spoken(labels, "Test", "start") is None and foreign.spoken(labels, "Talk", "") is None
    assert (
        foreign.spoken(labels, "Dance", "") == "Dance"
        and foreign.spoken(labels, "Dance", "start") == "Dance+start"
    )


@pytest.mark.skipif(not (ROOT / LOGS).exists(), reason="the shared event logs are not here")
@pytest.mark.parametrize("form", ["csv", "xes"])
def test_the_repair_log_fits_as_a_process_mining_library_says(form: str) -> None:
    """1000 of 1104 cases fit; figures compared with PM4Py 2.7 on the same net (docs/decisions/0037)."""
    held = example()
    traces = eventlogs.read(ROOT / LOGS / f"repair_example.{form}.gz")
    named = [
        tuple(n for e in t.events if (n := foreign.spoken(held.labels, e.activity, e.lifecycle)))
        for t in traces
    ]
    found = fit(Aligner(held.procedure), named)
    assert (found.traces, found.variants, found.fitting, found.cost) == (1104, 77, 1000, 111)
    assert round(found.mean, 4) == 0.9944 and round(found.total, 4) == 0.9949
