"""C4.6: the engineer calls back; who is not reached is called again; who is not content gets another round."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from baoxiu.cases.models import Duty
from baoxiu.followups.models import FollowUp
from tests.story.telling import FREE_REPAIR, ON_SITE

pytestmark = pytest.mark.django_db
HANDED_OVER = f"{ON_SITE} {FREE_REPAIR} hand_over"


def test_the_call_is_due_when_the_work_is_done_and_records_satisfaction(tell, cast):
    story = tell().walk(HANDED_OVER)
    duty = Duty.objects.get(case=story.case, kind="engineer_followup", outcome="open")
    assert duty.owner == cast.staff["engineer"] and duty.due_at < timezone.now() + dt.timedelta(
        days=1, minutes=1
    )
    story.take("engineer", "follow_up", satisfaction=4, questions="如何清洁过滤器？已说明。")
    call = FollowUp.objects.get()
    assert (call.kind, call.satisfaction, call.caller) == ("engineer", 4, cast.staff["engineer"])
    assert story.stage == "final" and story.owed == {"final_followup"} and story.is_sound()


def test_only_the_engineer_who_did_the_work_calls(tell, cast):
    story = tell().walk(HANDED_OVER)
    story.cannot("engineer2", "follow_up")
    story.cannot("agent", "follow_up")


def test_three_unanswered_calls_may_be_waived_with_a_reason_not_fewer(tell, cast):
    story = tell().walk(HANDED_OVER)
    for attempt in range(3):
        story.cannot("agent", "waive_follow_up")
        story.take("engineer", "follow_up_missed")
        assert "engineer_followup" in story.owed, attempt
    story.cannot("agent", "waive_follow_up", reason="")
    story.take("agent", "waive_follow_up", reason="三次未接通")
    assert story.stage == "final" and story.case.facts["engineer_followup"] == "waived" and story.is_sound()


def test_a_dissatisfied_customers_case_starts_again_with_somebody_named(tell, cast):
    story = tell().walk(HANDED_OVER)
    story.cannot("engineer", "follow_up", satisfaction=2)
    story.take("engineer", "reopen", reason="仍不排水")
    assert story.stage == "triage" and story.case.owner == cast.staff["agent"]
    assert story.owed == {"triage", "first_response"}
    story.walk(f"{HANDED_OVER} follow_up")
    assert story.stage == "final" and story.is_sound()


def test_the_customer_can_say_so_too(tell, cast):
    story = tell().walk(HANDED_OVER)
    story.take("customer", "reopen", reason="又漏水了")
    assert story.stage == "triage" and story.is_sound()
