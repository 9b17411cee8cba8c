"""C1, C6.2: which clauses were kept, waived, broken – by a pure rule over journal entries."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from baoxiu.sop.conformance import BROKEN, KEPT, OWED, WAIVED, Event, Finding, Verdict, examine, overall
from baoxiu.sop.standard import STANDARD

T0 = dt.datetime(2026, 11, 2, 1, 0, tzinfo=dt.UTC)


def at(minutes: float) -> dt.datetime:
    return T0 + dt.timedelta(minutes=minutes)


def entry(
    no: int, step: str, minutes: float, stage: str, to: str, party: str = "agent", **body: Any
) -> Event:
    due = {k: [at(v).isoformat(), None] for k, v in body.pop("opened", {}).items()}
    ended = body.pop("ended", {})
    moved = {k: at(v).isoformat() for k, v in body.pop("moved", {}).items()}
    more = {n: v for n, v in (("opened", due), ("ended", ended), ("moved", moved)) if v}
    return Event(
        no, at(minutes), step, party, "staff:1", stage, to, {"data": {}, **more, **body}, "李客服", "因为"
    )


REGISTER = entry(1, "register", 0, "new", "triage", opened={"first_response": 60, "triage": 240})


def judged(*events: Event, now: float) -> dict[str, Verdict]:
    return {v.clause: v for v in examine(STANDARD, events, now=at(now))}


def only(verdict: Verdict, what: str) -> Finding:
    (found,) = (f for f in verdict.findings if f.what == what)
    return found


def test_what_is_answered_in_time_is_kept_and_what_is_not_due_is_owed() -> None:
    reply = entry(2, "reply", 60, "triage", "triage", ended={"first_response": "done"})
    found = judged(REGISTER, reply, now=61)
    assert found["C4.1"].outcome == KEPT
    assert found["C4.2"].outcome == OWED  # the triage itself
    assert {f.name: f.outcome for f in found["C4.2"].findings} == {"first_response": KEPT, "triage": OWED}


@pytest.mark.parametrize(("minutes", "why"), [(60.01, "late"), (600, "late")])
def test_a_second_too_late_is_broken_and_says_when_it_was_due(minutes: float, why: str) -> None:
    reply = entry(2, "reply", minutes, "triage", "triage", ended={"first_response": "done"})
    found = judged(REGISTER, reply, now=minutes)["C4.2"]
    assert found.outcome == BROKEN
    (late,) = (f for f in found.findings if f.outcome == BROKEN and f.name == "first_response")
    assert (late.why, late.due_at, late.at, late.by) == (why, at(60), at(minutes), "staff:1")


def test_what_is_open_past_its_time_is_broken_without_any_entry() -> None:
    assert judged(REGISTER, now=60)["C4.2"].outcome == OWED
    assert judged(REGISTER, now=60.5)["C4.2"].outcome == BROKEN


def test_time_on_hold_is_nobodys_delay() -> None:
    hold = entry(2, "hold", 30, "triage", "triage")
    assert judged(REGISTER, hold, now=6000)["C4.2"].outcome == OWED
    answered = entry(3, "reply", 3000, "triage", "triage", ended={"first_response": "done"})
    resumed = entry(4, "resume", 6000, "triage", "triage", moved={"triage": 6210})
    found = judged(REGISTER, hold, answered, resumed, now=6200)["C4.2"]
    assert found.outcome == OWED and {f.name for f in found.findings if f.outcome == KEPT} == {
        "first_response"
    }
    assert judged(REGISTER, hold, answered, resumed, now=6211)["C4.2"].outcome == BROKEN


def test_a_hold_after_the_due_time_heals_nothing() -> None:
    hold = entry(2, "hold", 61, "triage", "triage")
    assert judged(REGISTER, hold, now=62)["C4.2"].outcome == BROKEN


def test_a_withdrawn_case_owes_nothing_unless_it_was_late_already() -> None:
    def withdrawn(minutes: float) -> Event:
        ended = {"first_response": "cancelled", "triage": "cancelled"}
        return entry(2, "withdraw", minutes, "triage", "withdrawn", party="customer", ended=ended)

    assert judged(REGISTER, withdrawn(50), now=9999)["C4.2"].outcome == KEPT  # the step itself
    assert judged(REGISTER, withdrawn(70), now=9999)["C4.2"].outcome == BROKEN


def test_a_waiver_names_who_and_why() -> None:
    triage = entry(2, "triage", 5, "triage", "triage", facts={"cover": "free"}, ended={"triage": "done"})
    advise = entry(
        3, "advise", 6, "triage", "final", ended={"first_response": "done"}, opened={"final_followup": 9000}
    )
    found = judged(REGISTER, triage, advise, now=7)
    assert found["C4.6"].outcome == WAIVED
    waiver = only(found["C4.6"], "waiver")
    assert (waiver.name, waiver.who, waiver.why, waiver.reason) == (
        "engineer_followup",
        "李客服",
        "advise",
        "因为",
    )
    assert found["C4.7"].outcome == OWED and overall(found.values()) == OWED


def test_a_managers_word_instead_of_the_rules_is_a_waiver_of_the_promise() -> None:
    decision = {"clause": "C3.1", "outcome": "free"}
    triage = entry(2, "triage", 5, "triage", "triage", facts={"cover": "paid"}, data={"decision": decision})
    over = entry(
        3,
        "override_cover",
        6,
        "triage",
        "triage",
        "manager",
        facts={"cover": "free"},
        data={"decision": decision},
    )
    assert judged(REGISTER, triage, now=7)["C3.1"].outcome == KEPT
    found = judged(REGISTER, triage, over, now=7)["C3.1"]
    assert found.outcome == WAIVED and [f.who for f in found.findings if f.outcome == WAIVED] == ["李客服"]


@pytest.mark.parametrize(
    ("step", "stage", "party", "why"),
    [
        ("close", "triage", "agent", "unlawful"),  # not from here
        ("triage", "triage", "customer", "unlawful"),  # not theirs
        ("confirm", "triage", "agent", "unlawful"),  # not triaged yet
        ("dance", "triage", "agent", "unlawful"),  # no such step
    ],
)
def test_a_step_the_procedure_does_not_allow_is_broken(step: str, stage: str, party: str, why: str) -> None:
    found = judged(REGISTER, entry(2, step, 5, stage, stage, party), now=6)
    broken = [f for v in found.values() for f in v.findings if f.outcome == BROKEN and f.what == "step"]
    assert [f.name for f in broken] == [step, step] if step == "confirm" else [step]
    assert {f.why for f in broken} == {why}


def test_closing_around_a_follow_up_is_seen() -> None:
    jump = entry(2, "close", 5, "triage", "closed")
    found = judged(REGISTER, jump, now=6)
    assert only(found["C4.6"], "end").why == "skipped" and found["C4.7"].outcome == BROKEN


def test_no_journal_no_verdict() -> None:
    assert examine(STANDARD, [], now=T0) == () and overall([]) == KEPT
