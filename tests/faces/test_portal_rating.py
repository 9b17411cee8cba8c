"""C5.1: the customer's rating by personal link: one tap, once, not before the engineer's follow-up."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from baoxiu.followups.models import Rating
from tests.conftest import Cast
from tests.faces.portal import CONTROL, LONG, browser, page_of
from tests.rooms import walking
from tests.rooms.walking import Walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def served(cast: Cast) -> Walk:
    walk = walking.begin(cast, timezone.now() - dt.timedelta(hours=6))
    return walk.steps(walking.ON_SITE).steps(walking.FREE_REPAIR).steps("hand_over")


def rate(walk: Walk, **fields):
    return browser().post(page_of(walk.case, "rate"), {"key": "r1", **fields})


def test_one_tap_rates_everything_alike_and_says_thank_you(served: Walk):
    served.step("follow_up")
    answer = browser().post(page_of(served.case, "rate"), {"key": "r", "overall": "4"}, follow=True)
    rating = Rating.objects.get()
    assert (rating.attitude, rating.speed, rating.quality, rating.overall, rating.nps) == (4, 4, 4, 4, None)
    assert "感谢您的评价" in answer.text


def test_in_detail_every_mark_counts(served: Walk):
    served.step("follow_up")
    assert rate(served, overall=3, attitude=5, speed=1, quality=4, nps=7, text="就是慢").status_code == 302
    rating = Rating.objects.get()
    assert (rating.attitude, rating.speed, rating.quality, rating.overall, rating.nps, rating.text) == (
        5,
        1,
        4,
        3,
        7,
        "就是慢",
    )
    assert rating.engineer == served.cast.staff["engineer"]


def test_it_counts_once(served: Walk):
    served.step("follow_up")
    assert rate(served, overall=5).status_code == 302
    assert rate(served, overall=5).status_code == 302  # the same tap again
    assert rate(served, key="r2", overall=1).status_code == 422
    assert Rating.objects.get().overall == 5
    assert 'name="overall"' not in browser().get(page_of(served.case, "rate")).text


def test_before_the_engineer_has_called_it_is_too_early_and_the_page_says_when(served: Walk):
    assert "工程师回访之后即可评价" in browser().get(page_of(served.case, "rate")).text
    assert rate(served, overall=5).status_code == 422 and not Rating.objects.exists()


def test_a_withdrawn_request_has_nothing_to_rate(cast: Cast):
    walk = walking.begin(cast, timezone.now()).steps("withdraw")
    assert "无需评价" in browser().get(page_of(walk.case, "rate")).text


@pytest.mark.parametrize("fields", [{}, {"overall": ""}, {"overall": "0"}, {"overall": "6"}, {"overall": "9" * 400}, {"overall": "five"},
                                    {"overall": "5", "nps": "11"}, {"overall": "5", "speed": "-1"}, {"overall": "5", "text": LONG},
                                    {"overall": "5", "text": CONTROL}])  # fmt: skip
def test_what_is_no_mark_is_refused_in_words(served: Walk, fields: dict):
    served.step("follow_up")
    answer = rate(served, **fields)
    assert answer.status_code == 422 and not Rating.objects.exists()
    assert "field-error" in answer.text or "note-error" in answer.text


def test_both_languages(served: Walk):
    served.step("follow_up")
    assert "How did we do?" in browser("en").get(page_of(served.case, "rate")).text
