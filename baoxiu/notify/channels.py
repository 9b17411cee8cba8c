"""When a message may go out: quiet hours, budgets, wishes. Each answer is a time or a reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings

from baoxiu.cases.models import Outgoing
from baoxiu.lib import zones
from baoxiu.notify.models import Channel, Unsubscribed

EMAIL, SMS, CHAT = "email", "sms", "chat"
NAMES = (EMAIL, SMS, CHAT)
# name → quiet from, quiet until, most to one recipient in an hour, in a day
_DEFAULTS: dict[str, tuple[dt.time | None, dt.time | None, int, int]] = {
    EMAIL: (None, None, 20, 60),
    SMS: (dt.time(21), dt.time(8), 5, 10),
    CHAT: (None, None, 60, 1000),
}
URGENT = frozenset({"set_out"})  # somebody waits for it: quiet hours do not hold it back
# what the customer may do without: invitations to rate. The rest is the service itself.
OPTIONAL = frozenset({"follow_up", "final_follow_up"})
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def default(name: str) -> Channel:
    quiet_from, quiet_until, per_hour, per_day = _DEFAULTS[name]
    return Channel(
        name=name, quiet_from=quiet_from, quiet_until=quiet_until, per_hour=per_hour, per_day=per_day
    )


def every() -> dict[str, Channel]:
    return {name: default(name) for name in NAMES} | {c.name: c for c in Channel.objects.all()}


def usable() -> frozenset[str]:
    """The channels for which somebody has said how to reach their servers."""
    have = {EMAIL: settings.MAIL_CONFIGURED, SMS: bool(settings.SMS_URL), CHAT: True}
    return frozenset(name for name, is_there in have.items() if is_there)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Now (neither), later (`wait_until`), or never (`reason`: off | unsubscribed)."""

    wait_until: dt.datetime | None = None
    reason: str = ""


NOW = Verdict()


def verdict(row: Outgoing, channel: Channel, now: dt.datetime) -> Verdict:
    if not channel.is_on:
        return Verdict(reason="off")
    if row.event in OPTIONAL and is_unsubscribed(row.channel, row.recipient):
        return Verdict(reason="unsubscribed")
    if row.event not in URGENT:
        zone = zones.zone(row.timezone, settings.TIME_ZONE)
        if until := quiet_until(channel, now, zone):
            return Verdict(wait_until=until)
    if until := _budget(row, channel, now):
        return Verdict(wait_until=until)
    return NOW


def is_unsubscribed(channel: str, recipient: str) -> bool:
    return Unsubscribed.objects.filter(channel=channel, recipient=recipient.lower()).exists()


def quiet_until(channel: Channel, now: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    """The end of the quiet hours that hold at the recipient's place; None when it is not quiet there."""
    begins, ends = channel.quiet_from, channel.quiet_until
    if begins is None or ends is None or begins == ends:
        return None
    local = now.astimezone(zone)
    day, at = local.date(), local.time()
    if begins < ends:
        quiet, last = begins <= at < ends, day
    else:  # over midnight
        quiet, last = at >= begins or at < ends, day + dt.timedelta(days=at >= begins)
    if not quiet:
        return None
    until = dt.datetime.combine(last, ends, zone).astimezone(dt.UTC)
    return until if until > now else now + dt.timedelta(minutes=1)  # a clock change took the hour away


def _budget(row: Outgoing, channel: Channel, now: dt.datetime) -> dt.datetime | None:
    """When the recipient may be told something again; None for now."""
    times = list(
        Outgoing.objects.filter(
            channel=row.channel, recipient=row.recipient, state="sent", sent_at__gt=now - DAY
        ).order_by("-sent_at").values_list("sent_at", flat=True)[: max(channel.per_day, channel.per_hour)]
    )  # fmt: skip
    waits = []
    if len(times) >= channel.per_day > 0:
        waits.append(times[channel.per_day - 1] + DAY)
    if 0 < channel.per_hour <= len(times) and times[channel.per_hour - 1] > now - HOUR:
        waits.append(times[channel.per_hour - 1] + HOUR)
    return max(waits, default=None)
