"""C4.7: customer service asks once more; without that – or a recorded reason – nothing is closed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from baoxiu.cases.models import Duty
from baoxiu.followups.models import FollowUp
from tests.story.telling import FREE_REPAIR, ON_SITE

pytestmark = pytest.mark.django_db
CALLED = f"{ON_SITE} {FREE_REPAIR} hand_over follow_up"


def test_a_week_later_somebody_else_asks_and_the_case_is_closed(tell, cast):
    story = tell().walk(CALLED)
    due = Duty.objects.get(case=story.case, kind="final_followup", outcome="open").due_at
    assert dt.timedelta(days=6) < due - timezone.now() <= dt.timedelta(days=7)
    story.cannot("agent", "close")
    story.take("agent", "final_follow_up", satisfaction=5, text="一直正常")
    assert story.owed == {"closing"}
    story.take("agent", "close")
    assert story.stage == "closed" and story.owed == set() and story.is_sound()
    assert FollowUp.objects.get(kind="final").caller == cast.staff["agent"]


def test_the_engineer_of_the_case_does_not_judge_the_own_work(tell, cast):
    both = cast.staff["engineer"]
    both.set_roles(["engineer", "agent"])
    both.save()
    story = tell().walk(CALLED)
    story.cannot("engineer", "final_follow_up")
    story.take("agent", "final_follow_up")


def test_the_account_manager_may_ask_the_own_customers(tell, cast):
    cast.wang.account_manager = cast.staff["account_manager"]
    cast.wang.save()
    story = tell().walk(CALLED)
    story.take("account_manager", "final_follow_up", satisfaction=4)
    assert story.is_sound()


def test_who_is_never_reached_is_waived_on_record(tell, cast):
    story = tell().walk(f"{CALLED} final_missed final_missed")
    story.cannot("agent", "waive_final")
    story.take("agent", "final_missed")
    story.take("agent", "waive_final", reason="三次未接通，已发短信")
    story.take("agent", "close")
    assert story.stage == "closed" and story.case.facts["final_followup"] == "waived" and story.is_sound()


def test_dissatisfied_at_the_last_call_it_is_reopened_not_closed(tell, cast):
    story = tell().walk(CALLED)
    story.cannot("agent", "final_follow_up", satisfaction=1)
    story.take("agent", "reopen", reason="噪音很大")
    assert story.stage == "triage" and story.case.facts["final_followup"] == "due"
    story.walk(f"{CALLED} final_follow_up close")
    assert story.stage == "closed" and story.is_sound()


def test_a_closed_case_takes_nothing_more_but_notes_and_the_rating(tell, cast):
    story = tell().walk(f"{CALLED} final_follow_up close")
    for who, step in (
        ("agent", "reply"),
        ("agent", "reopen"),
        ("manager", "close"),
        ("engineer", "follow_up"),
    ):
        story.cannot(who, step)
    story.take("agent", "note", text="归档")
    story.take("customer", "rate")
    assert story.is_sound()
