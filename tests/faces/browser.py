"""A real Chromium on the pages of a live server, signed in as one of the cast.

    pytestmark = pytest.mark.browser

    def test_…(open_page, cast, axe):
        page = open_page("/desk/", "agent")                 # 1440×900, Chinese, light
        phone = open_page("/field/", "engineer", phone=True, language="en-US", scheme="dark")
        assert axe(page) == []
        assert_fits(phone)

SCREENS are the two that tests/faces/test_pages_axe.py, which sees every page, leaves out.

`open_page`, `axe` are fixtures (tests/faces/conftest.py and the root conftest); `cast` is made in the same database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from baoxiu.people.models import Staff
from tests.conftest import session_of

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SCREENS = pytest.mark.parametrize(
    "screen",
    [{"phone": False, "language": "en-US"}, {"phone": True, "language": "zh-CN"}],
    ids=["desk-en", "phone-zh"],
)


def session_cookie(staff: Staff, url: str) -> dict[str, str]:
    return {"name": settings.SESSION_COOKIE_NAME, "value": session_of(staff), "url": url}


def opener(
    new_context: Callable[..., Any], base: str, staff_by_name: Callable[[str], Staff]
) -> Callable[..., Any]:
    """`open_page(path, who="", *, phone, language, scheme, script)` → a Playwright page, loaded and quiet."""

    def open_page(
        path: str, who: str = "", *, phone: bool = False, language: str = "zh-CN", scheme: str = "light", script: bool = True,
    ) -> Any:  # fmt: skip
        context = new_context(
            viewport=PHONE if phone else DESK, locale=language, color_scheme=scheme, has_touch=phone, base_url=base,
            java_script_enabled=script, reduced_motion="reduce",
        )  # fmt: skip
        if who:
            context.add_cookies([session_cookie(staff_by_name(who), base)])
        page = context.new_page()
        page.goto(path)
        return page

    return open_page


def looked_at(page: Any, axe: Any) -> None:
    """It is accessible and fits."""
    found = axe(page)
    assert found == [], f"{page.url}: {found}"
    assert_fits(page)


def looked_at_in_both_lights(page: Any, axe: Any) -> None:
    """It is accessible and fits, and its colours can be told apart in the dark too: nothing else changes there."""
    looked_at(page, axe)
    page.emulate_media(color_scheme="dark")
    assert axe(page, "color-contrast") == [], f"{page.url} in the dark"
    page.emulate_media(color_scheme="light")


def assert_fits(page: Any) -> None:
    """Nothing is wider than the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"
