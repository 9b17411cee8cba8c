"""Personal links at the door: one purpose, one case; whatever is wrong with a token, the same 404.

Behind them times are the customer's."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from baoxiu.cases import links
from baoxiu.cases.models import PersonalLink
from baoxiu.faces.common.audience import LINK, audience

View = Callable[..., HttpResponse]


def holder_of(purpose: str) -> Callable[[View], View]:
    """For the holder of a link with this purpose; the view gets the link, `request.actor` is the customer."""

    def wrap(view: View) -> View:
        @audience(LINK)
        @functools.wraps(view)
        def resolved(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
            link = links.resolve(token, purpose, now=timezone.now())
            if link is None:
                raise Http404
            request.actor = links.actor(link)  # type: ignore[attr-defined]
            with timezone.override(link.case.customer.zone):
                response = view(request, link, **more)
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return resolved

    return wrap


def address(link: PersonalLink) -> str:
    """Where a personal link leads."""
    return f"/{link.purpose[0]}/{links.token_of(link)}/"
