"""C2: labels for units: a code that leads to the unit's page, on the screen and as a sheet to print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from baoxiu.catalogue.models import Unit
from baoxiu.catalogue.records import LabelSheet
from baoxiu.faces.common import documents, qr

MOST = 480  # in one document: seconds of work


def address(unit: Unit) -> str:
    return str(settings.ORIGIN).rstrip("/") + reverse("portal:unit", args=[unit.qr_token])


def code(unit: Unit) -> str:
    """C2: whoever scans it can ask for service without typing what it is. An SVG element."""
    return qr.svg(address(unit), border=4)


def name(unit: Unit) -> str:
    product = unit.product or (unit.model.name if unit.model else "")
    return " ".join(p for p in (unit.brand, product) if p) or _("Unknown product")


def sheet(units: Iterable[Unit], layout: LabelSheet, language: str, *, now: dt.datetime) -> bytes:
    """A PDF, one label a unit, after `layout.skip` empty places; units are already authorised."""
    is_chinese = language.startswith("zh")
    with translation.override("zh-hans" if is_chinese else "en"):
        made = [
            {"qr": code(unit), "name": documents.soft(name(unit)), "serial": "\u200b".join(unit.serial)}
            for unit in units
        ]
        data = {
            "title": _("Labels"), "company": settings.COMPANY, "scan": _("Scan for service"), "language": "zh" if is_chinese else "en",
            "region": "CN" if is_chinese else "GB", **layout.model_dump(exclude={"skip"}), "labels": [*([None] * layout.skip), *made],
        }  # fmt: skip
        return documents.typeset("labels.typ", data, now)
