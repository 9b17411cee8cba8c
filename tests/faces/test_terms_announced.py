"""C7: the promise is announced with notice, ended, withdrawn – for everybody to read, with the hash that names it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from baoxiu.cases import announcing, decisions
from baoxiu.cases.models import Outgoing
from baoxiu.catalogue import coverage
from baoxiu.notify import messages
from baoxiu.people.rules import Denied, Invalid
from baoxiu.sop import amendments
from baoxiu.sop.warranty import FIRST, CoverageTerm, Warranty
from baoxiu.terms import operations, queries, warranty
from baoxiu.terms.models import WarrantyVersion
from baoxiu.terms.records import WarrantyPublication, WarrantyWithdrawal
from tests.faces.machine import machine, problem
from tests.rooms.walking import begin

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LEGAL = "法务 郑律师"


def months(n: int, **more) -> Warranty:
    return FIRST.model_copy(update={"coverages": [CoverageTerm(months=n)], **more})


def announce(cast, document: Warranty, begins=None, now=None, **more) -> WarrantyVersion:
    boss, now = cast.actor("manager"), now or timezone.now()
    made = operations.draft(by=boss, now=now)
    operations.save(made, document, by=boss, now=now)
    record = WarrantyPublication(in_force_from=begins, reason="年度调整", sign_off=LEGAL, **more)
    return announcing.publish(made, record, by=boss, now=now)


def withdraw(cast, version, by="manager", now=None):
    record = WarrantyWithdrawal(reason="客户反馈")
    return announcing.withdraw(version, record, by=cast.actor(by), now=now or timezone.now())


# -- notice -----------------------------------------------------------------------------------


def test_less_begins_only_after_the_days_of_notice_more_begins_at_once(cast):
    today = timezone.localdate()
    assert announce(cast, months(24), today).in_force_from == today
    with pytest.raises(Invalid) as refused:
        announce(cast, months(12), today + 30 * DAY)
    assert refused.value.field == "in_force_from" and str(today + 31 * DAY) in refused.value.reason.en
    boss = cast.actor("manager")
    operations.discard(WarrantyVersion.objects.get(status="draft"), by=boss, now=timezone.now())
    assert announce(cast, months(12)).in_force_from == today + 31 * DAY  # nothing wished: as soon as may be


def test_a_shorter_notice_is_less_and_needs_the_notice_itself(cast):
    today = timezone.localdate()
    made = announce(cast, months(12, notice_days=0))
    assert made.in_force_from == today + 31 * DAY
    later = timezone.now() + 31 * DAY
    assert (
        announce(cast, months(6), now=later).in_force_from == today + 32 * DAY
    )  # tomorrow, as that version says


@pytest.mark.parametrize("notice", [0, 1, 30, 365])
def test_nobody_is_surprised_whatever_the_notice(notice):
    before, day = months(24, notice_days=notice), dt.date(2026, 11, 23)
    assert amendments.earliest(before, months(12, notice_days=notice), day) == day + (notice + 1) * DAY
    assert amendments.earliest(before, months(36, notice_days=notice), day) == day


# -- the end ----------------------------------------------------------------------------------


def test_an_ended_promise_holds_for_earlier_purchases_and_open_cases_and_the_law_goes_on(cast):
    today = timezone.localdate()
    begun = begin(cast, timezone.now()).steps("triage")
    boss, now = cast.actor("manager"), timezone.now()
    draft = operations.draft(by=boss, now=now, ends=True)
    assert draft.document.is_end
    with pytest.raises(operations.Unlawful):  # the law objects: counsel has to know
        announcing.publish(draft, WarrantyPublication(reason="停产"), by=boss, now=now)
    made = announcing.publish(draft, WarrantyPublication(reason="停产", sign_off=LEGAL), by=boss, now=now)
    assert made.in_force_from == today + 31 * DAY and made.sign_off == LEGAL
    (kept,) = coverage.promises(cast.unit, today + 30 * DAY, today)
    assert kept.months == 12
    assert coverage.promises(cast.unit, made.in_force_from, today) == []
    standing = decisions.latest(begun.case)
    assert standing and standing.outcome == "free"
    begun.steps("confirm assign accept appoint set_out check_in diagnose")
    begun.case.refresh_from_db()
    assert begun.case.facts["cover"] == "free" and begun.is_sound()
    assert "不再提供法定标准以外" in Client().get("/terms/").text
    with pytest.raises(Invalid, match="ended already"):
        operations.draft(by=boss, now=now, ends=True)
    assert announce(cast, months(12)).in_force_from == made.in_force_from  # promised anew


def test_an_end_does_not_replace_what_somebody_is_writing(cast):
    boss = cast.actor("manager")
    operations.draft(by=boss, now=timezone.now())
    with pytest.raises(Invalid, match="There is a draft"):
        operations.draft(by=boss, now=timezone.now(), ends=True)
    assert not WarrantyVersion.objects.get().document.is_end


# -- withdrawal -------------------------------------------------------------------------------


def test_an_announcement_is_withdrawn_before_it_begins_and_stays_on_record(cast):
    today = timezone.localdate()
    first, second = announce(cast, months(24), today + 5 * DAY), announce(cast, months(36), today + 9 * DAY)
    with pytest.raises(Invalid, match="later version"):
        withdraw(cast, first)
    with pytest.raises(Denied):
        withdraw(cast, second, by="agent")
    gone = withdraw(cast, second)
    assert (gone.status, gone.withdrawn_by, gone.withdrawn_why) == ("withdrawn", "陈主管", "客户反馈")
    assert warranty.of_day(today + 9 * DAY).number == first.number
    with pytest.raises(Invalid):
        withdraw(cast, gone)
    with pytest.raises(Invalid, match="not begun"):
        withdraw(cast, first, now=timezone.now() + 5 * DAY)
    text = Client().get("/terms/").text
    assert gone.sha256 in text and "撤回" in text


def test_the_database_keeps_no_withdrawal_without_its_day(cast):
    made = announce(cast, months(24))
    with pytest.raises(IntegrityError), transaction.atomic():
        WarrantyVersion.objects.filter(pk=made.pk).update(status="withdrawn")


# -- for everybody ----------------------------------------------------------------------------


def test_anybody_reads_what_holds_what_comes_and_what_ended(cast, django_assert_max_num_queries):
    now = timezone.now()
    today = timezone.localdate(now)
    announce(cast, months(24), today - 19 * DAY, now=now - 20 * DAY)
    announce(cast, months(36), today)
    announce(cast, months(48), today + 9 * DAY)
    shown = {a.life.number: a.life for a in queries.announced(cast.actor("agent"), today)}
    assert {n: life.state for n, life in shown.items()} == {
        0: "ended",
        1: "ended",
        2: "in_force",
        3: "announced",
    }
    assert shown[1].until == today - DAY and shown[2].until == today + 8 * DAY and shown[3].until is None
    with django_assert_max_num_queries(1):
        page = Client().get("/terms/")
    for version in WarrantyVersion.objects.all():
        assert version.sha256 in page.text
        one = Client().get(f"/terms/{version.number}/").text
        assert version.sha256 in one and version.document.zh in one and version.document.en in one
        file = Client().get(f"/terms/{version.number}.json")
        assert hashlib.sha256(file.content).hexdigest() == version.sha256
    english = Client(headers={"accept-language": "en"}).get("/terms/").text
    assert "What we promise" in english and "Announced" in english
    assert "陈主管" not in page.text + one + english and LEGAL not in page.text + one
    assert [Client().get(f"/terms/{path}").status_code for path in ("9/", "0/", "0.json")] == [404, 200, 200]
    rows = machine(cast, "engineer").get("/announced-terms").json()["items"]
    assert [(r["number"], r["state"]) for r in rows] == [
        (3, "announced"),
        (2, "in_force"),
        (1, "ended"),
        (0, "ended"),
    ]
    assert rows[0]["document"]["coverages"][0]["months"] == 48


def test_a_draft_is_nobodys_business(cast):
    boss = cast.actor("manager")
    operations.save(operations.draft(by=boss, now=timezone.now()), months(99), by=boss, now=timezone.now())
    assert cast.client("agent").get("/office/warranty/").status_code == 200
    shown = re.sub("[0-9A-Za-z]{64}", "", Client().get("/terms/").text)  # hashes and form tokens
    assert "12" in shown
    assert "99" not in shown
    assert Client().get("/terms/1/").status_code == 404


def test_hostile_words_are_only_words_to_the_public(cast):
    bad = '<script>alert(1)</script>{{7*7}}"><img src=x onerror=1>'
    announce(cast, months(24, zh=bad, en=bad), timezone.localdate())
    for path in ("/terms/", "/terms/1/"):
        text = Client().get(path).text
        assert "<script>alert" not in text and "<img src=x" not in text and "{{7*7}}" in text
    assert Client().get("/terms/1.json").headers["Content-Type"].startswith("application/json")


# -- over pages and API -------------------------------------------------------------------------


def test_in_the_office_the_promise_is_ended_and_the_end_withdrawn(cast):
    boss = cast.client("manager")
    at = boss.post("/office/warranty/new/", {"ends": "on"}).headers["Location"]
    page = boss.get(at).text
    assert "低于法定" in page and "减少了对客户的承诺" in page
    refused = boss.post(
        f"{at}publish/", {"reason": "停产", "sign_off": LEGAL, "in_force_from": timezone.localdate()}
    )
    assert refused.status_code == 422 and "最早" in refused.text
    assert boss.post(f"{at}publish/", {"reason": "停产", "sign_off": LEGAL}).status_code == 302
    assert "已公布" in boss.get(at).text and boss.get(f"{at}withdraw/").status_code == 200
    assert boss.post(f"{at}withdraw/", {"reason": ""}).status_code == 422
    assert boss.post(f"{at}withdraw/", {"reason": "继续生产"}).status_code == 302
    page = boss.get(at).text
    assert "陈主管" in page and "继续生产" in page and f"{at}withdraw/" not in page
    assert boss.post(f"{at}withdraw/", {"reason": "再次"}).status_code == 422
    assert "已撤回" in boss.get("/office/warranty/").text


def test_over_the_api_an_end_is_announced_and_withdrawn(cast):
    boss = machine(cast, "administrator")
    made = boss.post("/warranty-terms", {"ends": True}).json()
    at = f"/warranty-terms/{made['id']}"
    assert made["document"]["coverages"] == [] and any(f["level"] == "error" for f in made["findings"])
    body = {"reason": "停产", "sign_off": LEGAL}
    problem(boss.post(f"{at}/publication", {**body, "in_force_from": timezone.localdate().isoformat()}), 422)
    assert boss.post(f"{at}/publication", body).json()["status"] == "published"
    assert boss.post(f"{at}/withdrawal", {"reason": "继续生产"}).json()["withdrawn_by"] == "何管理员"
    problem(boss.post(f"{at}/withdrawal", {"reason": "继续生产"}), 422)


# -- told -------------------------------------------------------------------------------------------


def test_whoever_advises_customers_is_told_once_and_no_customer(cast):
    today = timezone.localdate()
    made = announce(cast, months(24), today + 3 * DAY)
    told = Outgoing.objects.filter(terms=made, event="terms_announced")
    agent = cast.staff["agent"]
    assert told.filter(recipient=agent.email).count() == 1
    assert not told.filter(recipient=cast.staff["stock_keeper"].email).exists()
    [(_, letter)] = messages.render_many([told.get(recipient=agent.email)])
    assert "v1" in letter.subject and str(today + 3 * DAY) in letter.subject and "年度调整" in letter.body
    assert letter.link.endswith("/terms/1/") and letter.link in letter.body
    withdraw(cast, made)
    assert Outgoing.objects.filter(terms=made, event="terms_withdrawn").count() == told.count()


def test_b07_a_published_text_that_was_changed_by_hand_is_found(cast):
    """Attack case B07."""
    made = announce(cast, months(24))
    assert queries.changed_texts() == []
    WarrantyVersion.objects.filter(pk=made.pk).update(spec=months(6).canonical)
    assert queries.changed_texts() == [1]
