"""C9: who was shown a customer's contacts."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.http import HttpResponse
from ninja import Query

from baoxiu.confidentiality import queries
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import Kept, Person
from baoxiu.faces.api.pages import Page, Paging, by_id, said
from baoxiu.sop.fields import Code, Id


class RevealRow(Kept):
    id: int
    at: dt.datetime
    staff: Person | None
    actor: str
    subject: str
    customer: Person | None
    what: str
    reason: str


class RevealsWanted(Paging):
    staff: Id | None = None
    case: Code = ""


@api.operation(
    "GET",
    "/contact-reveals",
    who=queries.SEERS,
    gives=Page[RevealRow],
    summary="Contacts shown · 联系方式查看记录",
    tag="C9",
)
def list_contact_reveals(request: Asked, wanted: RevealsWanted = Query(...)) -> HttpResponse:
    """Newest first; of one colleague (`staff`), of one case (its number)."""
    read = partial(queries.reveals, request.auth, staff=wanted.staff, subject=wanted.case)
    return by_id(
        request, partial(said, RevealRow), wanted, lambda before, limit: read(before=before, limit=limit)
    )
