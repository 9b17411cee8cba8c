"""C4.4b: to a station and back, with carrier, condition and every hand it went through."""

from __future__ import annotations

import pytest

from baoxiu.depot.models import Parcel, Receipt
from tests.story import telling
from tests.story.telling import CALLS, FREE_REPAIR

pytestmark = pytest.mark.django_db


def mailed_in(tell):
    story = tell().walk("triage")
    story.take("agent", "confirm", venue="depot")
    return story.walk("assign_station")


def test_the_customer_sends_it_and_gets_it_back(tell, cast):
    story = mailed_in(tell)
    story.take("customer", "ship_in", carrier="顺丰", tracking="SF100")
    story.take("station_head", "receive", condition="外壳有划痕", accessories="电源线")
    assert "收到" in story.letter("receive").subject
    story.walk(f"take_on {FREE_REPAIR}")
    story.take("station_head", "ship_out", carrier="顺丰", tracking="SF200")
    assert "SF200" in story.letter("ship_out").body
    story.take("customer", "deliver")
    story.walk(CALLS)
    receipt = Receipt.objects.get()
    assert (receipt.condition, receipt.accessories) == ("外壳有划痕", "电源线")
    assert list(Parcel.objects.order_by("id").values_list("direction", "status")) == [
        ("in", "received"),
        ("out", "delivered"),
    ]
    assert story.stage == "closed" and story.is_sound()


def test_it_is_brought_and_collected_in_person(tell, cast):
    story = mailed_in(tell).walk(f"receive take_on {FREE_REPAIR}")
    story.take("station_head", "collect", signer="王女士")
    assert story.case.facts["possession"] == "customer" and not Parcel.objects.exists() and story.is_sound()


def test_another_station_does_not_even_see_it(tell, cast):
    story = mailed_in(tell)
    story.cannot("station_head2", "receive")


def test_only_an_engineer_of_the_station_gets_it_on_the_bench(tell, cast):
    story = mailed_in(tell).walk("receive")
    story.cannot("station_head", "take_on", engineer=cast.staff["engineer2"].pk)
    story.take("station_head", "take_on")
    assert story.case.engineer == cast.staff["engineer"]


def test_the_bench_shows_what_is_on_its_way_waiting_and_ready(cast):
    story = mailed_in(lambda: telling.begin(cast, "pages"))
    bench = cast.client("station_head")
    for steps in ("ship_in", "receive", f"take_on {FREE_REPAIR}"):
        story.walk(steps)
        assert story.number in bench.get("/bench/").content.decode()
    assert story.number not in cast.client("station_head2").get("/bench/").content.decode()


def test_withdrawn_while_it_is_with_us_it_comes_back_unrepaired(tell, cast):
    story = mailed_in(tell).walk("receive take_on")
    story.cannot("customer", "withdraw")
    story.take("customer", "withdraw_return", reason="too_slow")
    story.walk(f"ship_out deliver {CALLS}")
    assert story.stage == "closed" and story.case.facts["outcome"] == "withdrawn" and story.is_sound()
