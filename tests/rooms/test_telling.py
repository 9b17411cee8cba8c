"""C5.2, C6.2: alarms reach a colleague outside the system once, as he wishes, with a link that acknowledges them."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys

import pytest
from django.test import Client
from django.utils import timezone

from baoxiu.cases import links
from baoxiu.catalogue.records import RegistrationRecord
from baoxiu.clocks import chain, telling
from baoxiu.clocks.models import Alarm
from baoxiu.lib import sealing
from baoxiu.notify import operations, queries, records
from baoxiu.notify.models import Target
from baoxiu.notify.transports import chat
from baoxiu.people import sealed
from baoxiu.people.actors import SYSTEM
from baoxiu.people.models import Reach
from baoxiu.people.rules import Denied, Invalid
from baoxiu.registrations import operations as registrations
from baoxiu.sop import registration as rules
from tests.faces import machine
from tests.rooms.test_channels import provider  # noqa: F401
from tests.rooms.test_notify import post  # noqa: F401
from tests.rooms.walking import begin

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
NOW = timezone.now() - 120 * MINUTE  # links are opened by the real clock
LATE = NOW + 61 * MINUTE
WECOM = "wecombot://aaaaaaaaaaaaaaaaaaaaaaaa"


def wish(cast, who, **wanted):
    return operations.keep_reach(records.ReachRecord(**wanted), by=cast.actor(who), now=NOW)


@pytest.fixture
def late(cast):
    chain.set_rungs([(0, "owner"), (30, "manager")], by=cast.actor("manager"), now=NOW)
    return begin(cast, NOW)


def climb(now):
    chain.climb(now=now)
    return telling.tell(now=now)


def test_who_wishes_it_is_told_once_and_acknowledges_from_the_letter(cast, late, post):  # noqa: F811
    for who in ("agent", "engineer", "station_head2"):
        wish(cast, who, by_email=True)
    assert climb(LATE) == 1 and climb(LATE) == 0 and telling.tell(now=LATE) == 0
    operations.send_due(now=LATE)
    letters = [m for to, m in post.received if to == [cast.staff["agent"].email]]
    assert len(letters) == 1 and late.case.number in letters[0]["Subject"]
    text = letters[0].get_content()
    assert "首次响应" in text and "王女士" not in text
    path = re.search(r"https://service\.example\.com(/a/\S+)", text)[1]
    somebody = Client()
    page = somebody.get(path)
    assert late.case.number in page.content.decode() and "王女士" not in page.content.decode()
    assert Alarm.objects.filter(seen_at=None).exists()  # looking changes nothing
    done = somebody.post(path).content.decode()
    assert "李客服" in done and not Alarm.objects.filter(seen_at=None).exists()
    assert Alarm.objects.get().seen_by == cast.staff["agent"]
    wish(cast, "manager", by_email=True)
    assert climb(LATE + 60 * MINUTE) == 0  # acknowledged: nobody further up is told
    for wrong in (path[:-4] + "AAA/", "/a/1-1-x/", "/a/x/", path.replace("/a/", "/a/9")):
        assert somebody.get(wrong).status_code == 404
    cast.staff["agent"].is_active = False
    cast.staff["agent"].save()
    assert somebody.get(path).status_code == 404  # who has left acknowledges nothing


def test_of_a_registration_that_waits_too(cast, post):  # noqa: F811
    chain.set_rungs([(0, "owner"), (30, "manager")], by=cast.actor("manager"), now=NOW)
    for who in ("agent", "manager", "dispatcher"):
        wish(cast, who, by_email=True)
    when = timezone.now() - 3 * MINUTE
    sent = when - rules.REVIEW
    record = RegistrationRecord(
        name="孙某", phone="13900139000", product="洗衣机", serial="SN-9", purchase_date=dt.date(2026, 1, 5)
    )
    made = registrations.submit(record, by=SYSTEM, now=sent, today=sent.date(), channel="web")
    assert climb(when) == 1 and climb(when) == 0
    operations.send_due(now=when)
    [letter] = [m for to, m in post.received if to == [cast.staff["agent"].email]]
    text = letter.get_content()
    assert made.number in letter["Subject"] and "审核产品注册" in text and "孙某" not in text
    assert f"https://service.example.com/office/registrations/{made.pk}/" in text
    agent, asked = cast.client("agent"), machine.machine(cast, "manager")
    assert made.number in agent.get("/desk/alarms/").content.decode()
    assert made.number in cast.client("manager").get("/office/board/").content.decode()
    [breach] = asked.get("/breaches").json()["items"]
    assert (breach["number"], breach["registration"], breach["duty"]) == (
        made.number,
        made.pk,
        "registration",
    )
    assert climb(when + 31 * MINUTE) == 1  # the manager is next
    [alarm] = asked.get("/alarms").json()["items"]
    assert (alarm["case"], alarm["registration"]) == (None, made.pk)
    path = re.search(r"https://service\.example\.com(/a/\S+)", text)[1]
    page = Client().get(path).content.decode()
    assert made.number in page and "洗衣机" not in page and f"/office/registrations/{made.pk}/" in page
    Client().post(path)
    assert not Alarm.objects.filter(seen_at=None).exists() and asked.get("/breaches").json()["items"] == []


def test_a_link_is_for_its_reader_and_its_alarm_and_a_week(cast, late):
    wish(cast, "agent", by_email=True)
    climb(LATE)
    alarm, agent = Alarm.objects.get(), cast.staff["agent"]
    assert links.of_alarm(links.alarm_token(alarm.pk, agent.pk)) == (alarm.pk, agent.pk)
    forged = links.alarm_token(alarm.pk, agent.pk).replace(f"-{agent.pk}-", f"-{cast.staff['manager'].pk}-")
    assert links.of_alarm(forged) is None
    assert telling.behind(alarm.pk, agent.pk, now=LATE)
    assert telling.behind(alarm.pk, agent.pk, now=LATE + dt.timedelta(days=8)) is None
    assert telling.behind(alarm.pk, cast.staff["engineer2"].pk, now=LATE) is None  # does not see the case


def test_by_chat_to_the_address_that_lies_sealed_in_the_database(cast, late, monkeypatch, provider):  # noqa: F811
    script = (
        "import apprise.plugins.wecombot as w; from baoxiu.notify import chat_process;"
        f"w.NotifyWeComBot.notify_url = 'http://127.0.0.1:{provider.server_port}/send?key={{key}}'; chat_process.main()"
    )
    monkeypatch.setattr(chat, "COMMAND", [sys.executable, "-c", script])
    kept = wish(cast, "agent", by_chat=True, chat_address=WECOM)
    assert "aaaa" not in kept.chat_address and sealed.unseal(kept.chat_address) == WECOM
    assert climb(LATE) == 1
    assert operations.send_due(now=LATE).sent == 1
    assert operations.try_reach(by=cast.actor("agent"), now=LATE) == "李客服"
    said = [json.loads(body)["text"]["content"] for _, body in provider.asked]
    assert len(said) == 2 and late.case.number in said[0] and "/a/" in said[0] and "测试消息" in said[1]
    [letter] = [m for m in queries.mailbox(cast.actor("agent")) if m.channel == "chat"]
    assert letter.recipient == "李客服"
    Reach.objects.update(chat_address=sealing.seal(b"another key", WECOM))
    with pytest.raises(Invalid, match="secret key"):
        operations.try_reach(by=cast.actor("agent"), now=LATE)
    wish(cast, "agent")  # no more
    assert queries.reach(cast.actor("agent")).chat_address == ""


def test_the_page_and_the_api_keep_the_wish_and_never_tell_the_address(cast):
    client, asked = cast.client("engineer"), machine.machine(cast, "engineer")
    assert client.post("/alarms/", {"by_chat": "on", "chat_address": "json://127.0.0.1/"}).status_code == 422
    assert client.post("/alarms/", {"by_chat": "on", "chat_address": ""}).status_code == 422
    assert (
        client.post("/alarms/", {"by_email": "on", "by_chat": "on", "chat_address": WECOM}).status_code == 302
    )
    assert "aaaaaa" not in client.get("/alarms/").content.decode()
    assert asked.get("/reach").json() == {"by_email": True, "by_chat": True}
    told = asked.send("PUT", "/reach", {"by_email": False, "by_chat": True}).json()
    assert told == {"by_email": False, "by_chat": True}  # without an address the one that is kept stays


def test_a_test_message_goes_to_oneself_or_says_what_is_wrong(cast, post, settings):  # noqa: F811
    client, asked = cast.client("manager"), machine.machine(cast, "manager")
    client.post("/office/messages/channels/email/test/")
    assert [to for to, _ in post.received] == [[cast.staff["manager"].email]]
    assert asked.send("POST", "/channels/test", {"name": "sms"}).status_code == 422
    settings.EMAIL_PORT = 9
    page = client.post("/office/messages/channels/email/test/", follow=True).content.decode()
    assert "未能送达" in page and len(post.received) == 1
    silent = Target.objects.create(
        name="夜班群", address=sealed.seal(WECOM), is_on=False, since_at=NOW, seen_at=NOW
    )
    page = client.post(f"/office/messages/groups/{silent.pk}/test/", follow=True).content.decode()
    assert "未能送达：该群已停用通知" in page
    with pytest.raises(Denied):
        operations.try_channel("email", by=cast.actor("agent"), now=NOW)


def test_what_is_sealed_is_read_with_its_key_alone():
    made = sealing.seal(b"k", "密 secret" * 40)
    assert sealing.unseal(b"k", made) == "密 secret" * 40 and made != sealing.seal(b"k", "密 secret" * 40)
    for key, text in (
        (b"x", made),
        (b"k", made[:-6] + "AAAA=="),
        (b"k", "plain"),
        (b"k", sealing.MARK),
        (b"k", made[:20]),
    ):
        with pytest.raises(sealing.Broken):
            sealing.unseal(key, text)
