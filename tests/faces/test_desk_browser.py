"""The desk in a real Chromium: keys, the panel at the side, steps in their place, accessibility, no sideways scroll."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from baoxiu.cases.models import Case
from tests.conftest import Cast
from tests.faces.browser import SCREENS, looked_at_in_both_lights
from tests.faces.desk import DAY, HOUR, MINUTE, opened, step

pytestmark = pytest.mark.browser
# what happens every 20 seconds, now
ASK = "() => { const rows = document.querySelector('#rows'); htmx.ajax('GET', rows.getAttribute('hx-get'), {source: rows, target: rows, swap: 'outerHTML'}) }"


@pytest.fixture
def case(live_server: Any, cast: Cast) -> Case:
    """The older of two cases; a third is on hold."""
    now = timezone.now()
    first = opened(cast, at=now - 3 * HOUR, owner=None)
    opened(
        cast,
        cast.liu,
        at=now - MINUTE,
        problem="The printer of our whole third-floor office has not been printing anything at all since",
    )
    held = opened(cast, cast.sun, at=now - DAY, problem="空调不制冷")
    step(
        held,
        "hold",
        cast.actor("agent"),
        at=now - HOUR,
        reason="customer",
        text="出差",
        until=dt.date(2027, 1, 1),
    )
    return first


def rows(page: Any) -> Any:
    return page.locator("[data-row]")


@SCREENS
def test_every_page_is_accessible_and_fits(
    open_page: Any, cast: Cast, case: Case, axe: Any, screen: dict[str, Any]
) -> None:
    page = open_page("/desk/?view=team", "manager", **screen)
    for address in (
        "/desk/?view=team", "/desk/?view=hold", "/desk/?view=visit", "/desk/cases/", "/desk/cases/?stage=moon",
        "/desk/search/?q=排水", "/desk/phone/?phone=13800138001", f"/desk/cases/{case.number}/",
        f"/desk/cases/{case.number}/correction/", f"/desk/cases/{case.number}/messages/",
    ):  # fmt: skip
        page.goto(address)
        looked_at_in_both_lights(page, axe)


def test_j_and_k_move_enter_looks_escape_returns_and_o_opens(open_page: Any, cast: Cast, case: Case) -> None:
    page = open_page("/desk/?view=team", "agent")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert rows(page).nth(1).get_attribute("class") == "is-current"
    page.keyboard.press("k")
    number = rows(page).nth(0).get_attribute("data-number")
    page.keyboard.press("Enter")
    page.locator("#side h2").wait_for()
    assert number in page.locator("#side").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#side").is_hidden()
    page.keyboard.press("o")
    page.wait_for_url(f"**/desk/cases/{number}/")


def test_x_marks_a_gives_away(open_page: Any, cast: Cast, case: Case) -> None:
    page = open_page("/desk/?view=unassigned", "agent")
    assert page.locator(".bulk-bar").is_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator(".bulk-bar").is_visible()
    page.keyboard.press("a")
    assert page.evaluate("document.activeElement.name") == "owner"
    page.locator(".bulk-bar .btn-primary").click()
    page.locator(".note-success").wait_for()
    case.refresh_from_db()
    assert case.owner == cast.staff["agent"]


def test_g_leads_to_pages_and_question_mark_lists_the_keys(open_page: Any, cast: Cast, case: Case) -> None:
    page = open_page("/desk/", "agent")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/desk/phone/")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/desk/cases/")
    page.keyboard.press("?")
    assert "勾选此行" in page.locator("dialog[open]").inner_text()


def test_the_search_box_answers_while_typing(open_page: Any, cast: Cast, case: Case, axe: Any) -> None:
    page = open_page("/desk/", "agent")
    page.keyboard.press("/")
    page.keyboard.type("排水")
    page.locator("#found [data-hit]").first.wait_for()
    assert axe(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/cases/{case.number}/")


def test_a_step_opens_in_its_place_says_what_is_wrong_and_is_taken(
    open_page: Any, cast: Cast, case: Case, axe: Any
) -> None:
    page = open_page(f"/desk/cases/{case.number}/", "agent")
    page.keyboard.press("1")
    page.locator("#entitlement .decision").wait_for()
    assert axe(page) == []
    assert page.url.endswith(f"/{case.number}/")
    page.locator("#work [name=fault][value=quality]").check()
    page.locator("#entitlement .decision-good").wait_for()
    page.locator("#work [name=purchase_date]").fill("2999-01-01")
    page.locator("#work .form-foot button").click()
    page.locator("#work .note-error").wait_for()
    assert page.locator("#work form form").count() == 0
    page.locator("#work [name=purchase_date]").fill("")
    page.locator("#work .form-foot button").click()
    page.locator(".note-success").wait_for()
    case.refresh_from_db()
    assert case.facts["cover"] == "free"


def test_a_reply_from_the_panel_leads_back_to_the_list(
    open_page: Any, cast: Cast, case: Case, axe: Any
) -> None:
    page = open_page("/desk/?view=team", "agent")
    rows(page).first.locator("[data-open]").click()
    page.locator("#side").get_by_text("回复客户").click()
    page.locator("#side textarea").fill("马上处理")
    assert axe(page) == []
    page.locator("#side .form-foot button").click()
    page.locator(".note-success").wait_for()
    assert page.url.endswith("/desk/?view=team")
    assert (
        page.locator(f"[data-number='{case.number}']").count() == 1
    )  # the first response is given, triage is still owed


def test_fresh_rows_come_by_themselves_and_keep_the_place(open_page: Any, cast: Cast, case: Case) -> None:
    page = open_page("/desk/?view=team", "agent")
    page.keyboard.press("j")
    page.keyboard.press("x")
    number = page.locator(".is-current").get_attribute("data-number")
    seen: list[int] = []
    page.on("response", lambda answer: seen.append(answer.status) if "/desk/rows/" in answer.url else None)
    page.evaluate(ASK)
    page.wait_for_timeout(300)
    count = rows(page).count()
    opened(cast, cast.sun, at=timezone.now() - 2 * HOUR, problem="新来的一单")
    page.evaluate(ASK)
    page.get_by_text("新来的一单").first.wait_for()
    assert seen == [304, 200]
    assert rows(page).count() == count + 2
    assert page.locator(".is-current").get_attribute("data-number") == number
    assert page.locator(".is-current input").is_checked()


def test_two_clicks_register_a_known_caller(open_page: Any, cast: Cast, case: Case, axe: Any) -> None:
    page = open_page("/desk/phone/", "agent")
    page.keyboard.type("13800138001")
    page.get_by_text("SN-OLD-1").wait_for()
    page.locator("#f-problem").fill("脱水时漏电，麻手")
    page.locator("#likely .note-error").wait_for()
    assert axe(page) == []
    page.get_by_label("SN-OLD-1").check()
    page.locator("[data-register]").click()
    page.locator(".note-success").wait_for()
    made = Case.objects.latest("pk")
    assert (made.customer, made.unit) == (cast.wang, cast.old_unit)
    assert made.number in page.url


def test_without_a_script_everything_still_works(open_page: Any, cast: Cast, case: Case) -> None:
    page = open_page("/desk/?view=team", "agent", script=False)
    rows(page).first.locator("[data-open]").click()
    page.wait_for_url("**/desk/cases/**")
    page.locator(".steps-list a").first.click()
    page.locator("select[name=symptom]").select_option("drain")
    page.locator(".form-foot button").click()
    page.wait_for_url(f"**/desk/cases/{case.number}/")
    case.refresh_from_db()
    assert case.facts["triaged"] == "yes"
