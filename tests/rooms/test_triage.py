"""C4.2: who pays is computed from the facts of the day; a manager may overrule it on record."""

from __future__ import annotations

import datetime as dt

import pytest

from baoxiu.cases import decisions
from baoxiu.cases.models import Content, JournalEntry
from baoxiu.people.models import Customer
from baoxiu.triage import queries
from tests.rooms.walking import ON_SITE, begin, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("unit", "fault", "cover"),
    [("new", "quality", "free"), ("new", "other", "paid"), ("new", "unknown", "unknown"), ("old", "quality", "paid"),
     (None, "quality", "unknown"), (None, "other", "paid")],
)  # fmt: skip
def test_it_decides_who_pays_from_purchase_date_and_fault(cast, now, unit, fault, cover):
    walk = begin(cast, now, unit=unit)
    walk.step("triage", fault=fault)
    assert walk.case.facts["cover"] == cover
    stored = decisions.latest(walk.case)
    assert stored.outcome == cover and stored.decision["clause"].startswith("C3")
    assert all(r["en"] and r["zh"] for r in stored.decision["reasons"])
    assert walk.is_sound()


def test_the_decision_rests_on_the_day_of_the_request_not_on_today(cast, now):
    cast.unit.purchase_date = dt.date(2025, 11, 2)
    cast.unit.save()
    walk = begin(cast, now).wait(days=40)  # 2 November is the last day covered
    walk.step("triage")
    assert walk.case.facts["cover"] == "free"


def test_the_day_of_the_request_is_the_customers_local_day(cast, now):
    cast.unit.purchase_date = dt.date(2025, 11, 2)
    cast.unit.save()
    late = dt.datetime(2026, 11, 2, 22, 0, tzinfo=dt.UTC)  # 3 November in Shanghai, 2 November in New York
    walk = begin(cast, late)
    walk.step("triage")
    assert walk.case.facts["cover"] == "paid"
    Customer.objects.filter(pk=cast.wang.pk).update(timezone="America/New_York")
    walk = begin(cast, late)
    walk.step("triage")
    assert walk.case.facts["cover"] == "free"


def test_an_unknown_time_zone_falls_back_to_the_companys(cast, now):
    Customer.objects.filter(pk=cast.wang.pk).update(timezone="../../etc/passwd")
    assert begin(cast, now).steps("triage").case.facts["cover"] == "free"


def test_a_missing_purchase_date_is_filled_in_on_the_unit(cast, now):
    cast.unit.purchase_date = None
    cast.unit.save()
    walk = begin(cast, now)
    walk.step("triage", purchase_date=dt.date(2026, 6, 1))
    cast.unit.refresh_from_db()
    assert cast.unit.purchase_date == dt.date(2026, 6, 1) and walk.case.facts["cover"] == "free"


def test_a_purchase_date_for_an_unknown_unit_makes_the_unit(cast, now):
    walk = begin(cast, now, unit=None)
    walk.step("triage", purchase_date=dt.date(2026, 6, 1))
    assert walk.case.unit.purchase_date == dt.date(2026, 6, 1) and walk.case.unit.customer == cast.wang
    assert walk.is_sound()


def test_it_refuses_to_change_a_known_purchase_date(cast, now):
    no = refused(begin(cast, now), "triage", purchase_date=dt.date(2026, 6, 1))
    assert no.field == "purchase_date"
    cast.unit.refresh_from_db()
    assert cast.unit.purchase_date == dt.date(2026, 5, 1)


def test_it_refuses_a_purchase_after_the_request(cast, now):
    cast.unit.purchase_date = None
    cast.unit.save()
    assert refused(begin(cast, now), "triage", purchase_date=dt.date(2026, 11, 3)).field == "purchase_date"
    cast.unit.purchase_date = dt.date(2026, 11, 20)  # wrong on record
    cast.unit.save()
    assert refused(begin(cast, now), "triage").field == "purchase_date"


def test_priority_is_set_at_triage(cast, now):
    walk = begin(cast, now)
    walk.step("triage", priority="1")
    assert walk.case.priority == 1 and walk.is_sound()


