"""C4: the track: what a customer sees and may do by personal link – and what never leaks."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from baoxiu.cases import links
from baoxiu.cases.models import Attachment, Case, JournalEntry, PersonalLink
from baoxiu.faces.portal import promises, story
from baoxiu.people.models import Skill, StaffSkill
from baoxiu.sop.standard import STANDARD
from tests.conftest import Cast
from tests.faces.portal import CANARY, CONTROL, LONG, browser, key_in, page_of, picture
from tests.rooms import walking
from tests.rooms.walking import Walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits(settings, tmp_path):
    settings.ATTACHMENTS = tmp_path
    cache.clear()


def begin(cast: Cast, *, hours: float = 6, **more) -> Walk:
    return walking.begin(cast, timezone.now() - dt.timedelta(hours=hours), **more)


def send(walk: Walk, noun: str, key: str = "", **fields) -> object:
    """The customer's step from the track page, as its form sends it."""
    path = page_of(walk.case)
    answer = browser().post(
        f"{path}{noun}/", {"key": key or f"k-{noun}-{timezone.now().timestamp()}", **fields}
    )
    walk.case = Case.objects.get(pk=walk.case.pk)
    return answer


# -- what is seen ---------------------------------------------------------------------------------


def test_the_track_says_where_it_stands_and_what_comes_by_when(cast: Cast):
    walk = begin(cast, hours=0)
    page = browser().get(page_of(walk.case)).text
    assert walk.case.number in page and "我们已收到您的报修" in page and "前联系您" in page
    assert "当地时间" not in page


def test_a_broken_promise_is_admitted(cast: Cast):
    page = browser().get(page_of(begin(cast, hours=30).case)).text
    assert "现已超时，非常抱歉" in page


def test_internal_words_never_reach_the_customer(cast: Cast):
    StaffSkill.objects.create(staff=cast.staff["engineer2"], skill=Skill.objects.get(code="washing"), level=2)
    walk = begin(cast).steps("triage confirm assign")
    cast.staff["engineer"].phone = "+8613812345678"
    cast.staff["engineer"].save()
    walk.step("note", by="agent", text=f"{CANARY} 客户难缠")
    walk.step("decline", reason="overloaded", text=f"{CANARY} 太忙")
    walk.step("assign", text=f"{CANARY} 小心")
    walk.step("reassign", reason=f"{CANARY} 换人", engineer=cast.staff["engineer2"].pk)
    walk.engineer = "engineer2"
    walk.steps("accept appoint")
    walk.step("call", by="agent", text=f"{CANARY} 通话")
    walk.step("call_attempt", by="agent", text=f"{CANARY} 未接")
    walk.step("correct", by="agent", reason=f"{CANARY} 更正", name="王女士")
    walk.step("hold", text=f"{CANARY} 挂起说明")
    walk.step("resume", text=f"{CANARY} 恢复")
    walk.step("check_in")
    walk.step("diagnose", text=f"{CANARY} 检测结果")
    walk.step("wait_parts", part=f"{CANARY} 主板")
    page = browser().get(page_of(walk.case)).text
    assert CANARY not in page and "13812345678" not in page
    assert not any(staff.name in page for staff in cast.staff.values() if staff.name not in ("张工", "钱工"))


def test_every_step_of_the_procedure_is_told_or_kept_inside_on_purpose():
    inside = {
        "note",
        "correct",
        "decline",
        "fail_test",
        "take_on",
        "waive_follow_up",
        "waive_final",
        "take_over",
        "substitute",
        "submit_quote",
        "return_quote",
        "escalate",
        "retime",
        "give_link",
        "revoke_link",
        "need_parts",
    }
    assert set(STANDARD.step) == set(story.STORY) | inside


def test_an_engineer_is_known_by_the_first_name_only():
    assert [story.first_name(n) for n in ("张工", "张建国", "Anna Maria Schmidt", "", "  李 ")] == [
        "张工",
        "张师傅",
        "Anna",
        "",
        "李师傅",
    ]


def test_the_decision_is_shown_with_its_reasons(cast: Cast):
    page = browser("en-GB").get(page_of(begin(cast, unit="old").steps("triage").case)).text
    assert "You pay, after you have agreed to a price" in page and "2024-05-06" in page and "C3.4" in page


