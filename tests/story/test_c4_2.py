"""C4.2: a guided first judgement, what it rests on, and the customer's yes before anybody is sent."""

from __future__ import annotations

import pytest

from tests.story import telling
from tests.story.telling import ON_SITE

pytestmark = pytest.mark.django_db


def test_triage_and_confirmation_come_before_dispatch(tell, cast):
    story = tell()
    assert {"first_response", "triage"} <= story.owed
    story.cannot("agent", "confirm")
    story.cannot("dispatcher", "assign")
    story.take("agent", "triage", symptom="drain", fault="quality", priority="2", cause="排水泵")
    assert "triage" not in story.owed and "confirmation" in story.owed and story.case.priority == 2
    story.take("agent", "confirm", venue="onsite", way="phone", agreed_by="王女士")
    assert story.stage == "dispatch" and story.owed == {"dispatch"} and story.is_sound()


def test_the_customer_confirms_by_the_personal_link(tell, cast):
    story = tell().walk("triage")
    story.take("customer", "confirm", venue="depot", service="repair")
    assert story.stage == "dispatch" and story.case.facts["venue"] == "depot"
    assert story.letter("confirm").recipient == "wang@example.com"


def test_the_first_answer_stops_the_clock_of_the_first_response(tell, cast):
    story = tell()
    story.take("agent", "reply", text="已收到，正在安排。")
    assert "first_response" not in story.owed
    assert "已收到，正在安排。" in story.letter("reply").body


def test_the_page_shows_questions_similar_cases_and_a_proposed_symptom(cast):
    from_before = begin_pages(cast).walk(f"{ON_SITE} diagnose start_work work")
    story = begin_pages(cast)
    html = (
        cast.client("agent")
        .get(f"/desk/cases/{story.number}/triage/", headers={"hx-request": "true"})
        .content.decode()
    )
    assert from_before.number in html and "过滤器和排水管清洁过吗" in html
    assert 'value="drain" selected' in html or "drain" in html


def begin_pages(cast):
    return telling.begin(cast, "pages")


def test_advice_that_solves_it_sends_nobody(tell, cast):
    story = tell().walk("triage")
    story.take("agent", "advise", text="清洗过滤器即可")
    assert story.stage == "final" and story.owed == {"final_followup"}
    story.walk("final_follow_up close")
    assert story.case.facts["outcome"] == "advised" and story.stage == "closed" and story.is_sound()


def test_the_customer_withdraws_as_long_as_nothing_is_done(tell, cast):
    story = tell().walk("triage confirm assign accept")
    story.take("customer", "withdraw", reason="solved")
    assert story.stage == "withdrawn" and story.owed == set() and story.is_sound()


def test_other_roles_judge_nothing(tell, cast):
    story = tell()
    for who in ("dispatcher", "account_manager"):
        story.cannot(who, "triage")
