"""What is filled in about messages: typed, so that forms and API derive from it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from baoxiu.sop.fields import Code, Line, NeededLine, Words
from baoxiu.sop.payloads import Payload

Subject = Annotated[str, Field(max_length=150)]
Wording = Annotated[Words, Field(min_length=1, max_length=4000)]


class TextRecord(Payload):
    """The words of a message: `{{ name }}` stands for a value."""

    subject: Subject = Field(default="", title="Subject")
    body: Wording = Field(title="Text", json_schema_extra={"widget": "textarea"})
    code: Annotated[Code, Field(max_length=40)] = Field(
        default="", title="Number of this text at the SMS provider"
    )
    is_on: bool = Field(default=True, title="Is sent")


class TemplateRecord(TextRecord):
    event: Literal[
        "register", "reply", "confirm", "assign_station", "appoint", "set_out", "receive", "quote", "ship_out",
        "follow_up", "withdraw", "final_follow_up", "notice", "alarm", "registration", "registration_accepted",
        "registration_refused", "terms_announced", "terms_withdrawn",
    ]  # fmt: skip
    channel: Literal["email", "sms", "chat"]
    language: Literal["zh", "en"]


Clock = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$")]


class RuleRecord(Payload):
    """When and how much a channel may be used. Quiet hours are the recipient's own."""

    is_on: bool = Field(default=True, title="Messages go out over it")
    quiet_from: Clock = Field(default="", title="Quiet from (21:00)")
    quiet_until: Clock = Field(default="", title="Quiet until (08:00)")
    per_hour: Annotated[int, Field(ge=0, le=10_000)] = Field(
        default=20, title="At most to one recipient in an hour (0: any)"
    )
    per_day: Annotated[int, Field(ge=0, le=10_000)] = Field(
        default=60, title="At most to one recipient in a day (0: any)"
    )


class ChannelRecord(RuleRecord):
    name: Literal["email", "sms", "chat"]


class TargetRecord(Payload):
    """A group in a chat and the steps it is told of. Without `address` the one that is kept stays."""

    name: Annotated[NeededLine, Field(max_length=100)] = Field(title="Name of the group")
    address: Annotated[Line, Field(max_length=500)] = Field(
        default="", title="Its address: wecombot://… dingtalk://… feishu://…"
    )
    language: Literal["zh", "en"] = Field(default="zh", title="Language")
    is_on: bool = Field(default=True, title="Is told")
    on_register: bool = Field(default=True, title="New request")
    on_chase: bool = Field(default=True, title="The customer asks again")
    on_escalate: bool = Field(default=True, title="Case escalated")
    on_reopen: bool = Field(default=True, title="Case opened again")
    on_decline: bool = Field(default=False, title="An engineer declines")
    on_decline_quote: bool = Field(default=False, title="Quote declined")
    on_withdraw: bool = Field(default=False, title="Request withdrawn")
    on_close: bool = Field(default=False, title="Case closed")

    def steps(self) -> list[str]:
        return [name.removeprefix("on_") for name in STEPS if getattr(self, name)]


class ChannelToTry(Payload):
    """Which channel is tried, with the asking colleague's own address."""

    name: Literal["email", "sms"]


class ReachRecord(Payload):
    """How a colleague is told of alarms. Without `chat_address` the one that is kept stays."""

    by_email: bool = Field(default=False, title="By e-mail")
    by_chat: bool = Field(default=False, title="By chat")
    chat_address: Annotated[Line, Field(max_length=500)] = Field(
        default="", title="My address in a chat: wecombot://… dingtalk://… schan://… wxpusher://…"
    )


STEPS = tuple(name for name in TargetRecord.model_fields if name.startswith("on_"))
