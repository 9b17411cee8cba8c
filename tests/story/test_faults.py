"""What breaks around us: the mail server for an hour, the database in the middle of work. Nothing is lost or doubled."""

from __future__ import annotations

import datetime as dt
import os
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from baoxiu.cases.models import Outgoing
from baoxiu.clocks.models import Alarm
from baoxiu.faces.common.jobs import JOBS
from baoxiu.jobs import operations as queue
from baoxiu.jobs import running
from baoxiu.jobs.models import Job
from baoxiu.notify import operations
from baoxiu.supervision import checking
from bench.postgres import Cluster
from bench.server import Server
from tests.rooms.test_notify import Post, free_port, post  # noqa: F401
from tests.rooms.walking import begin
from tests.story.test_serve import until, workers_of

MINUTE = dt.timedelta(minutes=1)


@pytest.mark.django_db
def test_a_clock_a_day_ahead_for_a_while_stops_nothing_when_it_is_set_right(cast, now, post):  # noqa: F811
    """The machine's clock jumps a day ahead, everything runs, and it is put back: no beat waits for tomorrow."""
    walk = begin(cast, now)
    jobs = {name: job for name, job in JOBS.items() if job.schedule}

    def work(at: dt.datetime) -> None:
        queue.keep(jobs, now=at)
        while running.run_one(jobs, owner="w", clock=lambda: at):
            pass

    work(now)
    ahead = now + dt.timedelta(days=1)
    work(ahead)
    lease = {name: job.lease for name, job in jobs.items()}
    claimed = queue.claim(jobs, owner="gone", lease=lease, now=ahead + MINUTE)
    assert claimed and Alarm.objects.filter(point="breach").exists()  # told by what the clock said
    walk.now = now + 5 * MINUTE
    walk.step("reply", text="您好")
    back = walk.now
    for minute in range(3):
        work(back + minute * MINUTE)
    waiting = Job.objects.filter(run_at__gt=back + 10 * MINUTE)
    assert set(waiting.values_list("name", flat=True)) == {"contracts", "housekeeping"}
    assert not waiting.filter(run_at__gt=back + dt.timedelta(days=1)) and not Job.objects.exclude(owner="")
    assert not Outgoing.objects.filter(state="waiting").exists() and len(post.received) == 2
    assert not list(checking.differences(now=back + 3 * MINUTE))
    assert not list(checking.differences(now=back + dt.timedelta(hours=6)))  # what falls due later is noticed
    walk.steps("triage confirm assign accept")
    assert walk.is_sound()


@pytest.mark.django_db
def test_an_hour_without_a_mail_server_delays_and_nothing_more(cast, now, post, settings):  # noqa: F811
    """A message every three minutes; the server is gone for an hour, then comes back."""
    there, gone = settings.EMAIL_PORT, free_port()
    attempts = 0
    for minute in range(90):
        at = now + minute * MINUTE
        settings.EMAIL_PORT = gone if 10 <= minute < 70 else there
        if minute % 3 == 0:
            begin(cast, at, language="en" if minute % 2 else "zh")
            Outgoing.objects.filter(pk=Outgoing.objects.latest("pk").pk).update(
                recipient=f"{minute}@example.com"
            )
        for second in (0, 3, 6):  # as often as the sweep looks
            operations.send_due(now=at + dt.timedelta(seconds=second))
        attempts = max(attempts, *Outgoing.objects.values_list("attempts", flat=True))
        if minute == 72:  # within two minutes of its return
            assert not Outgoing.objects.filter(state="waiting").exists()
    got = Counter(recipients[0] for recipients, _ in post.received)
    assert got == {f"{minute}@example.com": 1 for minute in range(0, 90, 3)}
    assert attempts == 1 and not Outgoing.objects.exclude(state="sent").exists()


TEN = """
from django.utils import timezone
from tests.conftest import build_cast
from tests.rooms.walking import begin
from baoxiu.people.models import Customer
from types import SimpleNamespace
wang = Customer.objects.filter(name="王女士").first()
cast = build_cast() if wang is None else None
if cast is None:
    from baoxiu.people.models import Staff
    from baoxiu.catalogue.models import Unit
    cast = SimpleNamespace(wang=wang, unit=Unit.objects.get(serial="SN-NEW-1"), old_unit=None, actor=lambda who: Staff.objects.get(email=f"{who}@example.com").actor())
for _ in range(10):
    begin(cast, timezone.now())
print(json.dumps({"made": 10}))
"""
LEFT = """
from baoxiu.cases.models import Outgoing
from django.utils import timezone
claimed = Outgoing.objects.filter(state="waiting", attempts=1, due_at__gt=timezone.now())
print(json.dumps({"in_hand": claimed.count(), "sent": Outgoing.objects.filter(state="sent").count()}))
"""


def health(server: Server) -> int:
    try:
        with urllib.request.urlopen(f"{server.address}/health/", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.slow
@pytest.mark.skipif(
    os.environ.get("BAOXIU_EXPECT_DATABASE") == "postgresql", reason="the SQLite leg runs it once"
)
def test_a_database_that_crashes_in_the_middle_of_work_comes_back_to_work_as_it_was(tmp_path: Path) -> None:
    try:
        cluster = Cluster()
    except RuntimeError as reason:
        pytest.skip(str(reason))
    handler = Post()
    mail = Controller(handler, hostname="127.0.0.1", port=free_port())
    mail.start()
    home = tmp_path / "home"
    home.mkdir()
    server = Server(home, DATABASE_URL=cluster.url, BAOXIU_MAIL_URL=f"smtp://127.0.0.1:{mail.port}")
    try:
        assert server.command("prepare").returncode == 0
        server.start(workers=1, working=1)
        server.wait()
        [worker] = until(lambda: workers_of(server))  # type: ignore[misc]
        server.script(TEN)
        until(lambda: handler.received)
        cluster.crash()  # with messages on their way
        began = time.monotonic()
        assert health(server) >= 500 and time.monotonic() - began < 5
        time.sleep(2)
        cluster.start()
        until(lambda: health(server) == 200, 10)
        server.script(TEN)
        left = until(lambda: (found := server.script(LEFT))["sent"] + found["in_hand"] == 20 and found, 60)
        got = Counter(message["Message-ID"] for _, message in handler.received)
        assert left["in_hand"] <= 1, "the message in hand alone waits for its lease"  # type: ignore[index]
        assert set(got.values()) == {1} and len(got) >= 19
        assert workers_of(server) == [worker], "the worker waits for the database, it does not end"
    finally:
        server.stop()
        mail.stop()
        cluster.remove()
