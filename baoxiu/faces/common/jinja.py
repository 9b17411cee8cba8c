"""The Jinja2 environment of every face."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from baoxiu.faces.common import coverage, display, landing, office_pages, quick, steps, track
from baoxiu.faces.common.spoken import SpokenEnvironment
from baoxiu.lib import phones
from baoxiu.sop import codes
from baoxiu.sop.confidentiality import mask_email, mask_phone

VENDOR_ICONS = "vendor/icons.svg"


def _icons() -> Callable[..., Markup]:
    """`icon(name, label)`: a picture of the set; with a label it says something, without it is decoration."""

    @lru_cache(maxsize=2048)
    def icon(name: str, label: str = "") -> Markup:
        said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
        svg = Markup('<svg class="icon" {}><use href="{}#tabler-{}"></use></svg>')
        return svg.format(said, static(VENDOR_ICONS), name)

    return icon


def one_token(request: HttpRequest) -> dict[str, Any]:
    """The token of a page's forms, masked once for all of them."""
    token = SimpleLazyObject(lambda: get_token(request))
    field = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    return {"csrf_token": token, "csrf_input": SimpleLazyObject(lambda: Markup(field).format(token))}


def environment(**options: Any) -> Environment:
    options.update(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    options.setdefault("extensions", []).append("jinja2.ext.i18n")
    env = SpokenEnvironment(("_", "url", "static", "icon"), **options)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        quick.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals.update(
        static=cache(static), icon=_icons(), url=quick.url, kept=quick.kept, _=quick.spoken, say=display.say, say_of=display.say_of, word=display.word, stage_name=display.stage,
        duty_name=display.duty, fact_name=display.fact, status_name=display.status, step_name=display.step, is_chinese=display.is_chinese, codes=codes,
        company=settings.COMPANY, demo=settings.DEMO, languages=settings.LANGUAGES, now=timezone.now,
        clock=display.clock, ago=display.ago, span=display.span, weekday=display.weekday, cash=display.cash, mask=mask_phone, mask_email=mask_email,
        initials=display.initials, stops=track.stops, details=display.details, size=display.size, zone_elsewhere=display.zone_elsewhere, local_time=display.local_time,
        faces_for=landing.faces_for, lead_of=office_pages.lead, laws_of=coverage.laws, messages_of=display.messages_of, theme_of=display.theme_of,
        step_icon=track.step_icon, is_plain=steps.is_plain, new_key=steps.new_key, current_language=translation.get_language, is_rtl=translation.get_language_bidi,
    )  # fmt: skip
    env.filters.update(when=display.when, day=display.day, phone=phones.shown)
    return env
