"""C4.1: wordings, channels, groups; another try for a message that failed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator

from baoxiu.faces.api.kept import Kept
from baoxiu.faces.api.pages import Page, said
from baoxiu.faces.api.verbs import Verb, declare, listed, saved
from baoxiu.faces.common.audience import STAFF
from baoxiu.notify import checking, messages, operations, queries, records
from baoxiu.notify.models import Template
from baoxiu.people.actors import Actor

KEEPERS, RETRIERS = ("administrator", "manager"), ("agent", "dispatcher", "account_manager", "manager")


class WordingRow(Kept):
    """`places`: what it may name as `{{ name }}`."""

    event: str
    channel: str
    language: str
    subject: str
    body: str
    code: str
    is_on: bool
    is_own: bool
    changed_at: dt.datetime | None
    places: list[str]


class Preview(BaseModel):
    subject: str
    body: str


def _clock(kept: Any) -> Any:
    return f"{kept:%H:%M}" if isinstance(kept, dt.time) else kept or ""


# as it is put: 21:00, or empty
Clock = Annotated[records.Clock, BeforeValidator(_clock)]


class ChannelRow(Kept):
    name: str
    is_on: bool
    quiet_from: Clock
    quiet_until: Clock
    per_hour: int
    per_day: int


class TargetRow(Kept):
    """A group; its address is a secret and is not told."""

    id: int
    name: str
    steps: list[str]
    language: str
    is_on: bool


class ReachOut(BaseModel):
    by_email: bool
    by_chat: bool


class Tried(BaseModel):
    sent_to: str


class MessageState(Kept):
    id: int
    event: str
    channel: str
    state: str
    attempts: int
    due_at: dt.datetime


def _keep(by: Actor, now: dt.datetime, payload: records.TemplateRecord) -> dict[str, Any]:
    kept = operations.keep_template(payload, by=by, now=now)
    return said(WordingRow, queries.current(by, kept.event, kept.channel, kept.language))


def _preview(by: Actor, now: dt.datetime, payload: records.TemplateRecord) -> dict[str, Any]:
    checking.check_template(payload)
    subject, body = messages.sample(Template(**payload.model_dump()))
    return {"subject": subject, "body": body}


def _rule(by: Actor, now: dt.datetime, payload: records.ChannelRecord) -> dict[str, Any]:
    return said(ChannelRow, operations.keep_channel(payload, by=by, now=now))


def _remove(by: Actor, now: dt.datetime, id: int) -> None:
    operations.remove_target(queries.target(by, id), by=by, now=now)


def _try_channel(by: Actor, now: dt.datetime, payload: records.ChannelToTry) -> dict[str, Any]:
    return {"sent_to": operations.try_channel(payload.name, by=by, now=now)}


def _try_target(by: Actor, now: dt.datetime, id: int) -> dict[str, Any]:
    return {"sent_to": operations.try_target(queries.target(by, id), by=by, now=now)}


def _reach(by: Actor, now: dt.datetime) -> dict[str, Any]:
    kept = queries.reach(by)
    return {"by_email": kept.by_email, "by_chat": bool(kept.chat_address)}


def _keep_reach(by: Actor, now: dt.datetime, payload: records.ReachRecord) -> dict[str, Any]:
    operations.keep_reach(payload, by=by, now=now)
    return _reach(by, now)


def _try_reach(by: Actor, now: dt.datetime) -> dict[str, Any]:
    return {"sent_to": operations.try_reach(by=by, now=now)}


def _retry(by: Actor, now: dt.datetime, id: int) -> dict[str, Any]:
    operations.retry(queries.message(by, id), by=by, now=now)
    return said(MessageState, queries.message(by, id))


# one row, one verb: this is read as a table
# fmt: off
declare("C4.1", (
    Verb("GET", "/wordings", "list_wordings", "What messages say · 消息模板", KEEPERS, listed(WordingRow, queries.wordings), Page[WordingRow]),
    Verb("PUT", "/wordings", "put_wording", "Change one · 修改模板", KEEPERS, _keep, WordingRow, records.TemplateRecord, "Of one event, channel and language. A name that is not among its places is refused."),
    Verb("POST", "/wordings/preview", "preview_wording", "How it would read · 预览模板", KEEPERS, _preview, Preview, records.TemplateRecord, "With made-up values; nothing is saved."),
    Verb("GET", "/channels", "list_channels", "Channels and their rules · 渠道规则", KEEPERS, listed(ChannelRow, queries.rules_of_channels), Page[ChannelRow]),
    Verb("PUT", "/channels", "put_channel", "Change a rule · 修改渠道规则", KEEPERS, _rule, ChannelRow, records.ChannelRecord),
    Verb("GET", "/targets", "list_targets", "Groups that are told · 通知群", KEEPERS, listed(TargetRow, queries.targets), Page[TargetRow]),
    Verb("POST", "/targets", "add_target", "A group more · 新建通知群", KEEPERS, saved(TargetRow, operations.keep_target, queries.target), TargetRow, records.TargetRecord),
    Verb("PUT", "/targets/{id}", "put_target", "Change a group · 修改通知群", KEEPERS, saved(TargetRow, operations.keep_target, queries.target), TargetRow, records.TargetRecord),
    Verb("DELETE", "/targets/{id}", "delete_target", "Tell it no more · 删除通知群", KEEPERS, _remove),
    Verb("POST", "/channels/test", "try_channel", "Send a test message · 发送测试消息", KEEPERS, _try_channel, Tried, records.ChannelToTry, "At once, to the address on your own record; 422 says what is wrong."),
    Verb("POST", "/targets/{id}/test", "try_target", "Send a test message to a group · 向群发送测试消息", KEEPERS, _try_target, Tried),
    Verb("POST", "/messages/{id}/retry", "retry_message", "Send again what failed · 重发消息", RETRIERS, _retry, MessageState),
))
declare("C5.2", (
    Verb("GET", "/reach", "get_reach", "How alarms reach me · 我的提醒方式", STAFF, _reach, ReachOut),
    Verb("PUT", "/reach", "put_reach", "Change it · 修改提醒方式", STAFF, _keep_reach, ReachOut, records.ReachRecord, "`chat_address` is kept encrypted and never told; empty keeps the one that is there."),
    Verb("POST", "/reach/test", "try_reach", "Send a test message to my chat · 向我的聊天发送测试消息", STAFF, _try_reach, Tried),
))
# fmt: on
