"""C4.3: the board in a real browser: dragged, done by keyboard, taken back, published."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from baoxiu.cases.models import Case
from baoxiu.dispatch.models import Plan
from baoxiu.people.models import Territory
from tests.conftest import Cast
from tests.faces.browser import assert_fits
from tests.rooms.planning import job, ready

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_job_is_dragged_taken_back_given_by_keyboard_and_published(
    open_page: Any, cast: Cast, axe: Any
) -> None:
    ready(cast)
    now = timezone.now()
    date = timezone.localdate(now) + dt.timedelta(days=1)
    numbers = [job(cast, now, east=0.02 * i).case.number for i in range(3)]
    page = open_page(f"/desk/dispatch/?date={date}", "dispatcher")
    first = page.locator(f".board-job[data-job='{numbers[0]}']")
    first.wait_for()
    row = page.locator(".tl-row", has_text="张工").locator(".tl-lane").bounding_box()
    page.mouse.move(*_middle(first.bounding_box()))
    page.mouse.down()
    page.mouse.move(row["x"] + 250, row["y"] + 15, steps=6)
    page.locator(".board-hint:not([hidden])").wait_for()  # what it would cost, while dragging
    page.mouse.up()
    event = page.locator(f".tl-job[data-job='{numbers[0]}']")
    page.locator("[data-verb=publish]:not([disabled])").wait_for()
    event.wait_for()
    draft = Plan.objects.get(status="draft")
    assert draft.routes == {str(cast.staff["engineer"].pk): [numbers[0]]}
    page.keyboard.press("Control+z")
    event.wait_for(state="detached")
    # by keyboard alone: choose the job, choose who, put there
    other = page.locator(f".board-job[data-job='{numbers[1]}']")
    other.focus()
    page.keyboard.press("Enter")
    page.locator("[data-give] select").wait_for()
    page.locator(".board-options li").first.wait_for()  # why, and who else
    page.locator("[data-give] select").select_option(
        label=page.locator("[data-give] option", has_text="钱工").inner_text()
    )
    page.locator("[data-effect].is-good").wait_for()
    page.locator("[data-give] button").press("Enter")
    page.locator(f".tl-job[data-job='{numbers[1]}']").wait_for()
    assert axe(page) == []
    assert_fits(page)
    page.locator("[data-verb=publish]").click()
    page.locator("[data-note]", has_text="已发布").wait_for()
    case = Case.objects.get(number=numbers[1])
    assert case.engineer == cast.staff["engineer2"] and case.stage == "assigned"


def test_one_territory_is_shown_and_planned(open_page: Any, cast: Cast) -> None:
    ready(cast)
    number = job(cast, timezone.now()).case.number
    area = Territory.objects.create(name="徐汇", places="徐汇区")
    area.staff.add(cast.staff["engineer2"])
    Territory.objects.create(name="浦东", places="浦东新区").staff.add(cast.staff["engineer"])
    page = open_page(f"/desk/dispatch/?date={timezone.localdate() + dt.timedelta(days=1)}", "dispatcher")
    page.locator(f".board-job[data-job='{number}']").wait_for()
    page.locator("[data-area]").select_option(label="浦东")
    page.locator(".tl-row", has_text="钱工").wait_for(state="detached")
    assert page.locator(".board-job").count() == 0 and page.locator(".tl-row").count() == 1
    page.locator("[data-area]").select_option(label="徐汇")
    page.locator(f".board-job[data-job='{number}']").wait_for()
    page.locator("[data-verb=solve]").click()
    page.locator(".board-chip", has_text="排班").first.wait_for()
    assert Plan.objects.get(status="asked").crew == [str(cast.staff["engineer2"].pk)]


def _middle(box: dict[str, float]) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
