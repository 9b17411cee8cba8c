"""C4.1, C4.2: hints of duplicates, urgency, symptoms, similar cases."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxiu.sop import codes, intake, triage
from baoxiu.sop.similarity import similarity

TODAY = dt.date(2026, 11, 2)
NEW = intake.Request("洗衣机不排水", TODAY, customer_id=7, phone="+8613800138001", serial="WM-2041 33")
OLD = replace(NEW, number="BX-1", created_date=TODAY - dt.timedelta(days=3))


def hint(**changes: object) -> intake.Hint | None:
    hints = intake.duplicate_hints(NEW, [replace(OLD, **changes)])  # type: ignore[arg-type]
    return hints[0] if hints else None


def test_the_same_customer_unit_and_words_three_days_ago_is_almost_certainly_the_same() -> None:
    found = hint()
    assert found and (found.number, found.score) == ("BX-1", 100)
    assert [r.en for r in found.reasons] == [
        "same serial number",
        "same customer",
        "100% the same words",
        "3 days ago",
    ]


def test_a_serial_is_the_same_however_it_is_written() -> None:
    assert hint(serial="wm204133", customer_id=None, phone="") is not None


def test_the_same_phone_is_enough_for_a_hint_but_the_same_words_are_not() -> None:
    assert hint(customer_id=None, serial="") is not None
    assert hint(customer_id=None, serial="", phone="") is None


def test_closed_old_and_later_cases_give_no_hint() -> None:
    assert hint(is_open=False) is None
    assert hint(created_date=TODAY - dt.timedelta(days=30)) is not None
    assert hint(created_date=TODAY - dt.timedelta(days=31)) is None
    assert hint(created_date=TODAY + dt.timedelta(days=1)) is None


def test_empty_fields_are_not_equal() -> None:
    empty = intake.Request("洗衣机不排水", TODAY)
    assert intake.duplicate_hints(empty, [replace(empty, number="BX-2")]) == []


def test_the_likeliest_hint_comes_first() -> None:
    others = [replace(OLD, number="BX-3", serial="", text="空调"), OLD]
    assert [h.number for h in intake.duplicate_hints(NEW, others)] == ["BX-1", "BX-3"]


@pytest.mark.parametrize(
    "words",
    [
        "热水器漏电",
        "冰箱后面冒烟了",
        "There is a burning smell",
        "I smell gas: gas leak?",
        "插座有火花",
        "it exploded",
    ],
)
def test_a_word_of_danger_is_urgent_whatever_the_kind(words: str) -> None:
    for kind in codes.KINDS:
        decision = triage.priority(kind, words)
        assert decision.outcome == "1"
        assert "安全" in decision.reasons[0].zh


@pytest.mark.parametrize(
    ("kind", "words", "level"),
    [
        ("repair", "洗衣机漏水", "2"),
        ("repair", "修过又坏了", "2"),
        ("repair", "production stopped since noon", "2"),
        ("complaint", "态度不好", "2"),
        ("repair", "有异响", "3"),
        ("repair", "有异响，不急", "4"),
        ("consultation", "怎么设置定时", "4"),
        ("repair", "the sparkling display flickers", "3"),
    ],
)
def test_priority_follows_from_kind_and_words(kind: str, words: str, level: str) -> None:
    decision = triage.priority(kind, words)
    assert decision.outcome == level
    assert decision.outcome in codes.PRIORITIES


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("洗衣机脱水时不排水", "drain"),
        ("The washing machine does not drain", "drain"),
        ("开不了机，没反应", "no_power"),
        ("空调不制冷", "no_cool_heat"),
        ("屏幕花屏", "display"),
        ("WiFi连不上", "connection"),
        ("a loud rattling noise", "noise"),
        ("外壳漏电麻手", "electric_shock"),
    ],
)
def test_words_point_at_a_symptom(words: str, code: str) -> None:
    assert triage.symptom_guesses(words)[0].code == code


def test_every_guess_is_a_code_of_the_house_and_nothing_is_guessed_from_nothing() -> None:
    assert set(triage._SYMPTOM_WORDS) | {"other"} == set(codes.SYMPTOMS)
    assert triage.symptom_guesses("你好") == []


def test_questions_begin_with_the_symptoms_own() -> None:
    assert "plug" in triage.questions("electric_shock")[0].en
    assert triage.questions("") == triage.QUESTIONS[""] == triage.questions("other")


def test_similar_cases_come_most_alike_first() -> None:
    earlier = [("BX-1", "空调不制冷"), ("BX-2", "洗衣机不排水了"), ("BX-3", "洗衣机异响")]
    assert [n for n, _ in triage.similar("洗衣机不排水", earlier)] == ["BX-2", "BX-3"]


@given(st.text(), st.text())
def test_similarity_is_symmetric_and_between_nothing_and_the_same(one: str, other: str) -> None:
    assert 0.0 <= similarity(one, other) == similarity(other, one) <= 1.0


@given(st.text(min_size=1).filter(lambda t: any(c.isalnum() for c in t)))
def test_a_text_is_like_itself(words: str) -> None:
    assert similarity(words, words) == pytest.approx(1.0)
