"""C3.4: out of warranty the price follows from the work: labour, parts, travel, one currency."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from baoxiu.charges.models import Quote
from tests.story.telling import ON_SITE

pytestmark = pytest.mark.django_db
LINES = [
    {"kind": "labour", "text": "拆装人工", "quantity": "1.5", "price": "80.00"},
    {"kind": "part", "text": "排水泵", "quantity": "1", "price": "120.00"},
    {"kind": "travel", "text": "上门费", "quantity": "1", "price": "50.00", "free": True},
]


def quoted(tell, **more):
    story = tell(unit="old").walk(f"{ON_SITE} diagnose")
    story.take("engineer", "quote", lines=LINES, text="旧泵已烧毁", **more)
    return story


def test_the_quote_adds_up_what_the_work_costs(tell, cast):
    story = quoted(tell)
    quote = Quote.objects.get()
    assert (quote.total, quote.currency, quote.version) == (Decimal("240.00"), "CNY", 1)
    assert [line.total for line in quote.lines.all()] == [Decimal("120.00"), Decimal("120.00"), Decimal(0)]
    assert "240.00" in story.letter("quote").body and story.stage == "consent"


def test_the_customer_reads_every_line_and_the_sum(tell, cast, client):
    story = quoted(tell)
    html = client.get(story.address("quote")).content.decode()
    for words in ("拆装人工", "排水泵", "上门费", "旧泵已烧毁", "240.00"):
        assert words in html, words


def test_a_new_version_replaces_the_old_which_nobody_can_accept_any_more(tell, cast):
    story = quoted(tell)
    story.take("engineer", "revise_quote", reason="漏了一项")
    story.cannot("customer", "accept_quote")
    story.take("engineer", "quote", lines=LINES[:2])
    story.cannot("agent", "accept_quote", version=1)
    story.take("customer", "accept_quote", version=2)
    assert list(Quote.objects.order_by("version").values_list("status", "total")) == [
        ("withdrawn", Decimal("240.00")), ("accepted", Decimal("240.00")),
    ]  # fmt: skip
    assert story.is_sound()


def test_one_case_is_quoted_in_one_currency(tell, cast):
    story = quoted(tell)
    story.take("engineer", "revise_quote")
    story.cannot("engineer", "quote", currency="EUR", lines=LINES)


def test_an_expired_quote_binds_nobody(tell, cast):
    story = quoted(tell, valid_days=1)
    Quote.objects.update(valid_until=timezone.now() - dt.timedelta(minutes=1))
    story.cannot("customer", "accept_quote")
    story.cannot("agent", "accept_quote")
    story.take("engineer", "revise_quote", reason="已过期")
    story.take("engineer", "quote")
    story.take("customer", "accept_quote", version=2)
