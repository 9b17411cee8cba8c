"""C4.1: what the outbox holds reaches the customer once, in their language, through a real mail server."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import socket

import pytest
from aiosmtpd.controller import Controller

from baoxiu.cases import links, outbox
from baoxiu.cases.models import Content, Outgoing
from baoxiu.notify import messages, operations, queries
from baoxiu.notify.operations import sending
from tests.rooms.walking import CALLS, FREE_REPAIR, ON_SITE, begin, to_depot

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(days=30)


class Post:
    """A mail server's memory. `answers`: what it says to the next messages; otherwise 250."""

    def __init__(self):
        self.received, self.answers = [], []

    async def handle_DATA(self, server, session, envelope):
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.received.append(
                (envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default))
            )
        return answer


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@pytest.fixture
def post(settings):
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.MAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_SSL = "127.0.0.1", controller.port, False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.DEFAULT_FROM_EMAIL = "service@example.com"
    settings.ORIGIN = "https://service.example.com"
    yield handler
    controller.stop()


def test_the_acknowledgement_reaches_the_customer_with_the_personal_link(cast, now, post):
    walk = begin(cast, now)
    assert operations.send_due(now=now) == operations.Sent(sent=1)
    [(recipients, mail)] = post.received
    assert recipients == ["wang@example.com"] and mail["Subject"] == f"我们已收到您的报修 {walk.case.number}"
    token = links.token_of(links.issue(walk.case, "track", now=now))
    body = mail.get_content()
    assert f"https://service.example.com/t/{token}/" in body and walk.case.contact_name in body
    row = Outgoing.objects.get(case=walk.case)
    assert (row.state, row.sent_at, row.attempts) == ("sent", now, 1)


def test_nothing_is_sent_twice(cast, now, post):
    begin(cast, now)
    operations.send_due(now=now)
    assert operations.send_due(now=now + LATER) == operations.Sent()
    assert len(post.received) == 1


def test_without_a_mail_server_messages_wait(cast, now, settings):
    settings.MAIL_CONFIGURED = False
    begin(cast, now)
    assert operations.send_due(now=now) == operations.Sent()
    assert Outgoing.objects.get().state == "waiting" and Outgoing.objects.get().attempts == 0


@pytest.mark.parametrize("language", ["zh", "en", "de"])
def test_every_message_of_the_procedure_renders_in_every_language(cast, now, post, language):
    site = begin(cast, now, unit="old", language=language)
    site.step("reply", text="明天上午给您回电。")
    site.steps(
        "triage confirm assign accept appoint set_out check_in diagnose quote accept_quote start_work work pass_test hand_over"
    )
    site.steps(CALLS)
    to_depot(begin(cast, now, language=language)).steps("diagnose condemn ship_out")
    begin(cast, now, language=language).step("withdraw")
    assert set(Outgoing.objects.values_list("event", flat=True)) == set(outbox.MESSAGES) - set(outbox.SAME)
    done = operations.send_due(now=now + LATER)
    assert (done.failed, done.waiting) == (0, 0) and done.sent == len(
        post.received
    ) == Outgoing.objects.count()
    for _, mail in post.received:
        body = mail.get_content()
        assert "{{" not in body and "None" not in body and "\n\n\n" not in body
        assert any("\u4e00" <= c <= "\u9fff" for c in mail["Subject"]) == (language == "zh"), mail["Subject"]
        assert "https://service.example.com/" in body
    kinds = {
        part for _, mail in post.received for part in ("/t/", "/q/", "/r/") if part in mail.get_content()
    }
    assert kinds == {"/t/", "/q/", "/r/"}


def test_a_name_cannot_add_a_header(cast, now, post):
    walk = begin(cast, now)
    walk.case.__class__.objects.update(
        contact_name="王\r\nBcc: x@evil.example\r\n\r\nHi", number="BX-1\nX: y"
    )
    operations.send_due(now=now)
    [(recipients, mail)] = post.received
    assert recipients == ["wang@example.com"] and "Bcc" not in mail and "X" not in mail
    assert mail["Subject"] == "我们已收到您的报修 BX-1 X: y"


@pytest.mark.parametrize(
    "recipient", ["x@example.com\nBcc: y@evil.example", "nobody", "a@b@c", "x@example.com, y@example.com"]
)
def test_a_bad_address_fails_alone(cast, now, post, recipient):
    begin(cast, now)
    begin(cast, now)
    Outgoing.objects.filter(pk=Outgoing.objects.earliest("id").pk).update(recipient=recipient)
    assert operations.send_due(now=now) == operations.Sent(sent=1, failed=1)
    assert "\n" not in Outgoing.objects.earliest("id").error


def test_a_refused_message_is_tried_again_later_and_gives_up_after_eight(cast, now, post):
    begin(cast, now)
    post.answers = ["451 later"] * 8
    waits = []
    at = now
    for attempt in range(1, 9):
        done = operations.send_due(now=at)
        row = Outgoing.objects.get()
        assert row.attempts == attempt and "451" in row.error
        waits.append(row.due_at - at)
        assert (
            operations.send_due(now=row.due_at - dt.timedelta(seconds=1)) == operations.Sent()
            or row.state == "failed"
        )
        at = row.due_at
    assert done == operations.Sent(failed=1) and row.state == "failed" and post.received == []
    assert waits[:4] == [dt.timedelta(minutes=m) for m in (1, 4, 16, 64)] and max(waits) == dt.timedelta(
        days=1
    )
    assert operations.send_due(now=at + LATER) == operations.Sent()


