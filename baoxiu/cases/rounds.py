"""C4.6: a reopened case starts a new round; what is counted per round asks here."""

from __future__ import annotations

from baoxiu.cases.models import Case, JournalEntry


def current(case: Case) -> int:
    """1 for a case never reopened; one more for each reopening."""
    return 1 + JournalEntry.objects.filter(case=case, step="reopen").count()


def began_with(case: Case) -> int:
    """The number of the entry that began the current round (1: the registration)."""
    last = (
        JournalEntry.objects.filter(case=case, step="reopen")
        .order_by("-no")
        .values_list("no", flat=True)
        .first()
    )
    return last or 1
