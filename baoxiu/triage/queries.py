"""C4.2: what helps to judge a request: similar earlier cases, the questions to ask."""

from __future__ import annotations

from collections import Counter
from typing import Any

from baoxiu.cases import search
from baoxiu.cases.models import Case, JournalEntry
from baoxiu.lib import bigrams
from baoxiu.people.actors import Actor

_POOL = 60


def similar(viewer: Actor, case: Case, limit: int = 5) -> list[dict[str, Any]]:
    """Earlier cases about the same thing, most alike first, with how they ended and what was done."""
    own = set(_telling(case.subject))
    votes: Counter[int] = Counter()
    for word in sorted(own, key=lambda w: (-len(w), w))[:6]:
        for pk in search.find(viewer, word, _POOL):
            votes[pk] += 1
    votes.pop(case.pk, None)
    best = [pk for pk, _ in sorted(votes.items(), key=lambda v: (-v[1], -v[0]))[:limit]]
    columns = ("pk", "number", "subject", "stage", "facts", "created_at", "unit__product", "unit__model__name")
    rows = {row["pk"]: row for row in Case.objects.visible_to(viewer).filter(pk__in=best).values(*columns)}
    remedies = dict(
        JournalEntry.objects.filter(case__in=best, step="work").order_by("no").values_list("case_id", "body__data__remedy")
    )
    return [
        {**rows[pk], "outcome": rows[pk]["facts"].get("outcome", "none"), "remedy": remedies.get(pk, ""), "shared": votes[pk]}
        for pk in best if pk in rows
    ]


def _telling(subject: str) -> list[str]:
    """The subject's tokens that say something: pairs of CJK, Latin words of three letters and more."""
    return [t for t in bigrams.tokens(subject, limit=60) if (t[0] > "\u3040" and len(t) == 2) or len(t) >= 3]
