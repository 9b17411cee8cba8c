"""C4, C7: the procedure in words says what the procedure does."""

from __future__ import annotations

import pytest

from baoxiu.sop import clauses, readable
from baoxiu.sop.standard import STANDARD


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_step_has_its_row_in_both_languages(language: str) -> None:
    rows = readable.table(STANDARD, language)
    assert [r.name for r in rows] == [s.name for s in STANDARD.steps]
    assert all(r.step and r.who and r.at and r.to for r in rows)


def test_a_row_says_who_when_what_is_needed_settled_and_owed() -> None:
    [row] = [r for r in readable.table(STANDARD, "en") if r.name == "start_work"]
    assert row.who == "Service engineer, Station head"
    assert (
        row.needs
        == "On hold: no; Diagnosed: yes; Charge: free of charge or Customer's consent: given; Repair work: not started"
    )
    [row] = [r for r in readable.table(STANDARD, "zh") if r.name == "follow_up"]
    assert (row.to, row.settles, row.owes) == ("客服终访", "工程师回访", "客服终访 (7天)")
    [row] = [r for r in readable.table(STANDARD, "en") if r.name == "note"]
    assert row.at == "any"


@pytest.mark.parametrize(
    ("minutes", "en", "zh"),
    [
        (30, "30 min", "30分钟"),
        (60, "1 h", "1小时"),
        (90, "90 min", "90分钟"),
        (1440, "1 d", "1天"),
        (10080, "7 d", "7天"),
    ],
)
def test_a_span_uses_the_largest_unit_that_divides_it(minutes: int, en: str, zh: str) -> None:
    assert (readable.span(minutes, "en"), readable.span(minutes, "zh")) == (en, zh)


def test_the_print_of_a_clause_names_its_places_and_its_steps_only() -> None:
    printed = readable.text(STANDARD, "en", "4.7")
    assert printed.startswith("C4.7  Final follow-up\n")
    for words in (
        "baoxiu/sop/followups.py",
        "baoxiu/followups/",
        "docs/en/C4.7.md",
        "tests/story/test_c4_7.py",
        "[close]",
    ):
        assert words in printed
    assert "[register]" not in printed


def test_the_print_of_4_4_holds_both_ways() -> None:
    printed = readable.text(STANDARD, "zh", "4.4")
    assert "C4.4a  上门服务" in printed and "C4.4b  寄修" in printed


def test_a_planned_clause_says_so_and_names_no_place() -> None:
    assert readable.text(STANDARD, "en", "C8") == "C8  Law and disputes\n    Status: planned\n"


def test_an_unknown_clause_is_answered_with_the_known_ones() -> None:
    printed = readable.text(STANDARD, "en", "99")
    assert printed.startswith("There is no such clause.") and "C4.5" in printed


def test_the_whole_print_holds_every_clause_step_and_the_hash() -> None:
    printed = readable.text(STANDARD, "en")
    assert STANDARD.sha256 in printed
    assert all(f"[{s.name}]" in printed for s in STANDARD.steps)
    assert all(f"\n{ident}  " in printed for ident in clauses.CLAUSES)


def test_the_manual_table_has_a_line_per_step() -> None:
    made = readable.markdown(STANDARD, "zh", "C4.6").splitlines()
    steps = [s for s in STANDARD.steps if s.clause == "C4.6"]
    assert len(made) == 2 + len(steps)
    assert all(line.count("|") == 8 for line in made)
    assert readable.markdown(STANDARD, "zh", "C3.4") == ""
