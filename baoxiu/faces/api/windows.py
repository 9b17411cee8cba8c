"""C4.3: windows to offer a customer, one held while the customer decides; why a job stands where it stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from django.http import HttpResponse
from django.utils import timezone
from pydantic import BaseModel

from baoxiu.cases import queries as cases
from baoxiu.dispatch import operations, queries, reasons, records
from baoxiu.faces.api import planning
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.pages import Page, json
from baoxiu.faces.common.display import say
from baoxiu.people.rules import Invalid
from baoxiu.sop.fields import Id

SEERS = ("agent", "dispatcher", "engineer", "manager", "track")


class WindowRow(BaseModel):
    """A window the engineer can keep; `arrival` as the plan in force has it, `cost` in seconds of travel."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    engineer: int
    name: str
    arrival: dt.datetime
    cost: int


class Held(BaseModel):
    """Kept free until then; agree it with the step `appointment`."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    engineer: int
    until: dt.datetime


class Told(BaseModel):
    """One engineer who does not have the job. `price`: seconds of travel more, if `gives_way` gave way or if he fits."""

    engineer: int
    reasons: list[str]
    price: int | None
    gives_way: str


class Option(BaseModel):
    engineer: int
    start: int
    travel: int
    cost: int


class Reasons(BaseModel):
    """Why a job stands where it stands; seconds. `engineer` is null for one left out, `unserved` then says why."""

    job: str
    engineer: int | None
    rules: list[str]
    binding: list[str]
    slack: int
    price: int
    options: list[Option]
    unserved: list[str]
    against: list[Told]
    overrides: list[str]


@api.operation(
    "GET", "/cases/{slug:number}/windows", who=SEERS, gives=Page[WindowRow],
    summary="Windows to offer · 可预约的时间窗", tag=planning.TAG,
)  # fmt: skip
def list_windows(request: Asked, number: str) -> HttpResponse:
    """The five cheapest of the next three days that some engineer can keep; the case's own engineer where it has one."""
    found = queries.slots(request.auth, cases.get(request.auth, number), now=timezone.now())
    return json({"items": [WindowRow(**asdict(s)).model_dump() for s in found], "next": None})


@api.operation(
    "POST", "/cases/{slug:number}/windows", who=SEERS, gives=Held, status=201,
    summary="Hold a window · 保留时间窗", tag=planning.TAG,
)  # fmt: skip
def hold_window(request: Asked, number: str, payload: records.WindowRecord) -> HttpResponse:
    """For ten minutes; the one held before is free again."""
    case = cases.get(request.auth, number)
    held = operations.hold(case, payload, by=request.auth, now=timezone.now())
    made = Held(starts_at=held.starts_at, ends_at=held.ends_at, engineer=held.engineer_id, until=held.until)
    return json(made.model_dump(), 201)


@api.operation(
    "GET", "/days/{date}/jobs/{slug:number}/reasons", who=planning.PLANNERS, gives=Reasons,
    summary="Why here, why not there · 排班理由", tag=planning.TAG,
)  # fmt: skip
def get_reasons(request: Asked, date: Id, number: str) -> HttpResponse:
    """The rules that bind, who else could have it at which price, and why the others cannot."""
    found = reasons.why(request.auth, planning.day_of(date), number, now=timezone.now())
    if found is None:
        raise Invalid(
            "number", "Job: it is not of this day, or it has begun.", "工单：不属于当天，或已开始。"
        )
    return json(
        Reasons(
            job=number, engineer=int(found.engineer) if found.engineer else None, rules=[say(t) for t in found.rules],
            binding=[say(t) for t in found.binding], slack=found.slack, price=found.price,
            options=[Option(engineer=int(o.engineer), start=o.start, travel=o.travel, cost=o.cost) for o in found.options],
            unserved=[say(t) for t in found.unserved], overrides=[o.reason for o in found.overrides],
            against=[
                Told(engineer=int(no.engineer), reasons=[say(f.text) for f in no.faults], price=no.price, gives_way=no.gives_way)
                for no in found.against
            ],
        ).model_dump()
    )  # fmt: skip
