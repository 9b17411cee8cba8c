"""C4.6, C4.7, C5.1: two calls by two people, the customer's own rating, and starting again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from baoxiu.cases.models import Duty
from baoxiu.followups import queries
from baoxiu.followups.models import FollowUp, Rating
from baoxiu.people.models import Staff
from baoxiu.sop import followups
from tests.rooms.walking import CALLS, FREE_REPAIR, ON_SITE, SCORES, begin, refused

pytestmark = pytest.mark.django_db
HANDED_OVER = f"{ON_SITE} {FREE_REPAIR} hand_over"


def test_the_engineers_call_is_due_a_day_after_completion_the_final_one_a_week_after_that(cast, now):
    walk = begin(cast, now).steps(HANDED_OVER)
    duty = Duty.objects.get(case=walk.case, kind="engineer_followup", outcome="open")
    assert (duty.due_at - walk.now).days == 1 and duty.owner == cast.staff["engineer"]
    walk.step("follow_up")
    assert (
        Duty.objects.get(case=walk.case, kind="final_followup", outcome="open").due_at - walk.now
    ).days == 7


def test_the_engineer_who_did_the_work_makes_the_first_call(cast, now):
    walk = begin(cast, now).steps(HANDED_OVER)
    for step in ("follow_up", "follow_up_missed"):
        assert refused(walk, step, by="engineer2").code == "wrong_party"


def test_the_engineer_never_makes_the_final_call(cast, now):
    both = cast.staff["engineer"]
    both.set_roles(["engineer", "agent"])
    both.save()
    walk = begin(cast, now).steps(f"{HANDED_OVER} follow_up")
    for step in ("final_follow_up", "final_missed"):
        refused(walk, step, by="engineer")
    walk.step("final_follow_up", by="account_manager")


@pytest.mark.parametrize("satisfaction", [1, 2])
def test_a_dissatisfied_customers_case_does_not_go_on(cast, now, satisfaction):
    walk = begin(cast, now).steps(HANDED_OVER)
    assert refused(walk, "follow_up", satisfaction=satisfaction).field == "satisfaction"
    walk.step("follow_up", satisfaction=3)
    assert refused(walk, "final_follow_up", satisfaction=satisfaction).code == "dissatisfied"


def test_every_attempt_is_counted_and_kept(cast, now):
    walk = begin(cast, now).steps(f"{HANDED_OVER} follow_up_missed follow_up_missed follow_up")
    calls = queries.of_case(cast.actor("agent"), walk.case)
    assert [(c.kind, c.attempt, c.outcome, c.satisfaction) for c in calls] == [
        ("engineer", 1, "missed", None), ("engineer", 2, "missed", None), ("engineer", 3, "reached", 5),
    ]  # fmt: skip
    assert queries.of_case(cast.actor("engineer2"), walk.case) == []


def test_an_unanswered_final_call_is_tried_again_the_next_day(cast, now):
    walk = begin(cast, now).steps(f"{HANDED_OVER} follow_up final_missed")
    duty = Duty.objects.get(case=walk.case, kind="final_followup", outcome="open")
    assert (duty.due_at - walk.now).days == 1 and walk.is_sound()


def test_another_engineer_takes_the_call_over_when_the_first_is_gone(cast, now):
    walk = begin(cast, now).steps(HANDED_OVER)
    other = cast.staff["engineer2"].pk
    walk.step("substitute", by="dispatcher", engineer=other, reason="离职")
    assert Duty.objects.get(case=walk.case, kind="engineer_followup", outcome="open").owner_id == other
    assert refused(walk, "substitute", by="manager", engineer=other, reason="again").field == "engineer"
    walk.step("follow_up", by="engineer2")
    assert walk.is_sound()


def test_a_missed_call_is_owed_again(cast, now):
    walk = begin(cast, now).steps(f"{HANDED_OVER} follow_up_missed")
    duty = Duty.objects.get(case=walk.case, kind="engineer_followup", outcome="open")
    assert duty.opened_at == walk.now and walk.is_sound()


@pytest.mark.parametrize(
    ("missed", "waiver"), [("follow_up_missed", "waive_follow_up"), ("final_missed", "waive_final")]
)
def test_it_refuses_a_waiver_before_three_calls(cast, now, missed, waiver):
    walk = begin(cast, now).steps(HANDED_OVER)
    if waiver == "waive_final":
        walk.step("follow_up")
    for _ in range(3):
        assert refused(walk, waiver).code == "missing_fact"
        walk.step(missed)
    walk.step(waiver, reason="三次未接通")
    assert FollowUp.objects.get(case=walk.case, outcome="waived").text == "三次未接通"


def test_it_refuses_to_close_without_the_final_call(cast, now):
    walk = begin(cast, now).steps(f"{HANDED_OVER} follow_up")
    assert refused(walk, "close").code == "missing_fact"


def test_a_reopened_case_names_who_sees_to_it(cast, now):
    walk = begin(cast, now).steps(HANDED_OVER)
    other = Staff.objects.create_staff("second@example.com", "孙客服", ["agent"])
    walk.step("reopen", by="manager", owner=other.pk)
    assert walk.case.owner == other
    assert set(Duty.objects.filter(case=walk.case, outcome="open").values_list("owner", flat=True)) == {
        other.pk
    }
    assert walk.is_sound()


def test_reopened_by_the_engineer_it_stays_with_the_agent(cast, now):
    walk = begin(cast, now).steps(HANDED_OVER)
    walk.step("reopen", by="engineer")
    assert walk.case.owner == cast.staff["agent"]


def test_when_the_agent_has_left_the_caller_takes_over(cast, now):
    walk = begin(cast, now).steps(f"{HANDED_OVER} follow_up")
    cast.staff["agent"].is_active = False
    cast.staff["agent"].save()
    walk.step("reopen", by="manager")
    assert walk.case.owner == cast.staff["manager"]


@pytest.mark.parametrize("who", ["engineer", "stock_keeper"])
def test_it_refuses_an_owner_who_is_no_agent(cast, now, who):
    walk = begin(cast, now).steps(HANDED_OVER)
    assert refused(walk, "reopen", by="manager", owner=cast.staff[who].pk).field == "owner"


def test_the_customer_reopens_by_the_link_but_names_nobody(cast, now):
    walk = begin(cast, now).steps(HANDED_OVER)
    assert refused(walk, "reopen", by=walk.link("track"), owner=cast.staff["agent"].pk).field == "owner"
    walk.step("reopen", by=walk.link("track"))
    assert walk.case.owner == cast.staff["agent"] and walk.stage == "triage"


def test_the_customer_alone_rates_and_once(cast, now):
    walk = begin(cast, now).steps(HANDED_OVER)
    assert refused(walk, "rate", by=walk.link("rate")).code == "wrong_stage"
    walk.step("follow_up")
    for purpose in ("track", "quote"):
        assert refused(walk, "rate", by=walk.link(purpose)).code == "wrong_party"
    assert refused(walk, "rate", by="agent").code == "wrong_party"
    walk.step("rate", by=walk.link("rate"), nps=9, text="师傅很好")
    rating = Rating.objects.get(case=walk.case)
    assert (rating.attitude, rating.speed, rating.quality, rating.overall, rating.nps) == (5, 4, 5, 5, 9)
    assert (rating.engineer, rating.round) == (cast.staff["engineer"], 1)
    assert refused(walk, "rate", by=walk.link("rate")).code == "missing_fact"


def test_each_round_may_be_rated_once(cast, now):
    walk = begin(cast, now).steps(f"{HANDED_OVER} follow_up")
    walk.step("rate", by=walk.link("rate"), **{**SCORES, "overall": 2})
    walk.steps(f"reopen {HANDED_OVER} {CALLS}")
    walk.step("rate", by=walk.link("rate"))
    rows = [(r.round, r.overall) for r in queries.ratings(cast.actor("manager"), walk.case)]
    assert rows == [(1, 2), (2, 5)]
    with pytest.raises(IntegrityError), transaction.atomic():
        rating = Rating.objects.get(case=walk.case, round=2)
        rating.pk = None
        rating.save(force_insert=True)


def test_the_calls_owed_are_listed_most_urgent_first(cast, now, django_assert_max_num_queries):
    later = begin(cast, now).wait(hours=5).steps(HANDED_OVER)
    first = begin(cast, now).steps(HANDED_OVER)
    final = begin(cast, now).steps(f"{HANDED_OVER} follow_up")
    with django_assert_max_num_queries(1):
        rows = queries.due(cast.actor("engineer"), "engineer")
    assert [r["case__number"] for r in rows] == [first.case.number, later.case.number]
    assert [r["case__number"] for r in queries.due(cast.actor("agent"), "final")] == [final.case.number]
    assert queries.due(cast.actor("engineer2"), "engineer") == []


def test_a_customer_who_asks_to_be_called_later_is_no_missed_call(cast, now):
    walk = begin(cast, now).steps(HANDED_OVER)
    later = walk.now + dt.timedelta(days=2)
    walk.step("follow_up_later", by="engineer", call_at=later, text="在开会")
    duty = Duty.objects.get(case=walk.case, kind="engineer_followup", outcome="open")
    assert duty.due_at == later and walk.case.facts["engineer_misses"] == "0"
    walk.steps("follow_up")
    for wrong in (walk.now - dt.timedelta(hours=1), walk.now + dt.timedelta(days=31)):
        assert refused(walk, "final_later", by="agent", call_at=wrong).field == "call_at"
    walk.step("final_later", by="agent", call_at=walk.now + dt.timedelta(days=1))
    calls = queries.of_case(cast.actor("agent"), walk.case)
    assert [(c.kind, c.outcome) for c in calls] == [
        ("engineer", "later"),
        ("engineer", "reached"),
        ("final", "later"),
    ]
    assert walk.is_sound()


def test_answers_are_kept_question_by_question_and_a_missed_call_says_why(cast, now):
    walk = begin(cast, now).steps(HANDED_OVER)
    walk.step("follow_up_missed", outcome="busy")
    walk.step(
        "follow_up", answers=[{"question": "好用吗？", "answer": "yes"}, {"question": "没问", "answer": ""}]
    )
    missed, reached = queries.of_case(cast.actor("agent"), walk.case)
    assert missed.detail == "busy"
    assert reached.answers == [{"question": "好用吗？", "answer": "yes", "text": ""}]


@pytest.mark.parametrize(
    ("told", "rated", "apart"),
    [(5, 5, False), (5, 4, False), (5, 3, True), (3, 2, True), (3, 4, False), (4, 1, True)],
)
def test_a_caller_and_a_customer_may_tell_two_stories(cast, now, told, rated, apart):
    walk = begin(cast, now).steps(HANDED_OVER)
    walk.step("follow_up", satisfaction=told)
    walk.step("rate", by=walk.link("rate"), **{**SCORES, "overall": rated})
    (verdict,) = queries.verdicts(cast.actor("agent"), walk.case)
    assert verdict.disagrees is apart and verdict.rating.overall == rated
    found = queries.disagreements(cast.actor("agent"), since=now)
    assert [r.case for r in found] == ([walk.case] if apart else [])
    assert queries.verdicts(cast.actor("engineer2"), walk.case) == []


def test_the_script_follows_the_product_class():
    plain, machine = (
        followups.script("final", "repair", product_class=c) for c in ("appliance", "machinery")
    )
    assert len(machine) == len(plain) + 1 and set(plain) < set(machine)
