"""The Jinja2 environment of every face."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from jinja2 import Environment, StrictUndefined

from baoxiu.lib import phones
from baoxiu.sop import codes
from baoxiu.sop.standard import STANDARD
from baoxiu.sop.text import Text


def is_chinese() -> bool:
    return (translation.get_language() or "").startswith("zh")


def say(text: Text) -> str:
    """A rule's words in the language of the page; other languages translate the English."""
    return text.zh if is_chinese() else translation.gettext(text.en) if text.en else ""


def word(table: str, code: Any) -> str:
    """The words of a stored code: `word("KINDS", case.kind)`; the code itself when unknown."""
    found = getattr(codes, table).get(str(code))
    return say(found) if found else str(code)


def stage(name: str) -> str:
    found = STANDARD.stage.get(name)
    return say(found.title) if found else name


def duty(name: str) -> str:
    found = STANDARD.duty.get(name)
    return say(found.title) if found else name


def step(name: str) -> str:
    found = STANDARD.step.get(name)
    return say(found.title) if found else name


def when(moment: dt.datetime | None, form: str = "%Y-%m-%d %H:%M") -> str:
    return timezone.localtime(moment).strftime(form) if moment else ""


def environment(**options: Any) -> Environment:
    options.update(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    options.setdefault("extensions", []).append("jinja2.ext.i18n")
    env = Environment(**options)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals.update(
        static=static, url=reverse, say=say, word=word, stage_name=stage, duty_name=duty, step_name=step,
        is_chinese=is_chinese, codes=codes, company=settings.COMPANY, demo=settings.DEMO, languages=settings.LANGUAGES,
        now=timezone.now,
    )
    env.filters.update(when=when, phone=phones.shown)
    return env
