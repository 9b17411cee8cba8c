"""Attack cases C02 and C03 on every page there is: whatever is called or says something hostile is shown as it is.

Every free text and name in the database is replaced past the forms, so that no check at the door helps; then each
page of the table in `tests/faces/pages.py` is asked for by somebody for whom it is, and so are the message and paper
that carry the same words.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse

from baoxiu.cases.models import Content, Outgoing
from baoxiu.notify import messages
from tests.conftest import Cast
from tests.faces.pages import REFUSED, rows
from tests.faces.test_pages_axe import build

pytestmark = pytest.mark.django_db
BAD = '"><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}'
LIVE = ("<img src=x", "<script>alert", 'onerror="', '="javascript:', ">49<", "&gt;49")
SAYS = {
    "name", "name_en", "name_zh", "text", "subject", "product", "brand", "serial", "contact_name", "street", "city", "district", "title", "reason",
    "why", "by", "made_by", "recorded_by", "approved_by", "condition", "accessories", "carrier", "tracking", "address", "dealer", "detail",
    "damage", "reference", "number_plate", "original_name", "filename",
}  # fmt: skip
KEEP = {("cases", "Case", "reference"), ("cases", "Case", "number")}


def poison() -> int:
    """Every field that says or names something, in every row, where its constraints let it."""
    changed = 0
    for model in apps.get_models():
        if not model.__module__.startswith("baoxiu."):
            continue
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.CharField | models.TextField) or field.name not in SAYS:
                continue
            if (model._meta.app_label, model.__name__, field.name) in KEEP or (field.max_length or 999) < len(BAD) + 4:  # fmt: skip
                continue
            for pk in model._default_manager.values_list("pk", flat=True):
                try:
                    with transaction.atomic():
                        changed += model._default_manager.filter(pk=pk).update(**{field.name: f"{BAD}{pk}"})
                except IntegrityError:  # two of a name cannot be; the first one is enough
                    continue
    for content in Content.objects.exclude(words=None):
        said = {k: BAD if isinstance(v, str) and k != "signature" else v for k, v in content.words.items()}
        changed += Content.objects.filter(pk=content.pk).update(words=said)
    return changed


def test_c02_every_page_shows_every_hostile_word_as_a_word(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.ATTACHMENTS, settings.DEMO = tmp_path, True
    ground = build(cast)
    assert poison() > 150
    wrong, shown = [], 0
    clients = {who: cast.client(who) for who in cast.staff} | {"-": Client(headers={"accept-language": "en"})}
    for row in rows():
        cache.clear()
        path = row.path(ground)
        answer = clients[row.who].get(path)
        if answer.status_code != 200 and row.route not in REFUSED:
            wrong.append(f"{path}: {answer.status_code}")
        page = answer.content.decode("utf-8", "replace")
        wrong += [f"{path}: {mark}" for mark in LIVE if mark in page]
        shown += "alert(1)" in page
    assert wrong == []
    assert shown > 60  # they do stand there


def test_c02_nor_does_a_message_or_a_paper_run_them(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.ATTACHMENTS, settings.DEMO = tmp_path, True
    ground = build(cast)
    poison()
    sent = list(Outgoing.objects.exclude(case=None).select_related("registration", "terms"))
    for _, letter in messages.render_many(sent):
        assert "49" not in letter.subject and "{{7*7}}49" not in letter.body and "\n" not in letter.subject
    for name in ("rated", "quoted"):
        paper = cast.client("agent").get(reverse("common:sheet", args=[ground[name]]))
        assert paper.status_code == 200 and paper.headers["Content-Type"] == "application/pdf"
        assert b"/JavaScript" not in paper.content and b"/URI" not in paper.content
