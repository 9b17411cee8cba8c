"""C4.4a, C4.6: the engineer's day and one job, as a phone without a script sees them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from baoxiu.cases.models import Attachment, Case, JournalEntry, WorkOrder
from baoxiu.faces.field.jobs import next_step
from baoxiu.people.models import Skill, StaffSkill
from tests.conftest import Cast
from tests.faces.portal import CONTROL, LONG, key_in, picture
from tests.rooms import walking
from tests.rooms.walking import SIGNATURE, Walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.ATTACHMENTS = tmp_path


def begin(cast: Cast, names: str = "triage confirm assign", *, hours: float = 6, **more) -> Walk:
    return walking.begin(cast, timezone.now() - dt.timedelta(hours=hours), **more).steps(names)


def job(walk: Walk, noun: str = "") -> str:
    return f"/field/jobs/{walk.case.number}/" + (f"{noun}/" if noun else "")


def take(walk: Walk, noun: str, who: str = "engineer", key: str = "", **fields):
    """The form of a step sent as a browser without a script sends it."""
    answer = walk.cast.client(who).post(
        job(walk, noun), {"key": key or f"f-{noun}-{timezone.now().timestamp()}", **fields}
    )
    walk.case = Case.objects.get(pk=walk.case.pk)
    return answer


def today(cast: Cast, who: str = "engineer") -> str:
    return cast.client(who).get("/field/").text


def section(page: str, title: str) -> str:
    """The list under a heading of the first page."""
    found = re.search(rf'jobs-title">{title} .*?</ol>', page, re.S)
    return found[0] if found else ""


# -- the day ------------------------------------------------------------------------------------------


def test_a_day_without_jobs_says_so(cast: Cast):
    assert "暂无工单" in today(cast)


def test_the_day_is_in_the_order_of_the_agreed_windows(cast: Cast):
    now = timezone.now()
    walks = [begin(cast, "triage confirm assign accept", hours=9) for _n in range(3)]
    for walk, minutes in zip(walks, (150, 5, 75), strict=True):
        start = now + dt.timedelta(minutes=minutes)
        walk.step("appoint", starts_at=start, ends_at=start + dt.timedelta(minutes=60))
    page = today(cast)
    numbers = list(dict.fromkeys(re.findall(r"BX-\d{4}-\d{6}", page)))
    assert numbers == [walks[i].case.number for i in (1, 2, 0)]


def test_each_job_stands_in_the_list_where_it_is_worked_off(cast: Cast):
    new, open_, call = (
        begin(cast),
        begin(cast, "triage confirm assign accept"),
        begin(cast, walking.ON_SITE + " " + walking.FREE_REPAIR + " hand_over"),
    )
    waiting = begin(cast, walking.ON_SITE + " diagnose wait_parts", unit="old")
    page = today(cast)
    for title, walk in (("待接单", new), ("待预约", open_), ("待回访", call), ("等待中", waiting)):
        assert walk.case.number in section(page, title), title


def test_call_and_way_are_one_tap_away(cast: Cast):
    begin(
        cast,
        name="王女士",
        phone="13800138001",
        address={"province": "上海市", "city": "上海市", "street": "天钥桥路10号"},
    )
    page = today(cast)
    assert 'href="tel:+8613800138001"' in page and 'href="geo:' in page


def test_somebody_elses_jobs_are_not_in_the_day_and_not_to_be_opened(cast: Cast):
    walk = begin(cast)
    assert walk.case.number not in today(cast, "engineer2")
    for noun in ("", "acceptance", "note"):
        assert cast.client("engineer2").get(job(walk, noun)).status_code == 404
        if noun:
            assert take(walk, noun, "engineer2", text="x").status_code == 404
    assert walk.stage == "assigned"


def test_a_job_that_was_mine_is_gone_from_my_phone(cast: Cast):
    StaffSkill.objects.create(staff=cast.staff["engineer2"], skill=Skill.objects.get(code="washing"), level=2)
    walk = begin(cast)
    walk.step("reassign")
    assert cast.client("engineer").get(job(walk)).status_code == 404
    assert cast.client("engineer2").get(job(walk)).status_code == 200


@pytest.mark.parametrize(
    "who", ["agent", "dispatcher", "manager", "station_head", "stock_keeper", "administrator"]
)
def test_the_field_is_for_engineers(cast: Cast, who: str):
    walk = begin(cast)
    for path in ("/field/", job(walk), job(walk, "acceptance")):
        assert cast.client(who).get(path).status_code == 403


@pytest.mark.parametrize("number", ["BX-2611-999999", "x", "0", "长" * 50, "..", "%00"])
def test_a_number_that_is_none_is_not_found(cast: Cast, number: str):
    assert cast.client("engineer").get(f"/field/jobs/{number}/").status_code in (
        404,
        400 if number == "%00" else 404,
    )


def test_the_day_needs_few_queries_however_many_jobs(cast: Cast, django_assert_max_num_queries):
    for _n in range(4):
        begin(cast, "triage confirm assign accept")
    begin(cast, walking.ON_SITE)
    today(cast)
    with django_assert_max_num_queries(7):
        today(cast)


# -- one job, from accepting to the follow-up ------------------------------------------------------------


def test_the_whole_job_on_the_phone_without_a_script(cast: Cast):
    walk = begin(cast)
    start = timezone.localtime() + dt.timedelta(hours=1)
    times = {
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "ends_at": f"{start + dt.timedelta(hours=2):%Y-%m-%dT%H:%M}",
    }
    steps = [
        ("acceptance", {}, "visit"), ("appointment", {**times, "agreed_with": "王女士"}, "visit"), ("departure", {"minutes": "20"}, "visit"),
        ("check-in", {"lat": "31.19", "lon": "121.44", "files-upload": picture()}, "repair"),
        ("diagnosis", {"symptom": "drain", "cause": "component", "remedy": "replace_part", "fault": "quality", "text": "泵坏"}, "repair"),
        ("work-start", {}, "repair"),
        ("work", {"remedy": "replace_part", "text": "换泵", "minutes": "40", "parts-0-text": "排水泵", "parts-0-quantity": "1"}, "repair"),
        ("test", {}, "handover"), ("handover", {"signer": "王女士", "signature": SIGNATURE}, "followup"),
        ("engineer-follow-up", {"satisfaction": "5", "questions": "无"}, "final"),
    ]  # fmt: skip
    for noun, fields, stage in steps:
        if walk.stage != "final":
            assert walk.cast.client("engineer").get(job(walk)).status_code == 200
        answer = take(walk, noun, **fields)
        assert answer.status_code == 302, (
            noun,
            re.findall(r"field-error[^<]*<?[^<]*", answer.text),
            answer.text[-1500:],
        )
        assert walk.stage == stage, noun
    assert walk.body("check_in")["lat"] == 31.19 and Attachment.objects.get().entry.step == "check_in"
    assert walk.is_sound()


def test_the_next_step_lies_under_the_thumb(cast: Cast):
    walk = begin(cast)
    seen = []
    for name in (
        "",
        "accept",
        "appoint",
        "set_out",
        "check_in",
        "diagnose",
        "start_work",
        "work",
        "pass_test",
    ):
        if name:
            walk.step(name)
        page = cast.client("engineer").get(job(walk)).text
        bar = page[page.index('class="thumb-bar') :]
        seen.append(re.search(rf"/field/jobs/{walk.case.number}/([\w-]+)/", bar)[1])
    assert seen == [
        "acceptance",
        "appointment",
        "departure",
        "check-in",
        "diagnosis",
        "work-start",
        "work",
        "test",
        "handover",
    ]


def test_nothing_lies_under_the_thumb_while_others_are_at_work():
    assert next_step([], None) is None and next_step([], WorkOrder(status="waiting")) is None


def test_a_paid_repair_asks_for_a_quote_before_any_work(cast: Cast):
    walk = begin(cast, walking.ON_SITE + " diagnose", unit="old")
    page = cast.client("engineer").get(job(walk)).text
    assert job(walk, "quote") in page and job(walk, "work-start") not in page
    assert take(walk, "work-start").status_code == 422
    lines = {
        "lines-0-kind": "part",
        "lines-0-text": "排水泵",
        "lines-0-quantity": "1",
        "lines-0-price": "120.00",
        "currency": "CNY",
        "valid_days": "14",
    }
    assert take(walk, "quote", **lines).status_code == 302 and walk.stage == "consent"


def test_a_declined_job_leads_back_to_the_day(cast: Cast):
    walk = begin(cast)
    answer = take(walk, "refusal", reason="too_far")
    assert answer.status_code == 302 and answer.url == "/field/" and walk.stage == "dispatch"


def test_the_follow_up_comes_with_its_questions_and_its_form(cast: Cast):
    walk = begin(cast, walking.ON_SITE + " " + walking.FREE_REPAIR + " hand_over")
    page = cast.client("engineer").get(job(walk)).text
    assert "回访话术" in page and f'action="{job(walk, "engineer-follow-up")}"' in page
    question = "我是为您维修的工程师，故障有再出现吗？"
    for shown in (page, cast.client("engineer").get(job(walk, "engineer-follow-up")).content.decode()):
        # read as a whole, not cut in a field, and sent along with the answer
        assert f'<span class="given">{question}</span>' in shown
        assert f'type="hidden" name="answers-0-question" value="{question}"' in shown
    assert take(walk, "engineer-follow-up", satisfaction="2").status_code == 422 and walk.stage == "followup"
    assert take(walk, "reopening", reason="还漏水").status_code == 302 and walk.stage == "triage"


def test_a_double_tap_counts_once(cast: Cast):
    walk = begin(cast)
    key = key_in(cast.client("engineer").get(job(walk)).text, job(walk, "acceptance"))
    for _n in range(2):
        assert take(walk, "acceptance", key=key).status_code == 302
    assert JournalEntry.objects.filter(step="accept").count() == 1


def test_photos_come_first_and_open_the_camera(cast: Cast):
    page = cast.client("engineer").get(job(begin(cast, walking.ON_SITE), "diagnosis")).text
    assert 'capture="environment"' in page and page.index('type="file"') < page.index('name="symptom"')


@pytest.mark.parametrize(
    ("noun", "fields"),
    [
        ("diagnosis", {"symptom": "x"}), ("diagnosis", {"symptom": "drain", "cause": "wear", "remedy": "clean", "fault": "unknown"}),
        ("diagnosis", {"symptom": "drain", "cause": "wear", "remedy": "clean", "fault": "quality", "text": LONG}),
        ("diagnosis", {"symptom": "drain", "cause": "wear", "remedy": "clean", "fault": "quality", "text": CONTROL}),
        ("note", {"text": ""}), ("note", {"text": LONG}), ("note", {"text": CONTROL}), ("note", {"text": "x", "files": "9" * 30}),
        ("parts-wait", {"part": "泵"}), ("depot-transfer", {"station": "9" * 40, "carried_by": "ours", "reason": "x"}),
        ("depot-transfer", {"station": "-1", "carried_by": "ours", "reason": "x"}), ("check-in", {"lat": "NaN", "lon": "inf"}),
        ("hold", {"reason": "holiday", "text": "x"}), ("hold", {"reason": "customer", "text": "x", "until": "99999-99-99"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_changes(cast: Cast, noun: str, fields: dict):
    walk = begin(cast, walking.ON_SITE)
    before = walk.case.journal_count
    answer = take(walk, noun, **fields)
    assert answer.status_code == 422 and walk.case.journal_count == before
    assert "note-error" in answer.text or "field-error" in answer.text


@pytest.mark.parametrize(
    "signature", ["", "[]", "[[[1]]]", "x" * 200_000, "<svg onload=1>", "null", "[" * 5000]
)
def test_without_a_signature_nothing_is_handed_over(cast: Cast, signature: str):
    walk = begin(cast, walking.ON_SITE + " " + walking.FREE_REPAIR)
    assert (
        take(walk, "handover", signer="王女士", signature=signature).status_code == 422
        and walk.stage == "handover"
    )


def test_a_step_that_is_not_possible_now_is_explained(cast: Cast):
    walk = begin(cast)
    answer = cast.client("engineer").get(job(walk, "work"))
    assert answer.status_code == 409 and "不能" in answer.text
    assert cast.client("engineer").get(job(walk, "assignment")).status_code == 409
    assert cast.client("engineer").get(job(walk, "nonsense")).status_code == 404
