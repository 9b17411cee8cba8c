"""C4.6: a reopened case starts a new round; what is counted per round asks here."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from baoxiu.cases.models import Case, JournalEntry
from baoxiu.people.remembered import remembered


def current(case: Case) -> int:
    """1 for a case never reopened; one more for each reopening."""
    return 1 + JournalEntry.objects.filter(case=case, step="reopen").count()


def began_with(case: Case) -> int:
    """The number of the entry that began the current round (1: the registration)."""
    return next((row["no"] for row in _reopened(case.pk)), 1)


@remembered
def _reopened(case_id: int) -> QuerySet[JournalEntry, Any]:
    return JournalEntry.objects.filter(case_id=case_id, step="reopen").order_by("-no").values("no")[:1]
