"""The phone desk: who is calling, the script, two clicks to a registered request, no request twice."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from baoxiu.cases.models import Case, Duty
from tests.conftest import Cast
from tests.faces.desk import HOUR, MINUTE, opened

PHONE = "/desk/phone/"


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("typed", ["13800138001", "138 0013 8001", "+86 138-0013-8001", "1380013800"])
def test_typing_a_number_shows_the_caller_with_products_and_open_cases(
    cast: Cast, now: dt.datetime, typed: str
) -> None:
    case = opened(cast, at=now - HOUR)
    shown = text(cast.client("agent").get("/desk/phone/caller/", {"phone": typed}))
    for words in ("王女士", "SN-NEW-1", "SN-OLD-1", case.number, "首次响应"):
        assert words in shown
    assert "<html" not in shown


def test_a_new_number_asks_for_a_name(cast: Cast) -> None:
    shown = text(cast.client("agent").get("/desk/phone/caller/", {"phone": "13911112222"}))
    assert 'name="name"' in shown
    assert "新号码" in shown


def test_an_account_manager_is_shown_the_own_customers_only(cast: Cast) -> None:
    client = cast.client("account_manager")
    assert "王女士" not in text(client.get("/desk/phone/caller/", {"phone": "13800138001"}))
    assert "刘总" in text(client.get("/desk/phone/caller/", {"phone": "13800138002"}))


def test_a_known_caller_is_registered_with_product_and_problem(cast: Cast) -> None:
    data = {"phone": "13800138001", "customer_id": cast.wang.pk, "unit_id": cast.unit.pk, "problem": "不排水", "channel": "phone", "kind": "repair", "language": "zh", "product_class": "appliance", "name": "", "company": "", "key": "k1"}  # fmt: skip
    for _double_click in range(2):
        answer = cast.client("agent").post(PHONE, data)
    case = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/cases/{case.number}/")
    assert (case.customer, case.unit, case.owner, case.channel) == (
        cast.wang,
        cast.unit,
        cast.staff["agent"],
        "phone",
    )


def test_a_stranger_is_registered_by_name_and_number(cast: Cast) -> None:
    data = {
        "phone": "13911112222",
        "name": "新客户",
        "problem": "冰箱不制冷",
        "channel": "walk_in",
        "kind": "repair",
    }
    assert cast.client("agent").post(PHONE, data).status_code == 302
    case = Case.objects.get()
    assert (case.contact_name, case.contact_phone, case.channel) == ("新客户", "+8613911112222", "walk_in")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"phone": "13800138001"}, "出了什么问题"),
        ({"phone": "12", "problem": "x", "name": "某"}, "电话"),
        ({"problem": "x"}, "电话"),
        ({"problem": "x", "phone": "13911112222", "customer_id": "0"}, "客户"),
        ({"problem": "x", "phone": "13911112222", "purchase_date": "2999-01-01"}, "购买日期"),
        ({"problem": "x", "phone": "13911112222", "kind": "moon"}, "需求类型"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_registered(
    cast: Cast, data: dict[str, str], words: str
) -> None:
    answer = cast.client("agent").post(PHONE, {"channel": "phone", "kind": "repair", **data})
    assert answer.status_code == 422
    assert words in text(answer).split('role="alert"')[1][:800]
    assert not Case.objects.exists()


def test_a_dispatcher_may_look_but_not_register(cast: Cast) -> None:
    data = {"phone": "13800138001", "problem": "x", "channel": "phone", "kind": "repair"}
    assert cast.client("dispatcher").post(PHONE, data).status_code == 422
    assert not Case.objects.exists()


def test_like_cases_are_hinted_at_before_saving(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now - HOUR)
    data = {"phone": "13800138001", "problem": "洗衣机还是不排水", "channel": "phone", "kind": "repair"}
    hint = text(cast.client("agent").post("/desk/phone/duplicates/", data))
    assert case.number in hint
    assert "电话相同" in hint
    assert case.number not in text(
        cast.client("agent").post("/desk/phone/duplicates/", {**data, "phone": "13911112222"})
    )


def test_words_of_danger_are_answered_with_what_to_say(cast: Cast) -> None:
    data = {"phone": "13800138001", "problem": "热水器漏电，麻手", "channel": "phone", "kind": "repair"}
    assert "听起来有危险" in text(cast.client("agent").post("/desk/phone/duplicates/", data))


def test_what_was_said_can_go_to_the_open_case_instead(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now - MINUTE)
    answer = cast.client("agent").post(
        PHONE, {"phone": "13800138001", "problem": "催一下", "add_to": case.number}
    )
    assert answer["Location"] == f"/desk/cases/{case.number}/"
    assert Case.objects.count() == 1
    assert case.journal.get(step="call").content.words["text"] == "催一下"
    assert not Duty.objects.filter(case=case, kind="first_response", outcome="open").exists()


def test_it_adds_nothing_to_a_case_one_may_not_see_or_without_words(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now)
    assert (
        cast.client("account_manager").post(PHONE, {"problem": "x", "add_to": case.number}).status_code == 404
    )
    assert cast.client("agent").post(PHONE, {"problem": "", "add_to": case.number}).status_code == 422
    assert case.journal.count() == 1


def test_without_a_script_the_look_up_button_does_the_same(cast: Cast) -> None:
    page = text(cast.client("agent").get(PHONE, {"phone": "13800138001", "look": "1"}))
    assert "王女士" in page
    assert 'value="13800138001"' in page


def test_the_script_promises_what_the_procedure_promises(cast: Cast) -> None:
    page = text(cast.client("agent").get(PHONE))
    assert "1 小时内与您联系" in page
    assert "燃气" in page
