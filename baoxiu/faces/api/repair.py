"""C4.5: the repair clock and the loaners that are out, over the API."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from baoxiu.cases import queries, repair_clock
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import Kept, LoanRow
from baoxiu.faces.api.pages import Page, json
from baoxiu.faces.common.audience import CASE_STAFF
from baoxiu.faces.common.display import say
from baoxiu.repair import queries as repair
from baoxiu.sop.entitlement import remedies


class WaitRow(Kept):
    """Whose delay it is: producer, repairer, customer (not counted)."""

    whose: str
    reason: str
    from_at: dt.datetime
    until_at: dt.datetime | None


class StayRow(Kept):
    """One repair, from the hand-in to the hand-back."""

    began_at: dt.datetime
    ready_at: dt.datetime | None
    back_at: dt.datetime | None
    symptom: str
    days: int
    is_covered: bool
    is_repaired: bool
    waits: list[WaitRow]


class LimitRow(Kept):
    """What the law wants when the repair is not done by `last_day`: a loaner, an exchange. `days` null: working days."""

    kind: str
    rule: str
    title: str
    last_day: dt.date
    days: int | None
    counted: int | None
    is_settled: bool
    is_over: bool


class ExtensionRow(Kept):
    rule: str
    name: str
    days: int
    end: dt.date | None


class RemedyRow(Kept):
    """What the customer may choose, as it is shown. Amounts in `currency`; null: not known, and then it cannot be chosen yet."""

    choice: str
    words: str
    price: Decimal | None
    fee: Decimal | None
    refund: Decimal | None
    days: int | None
    rule: str
    currency: str
    verified: bool


class RepairClockOut(Kept):
    """Stays newest first; `repairs` and `same_fault` are those done under warranty.

    `terms_sha256` goes with the customer's choice among the `remedies` (`POST …/repair-limit`).
    """

    stays: list[StayRow] = []
    limits: list[LimitRow] = []
    repairs: int = 0
    same_fault: int = 0
    extended: list[ExtensionRow] = []
    lacks_purchase: bool = False
    remedies: list[RemedyRow] = []
    terms_sha256: str = ""


@api.operation(
    "GET", "/cases/{slug:number}/repair-clock", who=(*CASE_STAFF, "integration", "track"), gives=RepairClockOut,
    summary="Repair clock · 维修时钟", tag="C4.5",
)  # fmt: skip
def get_repair_clock(request: Asked, number: str) -> HttpResponse:
    """Days in repair against the limits of the law, waits and whose they are, repairs counted, warranty extended."""
    case, now = queries.get(request.auth, number), timezone.now()
    found = repair_clock.of_case(case, now)
    return json(_told(found, now, number) if found else RepairClockOut())


def _told(found: repair_clock.RepairClock, now: dt.datetime, number: str) -> RepairClockOut:
    def row(thing: Any, *names: str) -> dict[str, Any]:
        return {name: getattr(thing, name) for name in names}

    stay = ("began_at", "ready_at", "back_at", "symptom", "is_covered", "is_repaired", "waits")
    remedy = ("choice", "price", "fee", "refund", "days", "rule", "currency", "verified")
    limit = ("kind", "rule", "last_day", "days", "counted", "is_settled", "is_over")
    return RepairClockOut.model_validate(
        {
            **row(found, "repairs", "same_fault", "lacks_purchase"),
            "stays": [{**row(s, *stay), "days": s.days(now)} for s in found.stays],
            "limits": [{**row(x, *limit), "title": say(x.title)} for x in found.limits],
            "remedies": [{**row(r, *remedy), "words": say(r.words)} for r in found.remedies],
            "terms_sha256": remedies.sha256(number, found.remedies) if found.remedies else "",
            "extended": [
                {"rule": c.rule_id, "name": c.name, "days": c.suspended_days, "end": c.end}
                for c in found.extended
            ],
        }
    )


class LoanOut(LoanRow):
    number: str


@api.operation(
    "GET", "/loaners", who=CASE_STAFF, gives=Page[LoanOut], summary="Loaners that are out · 未归还的备用机", tag="C4.5"
)  # fmt: skip
def list_loaners(request: Asked) -> HttpResponse:
    """The longest due first, 200 at most: of the cases one may see; at the bench of one's own station."""
    rows = repair.loans_out(request.auth)
    items = [
        LoanOut.model_validate({**LoanRow.model_validate(row).model_dump(), "number": row.case.number})
        for row in rows
    ]
    return json({"items": [item.model_dump(mode="json") for item in items], "next": None})
