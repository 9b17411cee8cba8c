"""C4.1: sends what the outbox holds.

A row is claimed by moving its due time ahead (a lease) in one guarded UPDATE, sent outside any
transaction, then marked. Killed between sending and marking, the row comes due again after the
lease: at most one duplicate per kill, with the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from baoxiu.cases.models import Outgoing
from baoxiu.notify import channels, messages, switch
from baoxiu.notify.models import Channel
from baoxiu.notify.transports import Post, Refused, TryLater, Unreachable, chat, email, sms
from baoxiu.people.actors import SYSTEM, Actor

ATTEMPTS = 8
LEASE = dt.timedelta(minutes=10)
AGAIN = dt.timedelta(minutes=1)  # after nobody answered
POSTS: dict[str, Callable[[], Post]] = {
    channels.EMAIL: email.Post,
    channels.SMS: sms.Post,
    channels.CHAT: chat.Post,
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round did; `waiting`: will be tried again; `dropped`: is not wanted or not to be said."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0
    dropped: int = 0

    @property
    def handled(self) -> int:
        return self.sent + self.failed + self.waiting + self.dropped


def _pause(attempts: int) -> dt.timedelta:
    """After the n-th failure: 1, 4, 16 … minutes, a day at most."""
    return min(dt.timedelta(minutes=4 ** max(attempts - 1, 0)), dt.timedelta(days=1))


def send_due(*, by: Actor = SYSTEM, now: dt.datetime, limit: int = 50) -> Sent:
    """Looks at `limit` messages that are due, over the channels that are set up; none while they are held.

    A channel whose server does not answer is left alone for the rest of the round.
    """
    open_ = set(channels.usable())
    due = Outgoing.objects.filter(state="waiting", due_at__lte=now, channel__in=open_)
    rows = list(
        due.order_by("due_at", "id").select_related("case__customer", "registration__customer", "terms")[
            :limit
        ]
    )
    if not rows or switch.is_off():
        return Sent()
    rules, posts = channels.every(), dict[str, Post]()
    count = dict.fromkeys(("sent", "failed", "waiting", "dropped"), 0)
    try:
        for row in rows:
            if row.channel not in open_:
                continue
            state = _handle(row, rules[row.channel], posts, now)
            if state == "unreachable":
                open_.discard(row.channel)
            count[state if state in count else "waiting"] += bool(state)
    finally:
        for post in posts.values():
            post.close()
    return Sent(**count)


def _handle(row: Outgoing, rule: Channel, posts: dict[str, Post], now: dt.datetime) -> str:
    """The row's new state; "" when somebody else has it, unreachable when nobody answers."""
    found = channels.verdict(row, rule, now)
    if found.reason:
        return "dropped" if _held(row).update(state="dropped", error=found.reason) else ""
    if found.wait_until:
        return "waiting" if _held(row).update(due_at=found.wait_until) else ""
    if not _claim(row, now):
        return ""
    try:
        [(_, letter)] = messages.render_many([row])
        if not letter.template.is_on:
            return _mark(row, state="dropped", error="off")
        if row.channel not in posts:
            posts[row.channel] = POSTS[row.channel]()
        posts[row.channel].send(row, letter)
    except Unreachable as problem:
        _mark(row, state="waiting", due_at=now + AGAIN, attempts=row.attempts - 1, error=_said(problem))
        return "unreachable"
    except LookupError:
        return _mark(row, state="failed", error="no_wording")
    except (Refused, ValueError) as problem:
        return _mark(row, state="failed", error=_said(problem))
    except TryLater as problem:
        state = "failed" if row.attempts >= ATTEMPTS else "waiting"
        return _mark(row, state=state, due_at=now + _pause(row.attempts), error=_said(problem))
    return _mark(row, state="sent", sent_at=now, error="", template=letter.template.pk or 0)


def _held(row: Outgoing) -> QuerySet[Outgoing]:
    """The row as it was read."""
    return Outgoing.objects.filter(pk=row.pk, state="waiting", due_at=row.due_at, attempts=row.attempts)


def _claim(row: Outgoing, now: dt.datetime) -> bool:
    """Whether the message is this worker's for the length of the lease."""
    mine = _held(row)
    row.due_at, row.attempts = now + LEASE, row.attempts + 1
    return bool(mine.update(due_at=row.due_at, attempts=row.attempts))


def _mark(row: Outgoing, *, state: str, **values: object) -> str:
    Outgoing.objects.filter(pk=row.pk).update(state=state, **values)
    return state


def _said(problem: Exception) -> str:
    return messages.one_line(str(problem) or type(problem).__name__)
