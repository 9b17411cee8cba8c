"""C4.3: ranked suggestions with their reasons; hard rules exclude; only the one asked may answer."""

from __future__ import annotations

import datetime as dt

import pytest

from baoxiu.cases.models import Duty, WorkOrder
from baoxiu.dispatch import queries
from baoxiu.people.models import Absence, StaffSkill
from tests.rooms.walking import begin, refused

pytestmark = pytest.mark.django_db
CONFIRMED = "triage confirm"


def away(staff, now, days=3):
    Absence.objects.create(staff=staff, from_date=now.date(), until_date=now.date() + dt.timedelta(days=days))


def test_it_ranks_those_who_may_first_and_says_why(cast, now, skilled):
    walk = begin(cast, now).steps(CONFIRMED)
    first, second = queries.suggestions(cast.actor("dispatcher"), walk.case, now=now)
    assert (first.candidate.name, second.candidate.name) == ("张工", "钱工")
    assert first.eligible and second.eligible and first.score > second.score
    assert all(r.en and r.zh for r in first.reasons)


def test_it_shows_who_may_not_and_why_not(cast, now):
    away(cast.staff["engineer"], now)
    walk = begin(cast, now).steps(CONFIRMED)
    ranked = {r.candidate.name: r for r in queries.suggestions(cast.actor("dispatcher"), walk.case, now=now)}
    assert not ranked["张工"].eligible and not ranked["钱工"].eligible
    assert "技能" in ranked["钱工"].reasons[0].zh


def test_more_open_jobs_rank_lower(cast, now, skilled):
    for _ in range(12):
        begin(cast, now).steps(f"{CONFIRMED} assign")
    walk = begin(cast, now).steps(CONFIRMED)
    cast.staff["engineer2"].__class__.objects.filter(pk=cast.staff["engineer2"].pk).update(
        lat=31.2, lon=121.5, region="上海市"
    )
    assert queries.suggestions(cast.actor("dispatcher"), walk.case, now=now)[0].candidate.name == "钱工"


def test_suggestions_cost_the_same_for_many_engineers(cast, now, django_assert_max_num_queries):
    walk = begin(cast, now).steps(CONFIRMED)
    Staff = type(cast.staff["engineer"])
    for i in range(20):
        Staff.objects.create_staff(f"e{i}@example.com", f"工{i}", ["engineer"])
    with django_assert_max_num_queries(7):
        assert len(queries.suggestions(cast.actor("dispatcher"), walk.case, now=now)) == 22


def test_nobody_is_suggested_to_who_may_not_see_the_case(cast, now):
    walk = begin(cast, now).steps(CONFIRMED)
    assert queries.suggestions(cast.actor("station_head2"), walk.case, now=now) == []
    assert queries.stations(cast.actor("station_head2"), walk.case) == []


def test_stations_of_the_customers_region_come_first(cast, now):
    walk = begin(cast, now).steps(CONFIRMED)
    assert [s.code for s in queries.stations(cast.actor("dispatcher"), walk.case)] == ["SH1", "BJ1"]


def test_an_assigned_job_is_the_engineers_to_answer(cast, now):
    walk = begin(cast, now).steps(f"{CONFIRMED} assign")
    assert walk.case.engineer == cast.staff["engineer"]
    assert Duty.objects.get(case=walk.case, kind="acceptance").owner == cast.staff["engineer"]
    assert (walk.order.status, walk.order.venue) == ("assigned", "onsite")
    assert walk.is_sound()


@pytest.mark.parametrize("who", ["agent", "manager", "station_head"])
def test_it_refuses_somebody_who_is_no_engineer(cast, now, who):
    walk = begin(cast, now).steps(CONFIRMED)
    assert refused(walk, "assign", engineer=cast.staff[who].pk).field == "engineer"


def test_it_refuses_an_engineer_who_does_not_exist(cast, now):
    assert refused(begin(cast, now).steps(CONFIRMED), "assign", engineer=987654).field == "engineer"


def test_it_refuses_an_absent_engineer_until_the_day_of_return(cast, now):
    away(cast.staff["engineer"], now, days=1)
    walk = begin(cast, now).steps(CONFIRMED)
    no = refused(walk, "assign")
    assert no.field == "engineer" and "张工" in no.reason.zh and "2026-11-03" in no.reason.zh
    walk.wait(days=1).step("assign")


def test_it_refuses_somebody_who_left(cast, now):
    cast.staff["engineer"].is_active = False
    cast.staff["engineer"].save()
    assert "停用" in refused(begin(cast, now).steps(CONFIRMED), "assign").reason.zh


def test_it_refuses_an_engineer_without_the_skill(cast, now):
    no = refused(begin(cast, now).steps(CONFIRMED), "assign", engineer=cast.staff["engineer2"].pk)
    assert no.code == "not_eligible" and no.field == "engineer"


def test_it_refuses_an_expired_certificate(cast, now):
    StaffSkill.objects.filter(staff=cast.staff["engineer"]).update(valid_until=dt.date(2026, 11, 1))
    assert refused(begin(cast, now).steps(CONFIRMED), "assign").code == "not_eligible"


def test_a_certificate_is_valid_on_its_last_day(cast, now):
    StaffSkill.objects.filter(staff=cast.staff["engineer"]).update(valid_until=dt.date(2026, 11, 2))
    begin(cast, now).steps(f"{CONFIRMED} assign")


def test_anybody_may_take_a_unit_no_skill_is_known_for(cast, now):
    walk = begin(cast, now, unit=None).steps(CONFIRMED)
    walk.step("assign", engineer=cast.staff["engineer2"].pk)


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_only_the_engineer_asked_may_answer(cast, now, answer):
    walk = begin(cast, now).steps(f"{CONFIRMED} assign")
    assert refused(walk, answer, by="engineer2").code == "wrong_party"
    assert refused(walk, answer, by="dispatcher").code == "wrong_party"
    walk.step(answer)


def test_a_declined_job_counts_against_asking_again(cast, now, skilled):
    walk = begin(cast, now).steps(f"{CONFIRMED} assign decline")
    ranked = queries.suggestions(cast.actor("dispatcher"), walk.case, now=now)
    declined = next(r for r in ranked if r.candidate.name == "张工")
    assert any("拒" in r.zh for r in declined.reasons)
    assert WorkOrder.objects.get(case=walk.case).status == "declined"


def test_reassigning_needs_somebody_else(cast, now):
    walk = begin(cast, now).steps(f"{CONFIRMED} assign accept")
    assert refused(walk, "reassign", engineer=cast.staff["engineer"].pk).field == "engineer"


def test_reassigning_frees_the_first_engineers_appointment(cast, now, skilled):
    walk = begin(cast, now).steps(f"{CONFIRMED} assign accept appoint reassign")
    assert walk.body("reassign")["from_engineer_id"] == cast.staff["engineer"].pk
    assert list(WorkOrder.objects.filter(case=walk.case).order_by("id").values_list("status", flat=True)) == [
        "cancelled",
        "assigned",
    ]
    assert walk.owed == {"acceptance"} and walk.is_sound()


def test_a_station_must_exist_and_be_open(cast, now):
    walk = begin(cast, now)
    walk.step("triage")
    walk.step("confirm", venue="depot")
    assert refused(walk, "assign_station", station=4711).field == "station"
    cast.station.is_active = False
    cast.station.save()
    assert refused(walk, "assign_station").field == "station"
    assert refused(walk, "assign").code == "missing_fact"