def test_the_appointment_and_the_engineer_are_shown(cast: Cast):
    walk = begin(cast, hours=1).steps("triage confirm assign accept")
    start = timezone.now() + dt.timedelta(days=1)
    walk.step("appoint", starts_at=start, ends_at=start + dt.timedelta(hours=2))
    page = browser().get(page_of(walk.case)).text
    assert f"{timezone.localtime(start):%Y-%m-%d %H:%M}" in page and "张工" in page


@pytest.mark.parametrize(
    ("starts", "said"),
    [
        ("2030-10-27T00:30Z", "2030-10-27 02:30 (UTC+2)–02:30 (UTC+1)"),  # an hour that comes twice there
        ("2030-10-27T01:30Z", "2030-10-27 02:30 (UTC+1)–03:30"),
        ("2030-03-31T00:30Z", "2030-03-31 01:30–03:30"),  # and one that never comes
        ("2030-07-01T21:30Z", "2030-07-01 23:30–07-02 00:30"),
    ],
)
def test_a_customer_abroad_reads_their_own_times(cast: Cast, starts: str, said: str):
    cast.wang.timezone = "Europe/Berlin"
    cast.wang.save()
    at = dt.datetime.fromisoformat(starts)
    walk = walking.begin(cast, at - dt.timedelta(days=2)).steps("triage confirm assign accept")
    walk.step("appoint", starts_at=at, ends_at=at + dt.timedelta(hours=1))
    page = browser().get(page_of(walk.case)).text
    assert said in page and "Europe/Berlin 当地时间" in page
    assert timezone.get_current_timezone_name() == "Asia/Shanghai"  # the next visitor's are not touched


def test_parcels_both_ways_are_shown(cast: Cast):
    walk = walking.to_depot(begin(cast)).steps("diagnose start_work work pass_test ship_out")
    page = browser().get(page_of(walk.case)).text
    assert "SF100" in page and "SF200" in page and "正在寄回给您" in page


def test_the_track_leads_to_the_quote_and_to_the_rating_only_when_they_wait(cast: Cast):
    walk = walking.to_depot(begin(cast, unit="old")).steps("diagnose quote")
    assert page_of(walk.case, "quote") in browser().get(page_of(walk.case)).text
    walk.step("accept_quote")
    assert "/q/" not in browser().get(page_of(walk.case)).text
    done = begin(cast).steps(walking.ON_SITE).steps(walking.FREE_REPAIR).steps("hand_over")
    assert "/r/" not in browser().get(page_of(done.case)).text
    done.step("follow_up")
    assert page_of(done.case, "rate") in browser().get(page_of(done.case)).text


def test_photos_of_what_is_told_are_shown_and_those_of_notes_are_not(cast: Cast):
    walk = begin(cast)
    agent, now = cast.actor("agent"), timezone.now()
    ids = [
        Attachment.objects.create(
            uploader=agent.identity, sha256="0" * 64, size=9, media_type="image/png", name=n, created_at=now
        ).pk
        for n in ("public.png", "inside.png")
    ]
    walk.step("reply", by="agent", text="见图", files=[ids[0]])
    walk.step("note", by="agent", text="内部", files=[ids[1]])
    page = browser().get(page_of(walk.case)).text
    assert "public.png" in page and "inside.png" not in page and f"/files/{ids[1]}/" not in page


def test_the_page_needs_few_queries_however_long_the_story(cast: Cast, django_assert_max_num_queries):
    walk = walking.to_depot(begin(cast, unit="old", hours=40))
    for n in range(12):
        walk.step("message", by=walk.link("track"), text=f"第{n}次询问")
        walk.step("reply", text=f"答复{n}")
    walk.steps("diagnose quote")
    path = page_of(walk.case)
    browser().get(path)
    with django_assert_max_num_queries(10):  # two of them: the repair clock
        assert browser().get(path).status_code == 200


def test_the_page_stays_private(cast: Cast):
    answer = browser().get(page_of(begin(cast).case))
    assert "noindex" in answer.headers["X-Robots-Tag"] and 'content="noindex' in answer.text
    assert (
        answer.headers["Referrer-Policy"] == "same-origin" and answer.headers["Cache-Control"] == "no-store"
    )
    assert "http://" not in answer.text.replace("http://www.w3.org", "") and "https://" not in answer.text


