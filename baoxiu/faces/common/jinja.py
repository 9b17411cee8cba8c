"""The Jinja2 environment of every face."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone, translation
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from baoxiu.faces.common import display, landing, quick, steps, track
from baoxiu.faces.common.spoken import SpokenEnvironment
from baoxiu.lib import phones
from baoxiu.sop import codes

VENDOR_ICONS = "vendor/icons.svg"


@lru_cache(maxsize=2048)
def icon(name: str, label: str = "") -> Markup:
    """A picture of the set; with a label it says something, without it is decoration."""
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {}><use href="{}#tabler-{}"></use></svg>').format(said, static(VENDOR_ICONS), name)


def environment(**options: Any) -> Environment:
    options.update(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    options.setdefault("extensions", []).append("jinja2.ext.i18n")
    env = SpokenEnvironment(("_", "url", "static", "icon"), **options)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        quick.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals.update(
        static=cache(static), icon=icon, url=quick.url, kept=quick.kept, _=quick.spoken, say=display.say, say_of=display.say_of, word=display.word, stage_name=display.stage,
        duty_name=display.duty, fact_name=display.fact, status_name=display.status, step_name=display.step, is_chinese=display.is_chinese, codes=codes,
        company=settings.COMPANY, demo=settings.DEMO, languages=settings.LANGUAGES, now=timezone.now,
        clock=display.clock, ago=display.ago, span=display.span, weekday=display.weekday, cash=display.cash, mask=display.mask,
        initials=display.initials, stops=track.stops, details=display.details, size=display.size,
        faces_for=landing.faces_for, messages_of=display.messages_of, theme_of=display.theme_of,
        step_icon=track.step_icon, is_plain=steps.is_plain, new_key=steps.new_key, current_language=translation.get_language, is_rtl=translation.get_language_bidi,
    )  # fmt: skip
    env.filters.update(when=display.when, day=display.day, phone=phones.shown)
    return env
