"""The API's document in a real browser: from this machine alone, under the content policy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Cast
from tests.faces.machine import machine, request_of

pytestmark = pytest.mark.browser


def test_the_document_is_read_and_tried_in_the_browser(open_page: Any, live_server: Any, cast: Cast) -> None:
    request_of(cast.wang)
    token = machine(cast, "agent").token
    page = open_page("/api/docs", language="en-US")
    page.set_default_timeout(60_000)  # a large script on a small machine
    page.locator(".opblock-tag").first.wait_for()
    assert page.locator(".opblock-tag").count() > 10
    assert page.evaluate("navigator.serviceWorker === undefined || document.scripts.length") == 2
    page.locator("#operations-tag-C4 button, .opblock-tag[data-tag='C4']").first.click()
    page.locator("#operations-C4-list_cases").click()
    page.get_by_role("button", name="Authorize", exact=True).first.click()
    page.locator(".auth-container input").first.fill(token)
    page.locator(".auth-btn-wrapper .authorize").click()
    page.locator(".auth-btn-wrapper .btn-done").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.get_by_text("BX-").first.wait_for()
