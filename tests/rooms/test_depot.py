"""C4.4b: parcels both ways, receipt, bench – each station its own."""

from __future__ import annotations

import pytest

from baoxiu.cases.models import Duty
from baoxiu.depot import queries
from baoxiu.depot.models import Parcel, Receipt
from tests.rooms.walking import ON_SITE, begin, refused, to_depot

pytestmark = pytest.mark.django_db


def sent_to_station(cast, now):
    walk = begin(cast, now)
    walk.step("triage")
    walk.step("confirm", venue="depot")
    return walk.steps("assign_station")


def test_the_parcels_way_is_on_record(cast, now):
    walk = sent_to_station(cast, now)
    walk.step("ship_in", by=walk.link("track"))
    walk.steps("receive take_on diagnose start_work work pass_test ship_out deliver")
    inbound, outbound = Parcel.objects.filter(case=walk.case).order_by("id")
    assert (inbound.direction, inbound.status, inbound.station) == ("in", "received", cast.station)
    assert (outbound.direction, outbound.status, outbound.tracking) == ("out", "delivered", "SF200")
    assert outbound.arrived_at == walk.now and walk.is_sound()


def test_a_wrong_tracking_number_is_corrected_by_another(cast, now):
    walk = sent_to_station(cast, now).steps("ship_in")
    walk.step("ship_in", tracking="SF999")
    walk.step("receive")
    assert list(Parcel.objects.order_by("id").values_list("tracking", "status")) == [
        ("SF100", "replaced"),
        ("SF999", "received"),
    ]


def test_condition_on_receipt_is_kept_with_or_without_a_parcel(cast, now):
    walk = sent_to_station(cast, now).steps("receive")
    receipt = Receipt.objects.get(case=walk.case)
    assert (receipt.condition, receipt.accessories, receipt.parcel, receipt.by) == (
        "外壳有划痕",
        "电源线",
        None,
        "赵站长",
    )
    assert walk.case.facts["possession"] == "ours"


@pytest.mark.parametrize("step", ["receive", "ship_in"])
def test_another_stations_head_touches_nothing(cast, now, step):
    assert refused(sent_to_station(cast, now), step, by="station_head2").code == "wrong_party"


def test_the_bench_is_the_stations_own_engineers(cast, now):
    walk = sent_to_station(cast, now).steps("receive")
    assert refused(walk, "take_on", engineer=cast.staff["engineer2"].pk).field == "engineer"
    assert refused(walk, "take_on", engineer=cast.staff["agent"].pk).field == "engineer"
    walk.step("take_on")
    assert walk.case.engineer == cast.staff["engineer"] and walk.order.status == "on_bench"
    assert Duty.objects.get(case=walk.case, kind="repair").owner == cast.staff["engineer"]
    assert walk.is_sound()


def test_the_station_head_may_diagnose_and_an_engineer_is_named_for_the_call(cast, now):
    walk = sent_to_station(cast, now).steps("receive")
    walk.step("diagnose", by="station_head")
    assert walk.case.engineer == cast.staff["engineer"] and walk.is_sound()


def test_a_station_without_engineers_is_told_so(cast, now):
    cast.staff["engineer"].is_active = False
    cast.staff["engineer"].save()
    walk = sent_to_station(cast, now).steps("receive")
    assert refused(walk, "diagnose", by="station_head").code == "nobody"


def test_the_engineer_takes_it_along(cast, now):
    walk = begin(cast, now).steps(ON_SITE)
    assert refused(walk, "to_depot", station=99999).field == "station"
    walk.step("to_depot")
    assert walk.case.facts["possession"] == "ours" and walk.case.facts["venue"] == "depot"
    assert refused(walk, "ship_in").code == "missing_fact"
    assert walk.order.venue == "depot" and walk.order.station == cast.station
    assert walk.is_sound()


def test_nothing_is_shipped_twice_or_while_the_customer_has_it(cast, now):
    walk = to_depot(begin(cast, now)).steps("diagnose start_work work pass_test ship_out")
    assert refused(walk, "ship_out").code == "missing_fact"
    assert refused(walk, "collect").code == "missing_fact"


def test_only_the_own_station_ships(cast, now):
    walk = to_depot(begin(cast, now)).steps("diagnose start_work work pass_test")
    assert refused(walk, "ship_out", by="station_head2").code == "wrong_party"


def test_the_bench_shows_each_case_in_its_column(cast, now, django_assert_max_num_queries):
    sent = sent_to_station(cast, now).steps("ship_in")
    received = sent_to_station(cast, now).steps("receive")
    bench = to_depot(begin(cast, now))
    parts = to_depot(begin(cast, now)).steps("diagnose wait_parts")
    consent = to_depot(begin(cast, now, unit="old")).steps("diagnose quote")
    ready = to_depot(begin(cast, now)).steps("diagnose condemn")
    gone = to_depot(begin(cast, now)).steps("diagnose condemn ship_out")
    with django_assert_max_num_queries(3):
        shown = queries.bench(cast.actor("station_head"))
    assert {name: [row["number"] for row in rows] for name, rows in shown.items()} == {
        "in_transit": [sent.case.number], "received": [received.case.number], "waiting_consent": [consent.case.number],
        "waiting_parts": [parts.case.number], "on_bench": [bench.case.number], "to_ship": [ready.case.number],
        "shipped": [gone.case.number],
    }  # fmt: skip
    assert shown["in_transit"][0]["parcel"]["tracking"] == "SF100"
    assert shown["shipped"][0]["parcel"]["tracking"] == "SF200"
    assert not any(queries.bench(cast.actor("station_head2")).values())


def test_parcels_and_receipts_only_for_who_may_see_the_case(cast, now):
    walk = sent_to_station(cast, now).steps("ship_in receive")
    assert len(queries.parcels(cast.actor("station_head"), walk.case)) == 1
    assert len(queries.receipts(walk.link("track"), walk.case)) == 1
    assert queries.parcels(cast.actor("station_head2"), walk.case) == []
