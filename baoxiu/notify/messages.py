"""C4.1: one outbox row as what the customer reads, in their language, in the wording of its time."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from baoxiu.cases import links
from baoxiu.cases.models import Content, Outgoing, PersonalLink
from baoxiu.catalogue.models import Registration
from baoxiu.lib import money, zones
from baoxiu.notify import channels, wording
from baoxiu.notify.models import Template

TEMPLATES = Path(__file__).resolve().parent / "templates"
PATHS = {"track": "t", "quote": "q", "rate": "r", "owner": "o"}
LANGUAGES = ("zh", "en")
_TIMES = ("starts_at", "ends_at", "valid_until")
Key = tuple[str, str, str]  # event, channel, language


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered message. `message_id` is the same at every attempt; `values` fill an SMS provider's own text."""

    subject: str
    body: str
    message_id: str
    link: str
    template: Template
    values: dict[str, str] = field(default_factory=dict)


def language_of(code: str) -> str:
    """Languages without wording of their own read English."""
    return "zh" if code.lower().startswith("zh") else "en"


# -- wordings -----------------------------------------------------------------------------------


@cache
def built_in(event: str, channel: str, language: str) -> Template | None:
    """The wording Baoxiu brings: e-mail and chat files begin with the subject."""
    path = TEMPLATES / language / channel / f"{event}.txt"
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    subject, _, body = ("", "", text) if channel == channels.SMS else text.partition("\n")
    return Template(
        event=event, channel=channel, language=language, subject=subject.strip(), body=body.strip()
    )


def kinds() -> list[Key]:
    """Every wording there can be."""
    found = [
        (path.stem, path.parent.name, path.parent.parent.name)
        for path in TEMPLATES.glob("*/*/*.txt")
        if path.parent.parent.name in LANGUAGES
    ]
    return sorted(found, key=lambda key: (channels.NAMES.index(key[1]), key[0], key[2] == "en"))


def wordings(rows: Iterable[Outgoing]) -> dict[int | Key, Template]:
    """What rows need: the latest by key, and those once used by number. One read."""
    used = {row.template for row in rows if row.template}
    found: dict[int | Key, Template] = {}
    for template in Template.objects.filter(pk__in=used) | Template.objects.filter(is_latest=True):
        found[template.pk] = template
        if template.is_latest:
            found[(template.event, template.channel, template.language)] = template
    return found


def _wording(row: Outgoing, known: Mapping[int | Key, Template]) -> Template:
    """Of a message that went out the wording it had, otherwise the latest. Raises LookupError."""
    event = wording.NOTICE if row.channel == channels.CHAT and row.event != wording.ALARM else row.event
    key = (event, row.channel, language_of(row.language))
    found = known.get(row.template) if row.template else None
    if found is None and row.state != "sent":
        found = known.get(key)
    found = found or built_in(*key)
    if found is None:
        raise LookupError(f"no wording for {key}")
    return found


# -- rendering ----------------------------------------------------------------------------------


def render_many(rows: Iterable[Outgoing]) -> list[tuple[Outgoing, Letter]]:
    """Every row (with what it is of, and its customer) rendered; three reads more, however many rows."""
    rows = list(rows)
    found = PersonalLink.objects.filter(pk__in=[r.context.get("link") or 0 for r in rows]).in_bulk()
    contents = Content.objects.filter(
        entry__case__in={r.case_id for r in rows}, entry__no__in={r.entry_no for r in rows}
    ).values_list("entry__case_id", "entry__no", "words")
    words = {(case, no): said or {} for case, no, said in contents}
    known = wordings(rows) if rows else {}
    return [
        (
            r,
            _render(
                r,
                _wording(r, known),
                r.registration or found.get(r.context.get("link") or 0),
                words.get((r.case_id, r.entry_no), {}),
            ),
        )
        for r in rows
    ]


