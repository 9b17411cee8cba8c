"""Quiet hours, budgets, wishes; text messages through a provider's door; notices to groups through Apprise."""

from __future__ import annotations

import datetime as dt
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxiu.cases.models import Case, Outgoing
from baoxiu.notify import channels, operations, queries, records, unsubscribing
from baoxiu.notify.models import Channel, Target, Template
from baoxiu.notify.transports import chat, sms
from baoxiu.people.actors import ANONYMOUS
from baoxiu.people.rules import Denied, Invalid
from tests.rooms.test_notify import LATER, free_port, post  # noqa: F401
from tests.rooms.walking import begin

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


@pytest.fixture
def provider():
    """A server on this machine that keeps what it is asked. `answers`: what it says next; else OK."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self):
            length = int(self.headers.get("Content-Length") or 0)
            server.asked.append((self.path, self.rfile.read(length)))
            status, told = server.answers.pop(0) if server.answers else (200, server.usual)
            content = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.answers, server.usual = (
        [],
        [],
        {"Code": "OK", "Message": "OK", "BizId": "1", "errcode": 0},
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


# -- when -----------------------------------------------------------------------------------------


@given(
    st.times(), st.times(), st.timedeltas(dt.timedelta(), dt.timedelta(days=800)),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
)  # fmt: skip
def test_quiet_hours_end_and_then_it_is_not_quiet(begins, ends, passed, name):
    zone = ZoneInfo(name)
    now = dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + passed
    rule = Channel(name="sms", quiet_from=begins, quiet_until=ends, per_hour=0, per_day=0)
    until = channels.quiet_until(rule, now, zone)
    if until is None:
        return
    assert now < until <= now + dt.timedelta(hours=26)
    again = channels.quiet_until(rule, until, zone)  # an hour that a clock change repeats may be quiet twice
    assert again is None or again - until <= 2 * HOUR


@pytest.mark.parametrize(
    ("hour", "until"),
    [(20, None), (21, "08:00"), (23, "08:00"), (3, "08:00"), (7, "08:00"), (8, None), (12, None)],
)
def test_the_night_is_the_recipients(hour, until):
    zone = ZoneInfo("Asia/Shanghai")
    now = dt.datetime(2026, 11, 2, hour, 0, tzinfo=zone)
    found = channels.quiet_until(channels.default("sms"), now, zone)
    assert (found and f"{found.astimezone(zone):%H:%M}") == until


@pytest.mark.django_db
def test_text_messages_wait_for_the_morning_but_not_the_engineer_on_his_way(cast, now, settings, provider):
    settings.SMS_URL = f"aliyun+http://id:secret@127.0.0.1:{provider.server_port}?sign=x"
    walk = begin(cast, now).steps("triage confirm assign accept")
    walk.step("appoint", starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    walk.step("set_out")
    _numbers(cast, now)
    night = now.replace(hour=23)
    done = operations.send_due(now=night)
    assert (done.sent, done.waiting) == (1, 2)
    assert [r.event for r in Outgoing.objects.filter(channel="sms", state="sent")] == ["set_out"]
    assert {r.due_at for r in Outgoing.objects.filter(channel="sms", state="waiting")} == {
        now.replace(hour=8) + dt.timedelta(days=1)
    }


@pytest.mark.django_db
def test_one_recipient_gets_no_more_than_the_budget_and_nothing_is_lost(cast, now, post):  # noqa: F811
    rule = records.ChannelRecord(name="email", per_hour=2, per_day=3)
    operations.keep_channel(rule, by=cast.actor("manager"), now=now)
    for _ in range(5):
        begin(cast, now)
    assert operations.send_due(now=now).sent == 2
    assert operations.send_due(now=now + 59 * MINUTE).sent == 0
    assert operations.send_due(now=now + HOUR).sent == 1
    assert operations.send_due(now=now + 23 * HOUR).sent == 0
    assert operations.send_due(now=now + 25 * HOUR).sent == 2
    assert len(post.received) == 5 == Outgoing.objects.filter(state="sent").count()


@pytest.mark.django_db
def test_quiet_hours_need_both_ends_and_a_keeper(cast, now):
    rule = records.ChannelRecord(name="sms", quiet_from="21:00")
    with pytest.raises(Invalid):
        operations.keep_channel(rule, by=cast.actor("manager"), now=now)
    with pytest.raises(Denied):
        operations.keep_channel(rule, by=cast.actor("agent"), now=now)


@pytest.mark.django_db
def test_a_wording_or_channel_that_is_off_sends_nothing_and_says_so(cast, now, post):  # noqa: F811
    by = cast.actor("manager")
    off = records.TemplateRecord(
        event="register", channel="email", language="zh", subject="s", body="b", is_on=False
    )
    operations.keep_template(off, by=by, now=now)
    begin(cast, now)
    assert operations.send_due(now=now) == operations.Sent(dropped=1)
    operations.keep_channel(records.ChannelRecord(name="email", is_on=False), by=by, now=now)
    begin(cast, now, language="en")
    assert operations.send_due(now=now) == operations.Sent(dropped=1)
    assert set(Outgoing.objects.values_list("state", "error")) == {("dropped", "off")}
    row = Outgoing.objects.earliest("pk")
    with pytest.raises(Denied):
        operations.retry(row, by=cast.actor("engineer2"), now=now)
    operations.retry(row, by=cast.actor("agent"), now=now)
    with pytest.raises(Invalid):
        operations.retry(row, by=cast.actor("agent"), now=now)


@pytest.mark.django_db
def test_the_log_shows_the_words_that_were_sent(cast, now, post):  # noqa: F811
    def say(body):
        text = records.TemplateRecord(
            event="register", channel="email", language="zh", subject="{{ number }}", body=body
        )
        return operations.keep_template(text, by=cast.actor("manager"), now=now)

    say("第一版 {{ name }}")
    walk = begin(cast, now)
    operations.send_due(now=now)
    say("第二版")
    [letter] = queries.mailbox(cast.actor("agent"), walk.case)
    assert letter.body.startswith("第一版") and "第一版" in post.received[0][1].get_content()
    Template.objects.all().delete()
    assert "单号" in queries.mailbox(cast.actor("agent"), walk.case)[0].body


# -- wishes ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_invitations_to_rate_end_with_one_click_and_the_service_goes_on(cast, now, post):  # noqa: F811
    walk = begin(cast, now, unit="new").steps(
        "triage confirm assign accept appoint set_out check_in diagnose start_work work pass_test hand_over"
    )
    walk.step("follow_up")
    operations.send_due(now=now + LATER)
    by_subject = {mail["Subject"].split()[0]: mail for _, mail in post.received}
    asked = by_subject["请评价我们的服务"]
    assert asked["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = asked["List-Unsubscribe"].strip("<>")
    assert way_out.startswith("https://service.example.com/n/") and way_out in asked.get_content()
    assert all("List-Unsubscribe" not in mail for mail in by_subject.values() if mail is not asked)
    row = unsubscribing.resolve(way_out.rstrip("/").rsplit("/", 1)[1])
    for _ in range(2):
        operations.unsubscribe(row, by=ANONYMOUS, now=now)
    walk.step("final_follow_up")
    again = begin(cast, now)
    done = operations.send_due(now=now + LATER)
    assert (done.sent, done.dropped) == (1, 1) and Outgoing.objects.get(case=again.case).state == "sent"
    assert Outgoing.objects.get(event="final_follow_up").error == "unsubscribed"
    operations.subscribe(row, by=ANONYMOUS, now=now)
    assert not channels.is_unsubscribed("email", row.recipient)


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "1", "1-", "x-y", "１-x", "9" * 70, "-5-x", "1-" + "A" * 22])
def test_a_made_up_token_is_nobodys(cast, now, token):
    begin(cast, now)
    assert unsubscribing.resolve(token) is None


# -- text messages ----------------------------------------------------------------------------------


def _numbers(cast, now):
    """The provider's number for every text."""
    for event in ("register", "appoint", "set_out", "quote", "ship_out"):
        record = records.TemplateRecord(
            event=event, channel="sms", language="zh", body="{{ number }} {{ link }}", code="SMS_1"
        )
        operations.keep_template(record, by=cast.actor("manager"), now=now)


