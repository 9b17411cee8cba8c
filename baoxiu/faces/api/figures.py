"""C1, C5: the dashboard's figures."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from pydantic import BaseModel, Field

from baoxiu.cases.queries import figures
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import Kept
from baoxiu.faces.api.pages import json, said
from baoxiu.followups import queries as followups


class Period(BaseModel):
    days: Annotated[int, Field(ge=1, le=366)] = 30


class Totals(Kept):
    open: int
    late: int
    registered: int
    closed: int
    answered: int
    in_time: int


class Satisfaction(Kept):
    ratings: int
    overall: float | None
    attitude: float | None
    speed: float | None
    quality: float | None
    stars: dict[str, int]


class PersonLate(BaseModel):
    id: int | None
    name: str | None
    cases: int


class ProductVolume(BaseModel):
    product: str | None
    cases: int


class DayVolume(BaseModel):
    day: dt.date
    channel: str
    cases: int


class Figures(BaseModel):
    """Open and late are of now; the rest of the cases registered in the period."""

    since: dt.datetime
    until: dt.datetime
    totals: Totals
    satisfaction: Satisfaction
    open_by_stage: dict[str, int]
    late_by_clause: dict[str, int]
    late_by_person: list[PersonLate]
    by_day: list[DayVolume]
    by_product: list[ProductVolume]


@api.operation(
    "GET", "/figures", who=("manager",), gives=Figures, summary="The dashboard's figures · 指标", tag="C1"
)
def get_figures(request: Asked, wanted: Period = Query(...)) -> HttpResponse:
    by = request.auth
    now, zone = timezone.now(), timezone.get_current_timezone()
    until = dt.datetime.combine(timezone.localdate(now) + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    period = {"since": until - dt.timedelta(days=wanted.days), "until": until}
    opinion = followups.satisfaction(by, **period)
    return json(
        {
            **period,
            "totals": said(Totals, figures.totals(by, **period, now=now)),
            "satisfaction": {n: getattr(opinion, n) for n in Satisfaction.model_fields if n != "stars"}
            | {"stars": {str(n): count for n, count in opinion.stars.items()}},
            "open_by_stage": figures.open_by_stage(by),
            "late_by_clause": dict(figures.late_by_clause(by, now=now)),
            "late_by_person": [
                {"id": pk, "name": name, "cases": n} for pk, name, n in figures.late_by_person(by, now=now)
            ],
            "by_day": figures.by_day(by, **period, zone=zone),
            "by_product": [{"product": name, "cases": n} for name, n in figures.by_product(by, **period)],
        }
    )
