"""How values are shown: words of codes, time left, money, masked phones. No rule lives here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import ngettext

from baoxiu.faces.common import quick
from baoxiu.faces.common.invalid import schema_of
from baoxiu.faces.common.quick import gettext as _
from baoxiu.lib import money, zones
from baoxiu.lib.tables import BadTable
from baoxiu.sop import codes, payloads, registration, venue
from baoxiu.sop.service_levels import SPANS
from baoxiu.sop.standard import STANDARD
from baoxiu.sop.text import Text

THEMES = ("light", "dark")
NOBODY: Mapping[int, str] = MappingProxyType({})
# without a warning time of its own, the last hour before the due time warns
WARN_BEFORE = dt.timedelta(hours=1)


def is_chinese() -> bool:
    return (translation.get_language() or "").startswith("zh")


def say(text: Text) -> str:
    """A rule's words in the language of the page; other languages translate the English."""
    return text.zh if is_chinese() else quick.gettext(text.en) if text.en else ""


def say_of(told: Mapping[str, str]) -> str:
    """The same for words kept as {"en": …, "zh": …}."""
    return say(Text(told.get("en", ""), told.get("zh", "")))


def say_table(problem: BadTable) -> str:
    """Why a file cannot be read, as a sentence."""
    return f"{problem.zh}。" if is_chinese() else f"{str(problem)[:1].upper()}{str(problem)[1:]}."


def word(table: str, code: Any) -> str:
    """The words of a stored code: `word("KINDS", case.kind)`; the code itself when unknown."""
    found = getattr(codes, table).get(str(code))
    return say(found) if found else str(code)


def stage(name: str) -> str:
    found = STANDARD.stage.get(name)
    return say(found.title) if found else name


def duty(name: str) -> str:
    found = STANDARD.duty.get(name)
    title = found.title if found else {**SPANS, registration.DUTY: registration.TITLE}.get(name)
    return say(title) if title else name


def weekday(number: int) -> str:
    """1: Monday."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[number - 1]


def step(name: str) -> str:
    found = STANDARD.step.get(name)
    return say(found.title) if found else name


def fact(name: str, value: str) -> str:
    """The words for one value of a fact of the case: `fact("outcome", "repaired")`."""
    known = STANDARD.fact.get(name)
    return say(known.label(value)) if known and value in known.values else value


def status(table: str, code: str) -> str:
    """The words of a work order's, parcel's or quote's status."""
    return say(venue.label(table, code)) if code in venue.TABLES[table] else code


def when(moment: dt.datetime | None, form: str = "%Y-%m-%d %H:%M") -> str:
    """Local time; of the hour that comes twice in autumn also which."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    said = local.strftime(form)
    return (
        f"{said} ({zones.offset(local)})"
        if "%H" in form and "T%H" not in form and zones.is_repeated(local)
        else said
    )


def zone_elsewhere() -> str:
    """The zone times are said in, where it is not the company's."""
    name = timezone.get_current_timezone_name()
    return "" if name == settings.TIME_ZONE else name


def local_time(zone: dt.tzinfo, now: dt.datetime) -> str:
    """What the clock says there, where it is not what ours says."""
    there = now.astimezone(zone)
    return "" if there.utcoffset() == timezone.localtime(now).utcoffset() else f"{there:%H:%M}"


def day(date: dt.date | None) -> str:
    return date.isoformat() if date else ""


def messages_of(request: HttpRequest) -> Iterable[Message]:
    """What was said since the last page; nothing where the request never got so far."""
    return get_messages(request) or ()


