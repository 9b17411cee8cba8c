"""C3.3: the public look-up answers in or out and until when, to nobody too often, and never whose."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.cache import cache

from baoxiu.catalogue.models import Unit
from tests.conftest import NOW
from tests.faces.portal import CONTROL, LONG, browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def plain(page):
    """Without the tokens of one request."""
    return re.sub(r"[A-Za-z0-9_-]{32,}", "", page)


def ask(serial, **headers):
    return browser().post("/warranty/", {"serial": serial}, **headers)


def test_it_says_in_or_out_and_until_when(cast):
    assert "2027-05-01" in ask("SN-NEW-1").text
    out = ask("SN-OLD-1")
    assert "2024-05-06" in out.text and "已" in out.text and out.headers["X-Robots-Tag"].startswith("noindex")


def test_whatever_cannot_be_said_looks_alike(cast):
    """Attack case K01: no date, exchanged, twice, or never made – one answer."""
    Unit.objects.create(serial="S-NODATE", created_at=NOW, customer=cast.wang)
    Unit.objects.create(
        serial="S-OLD", created_at=NOW, purchase_date=dt.date(2026, 5, 1), replaced_by=cast.unit
    )
    for _ in range(2):
        Unit.objects.create(serial="S-TWICE", created_at=NOW, purchase_date=dt.date(2026, 5, 1))
    pages = {plain(ask(s).text.replace(s, "")) for s in ("S-NODATE", "S-OLD", "S-TWICE", "S-NEVER")}
    assert len(pages) == 1 and "无法" in pages.pop()


def test_it_never_says_whose(cast):
    page = ask("SN-NEW-1").text
    for word in ("王女士", "13800138001", "1380", "滚筒洗衣机", cast.unit.qr_token, "天钥桥路"):
        assert word not in page


@pytest.mark.parametrize("serial", ["", "   ", CONTROL, LONG, "x" * 81])
def test_junk_is_refused_in_words(cast, serial):
    answer = ask(serial)
    assert answer.status_code == 422 and "note-error" in answer.text


def test_trying_numbers_is_stopped_whatever_a_header_says(cast):
    for i in range(20):
        assert ask(f"SN-{i}", headers={"X-Forwarded-For": f"10.0.0.{i}"}).status_code == 200
    assert ask("SN-NEW-1", headers={"X-Forwarded-For": "10.9.9.9"}).status_code == 429
    assert "2027-05-01" not in ask("SN-NEW-1").text


def test_hostile_serials_stand_as_they_are(cast):
    page = ask('"><script>alert(1)</script>{{7*7}}').text
    assert "<script>alert" not in page and "{{7*7}}" in page