@pytest.mark.parametrize("names", ["triage confirm assign accept appoint set_out", "triage confirm assign accept appoint check_in diagnose wait_parts",
                                   "withdraw", "triage advise", "triage confirm assign accept hold"])  # fmt: skip
def test_every_place_of_the_procedure_has_its_page_in_both_languages(cast: Cast, names: str):
    walk = begin(cast).steps(names)
    for language in ("zh-CN", "en-GB"):
        assert browser(language).get(page_of(walk.case)).status_code == 200


# -- whose link ---------------------------------------------------------------------------------------


def test_a_link_opens_its_own_page_and_no_other(cast: Cast):
    walk = walking.to_depot(begin(cast, unit="old")).steps("diagnose quote")
    token = {p: page_of(walk.case, p).split("/")[2] for p in ("track", "quote", "rate")}
    for page in "tqr":
        for purpose, value in token.items():
            wanted = 200 if purpose.startswith(page) else 404
            assert browser().get(f"/{page}/{value}/").status_code == wanted, (page, purpose)


def test_whatever_is_wrong_with_a_token_the_answer_is_the_same(cast: Cast):
    walk, other = begin(cast), begin(cast)
    gone, revoked = (
        links.issue(walk.case, "track", now=timezone.now()),
        links.issue(other.case, "track", now=timezone.now()),
    )
    PersonalLink.objects.filter(pk=gone.pk).update(expires_at=timezone.now())
    links.revoke(other.case, "track", now=timezone.now())
    tokens = [
        links.token_of(gone),
        links.token_of(revoked),
        "x",
        "A" * 32,
        "长" * 40,
        "%2e%2e",
        "a" * 5000,
        page_of(walk.case, "quote").split("/")[2],
    ]
    visitor = browser()
    answers = [visitor.get(f"/t/{token}/") for token in tokens]
    assert {a.status_code for a in answers} == {404}
    own = (
        r'<input type="hidden"[^>]*>|"X-CSRFToken": "\w+"|404 · [^<]*'  # what a page says of its own address
    )
    assert len({re.sub(own, "", a.text) for a in answers}) == 1


@pytest.mark.parametrize(
    "noun",
    [
        "note",
        "triage",
        "reply",
        "call",
        "accept-quote",
        "consent",
        "rate",
        "rating",
        "close",
        "hold",
        "register",
        "x",
    ],
)
def test_the_track_takes_no_step_that_is_not_the_customers(cast: Cast, noun: str):
    walk = begin(cast)
    assert send(walk, noun, text="x", reason="x").status_code == 404
    assert walk.case.journal_count == 1


# -- what may be done -------------------------------------------------------------------------------------


def test_a_message_with_a_photo_joins_the_case_and_is_owed_an_answer(cast: Cast):
    walk = begin(cast)
    answer = send(walk, "message", text="我周六在家", **{"files-upload": picture()})
    assert answer.status_code == 302 and "response" in walk.owed
    assert "我周六在家" in browser().get(page_of(walk.case)).text
    assert Attachment.objects.get().case == walk.case


def test_a_double_click_counts_once_and_the_same_key_with_other_words_is_named(cast: Cast):
    walk = begin(cast)
    path = page_of(walk.case)
    key = key_in(browser().get(path).text, f"{path}message/")
    for _n in range(2):
        assert send(walk, "message", key=key, text="催一下").status_code == 302
    assert JournalEntry.objects.filter(step="message").count() == 1
    answer = send(walk, "message", key=key, text="另一句话")
    assert answer.status_code == 422 and "另一句话" in answer.text
    assert JournalEntry.objects.filter(step="message").count() == 1


def test_chasing_up_is_owed_an_answer(cast: Cast):
    walk = begin(cast)
    assert send(walk, "chase").status_code == 302 and "chase" in walk.owed


def test_the_customer_agrees_the_kind_of_service(cast: Cast):
    walk = begin(cast).steps("triage")
    assert (
        send(walk, "confirm", venue="depot", service="repair", way="phone", agreed_by="别人").status_code
        == 302
    )
    assert walk.stage == "dispatch" and walk.case.facts["venue"] == "depot"
    assert walk.body("confirm")["way"] == "link"