@pytest.fixture
def texting(cast, now, settings, provider):
    settings.SMS_URL = f"aliyun+http://id:s%2Fcret@127.0.0.1:{provider.server_port}?sign=%E5%AE%9D%E4%BF%AE"
    _numbers(cast, now)
    return provider


@pytest.mark.django_db
def test_a_text_message_is_signed_and_names_the_providers_text(cast, now, texting):
    walk = begin(cast, now)
    assert operations.send_due(now=now) == operations.Sent(sent=1)
    [(path, _)] = texting.asked
    asked = {k: v[0] for k, v in parse_qs(urlsplit(path).query).items()}
    assert (
        asked["PhoneNumbers"] == "13800138001"
        and asked["SignName"] == "宝修"
        and asked["TemplateCode"] == "SMS_1"
    )
    values = json.loads(asked["TemplateParam"])
    assert (
        set(values) == {"number", "link"} and values["number"] == walk.case.number and "/t/" in values["link"]
    )
    said = urlsplit(path).query.split("&", 1)[1]
    assert asked["Signature"] == sms.signature(said, "s/cret") != sms.signature(said, "other")


def test_the_signature_is_the_one_the_provider_publishes():
    """Base64 of HMAC-SHA1 over GET&%2F&(sorted, escaped), keyed with the secret and "&"; made once by hand with openssl."""
    assert sms.signature("A=1&B=%20", "testSecret") == "GKpAqSwt8Hv3QvFctjtn0anLy0I="


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "state", "attempts"),
    [
        ((200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "no"}), "failed", 1),
        ((200, {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "slow down"}), "waiting", 1),
        ((400, {"Code": "SignatureDoesNotMatch"}), "failed", 1),
        ((200, b"<html>"), "waiting", 1),
        ((200, []), "waiting", 1),
        ((503, {"Code": "x"}), "waiting", 0),
        ((302, {"Code": "OK"}), "failed", 1),
    ],
)
def test_what_the_provider_says_decides(cast, now, texting, answer, state, attempts):
    texting.answers.append(answer)
    begin(cast, now)
    operations.send_due(now=now)
    row = Outgoing.objects.get(channel="sms")
    assert (row.state, row.attempts) == (state, attempts) and row.error