def _render(
    row: Outgoing,
    template: Template,
    link: PersonalLink | Registration | None,
    words: Mapping[str, Any],
) -> Letter:
    url = f"{_origin()}/{PATHS[link.purpose]}/{links.token_of(link)}/" if link else ""
    if row.event == wording.ALARM:
        url = f"{_origin()}/a/{links.alarm_token(row.context['alarm'], row.context['staff'])}/"
    if row.terms:
        url = f"{_origin()}/terms/{row.terms.number}/"
    values = _values(row, template.language, url, words)
    letter = filled(template, values)
    ident = message_id(row.number, row.entry_no, row.event, row.channel, row.recipient)
    return Letter(letter[0], letter[1], ident, url, template, values)


def filled(template: Template, values: Mapping[str, str]) -> tuple[str, str]:
    """Subject and body."""
    body = wording.fill(template.body, values)
    return one_line(wording.fill(template.subject, values)), body + "\n"


def _values(row: Outgoing, language: str, url: str, words: Mapping[str, Any]) -> dict[str, str]:
    values = {k: str(v) for k, v in row.context.items() if k != "link" and v is not None}
    for name in _TIMES:
        if name in values:
            values[name] = _local(values[name], row.timezone)
    if {"total", "currency"} <= values.keys():
        sum_ = Decimal(values["total"].replace(",", ""))
        values["amount"] = money.shown(sum_, values["currency"], language)
    return values | {
        "number": row.number,
        "name": row.name,
        "greeting": greeting(row.name, language),
        "company": settings.COMPANY,
        "link": url,
        "text": str(words.get("text") or row.context.get("why") or "")
        or (row.registration.reason if row.registration else ""),
        "page": f"{_origin()}/office/registrations/{row.registration_id}/"
        if row.registration_id
        else f"{_origin()}/desk/cases/{row.number}/",
    }


def greeting(name: str, language: str) -> str:
    if language == "zh":
        return f"{name}，您好：" if name else "您好："
    return f"Dear {name}," if name else "Hello,"


SAMPLE = {
    "number": "BX-2611-000001", "link": "https://service.example.com/t/…/", "text": "……", "starts_at": "2026-11-03 09:00",
    "ends_at": "2026-11-03 11:00", "station": "上海一站", "address": "上海市徐汇区漕溪路1号", "phone": "+86 21 5555 0000",
    "version": "1", "currency": "CNY", "total": "680.00", "amount": "¥680.00", "valid_until": "2026-11-10 18:00", "minutes": "30",
    "product": "洗衣机", "until": "2027-11-02", "carrier": "顺丰", "tracking": "SF1234567890", "due": "2026-11-03 09:00", "page": "https://service.example.com/desk/cases/BX-2611-000001/", "begins": "2027-01-01",
}  # fmt: skip


def sample(template: Template, what: str = "", stage: str = "") -> tuple[str, str]:
    """Subject and body of a made-up message, for the preview."""
    name = "王女士" if template.language == "zh" else "Ms Wang"
    more = {"company": settings.COMPANY, "name": name, "greeting": greeting(name, template.language)}
    return filled(template, SAMPLE | more | {"what": what, "stage": stage})


def _origin() -> str:
    return str(settings.ORIGIN).rstrip("/")


def _local(moment: str, timezone: str) -> str:
    """In the recipient's zone; where the clock differs from the company's, that is said."""
    at = dt.datetime.fromisoformat(moment).astimezone(zones.zone(timezone, settings.TIME_ZONE))
    ours = at.astimezone(zones.zone("", settings.TIME_ZONE))
    differs = at.utcoffset() != ours.utcoffset() or zones.is_repeated(at)
    return f"{at:%Y-%m-%d %H:%M}" + (f" ({zones.offset(at)})" if differs else "")


def one_line(text: str) -> str:
    """No line break or other control character can reach a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]


def message_id(number: str, entry_no: int, event: str, channel: str, recipient: str) -> str:
    """The same for every attempt at one message, so that a receiver recognises a repeated one."""
    host = one_line(urlsplit(settings.ORIGIN).hostname or "localhost")
    said = f"{number}:{entry_no}:{event}:{channel}:{recipient}:{host}"
    digest = hashlib.sha256(said.encode()).hexdigest()[:24]
    return f"<{re.sub(r'[^a-z0-9-]', '', number.lower())}.{entry_no}.{digest}@{host}>"
