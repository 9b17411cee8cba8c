"""What is written into logs: never the token of a personal link, whoever typed or followed it."""

from __future__ import annotations

import logging
import re

TOKEN = re.compile(r"/(t|q|r|u|n|invite)/[^/\s?]+|(token=)[^&\s]+")


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