def test_a_manager_overrules_with_a_reason_that_stays_beside_the_rules_word(cast, now):
    walk = begin(cast, now, unit="old").steps("triage")
    walk.step("override_cover", cover="free", reason="老客户，一次性优惠")
    stored = decisions.latest(walk.case)
    assert (stored.outcome, stored.is_override, stored.reason, stored.by) == (
        "free",
        True,
        "老客户，一次性优惠",
        "陈主管",
    )
    assert stored.decision["computed"] == "paid"
    assert walk.is_sound()


def test_an_override_stands_until_the_case_is_reopened(cast, now):
    walk = begin(cast, now, unit="old").steps(
        "triage override_cover confirm assign accept appoint check_in diagnose"
    )
    assert walk.case.facts["cover"] == "free"
    assert decisions.latest(walk.case).decision["computed"] == "paid"
    walk.steps("start_work work pass_test hand_over reopen triage")
    assert walk.case.facts["cover"] == "paid"
    assert [d.outcome for d in decisions.history(cast.actor("agent"), walk.case)] == [
        "paid",
        "free",
        "free",
        "paid",
    ]


def test_only_a_manager_overrules_and_only_to_something_else(cast, now):
    walk = begin(cast, now).steps("triage")
    assert refused(walk, "override_cover", by="agent", cover="paid").code == "wrong_party"
    assert refused(walk, "override_cover", cover="free").field == "cover"


def test_the_diagnosis_decides_again(cast, now):
    walk = begin(cast, now).steps(ON_SITE)
    walk.step("diagnose", fault="other", cause="accident")
    assert walk.case.facts["cover"] == "paid"
    assert decisions.latest(walk.case).decision["clause"] == "C3.2"


def test_a_stranger_reads_no_decisions(cast, now):
    walk = begin(cast, now).steps("triage")
    assert decisions.history(cast.actor("engineer"), walk.case) == []


def test_the_customer_confirms_by_the_link_as_themselves(cast, now):
    walk = begin(cast, now).steps("triage")
    walk.step("confirm", by=walk.link("track"), venue="depot", way="phone", agreed_by="somebody")
    assert walk.body("confirm")["way"] == "link" and walk.case.facts["venue"] == "depot"
    entry = JournalEntry.objects.get(case=walk.case, step="confirm")
    assert Content.objects.get(entry=entry).words["agreed_by"] == "王女士"


def test_a_link_for_something_else_confirms_nothing(cast, now):
    walk = begin(cast, now).steps("triage")
    assert refused(walk, "confirm", by=walk.link("rate")).code == "wrong_party"


def test_an_agent_says_how_the_customer_agreed(cast, now):
    walk = begin(cast, now).steps("triage")
    assert refused(walk, "confirm", way="link").field == "way"
    walk.step("confirm", way="phone", agreed_by="")
    entry = JournalEntry.objects.get(case=walk.case, step="confirm")
    assert entry.content.words["agreed_by"] == walk.case.contact_name


def test_it_finds_similar_earlier_cases_with_what_was_done(cast, now):
    earlier = begin(cast, now, problem="滚筒洗衣机不排水 E2").steps(f"{ON_SITE} diagnose start_work work")
    begin(cast, now, problem="空调不制冷")
    walk = begin(cast, now, problem="洗衣机不排水了")
    [found] = queries.similar(cast.actor("agent"), walk.case)
    assert (found["number"], found["remedy"], found["outcome"]) == (
        earlier.case.number,
        "replace_part",
        "repaired",
    )
    assert queries.similar(cast.actor("engineer2"), walk.case) == []


def test_similar_cases_cost_few_reads(cast, now, django_assert_max_num_queries):
    for i in range(6):
        begin(cast, now, problem=f"洗衣机不排水{i}")
    walk = begin(cast, now)
    with django_assert_max_num_queries(10):
        assert len(queries.similar(cast.actor("agent"), walk.case)) == 5


def test_it_hints_at_danger_symptom_and_questions(cast, now):
    walk = begin(cast, now, problem="洗衣机漏电，有焦味")
    hints = queries.hints(cast.actor("agent"), walk.case)
    assert hints.priority.outcome == "1"
    assert hints.symptoms[0].code in ("electric_shock", "overheating") and hints.questions
    assert queries.hints(cast.actor("engineer"), walk.case) is None
