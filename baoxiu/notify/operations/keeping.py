"""C4.1: wordings, channels, groups, wishes not to be written to; another try for what failed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from baoxiu.cases.models import Outgoing
from baoxiu.notify import chat_process, checking, records
from baoxiu.notify.models import Channel, Target, Template, Unsubscribed
from baoxiu.people import rules, sealed
from baoxiu.people.actors import Actor
from baoxiu.people.models import Reach
from baoxiu.people.rules import Invalid

KEEPERS = ("manager", "administrator")
RETRIERS = ("agent", "dispatcher", "account_manager", "manager")


def keep_template(record: records.TemplateRecord, *, by: Actor, now: dt.datetime) -> Template:
    """The wording from now on; earlier ones stay for the log. Raises Denied, Invalid."""
    rules.need(by, *KEEPERS)
    checking.check_template(record)
    with transaction.atomic():
        latest = Template.objects.select_for_update().filter(
            event=record.event, channel=record.channel, language=record.language, is_latest=True
        )
        latest.update(is_latest=False)
        return Template.objects.create(**record.model_dump(), changed_at=now, changed_by=by.identity)


def keep_channel(record: records.ChannelRecord, *, by: Actor, now: dt.datetime) -> Channel:
    """Raises Denied, Invalid."""
    rules.need(by, *KEEPERS)
    if bool(record.quiet_from) != bool(record.quiet_until):
        raise Invalid(
            "quiet_until", "Quiet hours need a beginning and an end.", "免打扰时段需要开始和结束时间。"
        )
    values = record.model_dump(exclude={"name"})
    for name in ("quiet_from", "quiet_until"):
        values[name] = dt.time.fromisoformat(values[name]) if values[name] else None
    return Channel.objects.update_or_create(name=record.name, defaults=values)[0]


def keep_target(
    target: Target | None, record: records.TargetRecord, *, by: Actor, now: dt.datetime
) -> Target:
    """Raises Denied, Invalid for an address that does not belong to a service we know."""
    rules.need(by, *KEEPERS)
    _check_address("address", record.address)
    if target is None and not record.address:
        raise Invalid("address", "An address is needed.", "请填写地址。")
    kept = target or Target(is_on=False)
    if not kept.is_on:  # what happened before it is told from now on is not
        kept.since_at = kept.seen_at = now
    kept.name, kept.language, kept.is_on, kept.steps = (
        record.name,
        record.language,
        record.is_on,
        record.steps(),
    )
    kept.address = sealed.seal(record.address) or kept.address
    kept.save()
    return kept


def _check_address(field: str, address: str) -> None:
    """Only services with a fixed server. Raises Invalid."""
    scheme, found, _ = address.partition("://")
    if address and (not found or scheme not in chat_process.PLUG_INS):
        known = " ".join(f"{name}://" for name in chat_process.PLUG_INS)
        raise Invalid(field, f"It must begin with one of: {known}", f"必须以下列之一开头：{known}")


def keep_reach(record: records.ReachRecord, *, by: Actor, now: dt.datetime) -> Reach:
    """How the colleague who asks is told of alarms. Raises Denied, Invalid."""
    if by.kind != "staff":
        raise rules.Denied("staff")
    _check_address("chat_address", record.chat_address)
    kept = Reach.objects.filter(pk=by.staff_id).first() or Reach(staff_id=by.staff_id)
    kept.by_email = record.by_email
    kept.chat_address = (sealed.seal(record.chat_address) or kept.chat_address) if record.by_chat else ""
    if record.by_chat and not kept.chat_address:
        raise Invalid("chat_address", "An address is needed.", "请填写地址。")
    kept.save()
    return kept


def remove_target(target: Target, *, by: Actor, now: dt.datetime) -> None:
    """What waits for it is refused when its turn comes. Raises Denied."""
    rules.need(by, *KEEPERS)
    target.delete()


def retry(row: Outgoing, *, by: Actor, now: dt.datetime) -> None:
    """A message that failed or was dropped is tried anew. Raises Denied, Invalid."""
    rules.need(by, *RETRIERS)
    if not Outgoing.objects.visible_to(by).filter(pk=row.pk).exists():
        raise rules.Denied("case")
    again = Outgoing.objects.filter(pk=row.pk, state__in=["failed", "dropped"])
    if not again.update(state="waiting", attempts=0, due_at=now, error=""):
        raise Invalid("", "It is sent, or will be.", "消息已发送或正在等待发送。")


def unsubscribe(row: Outgoing, *, by: Actor, now: dt.datetime) -> None:
    """Whoever holds the link of a message wants no more that may be left unsaid. Harmless to repeat."""
    Unsubscribed.objects.get_or_create(
        channel=row.channel, recipient=row.recipient.lower(), defaults={"at": now}
    )


def subscribe(row: Outgoing, *, by: Actor, now: dt.datetime) -> None:
    Unsubscribed.objects.filter(channel=row.channel, recipient=row.recipient.lower()).delete()
