"""C4.1–C5.1: a customer on a phone, in a real browser: request, track, quote, rating."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from baoxiu.cases.models import Attachment, Case
from baoxiu.followups.models import Rating
from tests.conftest import Cast
from tests.faces.browser import SCREENS, looked_at, looked_at_in_both_lights
from tests.faces.portal import page_of, picture
from tests.rooms import walking

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    settings.ATTACHMENTS = tmp_path
    cache.clear()


def begin(cast: Cast, **more: Any) -> walking.Walk:
    return walking.begin(cast, timezone.now() - dt.timedelta(hours=6), **more)


def test_a_request_in_three_steps_with_a_photo(open_page: Any, cast: Cast, axe: Any) -> None:
    page = open_page("/request/", phone=True)
    looked_at(page, axe)
    page.get_by_role("radio", name="电子产品").check()
    page.fill("[name=product]", "手机")
    page.set_input_files(
        "[name=photos-upload]", {"name": "铭牌.jpg", "mimeType": "image/jpeg", "buffer": picture().read()}
    )
    assert page.get_by_text("铭牌.jpg").is_visible()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="下一步").click()
    assert page.locator(".field-error").inner_text() == "请填写此项。"
    looked_at(page, axe)
    page.fill("[name=problem]", "屏幕碎了")
    page.get_by_role("button", name="下一步").click()
    page.fill("[name=name]", "王女士")
    page.fill("[name=phone]", "13800138001")
    page.check("[name=consent]")
    looked_at(page, axe)
    page.wait_for_timeout(3000)  # nobody fills in a form faster
    page.get_by_role("button", name="提交报修").click()
    page.wait_for_url("**/received/")
    looked_at(page, axe)
    case = Case.objects.get()
    assert case.number in page.inner_text("main") and case.unit.product_class == "electronics"
    assert Attachment.objects.get().case == case
    page.get_by_role("link", name="查看进度").click()
    assert "屏幕碎了" in page.inner_text(".track")
    looked_at(page, axe)


def test_going_back_keeps_what_was_typed(open_page: Any, cast: Cast) -> None:
    page = open_page("/request/", phone=True)
    page.fill("[name=product]", "洗衣机")
    page.get_by_role("button", name="下一步").click()
    page.fill("[name=problem]", "漏水")
    page.get_by_role("button", name="返回").click()
    assert page.input_value("[name=product]") == "洗衣机"
    page.reload()
    assert page.input_value("[name=product]") == "洗衣机"  # kept on the device


def test_without_a_script_it_is_one_page(open_page: Any, cast: Cast) -> None:
    page = open_page("/request/", phone=True, script=False)
    assert page.locator("[name=problem]").is_visible() and page.locator("[name=consent]").is_visible()
    page.wait_for_timeout(3000)
    page.fill("[name=problem]", "漏水")
    page.fill("[name=name]", "王女士")
    page.fill("[name=phone]", "13800138001")
    page.check("[name=consent]")
    page.get_by_role("button", name="提交报修").click()
    assert Case.objects.count() == 1 and re.search(r"BX-\d{4}-\d{6}", page.inner_text("main"))


def test_a_message_with_a_photo_from_the_track(open_page: Any, cast: Cast, axe: Any) -> None:
    walk = begin(cast)
    page = open_page(page_of(walk.case), phone=True)
    page.fill("#id-message", "我周六在家")
    page.set_input_files(
        "#message input[type=file]",
        {"name": "漏水.jpg", "mimeType": "image/jpeg", "buffer": picture().read()},
    )
    page.wait_for_selector("#message .uploads [name=files]", state="attached")
    page.locator("#message .btn-primary").click()
    page.wait_for_selector(".track .files img")
    looked_at(page, axe)
    assert page.evaluate("document.querySelector('.track .files img').complete")
    assert Attachment.objects.get().case == walk.case and page.input_value("#id-message") == ""


def test_a_quote_is_accepted_with_a_name(open_page: Any, cast: Cast, axe: Any) -> None:
    walk = walking.to_depot(begin(cast, unit="old")).steps("diagnose quote")
    page = open_page(page_of(walk.case), phone=True)
    page.get_by_text("请查看报价").click()
    looked_at(page, axe)
    page.get_by_text("不同意", exact=True).click()
    page.get_by_text("有疑问").click()
    looked_at(page, axe)
    page.fill("[name=name]", "王女士")
    page.get_by_role("button", name="同意维修").click()
    page.wait_for_selector(".note-success")
    looked_at(page, axe)
    assert Case.objects.get().stage == "repair"


def test_one_tap_rates(open_page: Any, cast: Cast, axe: Any) -> None:
    walk = begin(cast).steps(walking.ON_SITE).steps(walking.FREE_REPAIR).steps("hand_over follow_up")
    page = open_page(page_of(walk.case, "rate"), phone=True)
    page.get_by_text("分项评价").click()
    looked_at(page, axe)
    page.get_by_role("button", name="满意").filter(has_text="5").click()
    page.get_by_text("感谢您的评价").wait_for()
    looked_at(page, axe)
    assert Rating.objects.get().overall == 5


@SCREENS
def test_every_page_is_accessible_and_fits(
    open_page: Any, cast: Cast, axe: Any, screen: dict[str, Any]
) -> None:
    new, triaged = begin(cast, problem="很长" * 200), begin(cast).steps("triage")
    sent = begin(cast, unit="old").steps("triage")
    sent.step("confirm", venue="depot")
    sent.step("assign_station")
    quoted = walking.to_depot(begin(cast, unit="old")).steps("diagnose quote")
    paths = [
        "/request/", f"/u/{cast.unit.qr_token}/", f"/u/{cast.old_unit.qr_token}/request/", page_of(new.case), page_of(triaged.case),
        page_of(sent.case), page_of(quoted.case), page_of(quoted.case, "quote"), page_of(new.case, "rate"), page_of(new.case) + "received/",
    ]  # fmt: skip
    page = open_page("about:blank", **screen)
    for path in paths:
        page.goto(path)
        looked_at_in_both_lights(page, axe)
