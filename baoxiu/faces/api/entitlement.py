"""C3: what a customer is owed for a set of facts; nothing is looked up and nothing is kept."""

from __future__ import annotations

from django.http import HttpResponse
from pydantic import BaseModel

from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.pages import json
from baoxiu.faces.common.audience import CASE_STAFF
from baoxiu.faces.common.display import say
from baoxiu.lib import workdays
from baoxiu.sop.entitlement import engine
from baoxiu.sop.entitlement.claim import Claim
from baoxiu.terms import switches


class Coverage(BaseModel):
    rule: str
    source: str
    name: str
    parts: list[str]
    start: str
    end: str | None
    suspended_days: int
    labour: bool
    material: bool
    travel: bool
    km: int | None
    verified: bool
    matches: bool


class Reason(BaseModel):
    rule: str
    fired: bool
    verified: bool
    source: str
    words: str


class Entitlement(BaseModel):
    """The decision; `result` in the grammar of the manual's page, `reasons` in the language asked for."""

    id: str
    outcome: str
    result: str
    options: list[str]
    extras: list[str]
    denied: str
    values: dict[str, str]
    verified: bool
    fired: list[str]
    failed: list[str]
    unverified: list[str]
    coverages: list[Coverage]
    reasons: list[Reason]


@api.operation(
    "POST",
    "/entitlement",
    who=(*CASE_STAFF, "integration"),
    gives=Entitlement,
    summary="What is owed for these facts? · 保障判定试算",
    tag="C3",
)
def ask_entitlement(request: Asked, payload: Claim) -> HttpResponse:
    """The same engine as on a case and in `baoxiu entitlement`; every rule that was looked at, with its sentence."""
    verdict = engine.decide(payload, workdays.shipped("CN"), switches.off())
    reasons = [
        Reason(rule=f.rule.id, fired=f.fired, verified=f.rule.verified, source=say(f.rule.source), words=say(f.say()))
        for f in verdict.findings
    ]  # fmt: skip
    return json({**verdict.to_json(), "reasons": [r.model_dump() for r in reasons]})
