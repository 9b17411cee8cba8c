"""C3.1: the objection that waits for a review, read from the journal; and who may not review it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from baoxiu.cases.models import Case, JournalEntry
from baoxiu.cases.steps import Taking

# what was decided by which steps: who took one of them does not review an objection to it
DECIDING = {
    "entitlement": (*"triage diagnose override_cover concede".split(),),
    "bill": (*"quote submit_quote approve_quote".split(),),
}


@dataclass(frozen=True, slots=True)
class Objection:
    about: str
    entry_no: int
    at: dt.datetime


def waiting(case: Case) -> Objection | None:
    """The newest objection; whether a review of it is still owed, the duty says."""
    entry = JournalEntry.objects.filter(case=case, step="contest").order_by("-no").first()
    return Objection(entry.body["data"].get("about", "entitlement"), entry.no, entry.at) if entry else None


def reviewed_by_another(taking: Taking, about: str = "") -> Objection:
    """The objection under review. Raises StepRefused: there is none, it is about something else, or by who decided."""
    found = waiting(taking.case) if "review" in taking.open_duties else None
    if found is None:
        raise taking.refuse("There is no objection to review.", "没有待复核的异议。", code="no_objection")
    if about and found.about != about:
        raise taking.refuse(
            "The objection is about something else.", "该异议针对的是其他事项。", code="other_objection"
        )
    decided = JournalEntry.objects.filter(case=taking.case, step__in=DECIDING[found.about])
    if decided.filter(actor=taking.by.identity).exists():
        raise taking.refuse(
            "Who made the decision does not review it; a colleague does.",
            "原判定人不能复核自己的判定，须由他人复核。",
            code="four_eyes",
        )
    taking.data["contested"] = found.entry_no
    return found