def theme_of(request: HttpRequest) -> str:
    """What the visitor chose; empty: as the system says."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else ""


# -- time ---------------------------------------------------------------------------------


def span(length: dt.timedelta) -> str:
    """A length in at most two units, never negative: "1 h 20 min" / "1 小时 20 分"."""
    minutes = int(abs(length).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days >= 10 or (days and not hours):
        return _("%(n)s d") % {"n": days}
    if days:
        return _("%(n)s d") % {"n": days} + " " + _("%(n)s h") % {"n": hours}
    if hours and rest:
        return _("%(n)s h") % {"n": hours} + " " + _("%(n)s min") % {"n": rest}
    return _("%(n)s h") % {"n": hours} if hours else _("%(n)s min") % {"n": rest}


def span_in_words(length: dt.timedelta) -> str:
    """The same for a sentence that is read out or read by customers: "1 hour 20 minutes"."""
    minutes = int(abs(length).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = (
        ngettext("%(num)s day", "%(num)s days", days) % {"num": days} if days else "",
        ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": hours} if hours and days < 10 else "",
        ngettext("%(num)s minute", "%(num)s minutes", rest) % {"num": rest} if not days and (rest or not hours) else "",
    )  # fmt: skip
    return " ".join(filter(None, parts))


def ago(moment: dt.datetime, now: dt.datetime) -> str:
    """How long since, or until; past three hours nobody reads the minutes."""
    is_past, length = now >= moment, abs(now - moment)
    if length < dt.timedelta(minutes=1):
        return _("just now")
    if length >= dt.timedelta(hours=3):
        length -= length % dt.timedelta(hours=1)
    said = {"span": span(length)}
    return _("%(span)s ago") % said if is_past else _("in %(span)s") % said


@dataclass(frozen=True, slots=True)
class Clock:
    """The state of a due time: a class name, an icon, a sentence, and the absolute time for the hover."""

    state: str  # ok | soon | late | paused | done | done-late | none
    icon: str
    text: str
    due_at: dt.datetime | None

    @property
    def at(self) -> str:
        return when(self.due_at)


def clock(
    due_at: dt.datetime | None, now: dt.datetime, warn_at: dt.datetime | None = None,
    ended_at: dt.datetime | None = None, on_hold: bool = False,
) -> Clock:  # fmt: skip
    if due_at is None:
        return Clock("none", icon="minus", text=_("nothing due"), due_at=None)
    if ended_at:
        if ended_at <= due_at:
            return Clock("done", icon="circle-check", text=_("done on time"), due_at=due_at)
        return Clock(
            "done-late",
            icon="clock-check",
            text=_("done %(span)s late") % {"span": span(ended_at - due_at)},
            due_at=due_at,
        )
    if on_hold:
        return Clock("paused", icon="clock-pause", text=_("paused"), due_at=due_at)
    left = {"span": span(due_at - now)}
    if now > due_at:
        return Clock("late", icon="alert-triangle", text=_("%(span)s late") % left, due_at=due_at)
    if now >= (warn_at or due_at - WARN_BEFORE):
        return Clock("soon", icon="clock-exclamation", text=_("%(span)s left") % left, due_at=due_at)
    return Clock("ok", icon="clock", text=_("%(span)s left") % left, due_at=due_at)


# -- values -------------------------------------------------------------------------------


def cash(amount: Decimal | int | str, currency: str) -> str:
    return money.shown(Decimal(amount), currency, "zh" if is_chinese() else "en")


def initials(name: str) -> str:
    """The one or two letters in somebody's round mark; an emoji or rare sign counts as one."""
    name = name.strip()
    if not name:
        return "?"
    if name[0].isascii():
        return "".join(part[0] for part in name.split()[:2]).upper()
    return name[0]


def size(octets: int) -> str:
    return f"{octets / 1e6:.1f} MB" if octets >= 1e6 else f"{max(octets // 1000, 1)} kB"


# -- what an entry recorded --------------------------------------------------------------


HASHES = ("text_sha256", "terms_sha256")  # what was shown, for machines


def details(
    step_name: str,
    data: Mapping[str, Any],
    words: Mapping[str, Any] | None,
    staff: Mapping[int, str] = NOBODY,
    stations: Mapping[int, str] = NOBODY,
) -> list[tuple[str, str]]:
    """(title, shown value) of what an entry recorded besides its main text, in the payload's order."""
    payload = payloads.PAYLOADS.get(step_name)
    if payload is None:
        return []
    schema = schema_of(payload)["properties"]
    values = {**data, **(words or {})}
    rows = [(_("Total"), cash(values["total"], values["currency"]))] if _is_sum(values) else []
    for name in payload.model_fields:
        value = values.get(name)
        if name == "currency" and rows or name in HASHES:
            continue
        if name in ("text", "problem", "reason", "files", "signature") and isinstance(
            value, str | list | None
        ):
            code = schema[name].get("x-words", {}).get(str(value)) if isinstance(value, str) else None
            if code is None:
                continue
        if value in (None, "", [], {}):
            continue
        label = schema[name].get("title", name)
        names = {"engineer": staff, "agent": staff, "station": stations}.get(
            schema[name].get("widget", ""), {}
        )
        coded = _CODED.get(name, {}).get(str(value))
        known = names.get(value) if isinstance(value, int) else say(coded) if coded else None
        rows.append((_(label), known or shown(value, schema[name])))
    if terms := values.get("terms"):  # what was shown before a choice
        rows.append((_("Terms"), say_of(terms)))
    return rows


def _is_sum(values: Mapping[str, Any]) -> bool:
    return values.get("currency") in codes.CURRENCIES and bool(
        re.fullmatch(r"\d+(\.\d+)?", str(values.get("total")))
    )


# plain strings of a payload whose codes have words all the same
_CODED = {
    "venue": codes.VENUES,
    "cover": {code: STANDARD.fact["cover"].label(code) for code in ("free", "paid")},
    "direction": {"in": Text("incoming", "呼入"), "out": Text("outgoing", "呼出")},
}


def shown(value: Any, schema: Mapping[str, Any]) -> str:
    pair = schema.get("x-words", {}).get(str(value))
    if pair:
        return str(pair[1] if is_chinese() else pair[0])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return " ".join(str(v) for v in value.values() if v not in (None, ""))
    if isinstance(value, list):
        return "; ".join(_row(v) for v in value)
    return _moment(str(value)) if schema.get("format") == "date-time" else str(value)


def _row(value: Any) -> str:
    return " · ".join(_plain(value.values())) if isinstance(value, Mapping) else str(value)


def _plain(values: Iterable[Any]) -> list[str]:
    return [str(v) for v in values if v not in (None, "", False)]


def _moment(text: str) -> str:
    try:
        return when(dt.datetime.fromisoformat(text))
    except ValueError:
        return text
