"""C4.3, M4: parts in van or stockroom decide who may be sent; what is fetched and used comes off."""

from __future__ import annotations

import datetime as dt

import pytest

from baoxiu.cases.steps import StepRefused
from baoxiu.dispatch import crew, kept, operations, queries, situation
from baoxiu.dispatch.models import PartNeed
from baoxiu.dispatch.operations.publishing import NotFeasible
from baoxiu.dispatch.plan.model import STOCKROOM
from baoxiu.dispatch.records import MoveRecord, PublishRecord, SolveRecord
from baoxiu.parts import operations as parts
from baoxiu.parts.models import Holding
from baoxiu.parts.records import HoldingRecord
from baoxiu.people.models import Staff
from baoxiu.people.rules import Denied, Invalid
from tests.rooms.planning import job, ready
from tests.rooms.walking import refused

pytestmark = pytest.mark.django_db
PUMP = [{"number": "P-1", "name": "排水泵", "quantity": 1}]


@pytest.fixture
def city(cast):
    ready(cast)
    return cast


def count(cast, now, place, pieces, number="P-1", who="administrator"):
    record = HoldingRecord(number=number, name="排水泵", quantity=pieces)
    return parts.count(place, record, by=cast.actor(who), now=now)


def held(place):
    return dict(place.holdings.values_list("number", "quantity"))


def needy(cast, now, **more):
    """A confirmed job that needs a pump, said at triage."""
    walk = job(cast, now, "", **more)
    walk.step("triage", parts=PUMP)
    walk.step("confirm")
    return walk


def test_only_who_has_the_part_is_suggested_and_assigned(city, now):
    walk, second = needy(city, now), city.staff["engineer2"]
    count(city, now, second, 1)
    ranked = queries.suggestions(city.actor("dispatcher"), walk.case, now=now)
    assert [(r.name, r.eligible) for r in ranked] == [("钱工", True), ("张工", False)]
    assert "仓库" in ranked[1].reasons[0].zh and "P-1" in ranked[1].reasons[0].en
    with pytest.raises(StepRefused, match="P-1"):
        walk.step("assign", engineer=city.staff["engineer"].pk)
    walk.step("assign", engineer=second.pk)


def test_a_part_in_the_stockroom_sends_the_engineer_by_the_station(city, now):
    walk, first = needy(city, now), city.staff["engineer"]
    count(city, now, city.station, 1)
    by = city.actor("dispatcher")
    plan, moved = operations.move(
        now.date(), MoveRecord(number=walk.case.number, engineer=first.pk), by=by, now=now
    )
    assert moved.ok and plan.routes == {str(first.pk): [STOCKROOM, walk.case.number]}
    done = operations.publish(now.date(), PublishRecord(edits=plan.edits), by=by, now=now)
    begins, ends = done.plan.times[f"{STOCKROOM} {first.pk}"][1:]
    assert ends - begins == crew.FETCHING and ends <= done.plan.times[walk.case.number][1]
    # the plan in force goes there too, until he has been there
    assert STOCKROOM in situation.build(now.date(), now=now).force.routes[str(first.pk)]
    engineer = city.actor("engineer")
    assert [(b.to_fetch, b.there) for b in queries.bringing(engineer, [walk.case.number])] == [(1, 1)]
    assert operations.fetch([walk.case.number], by=engineer, now=now) == [("P-1", 1)]
    assert (held(city.station), held(first)) == ({"P-1": 0}, {"P-1": 1})
    assert STOCKROOM not in situation.build(now.date(), now=now).force.routes[str(first.pk)]


def test_one_piece_in_the_stockroom_is_planned_for_one_job(city, now):
    walks = [needy(city, now, east=0.01 * i) for i in range(2)]
    second = city.staff["engineer2"]
    Staff.objects.filter(pk=second.pk).update(station=city.station)
    count(city, now, city.station, 1)
    by = city.actor("dispatcher")
    for walk, who in zip(walks, ("engineer", "engineer2"), strict=True):
        record = MoveRecord(number=walk.case.number, engineer=city.staff[who].pk)
        plan, _ = operations.move(now.date(), record, by=by, now=now)
    with pytest.raises(NotFeasible, match="not enough in the stockroom"):
        operations.publish(now.date(), PublishRecord(edits=plan.edits), by=by, now=now)
    asked = operations.ask(now.date(), SolveRecord(seconds=1), by=by, now=now)
    assert "1 jobs planned, 1 left out" in operations.solve(asked.pk, by=by, now=now)


def test_nobody_has_it_and_the_board_says_so(city, now):
    walk = needy(city, now)
    day = situation.build(now.date(), now=now)
    assert day.arrays.hopeless() == [walk.case.number]
    first = kept.day(now.date(), now=now)
    count(city, now, city.staff["engineer"], 1)  # is seen at once
    assert kept.day(now.date(), now=now) is not first
    assert not kept.day(now.date(), now=now).day.arrays.hopeless()


def test_what_is_used_comes_off_the_van_then_the_stockroom_and_never_below_zero(city, now):
    walk, first = needy(city, now), city.staff["engineer"]
    count(city, now, first, 1)
    count(city, now, city.station, 5)
    walk.steps("assign accept appoint set_out check_in diagnose start_work")
    walk.step(
        "work", remedy="replace_part", text="换泵", parts=[{"text": "泵", "number": "P-1", "quantity": 3}]
    )
    assert (held(first), held(city.station)) == ({"P-1": 0}, {"P-1": 3})
    assert not PartNeed.objects.exists()
    parts.use(
        [("P-1", 9), ("P-9", 1)], staff=first.pk, station=city.station.pk, by=city.actor("engineer"), now=now
    )
    assert held(city.station) == {"P-1": 0}


def test_needs_are_replaced_as_a_whole_by_whoever_may(city, now):
    walk, by = needy(city, now), city.actor("dispatcher")
    twice = [*PUMP, {"number": "P-1", "quantity": 2}, {"number": "B-2"}]
    walk.step("need_parts", parts=twice)
    assert {n.number: n.quantity for n in queries.needed(by, walk.case)} == {"P-1": 3, "B-2": 1}
    assert [p["quantity"] for p in queries.to_bring(by, walk.case)["parts"]] == [1, 3]
    walk.step("need_parts", parts=[])
    assert queries.needed(by, walk.case) == [] and walk.is_sound()
    assert refused(walk, "need_parts", by="station_head", parts=twice).code == "wrong_party"
    walk.step("withdraw")
    assert refused(walk, "need_parts", parts=twice).code == "wrong_stage"


def test_a_stock_keeper_counts_at_his_own_station_only(city, now):
    count(city, now, city.station, 4, who="stock_keeper")
    assert count(city, now, city.staff["engineer"], 2, who="stock_keeper").quantity == 2
    for place, who in (
        (city.station2, "stock_keeper"),
        (city.staff["engineer2"], "station_head"),
        (city.station, "agent"),
    ):
        with pytest.raises(Denied):
            count(city, now, place, 1, who=who)
    with pytest.raises(Invalid):
        count(city, now, city.staff["agent"], 1)
    count(city, now, city.station, 3)
    assert Holding.objects.filter(station=city.station).get().quantity == 3
    with pytest.raises(Denied):
        parts.remove(Holding.objects.first(), by=city.actor("engineer"), now=now + dt.timedelta(1))
