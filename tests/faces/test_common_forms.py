"""Forms from payloads: what a browser sends becomes the payload, what is wrong is said in the visitor's words."""

from __future__ import annotations

import ast
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.http import QueryDict
from django.utils import translation

from baoxiu.faces.common import invalid, titles
from baoxiu.faces.common.forms import Form
from baoxiu.sop import payloads
from baoxiu.sop.payloads.base import Payload

PAYLOADS = Path(payloads.__file__).parent


def form(step: str, query: str = "", **more: object) -> Form:
    return Form(step, QueryDict(query), **more)  # type: ignore[arg-type]


def sentences(made: Form) -> list[str]:
    assert made.payload() is None
    return [text for texts in made.errors.values() for text in texts]


@pytest.mark.parametrize("step", sorted(payloads.PAYLOADS))
def test_it_makes_a_form_for_every_step_in_both_languages(step: str) -> None:
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for field in Form(step, choices={"engineer": [(1, "张工")], "station": [(1, "上海一站")]}).fields:
                assert field.title and field.widget


@pytest.mark.parametrize("step", sorted(payloads.PAYLOADS))
def test_an_empty_post_is_never_a_crash(step: str) -> None:
    made = form(step)
    assert made.payload() is not None or made.errors


def test_it_reads_words_codes_and_dates() -> None:
    made = form("triage", "symptom=drain&fault=quality&cause=泵&priority=2&purchase_date=2026-05-01&text=")
    payload = made.payload()
    assert payload == payloads.Triage(
        symptom="drain", fault="quality", cause="泵", priority="2", purchase_date=dt.date(2026, 5, 1)
    )


def test_a_local_time_becomes_an_aware_one() -> None:
    payload = form("appoint", "starts_at=2026-11-02T14:00&ends_at=2026-11-02T16:00").payload()
    assert isinstance(payload, payloads.Appoint)
    assert payload.starts_at.isoformat() == "2026-11-02T14:00:00+08:00"


def test_it_reads_lines_and_leaves_empty_ones_out() -> None:
    made = form(
        "quote",
        "currency=CNY&valid_days=14&lines-0-kind=part&lines-0-text=排水泵&lines-0-quantity=1&lines-0-price=120.50"
        "&lines-1-kind=labour&lines-1-text=&lines-1-quantity=1&lines-1-price="
        "&lines-7-kind=travel&lines-7-text=上门&lines-7-price=30&lines-7-free=on",
    )
    payload = made.payload()
    assert isinstance(payload, payloads.Quote)
    assert [(line.text, line.price, line.free) for line in payload.lines] == [
        ("排水泵", Decimal("120.50"), False), ("上门", Decimal(30), True),
    ]  # fmt: skip


def test_lines_without_a_script_start_with_three_empty_rows() -> None:
    assert len(Form("work")["parts"].rows) == 3


def test_an_address_is_left_out_unless_something_of_it_is_given() -> None:
    assert form("correct", "reason=x&address-country=CN&address-city=").payload().address is None  # type: ignore[union-attr]
    given = form("correct", "reason=x&address-country=CN&address-city=上海市").payload()
    assert given.address.city == "上海市"  # type: ignore[union-attr]


