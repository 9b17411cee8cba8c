"""C9: what was shown is written down before it is shown."""

from __future__ import annotations

import datetime as dt

from baoxiu.confidentiality.models import Reveal
from baoxiu.people.actors import Actor


def note(*, subject: str, customer: int | None, reason: str, by: Actor, now: dt.datetime) -> Reveal:
    """One row each time: looking twice is two looks."""
    return Reveal.objects.create(
        staff_id=by.staff_id, actor=by.identity, customer_id=customer, subject=subject, reason=reason, at=now
    )
