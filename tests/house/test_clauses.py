"""Every built clause has its rule, its room, its manual in two languages and its story; the manual does not lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from baoxiu.sop import clauses
from baoxiu.sop.standard import STANDARD
from tools import manual

ROOT = Path(__file__).resolve().parents[2]
BUILT = [c for c in clauses.CLAUSES.values() if c.status == clauses.BUILT]
FIRST_ISSUE = [
    "C2",
    "C3.1",
    "C3.2",
    "C3.3",
    "C3.4",
    "C4.1",
    "C4.2",
    "C4.3",
    "C4.4a",
    "C4.4b",
    "C4.5",
    "C4.6",
    "C4.7",
    "C5.1",
    "C5.2",
]


def missing(clause: clauses.Clause, root: Path) -> list[str]:
    """The places a clause names that are not there."""
    wanted = [
        f"baoxiu/sop/{clause.rule}.py",
        f"baoxiu/{clause.room}/__init__.py",
        *(f"baoxiu/faces/{face}/__init__.py" for face in clause.faces),
        clause.manual("zh"),
        clause.manual("en"),
        clause.story,
    ]
    return [path for path in wanted if not (root / path).is_file()]


@pytest.mark.parametrize("clause", BUILT, ids=lambda c: c.id)
def test_a_built_clause_has_every_place_it_names(clause: clauses.Clause) -> None:
    assert missing(clause, ROOT) == []


def test_this_test_notices_a_missing_place(tmp_path: Path) -> None:
    assert len(missing(clauses.CLAUSES["C4.6"], tmp_path)) == 8


def test_the_first_issue_is_built_and_the_rest_is_planned() -> None:
    assert [c.id for c in BUILT] == FIRST_ISSUE
    assert {c.status for c in clauses.CLAUSES.values()} == {clauses.BUILT, clauses.PLANNED}


def test_the_register_knows_every_clause_the_procedure_speaks_of() -> None:
    items = (*STANDARD.stages, *STANDARD.duties, *STANDARD.steps)
    assert {item.clause for item in items} <= set(clauses.CLAUSES)
    assert all(clauses.CLAUSES[item.clause].status == clauses.BUILT for item in items)


def test_every_clause_is_named_in_both_languages() -> None:
    assert len(clauses.CLAUSES) == 47
    assert all(c.title.en and c.title.zh for c in clauses.CLAUSES.values())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_manual_pages_head_with_their_clause_and_are_linked_from_the_index(language: str) -> None:
    index = (ROOT / "docs" / language / "index.md").read_text(encoding="utf-8")
    for clause in BUILT:
        first = (ROOT / clause.manual(language)).read_text(encoding="utf-8").splitlines()[0]
        assert first == f"# {clause.id} {clause.title.to(language)}"
        assert f"({clause.id}.md)" in index


def test_the_step_tables_of_the_manual_are_those_of_the_procedure() -> None:
    assert not manual.stale(), "run `python -m tools.manual`"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_step_stands_in_the_manual_page_of_its_clause(language: str) -> None:
    for step in STANDARD.steps:
        page = (ROOT / clauses.CLAUSES[step.clause].manual(language)).read_text(encoding="utf-8")
        assert f"| {step.title.to(language)} |" in page, step.name


def test_a_table_that_lies_is_found(tmp_path: Path) -> None:
    for language in ("zh", "en"):
        (tmp_path / "docs" / language).mkdir(parents=True)
    page = tmp_path / "docs" / "en" / "C4.6.md"
    page.write_text("# x\n\n<!-- steps C4.6 -->\n| Step |\n<!-- /steps -->\n", encoding="utf-8")
    fresh = manual.stale(tmp_path)[page]
    assert "Waive the engineer's follow-up" in fresh
    page.write_text(fresh, encoding="utf-8")
    assert manual.stale(tmp_path) == {}


def test_a_table_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="dance"):
        manual.filled("<!-- steps dance -->\n<!-- /steps -->", "en")
