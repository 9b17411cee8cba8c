"""What every page does hundreds of times, done with fewer look-ups: words, addresses, rows.

Each is the same as Django's or Jinja's own, only remembered; `bench/README.md` has the figures.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils import translation
from markupsafe import Markup

_PLAIN = re.compile(r"[-\w.]+", re.ASCII)
_TEXT, _NUMBER = "zzz{}zzz", 9_001_001_000


def gettext(message: str) -> str:
    return _translated(translation.get_language(), message)


@lru_cache(maxsize=8192)
def _translated(language: str | None, message: str) -> str:
    """As asked for in the language that is active now: the caller passes it only to be remembered by."""
    return translation.gettext(message)


def spoken(message: str, **variables: Any) -> Markup:
    """`_("…")` of a template, as the extension's new style has it: markup, `%(name)s` filled in and escaped."""
    text, plain = _marked(translation.get_language(), message)
    return text % variables if variables else plain


@lru_cache(maxsize=8192)
def _marked(language: str | None, message: str) -> tuple[Markup, Markup]:
    text = Markup(translation.gettext(message))
    return text, text % {} if "%" in text and "%(" not in text else text


_rows: dict[tuple[Any, ...], Markup] = {}  # of the last ten seconds
_mark: list[dt.datetime] = []


def kept(macro: Callable[..., Markup], row: Mapping[str, Any], now: dt.datetime, *more: Any) -> Markup:
    """`macro(row, now, *more)` as it was written before for the same values, language and ten seconds.

    For rows of lists: a macro of their values alone (all hashable). Time enters it to ten seconds, so that
    what is older will never be asked for again and goes.
    """
    now = now.replace(second=now.second // 10 * 10, microsecond=0)
    if [now] != _mark or len(_rows) >= 500:
        _rows.clear()
        _mark[:] = [now]
    key = (macro, translation.get_language(), *row.values(), *more)
    written = _rows.get(key)
    if written is None:
        written = _rows[key] = macro(row, now, *more)
    return written


def url(name: str, *, args: Any = (), kwargs: Any = None) -> str:
    """Django's `reverse`; the shape of an address is worked out once, its plain values are put in."""
    if kwargs or not all(
        a >= 0 if isinstance(a, int) else isinstance(a, str) and _PLAIN.fullmatch(a) for a in args
    ):
        return reverse(name, args=args, kwargs=kwargs)
    shape = _shape(get_urlconf(), name, tuple(isinstance(a, int) for a in args))
    if shape is None:
        return reverse(name, args=args)
    return shape.format(*args)


@lru_cache(maxsize=512)
def _shape(urlconf: str | None, name: str, numbers: tuple[bool, ...]) -> str | None:
    """The address with {0}, {1} … for its values; None where it cannot be told."""
    stand_ins = [_NUMBER + i if number else _TEXT.format(i) for i, number in enumerate(numbers)]
    try:
        made = reverse(name, args=stand_ins)
    except NoReverseMatch:
        return None
    shape = made.replace("{", "{{").replace("}", "}}")
    for i, stand_in in enumerate(stand_ins):
        if shape.count(str(stand_in)) != 1:
            return None
        shape = shape.replace(str(stand_in), f"{{{i}}}")
    return shape
