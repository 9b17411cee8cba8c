"""C4.2–C4.7: what the rooms keep about a case, each list read by its room's own query."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import BaseModel

from baoxiu.cases import decisions, queries
from baoxiu.cases.models import Case
from baoxiu.cases.queries import case as case_queries
from baoxiu.charges import queries as charges
from baoxiu.depot import queries as depot
from baoxiu.dispatch import queries as dispatch
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import (
    BookingRow,
    DecisionRow,
    DiagnosisRow,
    DuplicateRow,
    FollowUpRow,
    LetterRow,
    LoanRow,
    ParcelRow,
    QuoteRow,
    RatingRow,
    ReceiptRow,
    SimilarCase,
    StationChoice,
    SuggestionRow,
    UnitSwapRow,
    VerdictRow,
    WorkOrderRow,
    WorkRecordRow,
)
from baoxiu.faces.api.pages import Page, json
from baoxiu.faces.common.audience import CASE_STAFF, DESK
from baoxiu.faces.common.display import say
from baoxiu.followups import queries as followups
from baoxiu.intake import queries as intake
from baoxiu.notify import queries as notify
from baoxiu.people.actors import Actor
from baoxiu.repair import queries as repair
from baoxiu.triage import queries as triage


def _suggestions(by: Actor, case: Case) -> list[dict[str, Any]]:
    return [
        {
            "id": r.id, "name": r.name, "eligible": r.eligible, "score": r.score, "distance_km": r.distance_km,
            "reasons": [say(reason) for reason in r.reasons],
        }
        for r in dispatch.suggestions(by, case, now=timezone.now())
    ]  # fmt: skip


def _verdicts(by: Actor, case: Case) -> list[dict[str, Any]]:
    return [
        {
            "round": v.round, "told": [c.satisfaction for c in v.calls if c.satisfaction],
            "rated": v.rating.overall if v.rating else None, "disagrees": v.disagrees,
        }
        for v in followups.verdicts(by, case)
    ]  # fmt: skip


def hints(found: Iterable[intake.Hint]) -> list[dict[str, Any]]:
    """In the shape of DuplicateRow."""
    return [
        {
            "number": h.case.number, "subject": h.case.subject, "stage": h.case.stage, "created_at": h.case.created_at,
            "reasons": list(h.reasons), "likeness": h.likeness, "score": h.score,
        }
        for h in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Around:
    """One list around a case: its address, clause, words, shape, query, and for whom."""

    noun: str
    clause: str
    words: str
    shape: type[BaseModel]
    rows: Callable[[Actor, Case], Iterable[Any]]
    who: tuple[str, ...] = CASE_STAFF


MONEY = tuple(role for role in CASE_STAFF if role != "stock_keeper")
# one row, one line: this is read as a table
# fmt: off
LISTS = (
    Around("work-orders", "C4.3", "Work orders · 工单", WorkOrderRow, lambda by, case: case_queries.work_orders(case, 50)),
    Around("suggestions", "C4.3", "Engineers, ranked with reasons · 派单建议", SuggestionRow, _suggestions, ("dispatcher", "manager")),
    Around("stations", "C4.3", "Stations to send it to · 可选站点", StationChoice, dispatch.stations, ("dispatcher", "manager")),
    Around("decisions", "C3", "Decisions who pays · 判定", DecisionRow, decisions.history, MONEY),
    Around("similar", "C4.2", "Similar earlier cases · 相似服务单", SimilarCase, triage.similar),
    Around("duplicates", "C4.1", "Perhaps the same request · 疑似重复", DuplicateRow, lambda by, case: hints(intake.duplicates(by, case, now=timezone.now())), DESK),
    Around("quotes", "C4.5", "Quotes with lines and consent · 报价与同意", QuoteRow, charges.of_case, (*MONEY, "integration", "track", "quote")),
    Around("bookings", "C4.5", "Payments, refunds, waivers · 账目", BookingRow, charges.bookings, (*MONEY, "integration", "track")),
    Around("parcels", "C4.4b", "Parcels both ways · 寄件", ParcelRow, depot.parcels, (*CASE_STAFF, "integration", "track")),
    Around("receipts", "C4.4b", "Condition on receipt · 收件验货", ReceiptRow, depot.receipts),
    Around("diagnoses", "C4.5", "Diagnoses · 检测", DiagnosisRow, lambda by, case: repair.of_case(by, case).diagnoses),
    Around("work", "C4.5", "Work done and parts used · 维修作业", WorkRecordRow, lambda by, case: repair.of_case(by, case).work),
    Around("swaps", "C4.5", "Units exchanged · 换机", UnitSwapRow, lambda by, case: repair.of_case(by, case).swaps),
    Around("loans", "C4.5", "Loaners · 备用机", LoanRow, repair.loans),
    Around("follow-ups", "C4.6", "Follow-up calls · 回访", FollowUpRow, followups.of_case, MONEY),
    Around("verdicts", "C4.7", "What callers and the customer say, round by round · 回访与评价对照", VerdictRow, _verdicts, MONEY),
    Around("ratings", "C5.1", "The customer's ratings · 评价", RatingRow, followups.ratings, MONEY),
    Around("messages", "C4.1", "Messages to the customer · 发件箱", LetterRow, notify.mailbox, DESK),
)
# fmt: on


def _declare(around: Around) -> None:
    def view(request: Asked, number: str) -> HttpResponse:
        by = request.auth
        rows = around.rows(by, queries.get(by, number))
        items = [around.shape.model_validate(row).model_dump(mode="json") for row in rows]
        return json({"items": items, "next": None})

    # read when it is declared, by the generic page of its own shape
    view.__annotations__ = {"request": HttpRequest, "number": str}
    api.operation(
        "GET",
        f"/cases/{{slug:number}}/{around.noun}",
        who=around.who,
        gives=Page[around.shape],  # type: ignore[name-defined]
        summary=around.words,
        tag=around.clause,
        name=f"list_{around.noun.replace('-', '_')}_of_case",
    )(view)


for _around in LISTS:
    _declare(_around)
