"""C1, C6.2: how a case kept to its procedure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from pydantic import BaseModel

from baoxiu.cases import conformance, queries
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.pages import json
from baoxiu.faces.common import certificates
from baoxiu.faces.common.audience import CASE_STAFF
from baoxiu.sop.conformance import overall


class FindingOut(BaseModel):
    """`what`: duty, step, waiver, decision or end; `why` of a breach: late, overdue, skipped, unlawful."""

    what: str
    name: str
    outcome: str
    entry_no: int
    at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    by: str = ""
    who: str = ""
    why: str = ""
    reason: str = ""


class ClauseOut(BaseModel):
    """`outcome`: kept, waived, broken or owed: the worst of its findings."""

    clause: str
    outcome: str
    findings: list[FindingOut]


class Conformance(BaseModel):
    number: str
    as_of: dt.datetime
    outcome: str
    clauses: list[ClauseOut]


class Certificate(BaseModel):
    """See `tools/verify_certificate.py`: everything in it can be derived and hashed again offline."""

    format: str
    company: str
    number: str
    as_of: dt.datetime
    procedure: dict[str, Any]
    journal: list[dict[str, Any]]
    count: int
    head: str
    outcome: str
    clauses: list[dict[str, Any]]
    key: str
    digest: str
    signature: str


@api.operation(
    "GET", "/cases/{slug:number}/conformance", who=CASE_STAFF, gives=Conformance,
    summary="Which clauses were kept, waived, broken · 条款遵守情况", tag="C6.2",
)  # fmt: skip
def get_conformance(request: Asked, number: str) -> HttpResponse:
    by, now = request.auth, timezone.now()
    verdicts = conformance.of_case(by, queries.get(by, number), now=now)
    clauses = [
        {"clause": v.clause, "outcome": v.outcome, "findings": [conformance.finding(f) for f in v.findings]}
        for v in verdicts
    ]
    told = Conformance.model_validate(
        {"number": number, "as_of": now, "outcome": overall(verdicts), "clauses": clauses}
    )
    return json(told.model_dump())


@api.operation(
    "GET", "/cases/{slug:number}/certificate", who=CASE_STAFF, gives=Certificate,
    summary="Certificate of conformance · 合规证书", tag="C6.2",
)  # fmt: skip
def get_certificate(request: Asked, number: str) -> HttpResponse:
    """The journal without personal words, the procedure, and what follows from both, its digest, and our signature (Ed25519)."""
    by = request.auth
    return json(conformance.certificate(by, queries.get(by, number), now=timezone.now()))


@api.operation(
    "GET", "/cases/{slug:number}/certificate.pdf", who=CASE_STAFF, gives=None,
    summary="Certificate as PDF · 合规证书 PDF", tag="C6.2", extra={"x-bytes": True},
)  # fmt: skip
def get_certificate_pdf(request: Asked, number: str) -> HttpResponse:
    """In the language of `Accept-Language`; the JSON is attached inside."""
    by = request.auth
    return certificates.answer(queries.get(by, number), by, get_language() or "en", "pdf")
