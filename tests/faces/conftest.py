"""Fixtures of the faces' tests; how to use the browser stands in tests/faces/browser.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.faces.browser import opener


@pytest.fixture
def open_page(
    live_server: Any, request: pytest.FixtureRequest, new_context: Callable[..., Any]
) -> Callable[..., Any]:
    """Open a page of the live server as one of the cast: `open_page("/desk/", "agent", phone=True)`."""
    return opener(new_context, live_server.url, lambda who: request.getfixturevalue("cast").staff[who])
