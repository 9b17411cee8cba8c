"""C4.1: one outbox row as the mail the customer reads.

A template is a text file per language and event: the first line is the subject, the rest the body.
Languages without templates read English.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from baoxiu.cases import links
from baoxiu.cases.models import Content, Outgoing, PersonalLink
from baoxiu.lib import zones

TEMPLATES = Path(__file__).resolve().parent / "templates"
PATHS = {"track": "t", "quote": "q", "rate": "r"}
_TIMES = ("starts_at", "ends_at", "valid_until")


@dataclass(frozen=True, slots=True)
class Mail:
    """A rendered message. `message_id` is the same at every attempt."""

    subject: str
    body: str
    message_id: str
    link: str


def render_many(rows: Iterable[Outgoing]) -> list[tuple[Outgoing, Mail]]:
    """Every row (with its case and customer) rendered; two reads more, however many rows."""
    rows = list(rows)
    found = PersonalLink.objects.filter(pk__in=[r.context.get("link") or 0 for r in rows]).in_bulk()
    contents = Content.objects.filter(
        entry__case__in={r.case_id for r in rows}, entry__no__in={r.entry_no for r in rows}
    ).values_list("entry__case_id", "entry__no", "words")
    words = {(case, no): said or {} for case, no, said in contents}
    return [
        (r, _render(r, found.get(r.context.get("link") or 0), words.get((r.case_id, r.entry_no), {})))
        for r in rows
    ]


def _render(row: Outgoing, link: PersonalLink | None, words: Mapping[str, Any]) -> Mail:
    language = "zh" if row.language.lower().startswith("zh") else "en"
    url = f"{settings.ORIGIN.rstrip('/')}/{PATHS[link.purpose]}/{links.token_of(link)}/" if link else ""
    case = row.case
    context = {
        "number": case.number,
        "name": case.contact_name,
        "company": settings.COMPANY,
        "link": url,
        "event": row.event,
        "text": str(words.get("text", "")),
        **{k: v for k, v in row.context.items() if k != "link"},
    }
    for name in _TIMES:
        if name in context:
            context[name] = _local(context[name], case.customer.timezone)
    text = _environment().get_template(f"{language}/{row.event}.txt").render(context)
    subject, _, body = text.partition("\n")
    return Mail(one_line(subject), body.strip() + "\n", message_id(case.number, row.entry_no, row.event), url)


@cache
def _environment() -> Environment:
    return Environment(  # plain text: nothing to escape
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )


def _local(moment: str, timezone: str) -> str:
    at = dt.datetime.fromisoformat(moment).astimezone(zones.zone(timezone, settings.TIME_ZONE))
    return f"{at:%Y-%m-%d %H:%M}"


def one_line(text: str) -> str:
    """No line break or other control character can reach a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]


def message_id(number: str, entry_no: int, event: str) -> str:
    """The same for every attempt at one message, so that a receiver recognises a repeated one."""
    host = one_line(urlsplit(settings.ORIGIN).hostname or "localhost")
    digest = hashlib.sha256(f"{number}:{entry_no}:{event}:{host}".encode()).hexdigest()[:24]
    return f"<{re.sub(r'[^a-z0-9-]', '', number.lower())}.{entry_no}.{digest}@{host}>"
