"""C4.1: a test message, sent at once, so that whoever sets up a channel sees whether it works."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from baoxiu.cases.models import Outgoing
from baoxiu.notify import channels, messages, reasons, switch
from baoxiu.notify.models import Target, Template
from baoxiu.notify.operations.keeping import KEEPERS
from baoxiu.notify.operations.sending import POSTS
from baoxiu.notify.transports import Refused, TryLater, Unreachable
from baoxiu.people import rules
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff
from baoxiu.people.rules import Invalid

TEST = "test"
WORDS = {
    "zh": ("测试消息", "这是一条测试消息：该渠道可用。"),
    "en": ("Test message", "This is a test message: the channel works."),
}


def try_channel(channel: str, *, by: Actor, now: dt.datetime) -> str:
    """To the asking colleague's own address; tells which. Raises Denied, Invalid with what is wrong."""
    rules.need(by, *KEEPERS)
    if channel not in (channels.EMAIL, channels.SMS):
        raise Invalid("", "A chat is tried with one of its groups.", "聊天渠道请在具体的群上测试。")
    staff = Staff.objects.get(pk=by.staff_id)
    recipient = staff.email if channel == channels.EMAIL else staff.phone
    if not recipient:
        raise Invalid("", "There is no phone number on your own record.", "您的档案中没有手机号。")
    if channel not in channels.usable():
        raise Invalid("", "This channel is not set up on the server.", "服务器尚未配置该渠道。")
    _send(channel, recipient, by)
    return recipient


def try_target(target: Target, *, by: Actor, now: dt.datetime) -> str:
    """Raises Denied, Invalid with what is wrong."""
    rules.need(by, *KEEPERS)
    _send(channels.CHAT, f"target:{target.pk}", by)
    return target.name


def try_reach(*, by: Actor, now: dt.datetime) -> str:
    """To the chat the asking colleague keeps for alarms. Raises Denied, Invalid with what is wrong."""
    if by.kind != "staff":
        raise rules.Denied("staff")
    _send(channels.CHAT, f"staff:{by.staff_id}", by)
    return by.name


def _send(channel: str, recipient: str, by: Actor) -> None:
    if switch.is_off():
        raise Invalid("", "Outgoing messages are held on this installation.", "本系统当前不向外发送消息。")
    language = messages.language_of(by.language)
    row = Outgoing(channel=channel, recipient=recipient, event=TEST, language=language)
    post = POSTS[channel]()
    try:
        post.send(row, _letter(channel, language, recipient))
    except (Refused, TryLater, Unreachable, LookupError, ValueError) as problem:
        why = "no_wording" if isinstance(problem, LookupError) else str(problem) or type(problem).__name__
        said = reasons.told(messages.one_line(why))
        raise Invalid("", f"It did not get through: {said.en}", f"未能送达：{said.zh}") from problem
    finally:
        post.close()


def _letter(channel: str, language: str, recipient: str) -> messages.Letter:
    """SMS providers send registered texts only: there it is the acknowledgement, with made-up values."""
    ident = messages.message_id(TEST, 0, TEST, channel, recipient)
    if channel == channels.SMS:
        known = Template.objects.filter(event="register", channel=channel, language=language, is_latest=True)
        template = known.first() or messages.built_in("register", channel, language)
        if template is None:
            raise LookupError("no wording")
        subject, body = messages.sample(template)
        return messages.Letter(
            subject, body, ident, "", template, messages.SAMPLE | {"company": settings.COMPANY}
        )
    subject, body = WORDS[language]
    template = Template(event=TEST, channel=channel, language=language, subject=subject, body=body)
    return messages.Letter(f"{subject} · {settings.COMPANY}", body + "\n", ident, "", template)
