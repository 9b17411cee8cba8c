"""C4.2: what helps to judge a request: similar earlier cases, likely symptoms, the questions to ask."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from baoxiu.cases import claims, search
from baoxiu.cases.models import Case, Content, JournalEntry
from baoxiu.lib import bigrams, zones
from baoxiu.people.actors import Actor
from baoxiu.sop import triage
from baoxiu.sop.decision import Decision
from baoxiu.sop.text import Text

_POOL, _WORDS = 40, 8


@dataclass(frozen=True, slots=True)
class Hints:
    """Suggestions from the customer's own words; the agent decides."""

    priority: Decision
    symptoms: list[triage.Guess]
    questions: tuple[Text, ...]


def hints(viewer: Actor, case: Case) -> Hints | None:
    """None when the viewer may not see the case."""
    if not Case.objects.visible_to(viewer).filter(pk=case.pk).exists():
        return None
    said = Content.objects.filter(entry__case=case, entry__no=1).values_list("words", flat=True).first() or {}
    text = str(said.get("problem") or case.subject)
    symptoms = triage.symptom_guesses(text)
    return Hints(
        triage.priority(case.kind, text), symptoms, triage.questions(symptoms[0].code if symptoms else "")
    )


def similar(viewer: Actor, case: Case, limit: int = 5) -> list[dict[str, Any]]:
    """Earlier cases told in like words, most alike first: number, subject, stage, outcome, remedy, alike (0 … 1)."""
    pool: set[int] = set()
    for word in _telling(case.subject)[:_WORDS]:
        pool.update(search.find(viewer, word, _POOL))
    pool.discard(case.pk)
    columns = ("pk", "number", "subject", "stage", "facts__outcome", "created_at", "unit__product")
    rows = {r["number"]: r for r in Case.objects.visible_to(viewer).filter(pk__in=pool).values(*columns)}
    ranked = triage.similar(case.subject, [(number, row["subject"]) for number, row in rows.items()], limit)
    done = JournalEntry.objects.filter(case__in=[rows[n]["pk"] for n, _ in ranked], step="work").order_by(
        "no"
    )
    remedies = dict(done.values_list("case_id", "body__data__remedy"))
    return [
        {
            "number": number,
            "subject": rows[number]["subject"],
            "stage": rows[number]["stage"],
            "outcome": rows[number]["facts__outcome"],
            "remedy": remedies.get(rows[number]["pk"], ""),
            "product": rows[number]["unit__product"] or "",
            "created_at": rows[number]["created_at"],
            "alike": alike,
        }
        for number, alike in ranked
    ]


def _telling(subject: str) -> list[str]:
    """The subject's tokens that say something: pairs of CJK, Latin words of three letters and more."""
    found = dict.fromkeys(bigrams.tokens(subject, limit=60))
    return [t for t in found if (t[0] > "\u3040" and len(t) == 2) or len(t) >= 3]


def entitlement(
    viewer: Actor,
    case: Case,
    *,
    fault: str,
    purchase_date: dt.date | None,
    part: str = "",
    found_on: dt.date | None = None,
    now: dt.datetime,
) -> Decision | None:
    """What the rules would decide with these answers; None when they cannot, or nothing may be seen."""
    if not Case.objects.visible_to(viewer).filter(pk=case.pk).exists():
        return None
    try:
        claim = claims.of_case(
            case,
            fault=fault,
            sold_on=purchase_date or (case.unit.purchase_date if case.unit else None),
            claim_on=claims.claim_date(case),
            today=max(
                claims.claim_date(case), zones.local_date(now, case.customer.timezone, settings.TIME_ZONE)
            ),
            part=part,
            found_on=found_on,
            repairs=claims.repairs(case, now=now),
        )
    except ValueError:
        return None
    return claims.decision_on(claim)
