"""C2, B5: add-ons and a customer's own wishes fit on the standard, or say what does not fit."""

from __future__ import annotations

from itertools import permutations

import pytest

from baoxiu.sop import check
from baoxiu.sop.overlays import (
    AddDuty,
    AddFact,
    Change,
    InsertStage,
    InsertStep,
    Overlay,
    OverlayError,
    RequireFact,
    TightenClock,
    compose,
)
from baoxiu.sop.procedure import Condition, DutyKind, Fact, Stage, Step
from baoxiu.sop.standard import STANDARD
from baoxiu.sop.text import Text

YES = Condition((("backup", "yes"),))
BACKUP = Fact("backup", ("no", "yes"), Text("Backup made", "已备份"))


def over(name: str, *changes: Change, rank: int = 10) -> Overlay:
    return Overlay(name, rank, changes)


def step(name: str, stages: tuple[str, ...], **fields: object) -> Step:
    parties = frozenset({"engineer", "station_head"})
    return Step(name, name, "E3", Text(name, name), parties, stages, **fields)  # type: ignore[arg-type]


ELECTRONICS = over(
    "electronics",
    AddFact(BACKUP, set_by=(("reopen", "no"),)),
    InsertStep(step("back_up", ("repair",), sets=(("backup", "yes"),))),
    RequireFact("start_work", YES),
)
MACHINERY = over("machinery", TightenClock("acceptance", 10), TightenClock("dispatch", 30), rank=20)
BESPOKE = over(
    "bespoke",
    InsertStage(
        Stage("approval", Text("Approval", "方案审批"), "B1"),
        before="dispatch",
        duty=DutyKind("approval", Text("Approve", "审批方案"), "B1", "account_manager", 480),
        step=Step("approve", "approval-given", "B1", Text("Approve", "批准"), frozenset({"account_manager"}), ()),
        only=("confirm",),
    ),
    rank=40,
)  # fmt: skip
LOANER = over(
    "loaner",
    AddDuty(
        DutyKind("loaner_fetching", Text("Fetch the loaner", "收回备用机"), "C4.4b", "station_head", 1440),
        opened_by=("receive",),
        discharged_by=("fetch_loaner",),
    ),
    InsertStep(
        step("fetch_loaner", tuple(s.name for s in STANDARD.stages if not s.is_end))
    ),
)  # fmt: skip


@pytest.mark.parametrize("overlay", [ELECTRONICS, MACHINERY, BESPOKE, LOANER], ids=lambda o: o.name)
def test_a_fitting_overlay_keeps_every_law(overlay: Overlay) -> None:
    assert check.check(compose(STANDARD, [overlay])) == []


def test_all_add_ons_together_keep_every_law_and_have_one_hash_in_any_order() -> None:
    made = [compose(STANDARD, order) for order in permutations([ELECTRONICS, MACHINERY, BESPOKE, LOANER])]
    assert len({p.sha256 for p in made}) == 1
    assert made[0].name == "standard+electronics+loaner+machinery+bespoke"
    assert check.check(made[0]) == []


def test_no_overlay_is_the_standard_itself() -> None:
    assert compose(STANDARD, []) is STANDARD


def test_each_overlay_changes_the_content_hash() -> None:
    hashes = {compose(STANDARD, [o]).sha256 for o in (ELECTRONICS, MACHINERY, BESPOKE, LOANER)}
    assert len(hashes | {STANDARD.sha256}) == 5


def test_an_inserted_stage_stands_between_and_hands_on_what_was_owed() -> None:
    made = compose(STANDARD, [BESPOKE])
    assert made.step["confirm"].to_stage == "approval"
    assert set(made.step["confirm"].opens) == {"approval"}
    assert made.step["approve"].to_stage == "dispatch"
    assert made.step["decline"].to_stage == "dispatch"
    assert [s.name for s in made.stages[:3]] == ["triage", "approval", "dispatch"]
    assert made.step["approve"].opens == ("dispatch",)
    assert "approval" in made.step["hold"].from_stages
    assert "approval" not in made.step["withdraw"].from_stages  # the lead of a variant decides that


def test_a_required_fact_is_asked_after_what_was_asked_before() -> None:
    made = compose(STANDARD, [ELECTRONICS])
    assert made.step["start_work"].requires == (*STANDARD.step["start_work"].requires, YES)


def test_the_tightest_of_two_clocks_holds() -> None:
    more = over("customer-7", TightenClock("dispatch", 60), rank=90)
    assert compose(STANDARD, [MACHINERY, more]).duty["dispatch"].due_minutes == 30


REFUSED: list[tuple[str, list[Overlay], str]] = [
    ("a clock is never loosened", [over("lazy", TightenClock("dispatch", 600))],
     r"overlay lazy: dispatch may be tightened below 120 minutes, not set to 600"),
    ("a clock runs at all", [over("lazy", TightenClock("dispatch", 0))], "not set to 0"),
    ("an unknown duty", [over("x", TightenClock("praise", 1))], "overlay x: there is no duty praise"),
    ("an unknown step", [over("x", RequireFact("dance", YES))], "overlay x: there is no step dance"),
    ("an unknown fact", [over("x", RequireFact("start_work", YES))], "unknown backup=yes"),
    ("an unknown value", [over("x", AddFact(BACKUP, (("reopen", "maybe"),)))], "no value maybe"),
    ("a step of the standard again", [over("x", InsertStep(step("assign", ("repair",))))],
     "assign is declared by the standard procedure and overlay x"),
    ("one fact, two meanings",
     [over("a", AddFact(BACKUP)), over("b", AddFact(Fact("backup", ("none", "full"), Text("", ""))))],
     "backup is declared by overlay a and overlay b in different ways"),
    ("two stages at one place", [BESPOKE, over("other", *BESPOKE.changes, rank=50)],
     "two stages before dispatch: by overlay bespoke and overlay other"),
    ("a stage before an end", [over("x", InsertStage(Stage("y", Text("", ""), "B1"), "closed", *(
        (BESPOKE.changes[0].duty, BESPOKE.changes[0].step) if isinstance(BESPOKE.changes[0], InsertStage) else ())))],
     "no stage can be inserted before closed"),
    ("what cannot hold together",
     [over("a", AddFact(BACKUP), RequireFact("assign", YES)), over("b", RequireFact("assign", Condition((("backup", "no"),))))],
     "step assign: overlay a and overlay b require what cannot hold together: backup=yes and backup=no"),
    ("against the standard", [over("x", RequireFact("assign", Condition((("venue", "depot"),))))],
     "the standard procedure and overlay x require what cannot hold together"),
    ("one overlay twice", [MACHINERY, MACHINERY], "machinery is given twice"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "overlays", "words"), REFUSED, ids=[r[0] for r in REFUSED])
def test_what_does_not_fit_is_refused_naming_who(what: str, overlays: list[Overlay], words: str) -> None:
    with pytest.raises(OverlayError, match=words):
        compose(STANDARD, overlays)


def test_two_overlays_may_share_a_fact_they_mean_alike() -> None:
    made = compose(STANDARD, [over("a", AddFact(BACKUP)), over("b", AddFact(BACKUP))])
    assert [f.name for f in made.facts].count("backup") == 1


def test_an_overlay_that_breaks_a_law_is_found_by_the_checker() -> None:
    never = over("x", AddFact(BACKUP), RequireFact("close", YES))
    assert {f.law for f in check.check(compose(STANDARD, [never]))} == {"L1", "L2"}
