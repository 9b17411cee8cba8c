"""C4.5: diagnosis, work, parts, another unit, test, hand-over – and every way it can end."""

from __future__ import annotations

import pytest
from django.test import Client

from baoxiu.catalogue.models import Unit
from baoxiu.repair.models import Diagnosis, Loan, PartUse
from tests.story.telling import CALLS, ON_SITE

pytestmark = pytest.mark.django_db


def test_cause_work_and_parts_are_on_record(tell, cast):
    story = tell().walk(ON_SITE)
    story.take(
        "engineer",
        "diagnose",
        symptom="drain",
        cause="component",
        remedy="replace_part",
        fault="quality",
        text="泵烧毁",
    )
    story.take("engineer", "start_work")
    parts = [{"text": "排水泵", "number": "P-1", "quantity": 1}, {"text": "密封圈", "quantity": 2}]
    story.take("engineer", "work", parts=parts)
    found = Diagnosis.objects.get()
    assert (found.symptom, found.cause, found.remedy, found.text) == (
        "drain",
        "component",
        "replace_part",
        "泵烧毁",
    )
    assert list(PartUse.objects.order_by("id").values_list("text", "quantity")) == [
        ("排水泵", 1),
        ("密封圈", 2),
    ]
    story.walk(f"pass_test hand_over {CALLS}")
    assert story.stage == "closed" and story.is_sound()


def test_the_order_of_the_work_cannot_be_turned_round(tell, cast):
    story = tell().walk(ON_SITE)
    for step in ("start_work", "work", "replace", "pass_test", "condemn", "wait_parts"):
        story.cannot("engineer", step)
    story.take("engineer", "diagnose")
    for step in ("work", "pass_test"):
        story.cannot("engineer", step)


def test_a_failed_test_goes_back_to_work(tell, cast):
    story = tell().walk(f"{ON_SITE} diagnose start_work work")
    story.take("engineer", "fail_test", text="仍漏水")
    story.cannot("engineer", "pass_test")
    story.walk("work pass_test hand_over")
    assert story.is_sound()


def test_an_exchanged_unit_keeps_its_history_and_nobody_elses_serial_is_taken(tell, cast):
    Unit.objects.create(
        model=cast.unit.model, serial="SN-LIU-1", customer=cast.liu, created_at=cast.unit.created_at
    )
    story = tell().walk(f"{ON_SITE} diagnose start_work")
    story.cannot("engineer", "replace", new_serial="SN-LIU-1")
    story.cannot("engineer", "replace", new_serial="SN-NEW-1")
    story.take("engineer", "replace", new_serial="SN-NEW-9")
    cast.unit.refresh_from_db()
    assert story.case.unit.serial == "SN-NEW-9" and cast.unit.replaced_by == story.case.unit
    assert story.is_sound()


def test_what_cannot_be_mended_is_said(tell, cast):
    story = tell().walk(f"{ON_SITE} diagnose")
    story.take("engineer", "condemn", reason="主板已停产")
    assert story.stage == "handover" and story.case.facts["outcome"] == "unrepairable"
    story.walk(f"hand_over {CALLS}")
    assert story.is_sound()


def test_parts_are_waited_for_and_the_engineer_comes_again(tell, cast):
    story = tell().walk(f"{ON_SITE} diagnose")
    story.take("engineer", "wait_parts", part="主板")
    assert story.stage == "parts" and story.owed == {"parts"}
    story.take("stock_keeper", "return_visit")
    story.walk("appoint check_in start_work work pass_test hand_over")
    assert story.stage == "followup" and story.is_sound()


def test_parts_are_waited_for_at_the_bench(tell, cast):
    story = tell().walk("triage")
    story.take("agent", "confirm", venue="depot")
    story.walk("assign_station receive take_on diagnose wait_parts")
    story.take("stock_keeper", "parts_arrived")
    story.walk("start_work work pass_test ship_out deliver")
    assert story.stage == "followup" and story.is_sound()


def test_another_engineer_neither_sees_nor_touches_the_job(tell, cast):
    story = tell().walk(f"{ON_SITE} diagnose")
    story.cannot("engineer2", "start_work")


def test_the_repair_clock_is_seen_by_staff_and_customer(tell, cast):
    cast.unit.model.law_class = "mobile_phone"
    cast.unit.model.save()
    story = tell().walk("triage")
    story.take("agent", "confirm", venue="depot")
    story.walk("assign_station receive take_on diagnose")
    story.take("engineer", "wait_parts", part="屏幕", waiting_for="producer")
    if story.interface == "api":
        for who in ("agent", "customer"):
            clock = story._machine(who, "chase").get(f"/cases/{story.number}/repair-clock").json()
            assert [(x["kind"], x["rule"], x["days"]) for x in clock["limits"]] == [
                ("loaner", "CN-3BAO-MP-005", 7),
                ("exchange", "CN-3BAO-MP-004", 60),
            ]
            assert [w["whose"] for w in clock["stays"][0]["waits"]] == ["producer"]
        return
    page = story.page("agent")
    assert "维修时钟" in page and "第 0 天，共 60 天" in page and "厂家的延误" in page
    seen = Client(headers={"accept-language": "en"}).get(story.address("track")).text
    assert "Repair time" in seen and "CN-3BAO-MP-004" in seen and "the maker" in seen


def test_a_loaner_goes_out_and_comes_back_with_a_damage_note(tell, cast):
    story = tell().walk("triage")
    story.take("agent", "confirm", venue="depot")
    story.walk("assign_station receive")
    story.take("station_head", "lend", serial="LN-7", text="九成新，含充电器")
    assert "loaner_return" in story.owed
    if story.interface == "api":
        (out,) = story._machine("station_head", "lend").get("/loaners").json()["items"]
        assert (out["number"], out["serial"], out["returned_at"]) == (story.number, "LN-7", None)
    else:
        for who, path in (("station_head", "/bench/loaners/"), ("agent", "/desk/loaners/")):
            page = cast.client(who).get(path).text
            assert "LN-7" in page and story.number in page
    story.walk("take_on diagnose start_work work pass_test ship_out deliver follow_up final_follow_up")
    story.cannot("agent", "close")
    story.cannot("agent", "return_loaner", condition="damaged")
    story.take("agent", "return_loaner", condition="damaged", text="外壳裂")
    story.walk("close")
    assert story.is_sound() and Loan.objects.get().damage == "外壳裂"
    if story.interface == "pages":
        assert "外壳裂" in story.page("agent")
