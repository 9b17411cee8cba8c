"""C4.5: diagnosis, work, parts, another unit – each on record, none before it may."""

from __future__ import annotations

import datetime as dt

import pytest

from baoxiu.cases.models import Duty
from baoxiu.catalogue.models import Unit
from baoxiu.repair import queries
from baoxiu.repair.models import Diagnosis, PartUse, UnitSwap, WorkRecord
from tests.rooms.walking import ON_SITE, begin, refused

pytestmark = pytest.mark.django_db


def test_it_refuses_paid_work_without_consent(cast, now):
    walk = begin(cast, now, unit="old").steps(f"{ON_SITE} diagnose")
    no = refused(walk, "start_work")
    assert no.code == "missing_fact" and "同意" in no.reason.zh
    walk.steps("quote accept_quote start_work")


def test_it_refuses_work_while_it_is_open_who_pays(cast, now):
    walk = begin(cast, now, unit=None).steps(f"{ON_SITE} diagnose")
    assert walk.case.facts["cover"] == "unknown"
    refused(walk, "start_work")
    walk.steps("override_cover start_work")  # the manager decides


def test_it_refuses_work_before_diagnosis(cast, now):
    refused(begin(cast, now).steps(ON_SITE), "start_work")


def test_the_diagnosis_says_whether_it_is_a_quality_fault(cast, now):
    walk = begin(cast, now).steps(ON_SITE)
    assert refused(walk, "diagnose", fault="unknown").field == "fault"
    walk.step("diagnose", text="泵烧毁")
    found = Diagnosis.objects.get(case=walk.case)
    assert (found.symptom, found.cause, found.remedy, found.cover, found.text) == (
        "drain",
        "component",
        "replace_part",
        "free",
        "泵烧毁",
    )
    assert found.by == cast.staff["engineer"]


@pytest.mark.parametrize("step", ["diagnose", "condemn", "start_work"])
def test_another_engineer_touches_nothing(cast, now, step):
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose")
    assert refused(walk, step, by="engineer2").code == "wrong_party"
    assert refused(walk, step, by="station_head").code == "wrong_party"  # it is not at the station


def test_work_and_parts_are_kept(cast, now):
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose start_work")
    walk.step("work", parts=[{"text": "排水泵", "number": "P-1", "quantity": 2}, {"text": "密封圈"}])
    record = WorkRecord.objects.get(case=walk.case)
    assert (record.minutes, record.remedy, record.text) == (40, "replace_part", "更换排水泵")
    assert list(
        PartUse.objects.filter(work=record).order_by("id").values_list("text", "number", "quantity")
    ) == [("排水泵", "P-1", 2), ("密封圈", "", 1)]


def test_a_replacement_moves_the_case_to_the_new_unit(cast, now):
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose start_work replace")
    new = walk.case.unit
    cast.unit.refresh_from_db()
    assert (new.serial, new.model, new.customer, new.brand) == (
        "SN-NEW-2",
        cast.unit.model,
        cast.wang,
        "海清",
    )
    assert new.purchase_date == dt.date(2026, 11, 2) and cast.unit.replaced_by == new
    swap = UnitSwap.objects.get(case=walk.case)
    assert (swap.old_unit, swap.new_unit) == (cast.unit, new)
    assert walk.is_sound()


def test_a_replaced_unit_is_judged_from_its_own_day_when_the_case_reopens(cast, now):
    walk = begin(cast, now).wait(days=3)
    walk.steps(f"{ON_SITE} diagnose start_work replace pass_test hand_over reopen triage")
    assert walk.case.facts["cover"] == "free" and walk.is_sound()


def test_a_unit_from_stock_is_taken_over(cast, now):
    stock = Unit.objects.create(model=cast.unit.model, serial="SN-NEW-2", created_at=now)
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose start_work replace")
    assert walk.case.unit == stock and walk.case.unit.customer == cast.wang


def test_it_refuses_a_serial_of_another_customers_unit(cast, now):
    Unit.objects.create(model=cast.unit.model, serial="SN-NEW-2", customer=cast.liu, created_at=now)
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose start_work")
    no = refused(walk, "replace")
    assert no.field == "new_serial" and "刘总" not in no.reason.zh
    assert Unit.objects.get(serial="SN-NEW-2").customer == cast.liu


def test_it_refuses_the_old_serial_and_a_unit_exchanged_before(cast, now):
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose start_work")
    assert refused(walk, "replace", new_serial="SN-NEW-1").field == "new_serial"
    walk.step("replace")
    assert refused(walk, "replace", new_serial="SN-NEW-1").field == "new_serial"
    walk.step("replace", new_serial="SN-NEW-3")  # the new one was faulty as well
    assert walk.case.unit.serial == "SN-NEW-3" and walk.is_sound()


def test_a_case_without_a_unit_gets_one_by_replacement(cast, now):
    walk = begin(cast, now, unit=None).steps(f"{ON_SITE} diagnose override_cover start_work replace")
    assert walk.case.unit.serial == "SN-NEW-2" and walk.is_sound()


def test_a_serial_unknown_in_its_model_is_found_among_units_without_one(cast, now):
    Unit.objects.create(serial="SN-NEW-2", customer=cast.sun, created_at=now)
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose start_work")
    assert refused(walk, "replace").field == "new_serial"


def test_parts_are_due_by_the_end_of_the_day_they_are_expected(cast, now):
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose")
    assert refused(walk, "wait_parts", expected=dt.date(2026, 11, 1)).field == "expected"
    walk.step("wait_parts", expected=dt.date(2026, 11, 5))
    due = Duty.objects.get(case=walk.case, kind="parts", outcome="open").due_at
    assert due == dt.datetime(2026, 11, 6, tzinfo=now.tzinfo) and walk.is_sound()


def test_a_test_cannot_pass_before_the_work_is_done(cast, now):
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose start_work")
    refused(walk, "pass_test")
    walk.steps("work fail_test")
    refused(walk, "pass_test")
    walk.steps("work pass_test")


def test_the_whole_repair_is_read_at_once(cast, now, django_assert_max_num_queries):
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose start_work work replace")
    with django_assert_max_num_queries(5):
        found = queries.of_case(cast.actor("agent"), walk.case)
        assert (len(found.diagnoses), len(found.work), len(found.swaps)) == (1, 1, 1)
        assert found.work[0].parts.all()[0].text == "排水泵"
    assert queries.of_case(cast.actor("engineer2"), walk.case).diagnoses == []
