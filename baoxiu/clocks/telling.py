"""C5.2, C6.2: alarms leave the house – to whoever they are for, as that person wishes, once.

An alarm is its own queue: what is not told yet is written to the outbox and marked in one transaction;
the message carries a link with which its one reader acknowledges this one alarm.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from baoxiu.cases.models import Outgoing
from baoxiu.clocks import chain, operations
from baoxiu.clocks.models import Alarm
from baoxiu.people.models import Reach, Staff
from baoxiu.sop import registration
from baoxiu.sop.service_levels import POINTS, SPANS
from baoxiu.sop.standard import STANDARD

EVENT = "alarm"
LINK_DAYS = 7


def tell(*, now: dt.datetime, limit: int = 500) -> int:
    """Writes what is owed to the outbox; returns how many messages. Repeating it changes nothing."""
    with transaction.atomic():
        rows = list(Alarm.objects.select_for_update().filter(told_at=None).order_by("pk")[:limit])
        if not rows:
            return 0
        wished = Reach.objects.filter(Q(by_email=True) | ~Q(chat_address=""), staff__is_active=True)
        reaches = list(wished.select_related("staff"))
        made = [m for alarm in rows for m in _messages(alarm, reaches, now)] if reaches else []
        Outgoing.objects.bulk_create(made, ignore_conflicts=True)
        Alarm.objects.filter(pk__in=[a.pk for a in rows]).update(told_at=now)
        return len(made)


def _messages(alarm: Alarm, reaches: list[Reach], now: dt.datetime) -> Iterator[Outgoing]:
    if alarm.seen_at or not (alarm.staff_id or alarm.role):
        return
    for reach in reaches:
        staff = reach.staff
        mine = alarm.staff_id == staff.pk if alarm.staff_id else alarm.role in staff.role_set
        if not mine or not _seen(alarm, staff):
            continue
        language = "zh" if staff.language.startswith("zh") else "en"
        ways = {
            "email": staff.email if reach.by_email else "",
            "chat": reach.chat_address and f"staff:{staff.pk}",
        }
        for channel, recipient in ways.items():
            if recipient:
                yield Outgoing(
                    case_id=alarm.case_id, registration_id=alarm.registration_id, entry_no=alarm.pk, event=EVENT, channel=channel, language=language,
                    recipient=recipient, context=_context(alarm, staff, language), due_at=now, created_at=now,
                )  # fmt: skip


def _context(alarm: Alarm, staff: Staff, language: str) -> dict[str, object]:
    titles = {**{d.name: d.title for d in STANDARD.duties}, **SPANS, registration.DUTY: registration.TITLE}
    title = titles[alarm.kind]
    due = f"{timezone.localtime(alarm.due_at):%Y-%m-%d %H:%M}"
    return {
        "what": f"{title.to(language)} · {POINTS[alarm.point].to(language)}", "due": due, "alarm": alarm.pk,
        "staff": staff.pk,
    }  # fmt: skip


def behind(alarm_id: int, staff_id: int, *, now: dt.datetime) -> tuple[Alarm, Staff] | None:
    """What a link was made for; None when it is too old, or its reader has left or may not see the case any more."""
    alarm = Alarm.objects.filter(pk=alarm_id, fired_at__gt=now - dt.timedelta(days=LINK_DAYS)).first()
    staff = Staff.objects.filter(pk=staff_id, is_active=True).first()
    if alarm is None or staff is None:
        return None
    return (alarm, staff) if _seen(alarm, staff) else None


def _seen(alarm: Alarm, staff: Staff) -> bool:
    """Whether a colleague may see what the alarm is about."""
    return Alarm.objects.visible_to(staff.actor()).filter(pk=alarm.pk).exists()


def acknowledge(alarm: Alarm, staff: Staff, *, now: dt.datetime) -> None:
    """As if the reader had pressed the button inside. Raises Denied."""
    do = chain.acknowledge if alarm.to.startswith("chain:") else operations.acknowledge
    do(alarm, by=staff.actor(), now=now)
