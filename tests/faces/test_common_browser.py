"""The frame and the components in a real browser: light and dark, Chinese and English, desk and phone."""

from __future__ import annotations

import json

import pytest

from baoxiu.cases.models import Attachment, JournalEntry
from tests.conftest import Cast
from tests.faces.browser import SCREENS, looked_at_in_both_lights
from tests.faces.desk import opened

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.faces.common_urls")]


@SCREENS
def test_every_component_is_accessible_and_fits(open_page, cast: Cast, axe, screen) -> None:  # type: ignore[no-untyped-def]
    page = open_page("/style/", "manager", **screen)
    page.wait_for_selector(".signature-pad:not([hidden])")
    looked_at_in_both_lights(page, axe)


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/password/reset/", "/nope/", "/invite/x/"])
def test_pages_before_the_sign_in_are_accessible(open_page, axe, address: str) -> None:  # type: ignore[no-untyped-def]
    looked_at_in_both_lights(open_page(address, phone=True), axe)


def test_slash_leads_to_the_search_and_question_mark_to_the_keys(open_page, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    page = open_page("/style/", "manager")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.locator("dialog[data-keys]").is_visible()


def test_light_and_dark_are_switched_and_stay(open_page, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    page = open_page("/style/", "manager")
    page.locator(".heading [data-theme-toggle]").click()
    page.reload()
    assert page.get_attribute("html", "data-bs-theme") == "dark"


def test_what_was_typed_outlives_a_lost_signal_and_goes_when_the_server_has_it(open_page, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    case = opened(cast)
    address = f"/test/{case.number}/note/"
    page = open_page(address, "manager", phone=True)
    page.fill("[name=text]", "客户说晚上七点以后在家")
    page.context.set_offline(True)
    page.click(".form-foot button")
    assert page.locator(".offline-banner").is_visible()
    assert page.input_value("[name=text]") == "客户说晚上七点以后在家"
    page.context.set_offline(False)
    page.goto(address)
    assert page.input_value("[name=text]") == "客户说晚上七点以后在家"
    page.click(".form-foot button")
    page.wait_for_url("**/style/")
    assert JournalEntry.objects.filter(case=case, step="note").count() == 1
    page.goto(address)
    assert page.input_value("[name=text]") == ""


def test_a_photo_is_sent_at_once_and_goes_with_the_step(open_page, cast: Cast, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.ATTACHMENTS = tmp_path
    case = opened(cast)
    page = open_page(f"/test/{case.number}/note/", "manager", phone=True)
    page.fill("[name=text]", "见附件")
    page.set_input_files(
        "input[type=file]", {"name": "说明.txt", "mimeType": "text/plain", "buffer": "泵".encode()}
    )
    page.wait_for_selector(".uploads input[name=files]", state="attached")
    page.click(".form-foot button")
    page.wait_for_url("**/style/")
    assert Attachment.objects.get(case=case).name == "说明.txt"


def test_a_file_that_is_not_taken_is_told_in_its_row(open_page, cast: Cast, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.ATTACHMENTS = tmp_path
    case = opened(cast)
    page = open_page(f"/test/{case.number}/note/", "manager")
    page.set_input_files("input[type=file]", {"name": "a.html", "mimeType": "text/html", "buffer": b"<html>"})
    page.wait_for_selector(".uploads .field-error")
    assert "不接收此类文件" in page.inner_text(".uploads")
    assert page.locator("input[name=files]").count() == 0


def test_a_signature_becomes_points(open_page, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    page = open_page("/style/", "manager")
    pad = page.locator("[data-sign] canvas").first
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 80, steps=6)
    page.mouse.up()
    value = page.input_value("[data-sign] input[type=hidden]")
    assert len(json.loads(value)[0]) >= 2


def test_one_more_line_can_be_added(open_page, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    page = open_page("/style/", "manager")
    lines = page.locator("fieldset:has([data-add-row])").last
    before = lines.locator("tbody tr").count()
    lines.locator("[data-add-row]").click()
    assert lines.locator("tbody tr").count() == before + 1
    names = lines.locator("tbody tr").last.locator("[name]").first.get_attribute("name")
    assert names == f"parts-{before}-text"


def test_without_a_script_a_step_is_taken_all_the_same(open_page, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    case = opened(cast)
    page = open_page(f"/test/{case.number}/triage/", "agent", script=False)
    page.select_option("[name=symptom]", "drain")
    page.check("[name=fault][value=quality]", force=True)
    page.click(".form-foot button")
    assert JournalEntry.objects.filter(case=case, step="triage").exists()