def test_without_a_choice_nothing_is_agreed(cast: Cast):
    walk = begin(cast).steps("triage")
    answer = send(walk, "confirm", service="repair")
    assert answer.status_code == 422 and "field-error" in answer.text and walk.stage == "triage"


def test_the_customer_enters_the_parcel_and_later_says_that_it_is_back(cast: Cast):
    walk = begin(cast).steps("triage")
    walk.step("confirm", venue="depot")
    walk.step("assign_station")
    assert "上海一站" in browser().get(page_of(walk.case)).text
    assert send(walk, "ship-in", carrier="顺丰", tracking="SF777").status_code == 302
    walk.steps("receive take_on diagnose start_work work pass_test ship_out")
    assert send(walk, "deliver").status_code == 302 and walk.stage == "followup"


def test_withdrawing_asks_why_and_ends_it(cast: Cast):
    walk = begin(cast)
    assert send(walk, "withdraw", reason="because").status_code == 422
    assert send(walk, "withdraw", reason="solved").status_code == 302 and walk.stage == "withdrawn"
    assert send(walk, "message", text="还在吗").status_code == 422


def test_a_dissatisfied_customer_opens_it_again(cast: Cast):
    walk = begin(cast).steps(walking.ON_SITE).steps(walking.FREE_REPAIR).steps("hand_over")
    assert send(walk, "reopen", reason="").status_code == 422
    assert send(walk, "reopen", reason="还是漏水", owner=cast.staff["manager"].pk).status_code == 302
    assert walk.stage == "triage" and "还是漏水" in browser().get(page_of(walk.case)).text


@pytest.mark.parametrize("junk", [CONTROL, LONG, ""])
def test_junk_in_a_message_is_refused_with_a_sentence_and_kept(cast: Cast, junk: str):
    walk = begin(cast)
    answer = send(walk, "message", text=junk)
    assert answer.status_code == 422 and "field-error" in answer.text and walk.case.journal_count == 1


@pytest.mark.parametrize("value", ["999999999999999999999", "-1", "1e9", "x", "9007199254740993"])
def test_files_that_are_not_the_customers_are_not_taken(cast: Cast, value: str):
    walk = begin(cast)
    assert (
        send(walk, "message", text="见附件", files=value).status_code == 422 and walk.case.journal_count == 1
    )


def test_a_step_that_is_not_possible_now_is_refused_in_words(cast: Cast):
    walk = begin(cast)
    answer = send(walk, "deliver")
    assert answer.status_code == 422 and "不能" in answer.text and walk.case.journal_count == 1


def test_a_joined_request_leads_to_the_one_that_goes_on(cast: Cast):
    walk, other = begin(cast), begin(cast, problem="同一台洗衣机")
    path = page_of(other.case)
    walk.step("merge", by="agent", into=other.case.number)
    page = browser().get(page_of(walk.case)).text
    assert other.case.number in page and path in page and 'name="text"' not in page


def test_the_service_sheet_is_there_after_the_hand_over_and_not_before(cast: Cast):
    walk = begin(cast).steps(walking.ON_SITE).steps(walking.FREE_REPAIR)
    path = page_of(walk.case) + "service-sheet.pdf"
    assert browser().get(path).status_code == 404
    walk.step("hand_over")
    answer = browser().get(path)
    assert answer.headers["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert path in browser().get(page_of(walk.case)).text


def test_a_link_used_like_a_machine_is_slowed_down(cast: Cast):
    walk = begin(cast)
    answers = [send(walk, "message", text="") for _n in range(61)]
    assert answers[-1].status_code == 429 and "频繁" in answers[-1].text


def test_a_form_without_its_token_of_origin_is_refused(cast: Cast):
    answer = Client(enforce_csrf_checks=True).post(page_of(begin(cast).case) + "message/", {"text": "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("day", "hour", "said"), [(2, 16, "今天 16:00"), (3, 0, "今天 24:00"), (6, 0, "11月5日 24:00")]
)
def test_a_promise_until_midnight_names_the_day_that_ends(now: dt.datetime, day: int, hour: int, said: str):
    with translation.override("zh-hans"):
        assert promises.day_time(now.replace(day=day, hour=hour, minute=0), now) == said
