"""C4.1: messages as the customer gets them, for the case page and the demo's mailbox; and what is kept about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from baoxiu.cases.models import Case, Outgoing
from baoxiu.notify import channels, messages, reasons, unsubscribing, wording
from baoxiu.notify.models import Channel, Target, Template
from baoxiu.notify.operations.keeping import KEEPERS
from baoxiu.people import rules
from baoxiu.people.actors import Actor
from baoxiu.people.models import Reach, Staff
from baoxiu.sop.confidentiality import mask_phone
from baoxiu.sop.text import Text


@dataclass(frozen=True, slots=True)
class Letter:
    """One rendered message with its fate. `link` opens what the customer would open."""

    id: int
    number: str
    event: str
    channel: str  # email | sms | chat
    recipient: str  # of a text message masked: the whole number is asked for with a reason
    language: str
    subject: str
    body: str
    link: str
    state: str  # waiting | sent | failed | dropped
    attempts: int
    created_at: dt.datetime
    due_at: dt.datetime
    sent_at: dt.datetime | None
    error: str  # as kept: a code of `reasons`, what the other side said

    @property
    def why(self) -> Text:
        """Why it did not go out, ours in both languages; empty where nothing went wrong."""
        return reasons.told(self.error)


def mailbox(
    viewer: Actor, case: Case | None = None, limit: int = 50, before: int | None = None, state: str = ""
) -> list[Letter]:
    """Messages the viewer may see, newest first, before id `before`."""
    rows = Outgoing.objects.visible_to(viewer).select_related(
        "case__customer", "registration__customer", "terms"
    )
    if case is not None:
        rows = rows.filter(case=case)
    if before:
        rows = rows.filter(pk__lt=before)
    if state:
        rows = rows.filter(state=state)
    found = messages.render_many(rows.order_by("-id")[:limit])
    groups = _groups(row for row, _ in found)
    return [
        Letter(
            row.pk,
            row.number,
            row.event,
            row.channel,
            _recipient(row, groups),
            row.language,
            letter.subject,
            letter.body,
            letter.link,
            row.state,
            row.attempts,
            row.created_at,
            row.due_at,
            row.sent_at,
            row.error,
        )
        for row, letter in found
    ]


def _recipient(row: Outgoing, groups: dict[str, str]) -> str:
    if row.channel == channels.CHAT:
        return groups[row.recipient]
    return mask_phone(row.recipient) if row.channel == channels.SMS else row.recipient


def _groups(rows: Iterable[Outgoing]) -> dict[str, str]:
    """The names of the groups that messages went to; no read where none did."""
    chats = {row.recipient for row in rows if row.channel == channels.CHAT}
    names = {f"target:{t.pk}": t.name for t in Target.objects.all()} if chats else {}
    colleagues = [int(r.removeprefix("staff:")) for r in chats if r.startswith("staff:")]
    if colleagues:
        names |= {f"staff:{s.pk}": s.name for s in Staff.objects.filter(pk__in=colleagues)}
    return {recipient: names.get(recipient, "–") for recipient in chats}


def message(viewer: Actor, pk: int) -> Outgoing:
    """Raises Outgoing.DoesNotExist for a case the viewer may not see."""
    return Outgoing.objects.visible_to(viewer).get(pk=pk)


def behind(viewer: Actor, token: str) -> Outgoing | None:
    """The message whose unsubscribe link this is; whoever holds it may see that much."""
    return unsubscribing.resolve(token)


# -- what is kept ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one message as they stand. `is_own`: changed by the company."""

    event: str
    channel: str
    language: str
    subject: str
    body: str
    code: str
    is_on: bool
    is_own: bool
    changed_at: dt.datetime | None
    places: list[str] = field(default_factory=list)


def wordings(viewer: Actor) -> list[Wording]:
    """Every wording, the company's own before the built-in one. Raises Denied."""
    rules.need(viewer, *KEEPERS)
    own = {(t.event, t.channel, t.language): t for t in Template.objects.filter(is_latest=True)}
    return [_wording(own.get(key) or _built_in(key)) for key in messages.kinds()]


def current(viewer: Actor, event: str, channel: str, language: str) -> Wording | None:
    """The one that is sent now; None where there is no such message."""
    return next(
        (w for w in wordings(viewer) if (w.event, w.channel, w.language) == (event, channel, language)), None
    )


def _built_in(key: messages.Key) -> Template:
    found = messages.built_in(*key)
    if found is None:
        raise LookupError(key)
    return found


def _wording(t: Template) -> Wording:
    return Wording(
        t.event, t.channel, t.language, t.subject, t.body, t.code, t.is_on,
        t.pk is not None, t.changed_at if t.pk else None, list(wording.places(t.event)),
    )  # fmt: skip


def rules_of_channels(viewer: Actor) -> list[Channel]:
    """Raises Denied."""
    rules.need(viewer, *KEEPERS)
    return list(channels.every().values())


def targets(viewer: Actor) -> list[Target]:
    """Raises Denied."""
    rules.need(viewer, *KEEPERS)
    return list(Target.objects.order_by("name", "pk"))


def target(viewer: Actor, pk: int) -> Target:
    """Raises Denied, Target.DoesNotExist."""
    rules.need(viewer, *KEEPERS)
    return Target.objects.get(pk=pk)


def reach(viewer: Actor) -> Reach:
    """How the viewer is told of alarms; nothing kept: not at all."""
    return Reach.objects.filter(pk=viewer.staff_id).first() or Reach(staff_id=viewer.staff_id)