def test_a_repeated_attempt_is_recognisable(cast, now, post):
    begin(cast, now)
    operations.send_due(now=now)
    Outgoing.objects.update(state="waiting")  # killed between sending and marking
    assert operations.send_due(now=now + operations.LEASE).sent == 1
    first, second = (mail["Message-ID"] for _, mail in post.received)
    assert first == second and first.endswith("@service.example.com>")


def test_a_claimed_message_is_nobody_elses_until_the_lease_ends(cast, now, post):
    begin(cast, now)
    first, second = Outgoing.objects.get(), Outgoing.objects.get()
    assert sending._claim(first, now) and not sending._claim(second, now)
    assert operations.send_due(now=now + operations.LEASE - dt.timedelta(seconds=1)) == operations.Sent()
    assert operations.send_due(now=now + operations.LEASE).sent == 1


def test_a_server_that_is_down_loses_nothing(cast, now, post, settings):
    begin(cast, now)
    begin(cast, now)
    settings.EMAIL_PORT = free_port()
    assert operations.send_due(now=now) == operations.Sent(waiting=1)  # one is enough to know
    assert set(Outgoing.objects.values_list("state", "attempts")) == {("waiting", 0)}


def test_at_most_the_limit_is_sent_oldest_first(cast, now, post):
    for _ in range(3):
        begin(cast, now)
    assert operations.send_due(now=now, limit=2).sent == 2
    assert list(Outgoing.objects.order_by("id").values_list("state", flat=True)) == [
        "sent",
        "sent",
        "waiting",
    ]


def test_erased_words_are_not_sent(cast, now, post):
    walk = begin(cast, now)
    walk.step("reply", text="您的密码是1234")
    Content.objects.filter(entry__case=walk.case).update(words=None)
    operations.send_due(now=now + LATER)
    assert all("1234" not in mail.get_content() for _, mail in post.received)


def test_times_are_the_customers(cast, now, settings):
    cast.wang.timezone = "America/New_York"
    cast.wang.save()
    walk = begin(cast, now).steps("triage confirm assign accept")
    walk.step("appoint", starts_at=now + dt.timedelta(hours=5), ends_at=now + dt.timedelta(hours=6))
    [letter] = [m for m in queries.mailbox(cast.actor("agent")) if m.event == "appoint"]
    assert "2026-11-02 01:00 (UTC-5)" in letter.body


@pytest.mark.parametrize(
    ("starts", "said"), [(0, "02:30 (UTC+2)"), (1, "02:30 (UTC+1)"), (24, "01:30 (UTC+1)")]
)
def test_an_hour_that_comes_twice_is_told_apart(cast, now, starts, said):
    cast.wang.timezone = "Europe/Berlin"
    cast.wang.save()
    walk = begin(cast, now).steps("triage confirm assign accept")
    at = dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC) + dt.timedelta(hours=starts)
    walk.step("appoint", starts_at=at, ends_at=at + dt.timedelta(hours=1))
    [letter] = [m for m in queries.mailbox(cast.actor("agent")) if m.event == "appoint"]
    assert said in letter.body


def test_at_home_no_offset_is_said(cast, now):
    walk = begin(cast, now).steps("triage confirm assign accept")
    walk.step("appoint", starts_at=now + dt.timedelta(hours=5), ends_at=now + dt.timedelta(hours=6))
    [letter] = [m for m in queries.mailbox(cast.actor("agent")) if m.event == "appoint"]
    assert "UTC" not in letter.body


def test_the_mailbox_shows_only_what_the_viewer_may_see(cast, now, django_assert_max_num_queries):
    first = begin(cast, now).steps(f"{ON_SITE} {FREE_REPAIR}")
    second = begin(cast, now)
    with django_assert_max_num_queries(4):
        letters = queries.mailbox(cast.actor("agent"))
    assert {m.number for m in letters} == {first.case.number, second.case.number}
    assert letters[0].id > letters[-1].id and letters[0].link.startswith("http")
    assert {m.number for m in queries.mailbox(cast.actor("engineer"))} == {first.case.number}
    assert queries.mailbox(cast.actor("station_head2")) == []
    assert {m.number for m in queries.mailbox(cast.actor("agent"), second.case)} == {second.case.number}
    assert len(queries.mailbox(cast.actor("agent"), before=letters[0].id)) == len(letters) - 1


def test_the_first_line_of_every_template_is_its_subject():
    for language in ("zh", "en"):
        found = {p.stem for p in (messages.TEMPLATES / language / "email").glob("*.txt")}
        assert found == set(outbox.MESSAGES) - set(outbox.SAME) | set(outbox.REGISTRATION) | {
            "alarm",
            "terms_announced",
            "terms_withdrawn",
        }
        for path in (messages.TEMPLATES / language / "email").glob("*.txt"):
            first, second, *_ = path.read_text(encoding="utf-8").splitlines()
            assert "{{ number }}" in first and second == ""
        assert {p.stem for p in (messages.TEMPLATES / language / "sms").glob("*.txt")} == outbox.SMS_EVENTS
