"""C3: every worked example of our collection of law, by rule; and the laws of the engine itself."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from baoxiu.lib import workdays
from baoxiu.sop.entitlement import abroad, days, engine, household, sources
from baoxiu.sop.entitlement.claim import Claim
from baoxiu.sop.entitlement.engine import decide
from baoxiu.sop.entitlement.rules import RULES
from tests.sop.law_elsewhere import ELSEWHERE, FUNCTIONS, WITHOUT
from tests.sop.law_examples import EXPRESSED

D = dt.date
TABLE = workdays.shipped("CN")


class EveryYear:
    """The published years, and plain weeks in every other: for the examples that end later."""

    def first_working_day(self, day: dt.date) -> dt.date:
        while not (TABLE.is_working_day(day) if 2018 <= day.year <= 2026 else day.weekday() < 5):
            day += dt.timedelta(1)
        return day


def parsed(result: str) -> tuple[set[str], set[str], dict[str, str]]:
    """Options, extras and values of a result."""
    head, *values = result.split(";")
    head, *extras = head.split("+")
    options = set(re.sub(r"CHOICE\((.*)\)", r"\1", head).split("|"))
    return options, set(extras), dict(v.split("=") for v in values)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(facts, expected, id=f"{name}-{n}")
        for name, examples in EXPRESSED.items()
        for n, (facts, expected) in enumerate(examples, 1)
    ],
)
def test_the_worked_example_of(facts: dict[str, Any], expected: str) -> None:
    found = decide(Claim.model_validate(facts), EveryYear())
    options, extras, values = parsed(found.result)
    wanted, more, keys = parsed(expected)
    assert options == wanted, found.result
    assert extras == more, found.result
    assert {k: values.get(k) for k in keys} == keys, found.result
    assert ("PAYER" in values) <= ("EXCHANGE_FREE" in options)


def _law() -> Path | None:
    for parent in Path(__file__).parents:
        if (parent / "shared" / "design" / "law.md").is_file():
            return parent / "shared" / "design" / "law.md"
    return None


def test_every_example_is_expressed_or_has_its_reason() -> None:
    named = {*EXPRESSED, *ELSEWHERE, *FUNCTIONS}
    assert len(EXPRESSED) + len(ELSEWHERE) + len(FUNCTIONS) == len(named), "an example stands in two lists"
    assert len(named) == 182
    if not (law := _law()):
        pytest.skip("the collection of law is not here; the lists were checked by their number only")
    found: set[str] = set()
    rules = re.split(r"^\*\*(?=[A-Z]+(?:-[A-Z0-9]+)+ — )", law.read_text(), flags=re.M)[1:]
    for text in rules:
        name = text.split(" — ")[0]
        example = re.search(r"^\*Ex:\* (.*?)\s*$", text, re.M)
        words = example[1] if example else "—"
        count = len(re.findall(r"(?:^|\s)\((\d)\) ", words)) if words.startswith("(1)") else 1
        if words != "—":
            found |= {f"{name}/{n}" for n in range(1, count + 1)} if count > 1 else {name}
        else:
            assert name in WITHOUT
    assert len(rules) == 164
    assert found == named


def test_CN_3BAO_95_012_parts_for_five_years() -> None:
    assert household.parts_until(D(2024, 6, 30)) == D(2029, 6, 30)


def test_EU_OTHER_001_phone_parts_for_seven_years() -> None:
    assert abroad.eu_parts_until(D(2026, 3, 31)) == D(2033, 3, 31)


def test_CN_CPL_010_the_regulators_working_days() -> None:
    assert days.working(D(2025, 4, 1), 7, TABLE) == D(2025, 4, 11)
    assert days.working(D(2025, 4, 1), 45, TABLE) == D(2025, 6, 9)


def test_every_rule_has_words_and_a_source() -> None:
    for rule in RULES.values():
        assert rule.title.en and rule.title.zh and rule.source.en and rule.source.zh, rule.id
        assert rule.yes.en and rule.yes.zh, rule.id
        assert bool(rule.no.en) == bool(rule.no.zh), rule.id


def test_what_is_only_believed_ships_switched_off() -> None:
    assert "CN-3BAO-PC-006" in engine.WEAK and "row/range_hood" in engine.WEAK
    assert not any(RULES[i].verified for i in engine.WEAK if i in RULES)


def test_a_law_of_china_is_cited_by_its_chinese_name() -> None:
    for rule in RULES.values():
        is_chinese = rule.jurisdiction.startswith("CN") and not rule.is_ours
        assert rule.source.zh.startswith("《") == is_chinese, rule.id
        assert "《" not in rule.source.en and "memory" not in rule.source.zh, rule.id
    assert (
        RULES["CN-3BAO-95-013"].source.zh
        == "《消费者权益保护法》第24条第2款；《部分商品修理更换退货责任规定》第15–16条"
    )
    assert RULES["CN-3BAO-95-013"].source.en == "Consumer Law 24(2); 1995 rule 15–16"
    assert RULES["EU-SGD-001"].source.zh == "Dir (EU) 2019/771 10"


@pytest.mark.parametrize("source", ["Law of nowhere 3", "Civil Code three", "from memory"])
def test_a_source_without_a_chinese_name_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="no Chinese name"):
        sources.cite(source)
