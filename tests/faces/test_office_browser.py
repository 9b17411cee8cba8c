"""The office in a real browser: accessible, fitting, its chart drawn and led through."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from baoxiu.cases.models import Case
from baoxiu.supervision import folding
from tests.conftest import Cast
from tests.faces.browser import SCREENS, looked_at_in_both_lights
from tests.faces.desk import DAY, opened

pytestmark = pytest.mark.browser
MANAGER = [
    "dashboard/",
    "procedure/",
    "customers/",
    "units/",
    "units/labels/",
    "units/new/",
    "models/",
    "mailbox/",
]
ADMINISTRATOR = ["staff/", "staff/new/", "staff/absences/", "stations/", "keys/", "keys/new/", "skills/new/"]


@pytest.fixture
def ground(cast: Cast) -> Cast:
    now = timezone.now()
    opened(cast, at=now - 2 * DAY)
    opened(cast, at=now, channel="web")
    folding.fold(now=now)
    return cast


@SCREENS
def test_a_managers_pages_are_accessible_and_fit(
    open_page: Any, ground: Cast, axe: Any, screen: dict[str, Any]
) -> None:
    page = open_page("/office/", "manager", **screen)
    parts = [
        *MANAGER,
        f"customers/{ground.liu.pk}/",
        f"units/{ground.unit.pk}/",
        f"models/{ground.unit.model_id}/",
    ]
    for part in [*parts, f"staff/{ground.staff['engineer'].pk}/"]:
        page.goto(f"/office/{part}")
        looked_at_in_both_lights(page, axe)


def test_an_administrators_pages_are_accessible_and_fit(open_page: Any, ground: Cast, axe: Any) -> None:
    page = open_page("/office/", "administrator", phone=True)
    engineer = ground.staff["engineer"].pk
    for part in [
        *ADMINISTRATOR,
        f"staff/{engineer}/",
        f"staff/{engineer}/edit/",
        f"staff/{engineer}/absence/",
    ]:
        page.goto(f"/office/{part}")
        looked_at_in_both_lights(page, axe)


def test_the_chart_is_drawn_from_the_numbers_beside_it(open_page: Any, ground: Cast) -> None:
    page = open_page("/office/dashboard/?days=7", "manager")
    card = page.locator("section.card", has=page.get_by_role("heading", name="受理量（按渠道）"))
    card.locator("[data-chart] svg").wait_for()
    assert "电话" in card.locator("[data-chart] svg").text_content()
    card.get_by_text("以表格查看").click()
    assert card.locator("[data-chart] ~ details table").is_visible()
    page.locator("[data-theme-toggle]").first.evaluate("button => button.click()")
    assert card.locator("[data-chart] svg").count() == 1


def test_a_figure_opens_to_its_cases(open_page: Any, ground: Cast) -> None:
    page = open_page("/office/dashboard/", "manager")
    page.locator(".figures a").nth(1).click()
    late = Case.objects.order_by("created_at").first()
    assert late is not None
    page.wait_for_url("**/desk/cases/?late=1")
    assert late.number in page.content()
