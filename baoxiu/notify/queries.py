"""C4.1: messages as the customer gets them, for the case page and the demo's mailbox."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from baoxiu.cases.models import Case, Outgoing
from baoxiu.notify import messages
from baoxiu.people.actors import Actor


@dataclass(frozen=True, slots=True)
class Letter:
    """One rendered message with its fate. `link` opens what the customer would open."""

    id: int
    number: str
    event: str
    recipient: str
    language: str
    subject: str
    body: str
    link: str
    state: str  # waiting | sent | failed
    attempts: int
    created_at: dt.datetime
    sent_at: dt.datetime | None
    error: str


def mailbox(
    viewer: Actor, case: Case | None = None, limit: int = 50, before: int | None = None
) -> list[Letter]:
    """Messages of the cases the viewer may see, newest first, before id `before`."""
    rows = Outgoing.objects.filter(case__in=Case.objects.visible_to(viewer)).select_related("case__customer")
    if case is not None:
        rows = rows.filter(case=case)
    if before:
        rows = rows.filter(pk__lt=before)
    return [
        Letter(
            row.pk,
            row.case.number,
            row.event,
            row.recipient,
            row.language,
            mail.subject,
            mail.body,
            mail.link,
            row.state,
            row.attempts,
            row.created_at,
            row.sent_at,
            row.error,
        )
        for row, mail in messages.render_many(rows.order_by("-id")[:limit])
    ]
