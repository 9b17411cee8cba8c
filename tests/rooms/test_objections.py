"""C3.1: an objection is reviewed by somebody who did not decide, in time, and has an effect."""

from __future__ import annotations

import datetime as dt

import pytest

from baoxiu.cases import decisions
from baoxiu.cases.models import Duty
from baoxiu.charges import queries
from tests.faces.machine import machine
from tests.faces.portal import browser, page_of
from tests.rooms.walking import ON_SITE, begin, refused

pytestmark = pytest.mark.django_db


def test_one_tap_opens_a_timed_review_by_the_manager(cast, now):
    walk = begin(cast, now, unit="old").steps(f"{ON_SITE} diagnose")
    walk.step("contest", by=walk.link("track"), text="")
    duty = Duty.objects.get(case=walk.case, kind="review", outcome="open")
    assert (duty.party, duty.due_at - duty.opened_at) == ("manager", dt.timedelta(days=3))
    for who in ("agent", "engineer", "dispatcher", "station_head"):
        assert refused(walk, "uphold", by=who).code == "wrong_party"
    walk.step("uphold", text="已过保修期，见购买日期。")
    assert "review" not in walk.owed and walk.case.facts["cover"] == "paid"
    assert walk.case.outgoing.filter(event="reply").count() == 1 and walk.is_sound()


def test_without_an_objection_there_is_nothing_to_review(cast, now):
    walk = begin(cast, now, unit="old").steps("triage")
    for step in ("uphold", "concede"):
        assert refused(walk, step).code == "no_objection"


def test_who_decided_does_not_review(cast, now):
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose")
    walk.step("override_cover", cover="paid", reason="人为损坏")
    walk.step("contest", by=walk.link("track"))
    for step in ("uphold", "concede"):
        assert refused(walk, step, by="manager").code == "four_eyes"
    cast.wang.account_manager = cast.staff["account_manager"]
    cast.wang.save()
    walk.step("concede", by="account_manager", text="照片显示为出厂缺陷。")
    held = decisions.latest(walk.case)
    assert (walk.case.facts["cover"], held.outcome, held.is_override, held.reason) == (
        "free",
        "free",
        True,
        "照片显示为出厂缺陷。",
    )
    walk.steps("start_work")
    assert walk.is_sound()


def test_while_a_quote_waits_it_is_taken_back_before_it_is_free(cast, now):
    walk = begin(cast, now, unit="old").steps(f"{ON_SITE} diagnose quote")
    walk.step("contest", by=walk.link("quote"), about="entitlement")
    assert refused(walk, "concede").code == "wrong_stage"
    walk.steps("revise_quote concede")
    assert walk.case.facts["cover"] == "free" and walk.is_sound()


def test_a_bill_is_reduced_to_the_coin(cast, now):
    walk = begin(cast, now, unit="old").steps(f"{ON_SITE} diagnose quote accept_quote")
    walk.step("record_payment", amount="120")
    walk.step("contest", by=walk.link("track"), about="bill")
    assert refused(walk, "concede").code == "other_objection"
    assert refused(walk, "reduce_bill", amount="120.01").field == "amount"
    walk.step("reduce_bill", amount="20")
    found = queries.balance(cast.actor("manager"), walk.case)
    assert (found.waived, found.due) == (20, -20)
    walk.step("refund", amount="20")
    assert queries.balance(cast.actor("manager"), walk.case).due == 0 and walk.is_sound()


def test_no_case_closes_over_an_open_review(cast, now):
    walk = begin(cast, now).steps(
        f"{ON_SITE} diagnose start_work work pass_test hand_over follow_up final_follow_up contest"
    )
    assert refused(walk, "close").code == "owed"
    walk.steps("uphold close")
    assert walk.is_sound()


def test_the_customer_objects_on_the_page_and_reads_the_reasons(cast, now):
    walk = begin(cast, now, unit="old").steps("triage")
    at = page_of(walk.case)
    assert "我不同意该判定" in browser().get(at).text
    assert (
        browser().post(f"{at}contest/", {"about": "entitlement", "text": "", "key": "c"}).status_code == 302
    )
    walk.case.refresh_from_db()
    assert "review" in walk.owed
    again = browser().get(at).text
    assert "我不同意该判定" not in again and "（收费判定）正在复核" in again and "前答复" in again
    case = cast.client("manager").get(f"/desk/cases/{walk.case.number}/").text
    assert "复核异议" in case and "/review/" in case
    walk.step("uphold", text="购买已满三年。")
    page = browser().get(at).text
    assert "维持原判定" in page and "购买已满三年。" in page
    assert "正在复核" not in page and "我不同意该判定" in page


def test_one_objection_at_a_time(cast, now):
    walk = begin(cast, now, unit="old").steps(f"{ON_SITE} diagnose quote")
    walk.step("contest", by=walk.link("track"))
    for by in (walk.link("track"), walk.link("quote"), "agent"):
        assert refused(walk, "contest", by=by, about="bill").code == "under_review"
    answer = browser().post(
        page_of(walk.case, "quote") + "contest/", {"about": "bill", "text": "", "key": "c"}
    )
    assert answer.status_code == 422 and "已有异议正在复核" in answer.text and "正在复核。" in answer.text
    sent = machine(cast, "agent", language="en").post(
        f"/cases/{walk.case.number}/objection", {"about": "bill"}
    )
    assert sent.status_code == 422 and "is being looked at already" in sent.content.decode()
    assert Duty.objects.filter(case=walk.case, kind="review").count() == 1
    walk.step("uphold")
    walk.step("contest", by=walk.link("track"), about="bill")
    assert "review" in walk.owed and walk.is_sound()
