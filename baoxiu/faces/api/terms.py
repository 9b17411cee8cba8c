"""C7: the procedure in force and every version, as data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Query
from pydantic import BaseModel

from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.pages import Page, Paging, json, page
from baoxiu.faces.api.problems import Problem
from baoxiu.faces.api.steps import MACHINES
from baoxiu.faces.common.display import say
from baoxiu.sop import diagram
from baoxiu.sop.procedure import Procedure, ProcedureError
from baoxiu.terms import procedures
from baoxiu.terms.models import ProcedureVersion


class VersionRow(BaseModel):
    sha256: str
    name: str
    published_at: dt.datetime
    in_force_from: dt.datetime
    published_by: str


class ProcedureOut(BaseModel):
    """The procedure: `meaning` is what the hash covers; titles lie outside it."""

    name: str
    title: str
    sha256: str
    meaning: dict[str, Any]
    titles: dict[str, dict[str, str]]


def _out(found: Procedure) -> HttpResponse:
    titles = {
        kind: {thing.name: say(thing.title) for thing in things}
        for kind, things in (
            ("stages", found.stages), ("facts", found.facts), ("duties", found.duties), ("steps", found.steps),
        )
    }  # fmt: skip
    return json(
        {
            "name": found.name,
            "title": say(found.title),
            "sha256": found.sha256,
            "meaning": found.meaning(),
            "titles": titles,
        },
        headers={"ETag": f'"{found.sha256}"'},
    )


@api.operation(
    "GET",
    "/procedure",
    who=MACHINES,
    gives=ProcedureOut,
    summary="The procedure in force · 现行流程",
    tag="C7",
)
def get_procedure(request: Asked) -> HttpResponse:
    return _out(procedures.in_force(timezone.now()))


@api.operation(
    "GET",
    "/procedure/diagram.svg",
    who=MACHINES,
    gives=None,
    summary="Its diagram · 流程图",
    tag="C7",
    extra={"x-bytes": True},
)
def get_diagram(request: Asked) -> HttpResponse:
    """SVG, in the language of `Accept-Language`."""
    picture = diagram.svg(procedures.in_force(timezone.now()), get_language() or "en")
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
    return HttpResponse(picture, content_type="image/svg+xml", headers=headers)


@api.operation(
    "GET",
    "/procedures",
    who=MACHINES,
    gives=Page[VersionRow],
    summary="Published versions · 已发布版本",
    tag="C7",
)
def list_procedures(request: Asked, paging: Paging = Query(...)) -> HttpResponse:
    """Newest first; empty while only the built-in standard procedure is in force."""
    return page(
        request, ProcedureVersion.objects.all(), VersionRow, paging, order=("-in_force_from", "-sha256")
    )


@api.operation(
    "GET",
    "/procedures/{slug:sha256}",
    who=MACHINES,
    gives=ProcedureOut,
    summary="One version · 某一版本",
    tag="C7",
)
def get_procedure_version(request: Asked, sha256: str) -> HttpResponse:
    try:
        return _out(procedures.by_hash(sha256))
    except ProcedureError:
        raise Problem("unknown") from None
