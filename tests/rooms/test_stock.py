"""M4: a ledger that always adds up; what is kept for a case is nobody else's."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from baoxiu.cases.steps import StepRefused
from baoxiu.dispatch import operations, queries
from baoxiu.parts import operations as parts
from baoxiu.parts import queries as stock
from baoxiu.parts.models import Holding, Move, Posting, Reservation
from baoxiu.parts.records import HoldingRecord, ReservationRecord, StockRecord
from baoxiu.people.models import Staff
from baoxiu.people.rules import Denied, Invalid
from tests.rooms.planning import ready
from tests.rooms.test_parts import count, held, needy

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(cast):
    ready(cast)
    return cast


@pytest.fixture(autouse=True)
def _adds_up(db):
    yield
    assert stock.unbalanced() == []


def act(cast, now, place, kind="received", who="stock_keeper", key=None, **more):
    record = StockRecord(kind=kind, number="P-1", **more)
    return operations.move_stock(place, record, by=cast.actor(who), now=now, key=key)


def reserve(cast, now, walk, holding, pieces=1, who="agent", key=None):
    record = ReservationRecord(holding=holding.pk, quantity=pieces)
    operations.reserve_part(walk.case, record, by=cast.actor(who), now=now, key=key)


def kept(number="P-1"):
    found = Reservation.objects.filter(holding__number=number, quantity__gt=0)
    return sorted(found.values_list("reference", "holding__station", "quantity"))


def test_what_comes_goes_and_is_counted_stands_in_the_ledger(city, now):
    room = city.station
    act(city, now, room, quantity=5, name="排水泵", text="送货单 881")
    act(city, now, room, "written_off", quantity=2, text="受潮")
    count(city, now, room, 4, who="stock_keeper")
    act(city, now, room, "transfer", quantity=3, to_staff=city.staff["engineer"].pk)
    assert (held(room), held(city.staff["engineer"])) == ({"P-1": 1}, {"P-1": 3})
    found = stock.moves(city.actor("stock_keeper"), room)
    assert [(m.posting.kind, m.pieces, m.quantity_after) for m in found] == [
        ("transfer", -3, 1), ("count", 1, 4), ("written_off", -2, 3), ("received", 5, 5),
    ]  # fmt: skip
    assert {m.posting.by for m in found} == {"吴仓管"}


def test_the_same_form_twice_counts_once_and_another_under_its_key_is_refused(city, now):
    for _ in range(2):
        act(city, now, city.station, quantity=5, key="a")
        count_ = HoldingRecord(number="P-2", quantity=3)
        parts.count(city.station, count_, by=city.actor("stock_keeper"), now=now, key="b")
    assert held(city.station) == {"P-1": 5, "P-2": 3} and Move.objects.count() == 2
    with pytest.raises(Invalid, match="something else"):
        act(city, now, city.station, quantity=6, key="a")
    with pytest.raises(Invalid, match="something else"):
        act(city, now, city.station, quantity=5, key="a", who="manager")
    assert Posting.objects.count() == 2


def test_there_is_never_less_than_nothing(city, now):
    act(city, now, city.station, quantity=1)
    for kind, more in (("written_off", {"text": "x"}), ("transfer", {"to_staff": city.staff["engineer"].pk})):
        with pytest.raises(Invalid, match="only 1 × P-1"):
            act(city, now, city.station, kind, quantity=2, **more)
    with pytest.raises(Invalid, match="not kept here"):
        act(city, now, city.station2, "written_off", who="manager", text="x")
    with pytest.raises(Invalid, match="already"):
        act(city, now, city.station, "transfer", to_station=city.station.pk)
    with pytest.raises(Invalid, match="only an engineer"):
        act(city, now, city.station, "transfer", to_staff=city.staff["agent"].pk)
    assert held(city.station) == {"P-1": 1}


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "transfer"}, {"kind": "received", "to_staff": 1}, {"kind": "transfer", "to_staff": 1, "to_station": 1}, {"kind": "reserve"},
        {"kind": "written_off"}, {"kind": "received", "case": "BX-1"}, {"quantity": 0}, {"quantity": -1}, {"kind": "used"},
    ],
)  # fmt: skip
def test_what_is_filled_in_is_whole(wrong):
    with pytest.raises(ValidationError):
        StockRecord(number="P-1", **wrong)


def test_what_is_kept_for_a_case_is_nobody_elses(city, now):
    mine, other = needy(city, now), needy(city, now, east=0.01)
    holding = act(city, now, city.station, quantity=1)
    reserve(city, now, mine, holding)
    with pytest.raises(Invalid, match="only 0 × P-1"):
        reserve(city, now, other, holding)
    with pytest.raises(Invalid, match="only 0 × P-1"):
        act(city, now, city.station, "written_off", text="x")
    with pytest.raises(Invalid, match="reserved"):
        count(city, now, city.station, 0)
    with pytest.raises(Invalid, match="reserved"):
        parts.remove(holding, by=city.actor("stock_keeper"), now=now)
    van = city.staff["engineer"]
    assert parts.fetch(van, [("P-1", 1)], by=van.actor(), now=now) == []
    parts.use([("P-1", 1)], staff=None, station=city.station.pk, reference=other.case.number, by=van.actor(), now=now)  # fmt: skip
    assert held(city.station) == {"P-1": 1}
    # the other case cannot be sent, the one it is kept for can
    by = city.actor("dispatcher")
    for walk, can in ((mine, True), (other, False)):
        ranked = {r.id: r for r in queries.suggestions(by, walk.case, now=now)}
        assert ranked[van.pk].eligible is can
    with pytest.raises(StepRefused, match="P-1"):
        other.step("assign", engineer=van.pk)
    mine.step("assign", engineer=van.pk)


def test_it_goes_into_the_van_with_its_case_and_is_used_there(city, now):
    mine, van = needy(city, now), city.staff["engineer"]
    holding = act(city, now, city.station, quantity=2)
    reserve(city, now, mine, holding)
    mine.step("assign", engineer=van.pk)
    engineer = city.actor("engineer")
    assert [(b.to_fetch, b.there) for b in queries.bringing(engineer, [mine.case.number])] == [(1, 2)]
    assert operations.fetch([mine.case.number], by=engineer, now=now) == [("P-1", 1)]
    assert kept() == [(mine.case.number, None, 1)] and held(city.station) == {"P-1": 1}
    assert [(b.to_fetch, b.in_van) for b in queries.bringing(engineer, [mine.case.number])] == [(0, 1)]
    mine.steps("accept appoint set_out check_in diagnose start_work")
    mine.step("work", remedy="replace_part", text="换泵", parts=[{"text": "泵", "number": "P-1"}])
    assert (held(van), kept()) == ({"P-1": 0}, [])
    used = Move.objects.get(posting__kind="used")
    assert (used.pieces, used.reserved, used.posting.reference) == (-1, -1, mine.case.number)


@pytest.mark.parametrize("how", ["withdraw", "merge", "condemn", "pass_test"])
def test_what_a_case_needs_no_more_is_free_again(city, now, how):
    mine = needy(city, now)
    holding = act(city, now, city.station, quantity=1)
    reserve(city, now, mine, holding)
    if how == "merge":
        mine.step("merge", by="agent", into=needy(city, now).case.number)
    elif how == "withdraw":
        mine.step("withdraw")
    else:
        mine.steps("assign accept appoint set_out check_in diagnose start_work")
        mine.step("work", remedy="repair_part", text="修复", parts=[])
        mine.step(how, **({"reason": "主板烧毁"} if how == "condemn" else {}))
    holding.refresh_from_db()
    assert (holding.quantity, holding.reserved, kept()) == (1, 0, [])


def test_it_is_carried_to_another_place_with_its_case(city, now):
    mine = needy(city, now)
    holding = act(city, now, city.station, quantity=1)
    reserve(city, now, mine, holding)
    act(city, now, city.station, "transfer", to_station=city.station2.pk, case=mine.case.number)
    assert kept() == [(mine.case.number, city.station2.pk, 1)] and held(city.station) == {"P-1": 0}
    ranked = {r.name: r.eligible for r in queries.suggestions(city.actor("dispatcher"), mine.case, now=now)}
    assert (ranked["张工"], ranked["钱工"]) == (False, True)
    with pytest.raises(Invalid, match="reserved for"):
        act(city, now, city.station2, "transfer", to_station=city.station.pk, case="BX-0", who="manager")


def test_reserving_and_letting_go_by_whoever_may(city, now):
    mine = needy(city, now)
    holding = act(city, now, city.station, quantity=3)
    reserve(city, now, mine, holding, key="k")
    reserve(city, now, mine, holding, key="k")
    assert kept() == [(mine.case.number, city.station.pk, 1)]
    # another station's stock is no stock to him; with his own van it is the case that he may not see
    with pytest.raises(Invalid, match="no such stock"):
        reserve(city, now, mine, holding, who="engineer2")
    van = count(city, now, city.staff["engineer2"], 1)
    with pytest.raises(Denied):
        reserve(city, now, mine, van, who="engineer2")
    with pytest.raises(Denied):
        operations.release_part(mine.case, holding.pk, by=city.actor("station_head"), now=now)
    with pytest.raises(Invalid, match="no such case"):
        act(
            city, now, city.station, "reserve", case=mine.case.number
        )  # the keeper sees cases that wait for parts
    act(city, now, city.station, "reserve", case=mine.case.number, who="manager")
    act(city, now, city.station, "release", case=mine.case.number)
    for _ in range(2):
        operations.release_part(mine.case, holding.pk, by=city.actor("agent"), now=now)
    assert kept() == []
    mine.step("withdraw")
    with pytest.raises(Invalid, match="closed"):
        reserve(city, now, mine, holding)


def test_who_gives_away_what_lies_where(city, now):
    alone = Staff.objects.create(email="alone@example.com", name="无站", roles=" engineer ")
    places = [city.station, city.station2, city.staff["engineer"], city.staff["engineer2"], alone]
    may = {
        "agent": "11111", "dispatcher": "11111", "account_manager": "11111", "manager": "11111", "engineer": "10100",
        "engineer2": "01010", "stock_keeper": "10100", "station_head": "10100",
    }  # fmt: skip
    for who, row in may.items():
        assert "".join(str(int(stock.may_reserve(city.actor(who), p))) for p in places) == row, who
    # no station is not the same as no station
    assert [stock.may_reserve(alone.actor(), p) for p in places] == [False] * 4 + [True]


def test_a_part_not_kept_any_more_leaves_the_list_and_not_the_ledger(city, now):
    holding = act(city, now, city.station, quantity=2)
    keeper = city.actor("stock_keeper")
    parts.remove(holding, by=keeper, now=now)
    assert list(stock.holdings(keeper, city.station)) == []
    assert [m.pieces for m in stock.moves(keeper, city.station)] == [-2, 2]
    act(city, now, city.station, quantity=1)
    assert [h.quantity for h in stock.holdings(keeper, city.station)] == [1] and Holding.objects.count() == 1


def test_an_engineer_sees_his_own_van_only(city, now):
    count(city, now, city.staff["engineer"], 2)
    count(city, now, city.staff["engineer2"], 3)
    for who, seen in (("engineer", [2]), ("engineer2", []), ("agent", []), ("manager", [2])):
        assert [h.quantity for h in stock.holdings(city.actor(who), city.staff["engineer"])] == seen
        assert len(stock.moves(city.actor(who), city.staff["engineer"])) == len(seen)
