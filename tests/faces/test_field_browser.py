"""C4.4–C4.6: an engineer's job on a 390 px phone, in a real browser."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from baoxiu.cases.models import Attachment, Case, JournalEntry
from tests.conftest import Cast
from tests.faces.browser import SCREENS, looked_at, looked_at_in_both_lights
from tests.faces.portal import picture
from tests.rooms import walking

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.ATTACHMENTS = tmp_path


def begin(cast: Cast, names: str = "triage confirm assign", **more: Any) -> walking.Walk:
    return walking.begin(cast, timezone.now() - dt.timedelta(hours=6), **more).steps(names)


def sign(page: Any) -> None:
    pad = page.locator("[data-sign][data-ready] canvas.signature-pad")
    pad.scroll_into_view_if_needed()  # shown and listening
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    for x, y in ((90, 90), (140, 50), (200, 100)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
    page.mouse.up()
    expect(page.locator("[data-sign] input")).not_to_have_value("")


def next_step(page: Any) -> None:
    page.locator(".thumb-bar .btn").click()


def send(page: Any) -> None:
    page.locator(".form-foot .btn-primary").click()


def test_a_job_from_accepting_to_the_follow_up(open_page: Any, cast: Cast, axe: Any) -> None:
    walk = begin(
        cast, name="王女士", phone="13800138001", address={"province": "上海市", "street": "天钥桥路10号"}
    )
    page = open_page("/field/", "engineer", phone=True)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 31.19, "longitude": 121.44})
    looked_at(page, axe)
    page.get_by_text("洗衣机不排水").click()
    looked_at(page, axe)
    next_step(page)  # accept
    next_step(page)
    looked_at(page, axe)
    send(page)  # the proposed window
    next_step(page)
    page.fill("[name=minutes]", "20")
    send(page)
    next_step(page)  # check in: position and photo
    page.click("[data-locate]")
    expect(page.locator("[name=lat]")).not_to_have_value("")
    photo = picture()
    page.set_input_files(
        "input[capture]", {"name": "门牌.jpg", "mimeType": "image/jpeg", "buffer": photo.read()}
    )
    page.wait_for_selector(".uploads [name=files]", state="attached")
    looked_at(page, axe)
    send(page)
    next_step(page)
    for name, value in (("symptom", "drain"), ("cause", "component"), ("remedy", "replace_part")):
        page.select_option(f"[name={name}]", value)
    page.locator("[name=fault][value=quality]").check()
    looked_at(page, axe)
    send(page)
    next_step(page)  # start
    next_step(page)
    page.select_option("[name=remedy]", "replace_part")
    page.fill("[name=text]", "更换排水泵")
    page.fill("[name=parts-0-text]", "排水泵")
    looked_at(page, axe)
    send(page)
    next_step(page)
    send(page)  # test passed
    next_step(page)
    sign(page)
    looked_at(page, axe)
    send(page)
    page.locator("label:has([name=satisfaction][value='5'])").click()
    looked_at(page, axe)
    send(page)
    page.wait_for_url("**/field/**")
    case = Case.objects.get(pk=walk.case.pk)
    assert case.stage == "final"
    assert JournalEntry.objects.get(case=case, step="check_in").body["data"]["lat"] == 31.19
    assert Attachment.objects.get(case=case).name == "门牌.jpg"
    assert walking.Walk(cast, case, timezone.now()).is_sound()


def test_without_a_signal_nothing_typed_is_lost_and_it_is_said(open_page: Any, cast: Cast) -> None:
    walk = begin(cast, walking.ON_SITE)
    address = f"/field/jobs/{walk.case.number}/diagnosis/"
    page = open_page(address, "engineer", phone=True)
    page.fill("[name=text]", "排水泵卡死，叶轮里有硬币")
    page.select_option("[name=symptom]", "drain")
    page.context.set_offline(True)
    send(page)
    assert (
        page.locator(".offline-banner").is_visible()
        and "没有信号" in page.locator(".offline-banner").inner_text()
    )
    assert page.url.endswith(address) and page.input_value("[name=text]") == "排水泵卡死，叶轮里有硬币"
    page.context.set_offline(False)
    page.reload()
    assert (
        page.input_value("[name=text]") == "排水泵卡死，叶轮里有硬币"
        and page.input_value("[name=symptom]") == "drain"
    )


def test_the_phone_can_be_used_without_a_script(open_page: Any, cast: Cast) -> None:
    begin(cast)
    page = open_page("/field/", "engineer", phone=True, script=False)
    page.get_by_text("洗衣机不排水").click()
    next_step(page)
    next_step(page)
    send(page)
    assert JournalEntry.objects.filter(step="appoint").count() == 1


@SCREENS
def test_field_and_bench_are_accessible_and_fit(
    open_page: Any, cast: Cast, axe: Any, screen: dict[str, Any]
) -> None:
    begin(cast, "triage confirm assign accept")
    late = begin(cast, walking.ON_SITE + " diagnose wait_parts", problem="很长的问题描述" * 20)
    depot = walking.to_depot(walking.begin(cast, timezone.now() - dt.timedelta(days=9), unit="old")).steps(
        "diagnose quote"
    )
    for who, path in (
        ("engineer", "/field/"), ("engineer", f"/field/jobs/{late.case.number}/"), ("station_head", "/bench/"),
        ("station_head", f"/bench/cases/{depot.case.number}/"), ("station_head", f"/bench/cases/{depot.case.number}/label/"),
    ):  # fmt: skip
        looked_at_in_both_lights(open_page(path, who, **screen), axe)
