"""C3: the entitlement where it is needed – on the case, in triage's form, on the customer's page; and through the API."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from baoxiu.faces.common import coverage
from tests.conftest import Cast
from tests.faces.machine import machine
from tests.faces.portal import page_of
from tests.rooms.walking import Walk, begin

D = dt.date
CLAIM = {
    "product_class": "washing_machine",
    "sold_on": "2025-03-03",
    "claim_on": "2025-03-10",
    "fault": "quality",
}


@pytest.fixture
def washer(cast: Cast, now: dt.datetime) -> Walk:
    """A washing machine sold six days before it fails."""
    model = cast.unit.model
    assert model
    model.law_class = "washing_machine"
    model.save()
    cast.unit.purchase_date = now.date() - dt.timedelta(6)
    cast.unit.save()
    return begin(cast, now)


def text(answer: object) -> str:
    assert answer.status_code == 200, answer.content  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", answer.content.decode())  # type: ignore[attr-defined]


def test_the_case_shows_what_the_customer_may_choose_and_every_coverage(cast: Cast, washer: Walk) -> None:
    page = text(cast.client("agent").get(f"/desk/cases/{washer.case.number}/"))
    assert "cover-today" in page, "the coverages stand there before anything is decided"
    washer.step("triage", fault="quality")
    page = text(cast.client("agent").get(f"/desk/cases/{washer.case.number}/"))
    assert "客户可选择" in page and "<b>全额退款</b>" in page and "<b>免费换货</b>" in page
    assert page.count('class="cover-span"') >= 3 and "依据" in page and "CN-3BAO-95-001" in page
    assert page.count("《部分商品修理更换退货责任规定》第9条") == 1
    assert "未与原文核对" in page  # the row of washing machines
    assert " style=" not in page.split('class="covers"')[1].split("</section>")[0]


def test_triage_shows_it_while_one_talks(cast: Cast, washer: Walk) -> None:
    client, path = cast.client("agent"), reverse("desk:entitlement", args=[washer.case.number])
    assert "<b>全额退款</b>" in text(client.get(f"{path}?fault=quality"))
    assert "先检测" in text(client.get(f"{path}?fault=unknown"))
    old = text(client.get(f"{path}?fault=quality&part=motor"))
    assert "电动机" in old


def test_the_customer_reads_it_too(cast: Cast, washer: Walk) -> None:
    washer.step("triage", fault="quality")
    page = text(Client(headers={"accept-language": "zh-CN"}).get(page_of(washer.case)))
    assert "客户可选择" in page and page.count('class="cover-span"') >= 3
    assert "《部分商品修理更换退货责任规定》第9条" in page
    page = text(Client(headers={"accept-language": "en"}).get(page_of(washer.case)))
    assert "1995 rule 9" in page and "《" not in page.split("decision-good")[1].split("</section>")[0]


def test_the_api_answers_as_the_command_does(cast: Cast) -> None:
    found = machine(cast, "agent").post("/entitlement", CLAIM).json()
    assert found["result"].startswith("CHOICE(REFUND_FULL|EXCHANGE_FREE|REPAIR_FREE);EXPIRY=2026-03-03")
    assert {"rule", "words", "source", "fired", "verified"} == set(found["reasons"][0])
    assert any("7 days" in r["words"] for r in found["reasons"])


@pytest.mark.parametrize(
    "more",
    [
        {"price": "NaN"}, {"price": -1}, {"price": 1e12}, {"price": "1.005"}, {"price": True}, {"price": []}, {"km": 2**63},
        {"in_warranty": True}, {"outcome": "free"}, {"sold_on": "2025-03-11"}, {"promises": [{"months": 1e9}]},
    ],
)  # fmt: skip
def test_hostile_facts_are_refused(cast: Cast, more: dict[str, object]) -> None:
    """Attack cases B02 and B05."""
    answer = machine(cast, "agent").post("/entitlement", {**CLAIM, **more})
    assert answer.status_code == 422, answer.content


def test_bars_lie_in_their_range_with_today_in_it() -> None:
    cover = {
        "rule": "X", "source": "statute", "name": "", "parts": [], "start": "2025-01-01", "end": "2026-01-01",
        "suspended_days": 3, "labour": True, "material": True, "travel": True, "km": None, "verified": False, "matches": True,
    }  # fmt: skip
    later = {**cover, "start": "2026-01-01", "end": None, "matches": False, "parts": ["motor"]}
    found = coverage.card(
        {"options": ["REPAIR_FREE"], "coverages": [cover, later], "values": {}}, D(2027, 1, 1)
    )
    assert found and found.today == 1000
    assert [(b.x, b.width, b.state) for b in found.bars] == [(0, 500, "on"), (500, 500, "off")]
    assert coverage.card(None, D(2026, 1, 1)) is None


def test_a_right_to_reject_that_has_ended_is_not_shown() -> None:
    told = {"options": [], "coverages": [], "values": {"REJECT_UNTIL": "2026-11-23"}}
    on_the_day, after = (coverage.card(told, D(2026, 11, day)) for day in (23, 24))
    assert on_the_day and on_the_day.rows and after and not after.rows


def test_a_review_has_its_buttons_only_while_an_objection_waits(cast: Cast, washer: Walk) -> None:
    washer.step("triage", fault="quality")
    at, boss = f"/desk/cases/{washer.case.number}/", cast.client("manager")
    assert "/review/" not in boss.get(at).text and "/concession/" not in boss.get(at).text
    washer.step("contest", by="agent", text="应当免费")
    page = boss.get(at).text
    assert f"{at}review/" in page and f"{at}concession/" in page


def test_a_managers_word_stands_without_the_rules_words_against_it(cast: Cast, washer: Walk) -> None:
    washer.step("triage", fault="quality")
    washer.step("override_cover", cover="paid", reason="外壳有摔痕")
    page = text(cast.client("agent").get(f"/desk/cases/{washer.case.number}/"))
    card = page.split('class="decided"')[1].split("</section>")[0]
    assert "由 陈主管 改判 – 外壳有摔痕" in card and "免费维修" not in card
    assert "客户可选择" not in page and 'class="cover-span"' in page, "the coverages are as they were"
