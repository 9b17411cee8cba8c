"""C4.5: a quote by personal link: read, answered exactly once."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from baoxiu.cases.models import Case, JournalEntry
from baoxiu.charges.models import Consent, Quote
from tests.conftest import Cast
from tests.faces.portal import CONTROL, LONG, browser, page_of
from tests.rooms import walking
from tests.rooms.walking import Walk

LINES = [
    {"text": "加热管", "price": "180.00", "kind": "part", "quantity": "2"}, {"text": "工时", "price": "150", "kind": "labour"},
    {"text": "检测费", "price": "50", "kind": "other", "free": True},
]  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def quoted(cast: Cast, **given) -> Walk:
    walk = walking.to_depot(walking.begin(cast, timezone.now() - dt.timedelta(hours=6), unit="old")).steps(
        "diagnose"
    )
    walk.step("quote", lines=LINES, text="加热管烧断", **given)
    return walk


def send(walk: Walk, noun: str, key: str = "", **fields):
    answer = browser().post(
        f"{page_of(walk.case, 'quote')}{noun}/", {"key": key or f"q-{noun}", "version": 1, **fields}
    )
    walk.case = Case.objects.get(pk=walk.case.pk)
    return answer


def page(walk: Walk, language: str = "zh-CN") -> str:
    return browser(language).get(page_of(walk.case, "quote")).text


@pytest.mark.django_db
def test_it_shows_every_line_the_free_ones_struck_through_and_the_sum(cast: Cast):
    zh = page(walk := quoted(cast))
    assert "¥360.00" in zh and "¥150.00" in zh and "¥510.00" in zh and "<s>¥50.00</s>" in zh
    assert "加热管烧断" in zh and "第 1 版" in zh and "有效期至" in zh
    assert "Accept: repair for" in page(walk, "en-GB")


@pytest.mark.django_db
def test_typing_the_name_accepts_it_and_the_page_says_so_from_then_on(cast: Cast):
    walk = quoted(cast)
    assert send(walk, "accept", name="").status_code == 422
    assert send(walk, "accept", name="王女士", way="phone").status_code == 302
    consent = Consent.objects.get()
    assert (consent.outcome, consent.way, consent.name) == (
        "accepted",
        "link",
        "王女士",
    ) and walk.stage == "repair"
    assert "王女士 已于" in page(walk) and 'name="version"' not in page(walk)


@pytest.mark.django_db
def test_declining_needs_no_reason_and_sends_the_product_back(cast: Cast):
    walk = quoted(cast)
    assert send(walk, "decline", reason="太贵").status_code == 302
    assert walk.stage == "handover" and "拒绝报价" in page(walk)


@pytest.mark.django_db
def test_there_is_one_answer_whatever_is_pressed_afterwards(cast: Cast):
    walk = quoted(cast)
    send(walk, "accept", name="王女士")
    for noun in ("accept", "decline"):
        assert send(walk, noun, key="other", name="王女士").status_code == 422
    assert send(walk, "accept", name="王女士").status_code == 302  # the very same form again
    assert Consent.objects.count() == 1 and JournalEntry.objects.filter(step="accept_quote").count() == 1


@pytest.mark.django_db
def test_an_older_version_cannot_be_accepted(cast: Cast):
    walk = quoted(cast)
    walk.step("revise_quote")
    assert "已撤回" in page(walk)
    walk.step("quote", lines=LINES[:1])
    answer = send(walk, "accept", name="王女士", version=1)
    assert answer.status_code == 422 and "版本" in answer.text and not Consent.objects.exists()
    assert "第 2 版" in page(walk)


@pytest.mark.django_db
def test_an_expired_quote_says_so_and_is_not_accepted(cast: Cast):
    walk = quoted(cast, valid_days=1)
    Quote.objects.update(valid_until=timezone.now() - dt.timedelta(minutes=1))
    assert "已过期" in page(walk) and 'name="version"' not in page(walk)
    assert send(walk, "accept", name="王女士").status_code == 422 and not Consent.objects.exists()


@pytest.mark.django_db
def test_a_question_reaches_the_company_and_leaves_the_quote_open(cast: Cast):
    walk = quoted(cast)
    answer = browser().post(
        page_of(walk.case, "quote") + "ask/", {"key": "a", "text": "旧件能还我吗？"}, follow=True
    )
    assert "问题已送达" in answer.text and walk.stage == "consent" and "response" in walk.owed


@pytest.mark.django_db
def test_without_a_quote_the_page_says_so(cast: Cast):
    walk = walking.begin(cast, timezone.now())
    assert "没有需要您答复的报价" in page(walk)
    assert send(walk, "accept", name="王女士").status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("noun", ["message", "withdraw", "rate", "chase", "x", "accept-quote"])
def test_the_quote_link_does_nothing_else(cast: Cast, noun: str):
    assert send(quoted(cast), noun, name="x", text="x").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["name", "version"])
@pytest.mark.parametrize("junk", [CONTROL, LONG, "9" * 400, "-1", "1.5", "NaN"])
def test_junk_is_refused_in_words_and_nothing_is_accepted(cast: Cast, field: str, junk: str):
    walk = quoted(cast)
    answer = send(walk, "accept", **{"name": "王女士", field: junk})
    if field == "version" or junk in (CONTROL, LONG, "9" * 400):
        assert answer.status_code == 422 and ("note-error" in answer.text or "field-error" in answer.text)
        assert not Consent.objects.exists()


@pytest.mark.django_db
def test_it_says_why_there_is_something_to_pay_and_takes_an_objection(cast: Cast):
    walk = quoted(cast)
    assert "由您付费" in (before := page(walk)) and "contest/" in before
    answer = send(walk, "contest", about="entitlement")
    assert answer.status_code == 302 and "已收到您的异议" in browser().get(answer["Location"]).text
    assert JournalEntry.objects.filter(case=walk.case, step="contest").count() == 1


@pytest.mark.django_db
def test_the_page_needs_few_queries(cast: Cast, django_assert_max_num_queries):
    walk = quoted(cast)
    path = page_of(walk.case, "quote")
    with django_assert_max_num_queries(8):
        browser().get(path)


@pytest.mark.django_db(transaction=True)
def test_yes_and_no_at_the_same_moment_give_one_answer(cast: Cast):
    walk = quoted(cast)
    path, found = page_of(walk.case, "quote"), []

    def press(noun: str) -> None:
        found.append(
            browser()
            .post(f"{path}{noun}/", {"key": f"race-{noun}", "version": 1, "name": "王女士"})
            .status_code
        )
        connection.close()

    presses = [
        threading.Thread(target=press, args=(noun,)) for noun in ("accept", "decline", "accept", "decline")
    ]
    for press_ in presses:
        press_.start()
    for press_ in presses:
        press_.join()
    assert Consent.objects.count() == 1 and 302 in found and set(found) <= {302, 422}


def test_once_an_option_is_chosen_only_its_sum_is_to_be_paid(cast):
    walk = walking.to_depot(walking.begin(cast, timezone.now() - dt.timedelta(hours=6), unit="old")).steps(
        "diagnose"
    )
    pumps = [
        {"text": "原厂泵", "price": "200", "option": "A"},
        {"text": "翻新泵", "price": "90", "option": "B"},
    ]
    walk.step("quote", lines=[*pumps, {"text": "工时", "price": "50", "kind": "labour"}])
    asked = page(walk)
    assert "应付合计 · 方案A" in asked and "应付合计 · 方案B" in asked
    assert send(walk, "accept", name="王女士", option="B").status_code == 302
    agreed = page(walk)
    assert "¥140.00" in agreed and "¥250.00" not in agreed
    assert "原厂泵" in agreed, "the quote stands as it was agreed to"
