"""Personal links of a case: staff copy them for the customer and take them back."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from pydantic import BaseModel, ConfigDict

from baoxiu.cases import queries, steps
from baoxiu.cases.models import PersonalLink
from baoxiu.cases.queries import case as case_queries
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.pages import Page, json
from baoxiu.faces.api.problems import Problem
from baoxiu.faces.common.audience import DESK
from baoxiu.faces.portal.links import address
from baoxiu.sop import payloads

Purpose = Literal["track", "quote", "rate"]


class LinkWanted(BaseModel):
    model_config = ConfigDict(extra="forbid")

    purpose: Purpose


class LinkRow(BaseModel):
    purpose: Purpose
    created_at: dt.datetime
    expires_at: dt.datetime


class LinkMade(LinkRow):
    url: str | None  # None when the answer is repeated for an Idempotency-Key


def _row(link: PersonalLink) -> dict[str, object]:
    return {"purpose": link.purpose, "created_at": link.created_at, "expires_at": link.expires_at}


@api.operation(
    "GET",
    "/cases/{slug:number}/links",
    who=DESK,
    gives=Page[LinkRow],
    summary="Live personal links · 专属链接",
    tag="Links",
)
def list_links(request: Asked, number: str) -> HttpResponse:
    case = queries.get(request.auth, number)
    return json({"items": [_row(x) for x in case_queries.live_links(case, now=timezone.now())], "next": None})


@api.operation(
    "POST",
    "/cases/{slug:number}/links",
    who=DESK,
    gives=LinkMade,
    status=201,
    summary="A personal link to copy · 生成专属链接",
    tag="Links",
    secret="url",
)
def add_link(request: Asked, number: str, payload: LinkWanted) -> HttpResponse:
    """The live link for this purpose, made where there is none. For the customer alone."""
    case = queries.get(request.auth, number)
    step = payloads.GiveLink(purpose=payload.purpose)
    taken = steps.take_step(case, "give_link", step, by=request.auth, now=timezone.now())
    link = PersonalLink.objects.get(pk=taken.extra["link"])
    return json({**_row(link), "url": settings.ORIGIN.rstrip("/") + address(link)}, 201)


@api.operation(
    "DELETE",
    "/cases/{slug:number}/links/{purpose}",
    who=DESK,
    gives=None,
    status=204,
    summary="Take links back · 撤回链接",
    tag="Links",
)
def delete_link(request: Asked, number: str, purpose: Purpose) -> HttpResponse:
    """Every live link of the case for this purpose is dead at once."""
    case = queries.get(request.auth, number)
    now = timezone.now()
    if purpose not in {link.purpose for link in case_queries.live_links(case, now=now)}:
        raise Problem("unknown")
    steps.take_step(case, "revoke_link", payloads.RevokeLink(purpose=purpose), by=request.auth, now=now)
    return HttpResponse(status=204)
