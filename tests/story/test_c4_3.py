"""C4.3: the right engineer, with the reason for each rank; who is asked answers; who cannot is not asked."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from baoxiu.cases.models import WorkOrder
from baoxiu.dispatch import queries
from baoxiu.people.models import Absence, StaffSkill

pytestmark = pytest.mark.django_db


def test_the_dispatcher_sees_who_fits_and_why_and_assigns(tell, cast):
    story = tell().walk("triage confirm")
    first = queries.suggestions(cast.actor("dispatcher"), story.case, now=timezone.now())[0]
    if story.interface == "pages":
        html = cast.client("dispatcher").get(f"/desk/cases/{story.number}/assignment/").content.decode()
        assert "张工" in html and first.reasons[0].zh in html
    story.take("dispatcher", "assign")
    assert story.case.engineer == cast.staff["engineer"] and story.owed == {"acceptance"}
    story.take("engineer", "accept")
    assert story.stage == "visit" and story.owed == {"appointment"} and story.is_sound()


def test_an_absent_engineer_is_not_sent(tell, cast):
    today = timezone.localdate()
    Absence.objects.create(
        staff=cast.staff["engineer"], from_date=today, until_date=today + dt.timedelta(days=2)
    )
    story = tell().walk("triage confirm")
    story.cannot("dispatcher", "assign")


def test_an_engineer_without_the_skill_or_with_an_expired_certificate_is_not_sent(tell, cast):
    story = tell().walk("triage confirm")
    story.cannot("dispatcher", "assign", engineer=cast.staff["engineer2"].pk)
    StaffSkill.objects.update(valid_until=timezone.localdate() - dt.timedelta(days=1))
    story.cannot("dispatcher", "assign")


def test_a_declined_job_goes_back_to_dispatch_with_the_reason(tell, cast, skilled):
    story = tell().walk("triage confirm assign")
    story.take("engineer", "decline", reason="overloaded")
    assert story.stage == "dispatch" and story.owed == {"dispatch"} and story.case.engineer is None
    story.take("dispatcher", "assign", engineer=cast.staff["engineer2"].pk)
    story.take("engineer2", "accept")
    assert story.is_sound()


def test_nobody_answers_for_somebody_else(tell, cast, skilled):
    story = tell().walk("triage confirm assign")
    story.cannot("engineer2", "accept")
    story.cannot("engineer2", "decline")


def test_a_job_is_taken_over_by_another_engineer(tell, cast, skilled):
    story = tell().walk("triage confirm assign accept appoint")
    story.take("dispatcher", "reassign", reason="张工生病")
    assert story.case.engineer == cast.staff["engineer2"] and story.owed == {"acceptance"}
    story.cannot("engineer", "set_out")
    story.cannot("engineer2", "accept")  # the window comes with the job
    story.take("engineer2", "accept_promised")
    statuses = WorkOrder.objects.filter(case=story.case).order_by("id").values_list("status", flat=True)
    assert list(statuses) == ["cancelled", "scheduled"] and story.is_sound()


def test_a_window_is_promised_before_an_engineer_has_said_yes_and_goes_with_the_job(tell, cast, skilled):
    story, tomorrow = tell().walk("triage confirm"), timezone.now() + dt.timedelta(days=1)
    opens = tomorrow.replace(hour=2, minute=0, second=0, microsecond=0)
    story.take("agent", "promise_window", starts_at=opens, ends_at=opens + dt.timedelta(hours=2))
    assert story.stage == "dispatch" and story.owed == {"dispatch"}
    assert "10:00" in story.letter("appoint").body
    assert [o.status for o in story.case.work_orders.all()] == ["promised"]
    story.take("dispatcher", "assign")
    story.cannot("engineer", "accept")
    story.take("engineer", "decline", reason="overloaded")
    assert story.owed == {"dispatch"} and story.is_sound()
    story.take("dispatcher", "assign", engineer=cast.staff["engineer2"].pk)
    story.take("engineer2", "accept_promised")
    order = WorkOrder.objects.get(case=story.case, status="scheduled")
    assert (order.starts_at, order.engineer) == (opens, cast.staff["engineer2"])
    assert story.stage == "visit" and story.owed == {"arrival"}
    assert story.case.next_due_at == order.ends_at
    story.take("engineer2", "set_out")
    assert story.is_sound()


def test_a_customer_who_posts_in_the_product_is_promised_no_visit(tell, cast):
    story = tell().walk("triage")
    story.take("agent", "confirm", venue="depot")
    story.cannot("agent", "promise_window")


def test_which_parts_to_bring_is_on_the_record_whoever_says_so(tell, cast):
    story = tell().walk("triage confirm")
    story.take("dispatcher", "need_parts", parts=[{"number": "P-1", "name": "排水泵", "quantity": 2}])
    assert [str(n) for n in story.case.part_needs.all()] == ["排水泵 × 2"]
    if story.interface == "pages":
        assert "排水泵" in story.page("agent")
    story.take("dispatcher", "need_parts", parts=[{"number": "B-2", "name": "皮带", "quantity": 1}])
    assert [str(n) for n in story.case.part_needs.all()] == ["皮带 × 1"] and story.is_sound()


def test_for_the_depot_a_station_is_named_and_the_customer_told_where_to_send_it(tell, cast):
    story = tell().walk("triage")
    story.take("agent", "confirm", venue="depot")
    story.cannot("dispatcher", "assign")
    story.take("dispatcher", "assign_station")
    body = story.letter("assign_station").body
    assert "上海一站" in body and "漕溪路1号" in body and "泡沫包好" in body
    assert story.owed == {"inbound"} and story.is_sound()