@pytest.mark.django_db
def test_a_provider_that_is_gone_and_a_text_without_number_lose_nothing(cast, now, settings):
    settings.SMS_URL = f"aliyun+http://id:secret@127.0.0.1:{free_port()}?sign=x"
    begin(cast, now)
    assert operations.send_due(now=now) == operations.Sent(failed=1)  # no number yet: never asked
    _numbers(cast, now)
    operations.retry(Outgoing.objects.get(channel="sms"), by=cast.actor("agent"), now=now)
    assert operations.send_due(now=now) == operations.Sent(waiting=1)
    assert Outgoing.objects.get(channel="sms").attempts == 0


@pytest.mark.django_db
def test_only_chinese_mobiles_get_text_messages(cast, now, texting):
    walk = begin(cast, now)
    Case.objects.filter(pk=walk.case.pk).update(contact_phone="+862155550000")
    walk.steps("triage confirm assign accept").step("appoint", starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    assert set(Outgoing.objects.filter(channel="sms").values_list("event", flat=True)) == {"register"}


# -- groups -------------------------------------------------------------------------------------------


@pytest.fixture
def group(cast, now):
    record = records.TargetRecord(
        name="派单群", address="wecombot://aaaaaaaaaaaaaaaaaaaaaaaa", on_withdraw=True
    )
    return operations.keep_target(None, record, by=cast.actor("manager"), now=now)


@pytest.mark.django_db
def test_a_group_hears_of_each_step_once_and_of_nothing_personal(cast, now, group, monkeypatch, provider):
    script = (
        "import apprise.plugins.wecombot as w; from baoxiu.notify import chat_process;"
        f"w.NotifyWeComBot.notify_url = 'http://127.0.0.1:{provider.server_port}/send?key={{key}}'; chat_process.main()"
    )
    monkeypatch.setattr(chat, "COMMAND", [sys.executable, "-c", script])
    walk = begin(cast, now)
    walk.step("triage")
    walk.step("withdraw")
    for _ in range(3):
        operations.spread(now=walk.now)
    assert Outgoing.objects.filter(channel="chat").count() == 2
    assert operations.send_due(now=walk.now).sent == 2
    asked = [json.loads(body)["text"]["content"] for _, body in provider.asked]
    assert len(asked) == 2 and all(walk.case.number in said for said in asked)
    assert all("王女士" not in said and "13800138001" not in said for said in asked)
    [letter, _] = [m for m in queries.mailbox(cast.actor("agent")) if m.channel == "chat"]
    assert letter.recipient == "派单群" and letter.state == "sent"


@pytest.mark.django_db
def test_what_happened_before_or_while_it_was_off_is_not_told(cast, now, group):
    begin(cast, now - MINUTE)
    by = cast.actor("manager")
    Target.objects.update(is_on=False)
    begin(cast, now + MINUTE)
    group.refresh_from_db()
    operations.keep_target(group, records.TargetRecord(name="群"), by=by, now=now + HOUR)
    assert operations.spread(now=now + 2 * HOUR) == 0
    begin(cast, now + 3 * HOUR)
    assert operations.spread(now=now + 3 * HOUR) == 1
    operations.remove_target(group, by=by, now=now)
    assert operations.send_due(now=now + 4 * HOUR).failed == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "",
        "json://127.0.0.1/x",
        "http://example.com",
        "file:///etc/passwd",
        "syslog://",
        "mailto://a:b@c",
        "wecombot",
        "javascript:x",
    ],
)
def test_an_address_leads_to_a_known_service_or_nowhere(cast, now, address):
    with pytest.raises(Invalid):
        operations.keep_target(
            None, records.TargetRecord(name="x", address=address), by=cast.actor("manager"), now=now
        )
