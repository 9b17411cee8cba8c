"""C4: cases, their journal, what is owed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from pydantic import BaseModel, Field

from baoxiu.cases import queries
from baoxiu.cases.models import Case, Duty
from baoxiu.cases.operations import take_over_many
from baoxiu.cases.operations.ownership import MANY
from baoxiu.cases.queries import case as case_queries
from baoxiu.cases.queries import lists
from baoxiu.confidentiality import operations as confidentiality
from baoxiu.faces.api import steps
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.pages import Page, Paging, columns, json, nest, page
from baoxiu.faces.api.shapes import CaseDetail, CaseRow, DutyOfCase, DutyRow
from baoxiu.faces.api.steps import MACHINES
from baoxiu.faces.common.audience import DESK, STAFF
from baoxiu.faces.common.display import duty, say
from baoxiu.people.actors import Actor
from baoxiu.sop.fields import Id, Line


@api.operation(
    "GET", "/cases", who=MACHINES, gives=Page[CaseRow], summary="List cases · 服务单列表", tag="C4"
)
def list_cases(
    request: Asked, wanted: lists.Filter = Query(...), paging: Paging = Query(...)
) -> HttpResponse:
    """The cases you may see, newest first. A search (`q`) looks through its newest 2,000 hits."""
    found = lists.narrowed(
        request.auth,
        wanted,
        now=timezone.now(),
        zone=timezone.get_current_timezone(),
    )
    return page(request, found, CaseRow, paging, order=("-created_at", "-id"))


@api.operation(
    "GET",
    "/cases/{slug:number}",
    who=(*MACHINES, "track", "quote"),
    gives=CaseDetail,
    summary="Get a case · 查看服务单",
    tag="C4",
)
def get_case(request: Asked, number: str) -> HttpResponse:
    """The case with its facts, open duties and the steps you may take now. Its ETag goes into If-Match."""
    by = request.auth
    case = queries.get(by, number)
    duties = queries.open_duties(case)
    allowed = queries.allowed_steps(by, case, {d.kind for d in duties})
    body = {
        **_plain(by, case),
        "merged_into": case.merged_into.number if case.merged_into else None,
        "contact": contact(by, case),
        "duties": [_duty(by, d) for d in duties],
        "steps": [
            {
                "name": s.name,
                "noun": s.noun,
                "title": say(s.title),
                "clause": s.clause,
                "href": steps.href(number, s),
            }
            for s in allowed
        ],
    }
    return json(body, headers={"ETag": f'"{case.journal_count}"'})


def contact(viewer: Actor, case: Case) -> dict[str, str] | None:
    if not case_queries.shows_contact(viewer, case):
        return None
    if viewer.kind == "staff":
        confidentiality.note(
            subject=case.number, customer=case.customer_id, reason="api", by=viewer, now=timezone.now()
        )
    return {"name": case.contact_name, "phone": case.contact_phone, "email": case.contact_email}


def _plain(by: Actor, case: Case) -> dict[str, Any]:
    """The case in the shape of CaseDetail, from what `queries.get` has joined.

    Whose phone number somebody typed, and who looks after that customer, is not told to the holder of a link:
    a request from outside joins the customer on record without proof of being theirs.
    """
    row = {path: _reach(case, path) for path in columns(CaseDetail)}
    hidden = {"customer": None, "owner": None} if by.kind == "link" else {}
    return {**(nest(CaseDetail, row) or {}), **hidden, "facts": case.facts}


def _reach(thing: Any, path: str) -> Any:
    for name in path.split("__"):
        thing = getattr(thing, name, None)
    return thing


def _duty(by: Actor, found: Duty) -> dict[str, Any]:
    row = nest(DutyOfCase, {path: _reach(found, path) for path in columns(DutyOfCase)}) or {}
    hidden = {"owner": None} if by.kind == "link" else {}
    return {**row, **hidden, "title": duty(found.kind)}


class OwnerChange(BaseModel):
    """Who is to answer for these cases."""

    numbers: Annotated[list[Line], Field(min_length=1, max_length=MANY)]
    owner: Id


class NotGiven(BaseModel):
    number: str
    reason: str


class OwnersChanged(BaseModel):
    """The cases given away, and those that could not be with the reason."""

    done: list[str]
    refused: list[NotGiven]


@api.operation(
    "POST",
    "/owner-changes",
    who=DESK,
    gives=OwnersChanged,
    summary="Give cases to somebody else · 批量更换负责人",
    tag="C4.1",
)
def change_owners(request: Asked, payload: OwnerChange) -> HttpResponse:
    """Each case by itself through the procedure: one that cannot be given away holds up no other."""
    result = take_over_many(payload.numbers, payload.owner, by=request.auth, now=timezone.now())
    refused = [{"number": number, "reason": say(why)} for number, why in result.refused]
    return json({"done": result.done, "refused": refused})


class WhoseDuties(BaseModel):
    whose: Literal["mine", "team", "all"] = "team"
    late: bool = False
    case: str = ""


@api.operation("GET", "/duties", who=STAFF, gives=Page[DutyRow], summary="What is owed · 应办事项", tag="C4")
def list_duties(
    request: Asked, wanted: WhoseDuties = Query(...), paging: Paging = Query(...)
) -> HttpResponse:
    """Open duties by due time: `mine`, my roles' (`team`), or of every case I may see (`all`)."""
    by = request.auth
    found = Duty.objects.filter(outcome="open", case__in=Case.objects.visible_to(by))
    if wanted.whose == "mine":
        found = found.filter(owner_id=by.staff_id)
    elif wanted.whose == "team":
        found = found.filter(party__in=sorted(by.parties))
    if wanted.late:
        found = found.filter(due_at__lt=timezone.now())
    if wanted.case:
        found = found.filter(case__number=wanted.case)
    return page(request, found, DutyRow, paging, order=("due_at", "id"), finish=_titled)


def _titled(rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        row["title"] = duty(row["kind"])
