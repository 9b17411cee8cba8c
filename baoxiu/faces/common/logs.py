"""What is written into logs: never the token of a personal link, whoever typed or followed it; one line an event."""

from __future__ import annotations

import logging
import re
from typing import Any

TOKEN = re.compile(r"/(t|q|r|u|n|o|a|invite)/[^/\s?]+|(token=)[^&\s]+")


class WithoutTokens(logging.Filter):
    """Hides tokens in the message and its arguments before a handler sees them."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = hide(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(hide(value) for value in record.args)
        return True


def hide(value: object) -> object:
    if not isinstance(value, str):
        return value
    return TOKEN.sub(lambda found: f"/{found[1]}/…" if found[1] else f"{found[2]}…", value)


# what ends a line or steers a terminal somewhere: C0, DEL, C1, the two Unicode separators, changes of direction
CONTROL = re.compile(
    "[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff]"
)


class OneLine(logging.Formatter):
    """A message is one line, whatever was typed into it: control characters are written as their escapes.

    A traceback keeps its lines; what they quote is escaped too.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = escaped(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        return "\n".join(f"  {escaped(line)}" for line in super().formatException(ei).split("\n"))


def escaped(text: str) -> str:
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode("ascii"), text)
