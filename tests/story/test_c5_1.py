"""C5.1: the customer alone rates – attitude, speed, quality –, once per round; it counts for the person."""

from __future__ import annotations

import pytest

from baoxiu.followups.models import Rating
from tests.story.telling import CALLS, FREE_REPAIR, ON_SITE

pytestmark = pytest.mark.django_db
CALLED = f"{ON_SITE} {FREE_REPAIR} hand_over follow_up"


def test_the_customer_rates_by_the_link_of_the_message(tell, cast):
    story = tell().walk(CALLED)
    assert story.address("rate").startswith("/r/")
    story.take("customer", "rate", attitude=5, speed=3, quality=4, overall=4, nps=9, text="师傅很有耐心")
    rating = Rating.objects.get()
    assert (rating.attitude, rating.speed, rating.quality, rating.overall, rating.nps) == (5, 3, 4, 4, 9)
    assert rating.engineer == cast.staff["engineer"] and rating.text == "师傅很有耐心"
    assert "师傅很有耐心" in story.page("manager") and story.is_sound()


def test_a_second_rating_changes_nothing(tell, cast):
    story = tell().walk(CALLED)
    story.take("customer", "rate", overall=2, attitude=2, speed=2, quality=2)
    story.cannot("customer", "rate")
    assert Rating.objects.get().overall == 2


def test_nobody_of_the_staff_rates(tell, cast):
    story = tell().walk(CALLED)
    for who in ("agent", "manager", "engineer"):
        story.cannot(who, "rate")
    assert not Rating.objects.exists()


@pytest.mark.parametrize("score", [0, 6, "x", ""])
def test_scores_are_one_to_five(tell, cast, score):
    story = tell().walk(CALLED)
    story.cannot("customer", "rate", attitude=score)


def test_after_reopening_the_new_round_is_rated_by_itself(tell, cast):
    story = tell().walk(CALLED)
    story.take("customer", "rate", overall=1, attitude=1, speed=1, quality=1)
    story.take("agent", "reopen", reason="客户不满意")
    story.walk(f"{ON_SITE} {FREE_REPAIR} hand_over {CALLS}")
    story.take("customer", "rate")
    assert list(Rating.objects.order_by("round").values_list("round", "overall")) == [(1, 1), (2, 5)]
    assert story.is_sound()
