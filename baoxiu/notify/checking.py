"""C4.1: whether a wording can stand: what it may name, what it must say."""

from __future__ import annotations

from baoxiu.notify import messages, records, wording
from baoxiu.notify.channels import SMS
from baoxiu.people.rules import Invalid

# the customer cannot answer without the link
NEED_LINK = frozenset({"quote", "follow_up"})


def check_template(record: records.TemplateRecord) -> None:
    """Raises Invalid for a wording that says what its event does not know, or lacks what it needs."""
    if (record.event, record.channel, record.language) not in messages.kinds():
        raise Invalid("event", "There is no such message.", "没有这种消息。")
    if record.channel != SMS and not record.subject:
        raise Invalid("subject", "A subject is needed.", "请填写标题。")
    for field, text in (("subject", record.subject), ("body", record.body)):
        try:
            needs_link = field == "body" and record.event in NEED_LINK
            wording.check(text, record.event, needs_link=needs_link)
        except wording.Unfit as unfit:
            raise _unfit(field, unfit, record.event) from None


def _unfit(field: str, unfit: wording.Unfit, event: str) -> Invalid:
    known = ", ".join(wording.places(event))
    if unfit.code == "unknown":
        return Invalid(
            field,
            f"{unfit.place} is not known here; known are: {known}.",
            f"这里没有 {unfit.place}；可用：{known}。",
        )
    if unfit.code == "link":
        return Invalid(
            field,
            "Without {{ link }} the customer cannot answer.",
            "缺少 {{ link }}，客户将无法答复。",
        )
    return Invalid(
        field,
        f"Only {{{{ name }}}} is understood, not {unfit.place}.",
        f"只支持 {{{{ name }}}} 形式，不支持 {unfit.place}。",
    )
