"""The language of templates: words and named places, nothing else. Pure.

`{{ name }}` stands for a value; there are no conditions, loops, attributes, filters or calls, so a template
can say no more than the values it is given. A line whose places are all empty is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACE = re.compile(r"\{\{\s*([a-z_]{1,30})\s*\}\}")
_OTHER = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")

COMMON = ("number", "name", "greeting", "company", "link", "text")
PLACES: dict[str, tuple[str, ...]] = {
    "appoint": ("starts_at", "ends_at"),
    "assign_station": ("station", "address", "phone"),
    "quote": ("version", "currency", "total", "amount", "valid_until"),
    "set_out": ("minutes",),
    "registration": ("product",),
    "registration_accepted": ("product", "until"),
    "registration_refused": ("product",),
    "ship_out": ("carrier", "tracking"),
    "terms_announced": ("begins", "what"),
    "terms_withdrawn": ("begins",),
}
NOTICE = "notice"  # what a group of colleagues is told: nothing personal leaves the house
ALARM = "alarm"  # what a colleague is told of a clock; `link` acknowledges it
ALARM_PLACES = ("number", "company", "what", "due", "link", "page")
NOTICE_PLACES = ("number", "company", "what", "stage", "page")


class Unfit(ValueError):
    """A template that is not accepted; `code` unknown | syntax | link, `place`: what is wrong."""

    def __init__(self, code: str, place: str = "") -> None:
        super().__init__(f"{code} {place}".strip())
        self.code, self.place = code, place


def places(event: str) -> tuple[str, ...]:
    """What a message of this event may name."""
    if event == ALARM:
        return ALARM_PLACES
    return NOTICE_PLACES if event == NOTICE else (*COMMON, *PLACES.get(event, ()))


def check(text: str, event: str, *, needs_link: bool = False) -> None:
    """Raises Unfit."""
    for name in PLACE.findall(text):
        if name not in places(event):
            raise Unfit("unknown", name)
    if found := _OTHER.search(PLACE.sub("", text)):
        raise Unfit("syntax", found[0])
    if needs_link and "link" not in PLACE.findall(text):
        raise Unfit("link", "{{ link }}")


def fill(text: str, values: Mapping[str, object]) -> str:
    """The words with the values in their places; what a value says is never read as a template."""
    lines = []
    for line in text.splitlines():
        names = PLACE.findall(line)
        if names and not any(str(values.get(n, "")) for n in names):
            continue
        lines.append(PLACE.sub(lambda m: str(values.get(m[1], "")), line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def named(text: str) -> list[str]:
    """The places a template names, in order, once each: what an SMS provider is given."""
    return list(dict.fromkeys(PLACE.findall(text)))
