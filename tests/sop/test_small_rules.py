"""C4.4–C4.7, C5.1, C9: status tables, consent, follow-ups, masking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxiu.sop import codes, confidentiality, followups, repair, venue
from baoxiu.sop.standard import STANDARD


@pytest.mark.parametrize("table", venue.TABLES)
def test_a_status_table_names_only_its_own_and_reaches_all_of_them(table: str) -> None:
    known = venue.statuses(table)
    seen, todo = set(), [known[0]]
    while todo:
        status = todo.pop()
        if status not in seen:
            seen.add(status)
            todo += venue.next_statuses(table, status)
    assert seen == set(known)
    assert any(venue.is_over(table, s) for s in known)
    assert all(venue.label(table, s).zh for s in known)


@pytest.mark.parametrize(
    ("table", "old", "new", "allowed"),
    [
        ("work_order", "assigned", "accepted", True),
        ("work_order", "assigned", "declined", True),
        ("work_order", "accepted", "declined", False),
        ("work_order", "declined", "accepted", False),
        ("work_order", "scheduled", "arrived", True),
        ("work_order", "arrived", "done", True),
        ("work_order", "done", "arrived", False),
        ("parcel", "sent", "received", True),
        ("parcel", "announced", "delivered", False),
        ("parcel", "received", "sent", False),
        ("quote", "sent", "accepted", True),
        ("quote", "draft", "accepted", False),
        ("quote", "expired", "accepted", False),
        ("quote", "superseded", "accepted", False),
        ("quote", "declined", "accepted", False),
    ],
)
def test_what_may_follow_what(table: str, old: str, new: str, allowed: bool) -> None:
    assert venue.may(table, old, new) is allowed


def test_an_unknown_status_is_an_error_not_a_refusal() -> None:
    with pytest.raises(KeyError):
        venue.may("quote", "lost", "sent")
    with pytest.raises(AssertionError):
        venue.may("quote", "sent", "lost")


@pytest.mark.parametrize("consent", STANDARD.fact["consent"].values)
@pytest.mark.parametrize("cover", STANDARD.fact["cover"].values)
def test_it_refuses_paid_or_undecided_work_without_consent(cover: str, consent: str) -> None:
    allowed = cover == "free" or consent == "given"
    assert repair.may_start(cover, consent) is allowed
    assert (repair.start_refusal(cover, consent) is None) is allowed


def test_the_rule_of_consent_is_the_condition_of_the_step() -> None:
    [condition] = [c for c in STANDARD.step["start_work"].requires if len(c.any_of) > 1]
    for cover in STANDARD.fact["cover"].values:
        for consent in STANDARD.fact["consent"].values:
            facts = {"cover": cover, "consent": consent}
            assert condition.holds(facts) == repair.may_start(cover, consent)


def test_undecided_counts_as_chargeable() -> None:
    assert (
        repair.is_chargeable("unknown") and repair.is_chargeable("paid") and not repair.is_chargeable("free")
    )


def test_the_engineer_does_not_make_the_final_call() -> None:
    refusal = followups.final_caller_refusal(4, 4)
    assert refusal and refusal.code == "own_work" and refusal.reason.zh
    assert followups.final_caller_refusal(5, 4) is None
    assert followups.final_caller_refusal(None, None) is None


def test_three_attempts_are_what_the_procedure_counts_to() -> None:
    for fact in ("engineer_misses", "final_misses"):
        assert STANDARD.fact[fact].values[-1] == str(followups.ATTEMPTS_BEFORE_WAIVER)
    assert followups.may_waive(3) and not followups.may_waive(2)


@pytest.mark.parametrize("kind", codes.KINDS)
@pytest.mark.parametrize("follow_up", ["engineer", "final"])
def test_every_kind_has_its_questions_in_both_languages(follow_up: str, kind: str) -> None:
    asked = followups.script(follow_up, kind)
    assert len(asked) >= 3 and all(q.en.endswith("?") or "5" in q.en for q in asked)
    assert all(q.zh for q in asked)


def test_after_a_paid_repair_the_final_call_asks_about_consent() -> None:
    assert any("charged" in q.en for q in followups.script("final", "repair", charged=True))
    assert not any("charged" in q.en for q in followups.script("final", "repair"))


def test_one_and_two_of_five_are_dissatisfied() -> None:
    assert [s for s in followups.SCALE if followups.is_dissatisfied(s)] == [1, 2]
    with pytest.raises(ValueError, match="1 … 5"):
        followups.is_dissatisfied(6)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+8613800138001", "138****8001"), ("13812341234", "138****1234"), ("+4915112345678", "+49151****5678"),
        ("010-6255 1234", "010****1234"), ("95588", "***88"), ("12", "**"), ("", ""),
    ],
)  # fmt: skip
def test_a_phone_number_keeps_too_little_to_call(number: str, masked: str) -> None:
    assert confidentiality.mask_phone(number) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [("王芳", "王*"), ("王", "*"), ("欧阳春晓", "欧**晓"), ("Anna Smith", "A*** S****"), ("", "")],
)
def test_a_name_keeps_its_first_sign(name: str, masked: str) -> None:
    assert confidentiality.mask_name(name) == masked


def test_an_address_keeps_its_first_letter_and_its_domain() -> None:
    assert confidentiality.mask_email("anna.smith@example.com") == "a***@example.com"
    assert confidentiality.mask_email("nonsense") == "***"


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_four_figures_of_a_mobile_number_stay_hidden(number: str) -> None:
    masked = confidentiality.mask_phone(number)
    assert len(masked) == 11 and masked.count("*") == 4
    assert masked == confidentiality.mask_phone("+86" + number)
