"""The case page: one reading, the allowed steps as the only buttons, every step with and without a script."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from baoxiu.cases.models import Case, Content, Outgoing, PersonalLink
from tests.conftest import Cast
from tests.faces.desk import DAY, HOUR, MINUTE, opened, step
from tests.faces.machine import machine

HTMX = {"HTTP_HX_REQUEST": "true"}
SIGN_IN = 2


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def address(case: Case, part: str = "") -> str:
    return f"/desk/cases/{case.number}/{part}"


def buttons(page: str) -> set[str]:
    """The nouns of the steps offered."""
    return set(re.findall(r'hx-get="/desk/cases/[^/]+/([a-z-]+)/', page)) - {"messages", "timeline"}


def at_repair(cast: Cast, at: dt.datetime) -> Case:
    """On site, diagnosed, to be paid: a quote waits for the customer."""
    case = opened(cast, at=at, contact_email="wang@example.com")
    agent, dispatcher, engineer = (cast.actor(who) for who in ("agent", "dispatcher", "engineer"))
    step(case, "triage", agent, at=at + MINUTE, symptom="drain", fault="other")
    step(case, "confirm", agent, at=at + 2 * MINUTE, venue="onsite", agreed_by="王女士")
    step(case, "assign", dispatcher, at=at + 3 * MINUTE, engineer=cast.staff["engineer"].pk)
    step(case, "accept", engineer, at=at + 4 * MINUTE)
    window = {"starts_at": at + HOUR, "ends_at": at + 2 * HOUR}
    step(case, "appoint", engineer, at=at + 5 * MINUTE, **window)
    step(case, "check_in", engineer, at=at + HOUR)
    step(
        case,
        "diagnose",
        engineer,
        at=at + HOUR,
        symptom="drain",
        cause="misuse",
        remedy="clean",
        fault="other",
    )
    step(case, "quote", engineer, at=at + HOUR, lines=[{"text": "清洗排水泵", "price": "80"}, {"text": "上门费", "price": "30", "free": True}])  # fmt: skip
    return case


# -- reading --------------------------------------------------------------------------------


def test_one_page_shows_who_what_what_was_said_what_is_owed_and_what_may_be_done(
    cast: Cast, now: dt.datetime
) -> None:
    case = opened(cast, at=now - 2 * HOUR)
    opened(cast, at=now - DAY, problem="去年修过一次")
    page = text(cast.client("agent").get(address(case)))
    for words in (
        "洗衣机不排水",
        "王女士",
        "天钥桥路10号",
        "SN-NEW-1",
        "2027-05-01",
        "首次响应",
        "超时 1 小时",
        "去年修过一次",
        "aria-current",
    ):
        assert words in page
    assert buttons(page) >= {
        "triage",
        "reply",
        "note",
        "call",
        "hold",
        "correction",
        "ownership",
        "chase-up",
        "merger",
    }


def test_contacts_stay_masked_until_somebody_says_why(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now, contact_email="wang@example.com")
    step(case, "correct", cast.actor("agent"), phone="13900139000", email="new@example.com", reason="换号")
    client = cast.client("agent")
    page = text(client.get(address(case)))
    for secret in ("13800138001", "13900139000", "wang@example.com", "new@example.com", "139 0013 9000"):
        assert secret not in page
    assert "139****9000" in page
    assert client.get(address(case, "contacts/")).status_code == 405
    assert client.post(address(case, "contacts/"), {"reason": "curious"}).status_code == 404
    shown = text(client.post(address(case, "contacts/"), {"reason": "call"}, **HTMX))
    assert "+8613900139000" in shown
    assert "new@example.com" in shown
    machine(cast, "agent").get(f"/cases/{case.number}")
    told = machine(cast, "administrator").get(f"/contact-reveals?case={case.number}").json()["items"]
    assert [(r["reason"], r["staff"]["name"], r["customer"]["name"]) for r in told] == [
        ("api", "李客服", "王女士"), ("call", "李客服", "王女士"),
    ]  # fmt: skip
    page = text(cast.client("administrator").get("/office/access/"))
    assert case.number in page and "联系客户" in page and "13900139000" not in page
    rows = b"".join(cast.client("administrator").get("/office/access/table.csv").streaming_content).decode()
    assert rows.count(case.number) == 2
    assert machine(cast, "manager").get("/contact-reveals").status_code == 403
    assert cast.client("agent").get("/office/access/").status_code == 403


@pytest.mark.parametrize("replies", [3, 30])
def test_the_page_costs_eleven_statements_however_much_was_said(
    cast: Cast, now: dt.datetime, replies: int, django_assert_max_num_queries
) -> None:
    case = at_repair(cast, now - DAY)
    for i in range(replies):
        step(case, "reply", cast.actor("agent"), at=now, text=f"第{i}次答复")
    opened(cast, at=now)
    client = cast.client("agent")
    client.get("/desk/")
    with django_assert_max_num_queries(11):  # the eleventh: the stays of the repair clock
        page = text(client.get(address(case)))
    assert f"第{replies - 1}次答复" in page


def test_a_depot_case_keeps_to_the_same_budget(
    cast: Cast, now: dt.datetime, django_assert_max_num_queries
) -> None:
    case = opened(cast, at=now - DAY)
    agent, head = cast.actor("agent"), cast.actor("station_head")
    step(case, "triage", agent, at=now, symptom="drain", fault="other")
    step(case, "confirm", agent, at=now, venue="depot")
    step(case, "assign_station", cast.actor("dispatcher"), at=now, station=cast.station.pk)
    step(case, "ship_in", agent, at=now, carrier="顺丰", tracking="SF123")
    step(case, "receive", head, at=now, condition="完好")
    step(case, "diagnose", head, at=now, symptom="drain", cause="misuse", remedy="clean", fault="other")
    step(case, "quote", head, at=now, lines=[{"text": "清洗", "price": "80"}])
    client = cast.client("agent")
    client.get("/desk/")
    with django_assert_max_num_queries(11):  # the eleventh: the stays of the repair clock
        page = text(client.get(address(case)))
    for words in ("SF123", "上海一站", "清洗", "待客户答复", "赵站长"):
        assert words in page


def test_the_decision_stands_there_with_its_clause_and_reasons(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now)
    step(case, "triage", cast.actor("agent"), at=now, symptom="drain", fault="quality")
    page = text(cast.client("agent").get(address(case)))
    for words in ("免费", "C3.1", "在保修期内", "CN-DAY-002"):
        assert words in page


def test_quotes_show_free_lines_struck_through(cast: Cast, now: dt.datetime) -> None:
    page = text(cast.client("agent").get(address(at_repair(cast, now - DAY))))
    assert "<s>" in page
    assert "清洗排水泵" in page


def test_erased_words_are_shown_as_erased(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now)
    step(case, "note", cast.actor("agent"), at=now, text="客户的隐私")
    Content.objects.filter(entry__case=case, entry__step="note").update(words=None)
    page = text(cast.client("agent").get(address(case)))
    assert "客户的隐私" not in page.split("timeline-list")[1]
    assert "已删除" in page or "已清除" in page or "抹除" in page


def test_older_entries_come_on_request(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now)
    for i in range(60):
        step(case, "note", cast.actor("agent"), at=now, text=f"备注{i:03d}")
    client = cast.client("agent")
    page = text(client.get(address(case)))
    assert "备注059" in page
    assert "备注005" not in page
    older = text(client.get(address(case, "timeline/?before=12"), **HTMX))
    assert "备注005" in older
    assert "<html" not in older
    assert client.get(address(case, "timeline/?before=x")).status_code == 200


def test_a_hold_is_told_with_its_reason(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now - DAY)
    step(case, "hold", cast.actor("agent"), at=now, reason="customer", text="出差", until=dt.date(2027, 1, 5))
    page = text(cast.client("agent").get(address(case)))
    for words in ("等待客户", "2027-01-05", "chip-paused"):
        assert words in page
    assert buttons(page) >= {"resumption"}
    assert "triage" not in buttons(page)


# -- steps ----------------------------------------------------------------------------------


def test_the_buttons_are_the_steps_the_role_may_take_now(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, cast.liu, at=now)
    step(case, "triage", cast.actor("agent"), at=now, symptom="drain", fault="quality")
    step(case, "confirm", cast.actor("agent"), at=now, venue="onsite")
    seen = {
        who: buttons(text(cast.client(who).get(address(case))))
        for who in ("agent", "dispatcher", "manager", "account_manager")
    }
    assert "assignment" in seen["dispatcher"]
    assert "assignment" not in seen["agent"] | seen["manager"]
    assert "override" in seen["manager"] - seen["agent"] - seen["dispatcher"]
    assert "withdrawal" in seen["agent"]
    assert {"note", "reply"} <= seen["account_manager"]
    assert "ownership" not in seen["account_manager"]


def test_every_button_opens_its_form_in_place_and_as_a_page(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now)
    step(case, "triage", cast.actor("agent"), at=now, symptom="drain", fault="quality")
    client = cast.client("agent")
    nouns = buttons(text(client.get(address(case))))
    assert len(nouns) > 8
    for noun in nouns:
        fragment, whole = client.get(address(case, f"{noun}/"), **HTMX), client.get(address(case, f"{noun}/"))
        assert (fragment.status_code, whole.status_code) == (200, 200), noun
        assert "<html" not in text(fragment)
        assert "<html" in text(whole)
        assert 'name="csrfmiddlewaretoken"' in text(whole)


def test_a_step_is_taken_without_a_script(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now)
    answer = cast.client("agent").post(address(case, "reply/"), {"text": "您好，马上处理", "key": "k1"})
    assert (answer.status_code, answer["Location"]) == (302, address(case))
    assert "您好，马上处理" in text(cast.client("agent").get(address(case)))


def test_a_step_taken_from_a_list_leads_back_to_it_and_nowhere_else(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now)
    client = cast.client("agent")
    back = client.post(address(case, "note/?next=/desk/%3Fview%3Dlate"), {"text": "一"}, **HTMX)
    assert (back.status_code, back["HX-Redirect"]) == (204, "/desk/?view=late")
    for evil in ("https://evil.example/", "//evil.example/desk/", "/desk/../office/", "javascript:alert(1)"):
        answer = client.post(address(case, "note/") + f"?next={evil}", {"text": evil})
        assert answer["Location"].startswith("/desk/")


def test_a_double_click_counts_once(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now)
    for _ in range(2):
        cast.client("agent").post(address(case, "note/"), {"text": "一次", "key": "same"})
    assert case.journal.filter(step="note").count() == 1


@pytest.mark.parametrize(
    ("noun", "data", "words"),
    [
        ("reply", {"text": ""}, "回复"),
        ("triage", {"symptom": "moon"}, "故障现象"),
        ("merger", {"into": "BX-0000-000000"}, "单号"),
        ("ownership", {"owner": "999999"}, "负责人"),
        ("correction", {"phone": "12", "reason": "x"}, "电话"),
    ],
)
def test_a_wrong_form_comes_back_with_the_field_named(
    cast: Cast, now: dt.datetime, noun: str, data: dict[str, str], words: str
) -> None:
    case = opened(cast, at=now)
    before = case.journal_count
    answer = cast.client("agent").post(address(case, f"{noun}/"), data)
    assert answer.status_code == 422
    assert words in text(answer).split('role="alert"')[1][:600]
    case.refresh_from_db()
    assert case.journal_count == before


def test_a_step_that_is_not_possible_says_why(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now)
    answer = cast.client("agent").get(address(case, "closing/"))
    assert answer.status_code == 409
    assert "关单" in text(answer)
    assert cast.client("agent").get(address(case, "nonsense/")).status_code == 404
    assert cast.client("agent").get(address(case, "registration/")).status_code == 404


# -- help beside the steps ------------------------------------------------------------------


def test_triage_comes_with_questions_similar_cases_and_the_decision_as_it_would_be(
    cast: Cast, now: dt.datetime
) -> None:
    earlier = opened(cast, cast.sun, at=now - 20 * DAY, problem="洗衣机不排水很久了")
    case = opened(cast, at=now)
    client = cast.client("agent")
    form = text(client.get(address(case, "triage/"), **HTMX))
    assert earlier.number in form
    assert re.search(r'value="drain"[^>]*selected', form)
    preview = {
        fault: text(client.get(address(case, f"entitlement/?fault={fault}")))
        for fault in ("quality", "other", "unknown")
    }
    assert "decision-good" in preview["quality"]
    assert "decision-warn" in preview["other"]
    assert "decision-plain" in preview["unknown"]
    assert "decision-warn" in text(
        client.get(address(case, "entitlement/?fault=quality&purchase_date=2020-01-01"))
    )
    assert client.get(address(case, "entitlement/?fault=%00&purchase_date=9999-99-99")).status_code == 200


def test_dispatch_comes_with_ranked_engineers_and_the_reason_for_each_rank(
    cast: Cast, now: dt.datetime
) -> None:
    case = opened(cast, at=now)
    step(case, "triage", cast.actor("agent"), at=now, symptom="drain", fault="quality")
    step(case, "confirm", cast.actor("agent"), at=now, venue="onsite")
    form = text(cast.client("dispatcher").get(address(case, "assignment/"), **HTMX))
    assert form.index("张工") < form.index("钱工")
    assert "not-eligible" in form
    assert re.search(rf'value="{cast.staff["engineer"].pk}"[^>]*selected', form)
    assert not re.search(rf'<option value="{cast.staff["engineer2"].pk}"', form)
    plain = text(cast.client("dispatcher").get(address(case, "assignment/")))
    assert "张工 · " in plain


def test_merging_offers_the_cases_that_may_be_the_same(cast: Cast, now: dt.datetime) -> None:
    first, second = opened(cast, at=now - HOUR), opened(cast, at=now)
    client = cast.client("agent")
    assert f'data-value="{first.number}"' in text(client.get(address(second, "merger/"), **HTMX))
    assert f'value="{first.number}"' in text(client.get(address(second, f"merger/?into={first.number}")))
    client.post(address(second, "merger/"), {"into": first.number})
    page = text(client.get(address(second)))
    assert first.number in page
    assert not buttons(page) - {"note"}


# -- messages and links ---------------------------------------------------------------------


def test_messages_and_links_are_shown_made_and_taken_back(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now)
    client = cast.client("agent")
    assert not PersonalLink.objects.exists()
    page = text(client.post(address(case, "links/"), **HTMX))
    link = PersonalLink.objects.get(case=case, purpose="track")
    copied = re.search(r'data-copy="(http://[^"]+)"', page)
    assert copied
    assert client.get(copied[1].replace("http://testserver", "")).status_code == 200
    client.post(address(case, "links/"), {"revoke": "track"})
    made, ended = case.journal.filter(step__in=("give_link", "revoke_link")).order_by("no")
    assert (made.body["data"]["purpose"], ended.body["data"]["links"], ended.actor_name) == (
        "track",
        1,
        "李客服",
    )
    timeline = text(client.get(address(case)))
    assert "提供专属链接" in timeline and "撤回专属链接" in timeline
    link.refresh_from_db()
    assert link.revoked_at
    assert client.get(copied[1].replace("http://testserver", "")).status_code == 404


def test_what_was_sent_to_the_customer_can_be_read(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now, contact_email="wang@example.com")
    step(case, "reply", cast.actor("agent"), at=now, text="明天上午联系您")
    assert Outgoing.objects.filter(case=case).count() == 2
    assert "明天上午联系您" in text(cast.client("agent").get(address(case, "messages/")))


def test_the_glance_beside_a_list_is_a_fragment_with_the_steps(
    cast: Cast, now: dt.datetime, django_assert_max_num_queries
) -> None:
    case = opened(cast, at=now)
    client = cast.client("agent")
    client.get("/desk/")
    with django_assert_max_num_queries(SIGN_IN + 4):  # the fourth: promises and rules in force
        page = text(client.get(address(case, "glance/?next=/desk/")))
    assert "<html" not in page
    assert buttons(page) >= {"triage", "reply"}
    assert "13800138001" not in page
