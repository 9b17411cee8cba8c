"""Who a view is for. A view without a declared audience is served to nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"  # anybody
LINK = "link"  # the holder of a personal link: the view resolves the token itself
TOKEN = "token"  # the API: its own authentication decides
STAFF = (
    "agent",
    "dispatcher",
    "engineer",
    "station_head",
    "stock_keeper",
    "account_manager",
    "manager",
    "administrator",
)
CASE_STAFF = STAFF[:-1]
DESK = ("agent", "dispatcher", "account_manager", "manager")


def audience(*who: str) -> Callable[[View], View]:
    """Declares the roles (or PUBLIC, LINK, TOKEN) a view is for."""

    def mark(view: View) -> View:
        view.audience = frozenset(who)  # type: ignore[attr-defined]
        return view

    return mark
