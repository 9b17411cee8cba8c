"""C4.1–C5.1 once in a real browser, from the public form on a phone to the closed case and its printed sheet."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.utils import timezone
from PIL import Image

from baoxiu.cases import verify
from baoxiu.cases.models import Attachment, Case, JournalEntry
from baoxiu.followups.models import Rating
from baoxiu.notify import queries as notify
from baoxiu.people.actors import SYSTEM
from tests.conftest import Cast
from tests.faces.browser import assert_fits, opener

pytestmark = pytest.mark.browser
PROBLEM = "洗衣机脱水时不排水，地上有水。"
HERE = {"latitude": 31.19, "longitude": 121.44}


def picture(name: str) -> dict[str, Any]:
    made = io.BytesIO()
    Image.new("RGB", (640, 480), "steelblue").save(made, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": made.getvalue()}


@dataclass
class People:
    """Everybody with a screen of their own: the customer and the engineer on a phone, the others at a desk."""

    open_page: Any
    screens: dict[str, Any] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    number: str = ""

    def at(self, who: str, path: str) -> Any:
        """`who` looks at `path`; a page on a phone is never wider than the phone."""
        if who not in self.screens:
            page = self.open_page(
                "about:blank", "" if who == "customer" else who, phone=who in ("customer", "engineer")
            )
            page.on(
                "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
            )
            self.screens[who] = page
        self.screens[who].goto(path)
        looked_at(self.screens[who])
        return self.screens[who]

    @property
    def case(self) -> Case:
        return Case.objects.get(number=self.number)

    @property
    def steps(self) -> list[str]:
        entries = JournalEntry.objects.filter(case__number=self.number).order_by("no")
        return list(entries.values_list("step", flat=True))

    def desk(self, who: str) -> Any:
        return self.at(who, f"/desk/cases/{self.number}/")

    def job(self) -> Any:
        return self.at("engineer", f"/field/jobs/{self.number}/")


def looked_at(page: Any) -> None:
    page.wait_for_load_state()
    if page.viewport_size["width"] < 400:
        assert_fits(page)


@pytest.fixture
def people(live_server: Any, cast: Cast, new_context: Any, settings: Any, tmp_path: Any) -> People:
    settings.ATTACHMENTS = tmp_path
    cache.clear()
    return People(opener(new_context, live_server.url, lambda who: cast.staff[who]))


def test_a_request_from_the_public_form_to_closing(people: People, tmp_path: Any) -> None:
    the_customer_asks_on_a_phone(people)
    the_agent_replies_and_agrees_on_a_visit(people)
    the_dispatcher_takes_the_best_suggestion(people)
    the_engineer_arrives(people)
    the_engineer_finds_that_it_is_to_be_paid(people)
    the_customer_accepts_the_quote(people)
    the_engineer_repairs_and_the_customer_signs(people)
    the_engineer_calls(people)
    the_customer_rates(people)
    somebody_else_calls_and_closes(people)
    the_sheet_can_be_printed(people)
    assert (
        people.steps
        == (
            "register reply triage confirm assign accept appoint set_out check_in diagnose quote accept_quote start_work work "
            "pass_test hand_over follow_up rate final_follow_up close"
        ).split()
    )
    assert not [str(d) for _, many in verify.verify([people.number]) for d in many]
    assert people.complaints == []


# -- C4.1 ------------------------------------------------------------------------------------


def the_customer_asks_on_a_phone(people: People) -> None:
    page = people.at("customer", "/request/")
    opened = timezone.now()
    page.fill("[name=product]", "滚筒洗衣机")
    page.fill("[name=brand]", "海清")
    page.fill("[name=purchase_date]", (timezone.localdate() - dt.timedelta(days=100)).isoformat())
    page.set_input_files("[name=photos-upload]", picture("铭牌.jpg"))
    looked_at(page)
    page.get_by_role("button", name="下一步").click()
    page.fill("[name=problem]", PROBLEM)
    looked_at(page)
    page.get_by_role("button", name="下一步").click()
    for name, value in (
        ("name", "周女士"), ("phone", "139 1234 5678"), ("email", "zhou@example.com"), ("address-province", "上海市"),
        ("address-city", "上海市"), ("address-district", "徐汇区"), ("address-street", "天钥桥路10号"),
    ):  # fmt: skip
        page.fill(f"[name={name}]", value)
    page.check("[name=consent]")
    looked_at(page)
    passed = (timezone.now() - opened).total_seconds()
    page.wait_for_timeout(max(0, 3500 - 1000 * passed))  # nobody fills in a form faster
    page.get_by_role("button", name="提交报修").click()
    page.wait_for_url("**/received/")
    people.number = page.locator(".result-number").inner_text()
    assert Attachment.objects.get().case == people.case
    looked_at(page)
    page.get_by_role("link", name="查看进度").click()
    assert PROBLEM in page.locator(".track").inner_text()


# -- C4.2, C4.3: at the desk -----------------------------------------------------------------


def take(page: Any, title: str) -> None:
    """Opens a step in its place."""
    page.locator("[aria-labelledby=next-steps]").get_by_role("link", name=title).click()
    page.locator("#work [data-opened]").wait_for()


def send(page: Any) -> None:
    with page.expect_navigation():
        page.locator("#work .form-foot .btn-primary").click()
    page.locator(".note-success").wait_for()


def the_agent_replies_and_agrees_on_a_visit(people: People) -> None:
    page = people.at("agent", "/desk/?view=unassigned")
    page.locator(f"[data-number='{people.number}']").first.locator("[data-open]").click()
    page.locator("#side h2").wait_for()
    assert "周女士" in page.locator("#side").inner_text()
    page = people.desk("agent")
    assert page.locator("img").count() >= 1
    page.fill("#work textarea", "您好，已收到，稍后电话联系您。")
    send(page)
    take(page, "初步判断")
    page.locator("#work [name=symptom]").select_option("drain")
    page.locator("#work [name=fault][value=quality]").check()
    page.locator("#entitlement .decision-good").wait_for()
    send(page)
    take(page, "与客户确认服务方式")
    page.locator("#work [name=venue][value=onsite]").check()
    assert page.input_value("#work [name=agreed_by]") == "周女士"
    send(page)
    assert people.case.stage == "dispatch"


def the_dispatcher_takes_the_best_suggestion(people: People) -> None:
    page = people.at("dispatcher", "/desk/")
    page.locator(f"[data-number='{people.number}'] [data-open]").click()
    page.locator("#side").get_by_role("link", name=people.number).first.click()
    page.wait_for_url(f"**/desk/cases/{people.number}/")
    take(page, "派给工程师")
    best = page.locator(".ranked li").first
    assert "张工" in best.inner_text()
    best.get_by_role("button").click()
    send(page)
    assert people.case.engineer.name == "张工"


# -- C4.4a, C4.5: on the engineer's phone ----------------------------------------------------


def next_step(page: Any, title: str) -> None:
    looked_at(page)
    button = page.locator(".thumb-bar .btn")
    assert title in button.inner_text()
    with page.expect_navigation():
        button.click()


def record(page: Any) -> None:
    looked_at(page)
    with page.expect_navigation():
        page.locator(".form-foot .btn-primary").click()
    page.locator(".note-success").wait_for()
    looked_at(page)


def photo(page: Any, name: str) -> None:
    page.set_input_files("input[capture]", picture(name))
    page.wait_for_selector(".uploads [name=files]", state="attached")


def the_engineer_arrives(people: People) -> None:
    page = people.at("engineer", "/field/")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(HERE)
    with page.expect_navigation():
        page.get_by_text("周女士").click()
    next_step(page, "接单")
    next_step(page, "预约上门时间")
    now = timezone.localtime()
    page.fill("[name=starts_at]", now.strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name=ends_at]", (now + dt.timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"))
    record(page)
    next_step(page, "出发上门")
    page.fill("[name=minutes]", "15")
    record(page)
    next_step(page, "到达签到")
    page.click("[data-locate]")
    page.get_by_text("位置已记录").wait_for()
    photo(page, "门牌.jpg")
    record(page)
    assert people.case.stage == "repair"


def the_engineer_finds_that_it_is_to_be_paid(people: People) -> None:
    page = people.job()
    next_step(page, "检测")
    for name, value in (("symptom", "drain"), ("cause", "misuse"), ("remedy", "replace_part")):
        page.select_option(f"[name={name}]", value)
    page.locator("label:has([name=fault][value=other])").click()
    page.fill("[name=text]", "排水泵里有硬币，叶轮打坏。")
    record(page)
    assert people.case.facts["cover"] == "paid"
    next_step(page, "报价")
    lines = (("part", "排水泵", "128.00"), ("travel", "上门费", "50.00"))
    for i, (kind, text, price) in enumerate(lines):
        if not page.locator(f"[name=lines-{i}-text]").count():
            page.get_by_role("button", name="增加一行").click()
        page.select_option(f"[name=lines-{i}-kind]", kind)
        page.fill(f"[name=lines-{i}-text]", text)
        page.fill(f"[name=lines-{i}-price]", price)
    page.check("[name=lines-1-free]")
    record(page)
    assert people.case.stage == "consent"


def the_customer_accepts_the_quote(people: People) -> None:
    """By the link that the desk can copy."""
    desk = people.at("agent", f"/desk/cases/{people.number}/messages/")
    link = desk.locator("li", has_text="答复报价").locator("a").get_attribute("href")
    page = people.at("customer", urlsplit(link).path)
    assert "128.00" in page.locator("tfoot").inner_text()
    page.fill("[name=name]", "周女士")
    page.get_by_role("button", name="同意维修").click()
    page.locator(".note-success").wait_for()
    looked_at(page)
    assert people.case.facts["consent"] == "given"


def sign(page: Any) -> None:
    pad = page.locator("[data-sign][data-ready] canvas.signature-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for stroke in (((40, 40), (90, 90), (140, 50)), ((180, 40), (200, 100), (240, 60))):
        page.mouse.move(box["x"] + stroke[0][0], box["y"] + stroke[0][1])
        page.mouse.down()
        for x, y in stroke[1:]:
            page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
        page.mouse.up()


def the_engineer_repairs_and_the_customer_signs(people: People) -> None:
    page = people.job()
    assert "128.00 · 已同意" in page.locator("main").inner_text()
    next_step(page, "开始维修")
    next_step(page, "登记维修作业")
    page.select_option("[name=remedy]", "replace_part")
    page.fill("[name=text]", "更换排水泵，清理管路。")
    page.fill("[name=minutes]", "40")
    page.fill("[name=parts-0-text]", "排水泵")
    page.fill("[name=parts-0-number]", "P-2201")
    photo(page, "新泵.jpg")
    record(page)
    next_step(page, "测试通过")
    page.fill("[name=text]", "标准洗程序一遍，排水正常。")
    record(page)
    next_step(page, "签退并签字交付")
    assert page.input_value("[name=signer]") == "周女士"
    sign(page)
    record(page)
    assert people.case.stage == "followup"


# -- C4.6, C5.1, C4.7 ------------------------------------------------------------------------


def the_engineer_calls(people: People) -> None:
    page = people.job()
    page.locator("label:has([name=satisfaction][value='5'])").click()
    record(page)
    assert people.case.stage == "final"


def the_customer_rates(people: People) -> None:
    """By the link in the message that went out after the call."""
    letter = next(m for m in notify.mailbox(SYSTEM, people.case) if m.event == "follow_up")
    page = people.at("customer", urlsplit(letter.link).path)
    page.get_by_role("button", name="满意").filter(has_text="5").click()
    page.get_by_text("感谢您的评价").wait_for()
    looked_at(page)
    assert Rating.objects.get().overall == 5


def somebody_else_calls_and_closes(people: People) -> None:
    page = people.desk("manager")
    take(page, "客服终访")
    assert "收费前是否征得了您的同意" in page.locator(".step-aside").inner_text()
    page.locator("#work label:has([name=satisfaction][value='4'])").click()
    send(page)
    take(page, "关单")
    send(page)
    assert people.case.stage == "closed"


def the_sheet_can_be_printed(people: People) -> None:
    page = people.desk("manager")
    address = page.get_by_role("link", name="服务单打印").get_attribute("href")
    answer = page.context.request.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF") and people.number.encode() in answer.body()