def test_files_are_ids_from_the_form_and_from_this_request() -> None:
    payload = form("note", "text=见图&files=3&files=&files=5", files=[9]).payload()
    assert payload.files == [3, 5, 9]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("step", "query", "zh", "en"),
    [
        ("note", "text=", "请填写“内部备注”。", "“Internal note” is needed."),
        ("ship_in", f"carrier=a&tracking={'9' * 201}", "“运单号”最多 200 个字。", "“Tracking number” may have at most 200 characters."),
        ("quote", "valid_days=14", "“明细”至少要有 1 项。", "“Lines” needs at least 1."),
        ("quote", "valid_days=14&lines-0-text=泵&lines-0-price=abc", "“明细 1: 单价”须为数字。", "“Lines 1: Unit price” must be a number."),
        ("quote", "valid_days=14&lines-0-text=泵&lines-0-price=1.234", "“明细 1: 单价”最多 2 位小数。", "“Lines 1: Unit price” may have at most 2 decimal places."),
        ("quote", "valid_days=91&lines-0-text=泵&lines-0-price=1", "“有效期（天）”不能大于 90。", "“Valid for (days)” may be at most 90."),
        ("quote", "valid_days=x&lines-0-text=泵&lines-0-price=1", "“有效期（天）”须为整数。", "“Valid for (days)” must be a whole number."),
        ("triage", "symptom=magic&fault=quality", "请为“故障现象”选择一项。", "“Symptom”: please choose one of the answers."),
        ("triage", "symptom=drain&fault=quality&purchase_date=2026-13-01", "“购买日期（如缺）”须为日期，例如 2026-11-02。", "“Purchase date (if it was missing)” must be a date, such as 2026-11-02."),
        ("appoint", "starts_at=zz&ends_at=2026-11-02T16:00", "“开始”须为日期和时间，例如 2026-11-02 14:00。", "“From” must be a date and a time, such as 2026-11-02 14:00."),
        ("appoint", "starts_at=2026-11-02T16:00&ends_at=2026-11-02T14:00", "预约的结束时间须晚于开始时间，且不超过 24 小时。", "The appointment must end after it starts, within 24 hours."),
        ("register", "channel=web&problem=坏了", "请填写电话、邮箱或姓名中的一项。", "Give a phone number, an e-mail address or a name."),
        ("merge", "into=a%0Ab", "“保留的服务单号”只能写一行。", "“Number of the case to keep” must be one line."),
        ("note", "text=%07", "“内部备注”含有无法保存的字符，请重新输入。", "“Internal note” holds signs that cannot be stored; type it again."),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong_in_both_languages(step: str, query: str, zh: str, en: str) -> None:
    with translation.override("zh-hans"):
        assert zh in sentences(form(step, query))
    with translation.override("en"):
        assert en in sentences(form(step, query))


def test_a_wrong_line_is_marked_in_its_row_and_keeps_what_was_typed() -> None:
    made = form("quote", "valid_days=14&lines-4-text=泵&lines-4-price=abc")
    made.payload()
    cells = {cell.name: cell for cell in made["lines"].rows[0]}
    assert cells["price"].errors and cells["price"].value == "abc" and cells["text"].value == "泵"


def test_a_refusal_naming_a_field_stands_beside_it() -> None:
    made = form("merge", "into=BX-1")
    made.payload()
    made.add_error("into", "单号不存在。")
    assert made["into"].errors == ["单号不存在。"]


def test_faces_decide_choices_and_hide_fields() -> None:
    made = Form("assign", choices={"engineer": [(7, "张工")]}, without=["text"])
    assert made["engineer"].options == [("7", "张工")]
    assert [f.name for f in made.fields] == ["engineer"]


def test_every_title_of_a_payload_is_marked_for_translation() -> None:
    shown = {name for step in payloads.PAYLOADS.values() for name in _titles(step.model_json_schema())}
    assert shown - titles.TITLES == set()


def test_every_sentence_a_payload_raises_has_words_of_ours() -> None:
    raised = {
        node.args[0].value
        for path in PAYLOADS.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ValueError"
        and node.args and isinstance(node.args[0], ast.Constant)
    }  # fmt: skip
    assert raised - set(invalid.OWN) == set()


def _titles(schema: dict[str, object]) -> set[str]:
    """Titles somebody wrote; pydantic's own (the field's or class's name in capitals) are not shown."""
    found: set[str] = set()
    todo: list[tuple[str, object]] = [("", schema)]
    while todo:
        name, node = todo.pop()
        if isinstance(node, dict):
            title = node.get("title")
            if isinstance(title, str) and "properties" not in node:
                found.add(title)
            todo += list(node.items())
        elif isinstance(node, list):
            todo += [(name, child) for child in node]
    return found


def test_every_field_of_a_record_has_a_title_in_both_languages():
    """Forms of the office and API schemas are made of them."""
    found = {f.title for record in _below(Payload) for f in record.model_fields.values() if f.title}
    with translation.override("zh-hans"):
        assert [title for title in sorted(found) if translation.gettext(title) == title] == []


def _below(kind):
    for part in kind.__subclasses__():
        yield part
        yield from _below(part)
