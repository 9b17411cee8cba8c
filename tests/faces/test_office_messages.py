"""Messages and background in the office, on the case, and at the customer's link."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.test import Client
from django.utils import timezone

from baoxiu.cases.models import Outgoing
from baoxiu.faces.office.titles import MESSAGES
from baoxiu.jobs.models import Job
from baoxiu.notify import channels, messages, reasons, unsubscribing
from baoxiu.notify.models import Channel, Target, Template
from baoxiu.people import sealed
from tests.faces.machine import machine
from tests.rooms.walking import begin

AT = "/office/messages/email/register/zh/"


@pytest.fixture
def row(cast, now):
    begin(cast, now)
    return Outgoing.objects.get()


def test_a_wording_is_previewed_saved_and_sent_from_then_on(cast, row):
    client = cast.client("manager")
    words = {
        "subject": "收到 {{ number }}",
        "body": "{{ greeting }}\n<script>x</script> {{ link }}",
        "is_on": "on",
    }
    shown = client.post(AT, words | {"preview": "1"})
    page = shown.content.decode()
    assert shown.status_code == 200 and "&lt;script&gt;x&lt;/script&gt;" in page and "王女士，您好：" in page
    assert not Template.objects.exists()
    assert client.post(AT, words).status_code == 302
    assert "收到 BX-" in client.get("/office/mailbox/").content.decode()
    assert "已自定义" in client.get("/office/messages/").content.decode()


@pytest.mark.parametrize(
    "body", ["{{ settings.SECRET_KEY }}", "{% debug %}", "{{ number.__class__ }}", "", "x" * 5000]
)
def test_a_hostile_wording_is_refused_beside_its_field(cast, settings, row, body):
    for more in ({}, {"preview": "1"}):
        answer = cast.client("administrator").post(AT, {"subject": "s", "body": body, "is_on": "on"} | more)
        page = answer.content.decode()
        assert answer.status_code == (200 if more else 422) and settings.SECRET_KEY not in page
        assert "field-error" in page or "invalid" in page
    assert not Template.objects.exists()


def test_there_are_only_the_messages_that_there_are(cast, row):
    client = cast.client("manager")
    for path in ("email/nothing/zh", "sms/reply/zh", "email/quote/de", "pigeon/quote/zh"):
        assert client.get(f"/office/messages/{path}/").status_code == 404
    assert client.get("/office/messages/channels/pigeon/").status_code == 404


def test_a_channel_and_a_group_are_kept_and_the_secret_is_not_shown_again(cast, row):
    client = cast.client("manager")
    at = "/office/messages/channels/sms/"
    assert (
        client.post(
            at, {"is_on": "on", "quiet_from": "25:00", "quiet_until": "08:00", "per_hour": 1, "per_day": 2}
        ).status_code
        == 422
    )
    assert (
        client.post(
            at, {"is_on": "on", "quiet_from": "22:00", "quiet_until": "07:30", "per_hour": 1, "per_day": 2}
        ).status_code
        == 302
    )
    assert f"{Channel.objects.get().quiet_until:%H:%M}" == "07:30"
    new = "/office/messages/groups/new/"
    group = {
        "name": "派单群",
        "address": "json://127.0.0.1/",
        "language": "zh",
        "is_on": "on",
        "on_register": "on",
    }
    assert client.post(new, group).status_code == 422
    assert client.post(new, group | {"address": "dingtalk://CANARYCANARY"}).status_code == 302
    target = Target.objects.get()
    assert target.steps == ["register"]
    at = f"/office/messages/groups/{target.pk}/"
    for path in (at, "/office/messages/"):
        assert "CANARY" not in client.get(path).content.decode()
    client.post(at, {"name": "新名", "address": "", "language": "en", "on_close": "on"})
    target.refresh_from_db()
    assert "CANARY" not in target.address and target.scheme == "dingtalk"  # nor in the database as it is
    assert (target.name, sealed.unseal(target.address), target.steps, target.is_on) == (
        "新名",
        "dingtalk://CANARYCANARY",
        ["close"],
        False,
    )
    assert client.post(f"{at}remove/").status_code == 302 and not Target.objects.exists()


def test_what_failed_is_sent_again_from_the_case(cast, row):
    client, at = cast.client("agent"), f"/desk/cases/{row.case.number}/messages/"
    Outgoing.objects.update(state="failed", error="550 <b>no</b> such user", attempts=8)
    page = client.get(at).content.decode()
    assert "550 &lt;b&gt;no" in page and f"{at}{row.pk}/retry/" in page
    assert client.post(f"{at}{row.pk}/retry/").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 0)
    assert "等待" in client.post(f"{at}{row.pk}/retry/", follow=True).content.decode()
    assert client.post(f"{at}{row.pk + 1}/retry/").status_code == 404


@pytest.mark.parametrize("code", list(reasons.REASONS))
def test_why_a_message_failed_is_said_in_the_readers_language_and_others_words_are_quoted(cast, row, code):
    Outgoing.objects.update(state="failed", error=reasons.kept(code, "550 no such user"))
    at, told = f"/desk/cases/{row.case.number}/messages/", reasons.REASONS[code]
    for language, words in (("zh-CN", told.zh), ("en-US", told.en)):
        page = cast.client("agent").get(at, headers={"Accept-Language": language}).content.decode()
        assert words.replace("{said}", "550 no such user") in html.unescape(page)


def test_what_the_customer_wants_no_more_of_cannot_be_sent_again(cast, row):
    Outgoing.objects.update(state="dropped", error="unsubscribed")
    page = cast.client("agent").get(f"/desk/cases/{row.case.number}/messages/").content.decode()
    assert "客户已退订此类消息" in page and f"{row.pk}/retry/" not in page


@pytest.mark.parametrize(("seconds", "words"), [(40, "下次尝试 即将"), (900, "15 分钟后")])
def test_the_log_says_when_a_message_is_tried_again(cast, row, seconds, words):
    due = timezone.now() + dt.timedelta(seconds=seconds + 5)
    Outgoing.objects.update(due_at=due, attempts=1, error=reasons.kept("put_off", "451 later"))
    page = cast.client("agent").get(f"/desk/cases/{row.case.number}/messages/").content.decode()
    assert words in re.sub("<[^>]+>", "", page) and "服务器要求稍后再发：“451 later”" in page


def test_the_log_shows_numbers_of_phones_only_masked(cast, row):
    Outgoing.objects.update(channel="sms", event="register", recipient="+8613800138000")
    page = cast.client("agent").get(f"/desk/cases/{row.case.number}/messages/").content.decode()
    assert "138****8000" in page and "13800138000" not in page
    page = cast.client("manager").get("/office/mailbox/").content.decode()
    assert "138****8000" in page and "13800138000" not in page
    [told] = machine(cast, "agent").get(f"/cases/{row.case.number}/messages").json()["items"]
    assert told["recipient"] == "138****8000"


def test_every_wording_has_a_name_and_shows_how_it_begins(cast):
    assert {event for event, _, _ in messages.kinds()} == set(MESSAGES)
    page = cast.client("administrator").get("/office/messages/").content.decode()
    assert "{{" not in page and "报修已受理" in page and "我们已收到您的报修 BX-2611-000001" in page


def test_looking_at_the_way_out_changes_nothing_and_one_click_needs_no_cookie(cast, row):
    at, stranger = f"/n/{unsubscribing.token_of(row.pk)}/", Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert stranger.get(at).status_code == 200 and not channels.is_unsubscribed("email", row.recipient)
    assert stranger.post(at, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert channels.is_unsubscribed("email", row.recipient.upper())
    page = stranger.get(at)
    assert row.recipient not in page.content.decode() and "noindex" in page.headers["X-Robots-Tag"]
    stranger.post(at, {"again": "1"})
    assert not channels.is_unsubscribed("email", row.recipient)
    assert stranger.post(f"/n/{row.pk}-{'A' * 22}/").status_code == 404


def test_what_was_given_up_in_the_background_is_tried_again_by_the_administrator(cast, now):
    dead = Job.objects.create(
        name="old", key="old:1", state="dead", error="<b>x</b>", run_at=now, created_at=now, ended_at=now
    )
    Job.objects.create(name="outbox", key="outbox", repeats=True, run_at=now, created_at=now)
    client = cast.client("administrator")
    page = client.get("/office/jobs/").content.decode()
    assert "&lt;b&gt;x&lt;/b&gt;" in page and "发送到期消息" in page and "后台已停" in page
    assert client.post(f"/office/jobs/{dead.pk}/retry/").status_code == 302
    dead.refresh_from_db()
    assert dead.state == "waiting"
    page = client.get("/office/jobs/").content.decode()
    assert "&lt;b&gt;x&lt;/b&gt;" in page and "第 0 次" not in page  # it has not failed again yet


def test_work_that_is_overdue_is_not_in_order(cast, now):
    Job.objects.create(
        name="outbox",
        key="outbox",
        repeats=True,
        run_at=now,
        created_at=now,
        ended_at=now - dt.timedelta(days=1),
    )
    page = cast.client("administrator").get("/office/jobs/").content.decode()
    assert "后台已停" in page and "已超时" in page and "正常" not in page
