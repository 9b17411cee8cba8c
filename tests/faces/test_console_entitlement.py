"""`baoxiu entitlement`: a claim a line, a decision a line."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner, Result

from baoxiu.faces.console import commands
from baoxiu.faces.console.start import Trouble

WASHER = {
    "id": "w1", "product_class": "washing_machine", "sold_on": "2025-03-03", "claim_on": "2025-03-10", "fault": "quality",
}  # fmt: skip


def ask(*lines: Any, options: tuple[str, ...] = ("--json",)) -> Result:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return CliRunner().invoke(commands.app, ["entitlement", *options], input=text)


def test_it_says_what_is_owed_and_by_which_rules() -> None:
    found = json.loads(ask(WASHER).stdout)
    assert found["line"] == 1 and found["id"] == "w1"
    assert found["result"].startswith("CHOICE(REFUND_FULL|EXCHANGE_FREE|REPAIR_FREE);EXPIRY=2026-03-03")
    assert "CN-3BAO-95-001" in found["fired"] and found["outcome"] == "free"
    assert not found["verified"]  # the row of the washing machine was not read in the annex


def test_a_wrong_line_is_named_and_the_others_are_answered() -> None:
    result = ask(
        WASHER, {"claim_on": "soon"}, "nonsense", WASHER | {"price": "1e9", "colour": "red"}, "", WASHER
    )
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [f["line"] for f in found] == [1, 2, 3, 4, 6]
    assert [f["line"] for f in found if "error" in f] == [2, 3, 4]
    assert found[1]["error"].startswith("claim_on: ") and found[3]["error"].startswith("colour: ")
    assert isinstance(result.exception, Trouble) and "3 of 5 lines" in str(result.exception)


def test_hostile_amounts_and_dates_are_refused() -> None:
    wrong: list[dict[str, Any]] = [
        {"price": "NaN"}, {"price": "-1"}, {"price": "1.005"}, {"price": 1e12}, {"price": True}, {"price": []}, {"km": -1},
        {"km": 2**63}, {"sold_on": "2026-13-01"}, {"sold_on": "2025-04-01"}, {"promises": [{"months": -1}]}, {"promises": [{}]},
        {"repairs": [{"handed_in_on": "2025-03-09", "ready_on": "2025-03-08"}]}, {"jurisdiction": "中国"}, {"fault": "weather"},
    ]  # fmt: skip
    found = [json.loads(line) for line in ask(*(WASHER | more for more in wrong)).stdout.splitlines()]
    assert len(found) == len(wrong)
    assert all("error" in f for f in found), [f for f in found if "error" not in f]
    huge = {"sold_on": "9999-12-30", "claim_on": "9999-12-31", "promises": [{"months": 1200}]}
    assert json.loads(ask(WASHER | huge).stdout)["outcome"] == "free"


def test_the_reasoning_is_told_in_both_languages() -> None:
    zh, en = (
        ask(WASHER, options=("--explain",)).stdout,
        ask(WASHER, options=("--explain", "--lang", "en")).stdout,
    )
    assert "全额退款" in zh and "保障" in zh and "未核实" in zh and "[是] CN-3BAO-95-001" in zh
    assert "– 《部分商品修理更换退货责任规定》第9条" in zh and "– 1995 rule 9\n" in en and "《" not in en
    assert "the full price back" in en and "Coverages:" in en and "[yes] CN-3BAO-95-001" in en


def test_rules_can_be_switched() -> None:
    hood = WASHER | {"product_class": "range_hood", "claim_on": "2025-06-02"}
    assert json.loads(ask(hood).stdout)["result"].startswith("PAID_REPAIR_QUOTE")
    on = ask(hood, options=("--json", "--on", "row/range_hood"))
    assert json.loads(on.stdout)["result"].startswith("REPAIR_FREE")
    assert "there is no rule X" in str(ask(hood, options=("--off", "X")).exception)


def test_the_schema_names_every_field_with_its_words() -> None:
    schema = json.loads(ask(options=("--schema",)).stdout)
    assert schema["required"] == ["claim_on"] and schema["additionalProperties"] is False
    assert "washing_machine" in schema["properties"]["product_class"]["description"]
