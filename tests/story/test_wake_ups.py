"""Wake-ups by the real Redis: at once on another machine; a Redis that fails delays and loses nothing."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from django.db import transaction

from baoxiu.config import env
from baoxiu.jobs import operations, waking
from baoxiu.jobs.models import Job
from bench.server import Server, free_port
from tests.story.test_serve import until

REDIS = ("127.0.0.1", 6379)
HOUR = "3600"  # between two looks: what is done before that was told by a wake-up


@pytest.fixture(scope="module")
def redis() -> Iterator[object]:
    package = pytest.importorskip("redis")
    client = package.Redis(*REDIS, socket_connect_timeout=1)
    try:
        client.ping()
    except package.RedisError as error:
        pytest.skip(f"no Redis answers at {REDIS[0]}:{REDIS[1]}: {error}")
    yield client
    client.close()


class Line:
    """The way to Redis: counted, held (bytes stay away, nothing breaks) or cut."""

    def __init__(self) -> None:
        self.open, self.calls = threading.Event(), 0
        self.open.set()
        self._both: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self._door.getsockname()[1]}/0"
        threading.Thread(target=self._let_in, daemon=True).start()

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                self.calls += 1
                far = socket.create_connection(REDIS)
                self._both += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while said := source.recv(65536):
                self.open.wait()
                target.sendall(said)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        for end in self._both:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._both.clear()

    def close(self) -> None:
        self._door.close()
        self.open.set()
        self.cut()


@pytest.fixture
def line(redis: object, settings: object) -> Iterator[Line]:
    with closing(Line()) as found:
        settings.REDIS_URL = found.url  # type: ignore[attr-defined]
        waking._Away.until = 0.0
        yield found
    waking._Away.until = 0.0
    waking._client.cache_clear()


# -- on one machine ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_is_queued_rings_when_it_is_committed_and_not_before(
    now, line: Line, redis, monkeypatch
) -> None:
    monkeypatch.setattr(waking, "PATIENCE", 60.0)  # the machine may be busy
    with redis.pubsub(ignore_subscribe_messages=True) as ears:
        ears.subscribe(waking.channel())
        ears.get_message(timeout=5)
        with suppress(ZeroDivisionError), transaction.atomic():
            operations.later("a", {}, key="undone", now=now)
            _ = 1 / 0
        with transaction.atomic():
            operations.later("a", {}, key="1", now=now)
            assert ears.get_message(timeout=0.2) is None
        assert until(lambda: ears.get_message(timeout=1))["data"] == b""
        assert ears.get_message(timeout=0.2) is None
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_redis_that_does_not_answer_is_waited_for_once_and_the_row_is_there(now, line: Line) -> None:
    line.open.clear()
    for n in range(50):
        operations.later("a", {}, key=str(n), now=now)
    assert Job.objects.count() == 50 and line.calls == 1, "the other forty-nine asked nobody"


@pytest.mark.django_db(transaction=True)
def test_nobody_at_the_address_loses_nothing_either(now, settings) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    waking._Away.until = 0.0
    operations.later("a", {}, key="1", now=now)
    assert Job.objects.count() == 1
    waking._Away.until = 0.0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_who_listens_hears_again_after_the_line_was_cut(line: Line, redis) -> None:
    words, is_over = threading.Semaphore(0), threading.Event()

    def hear() -> None:
        words.release()
        if is_over.is_set():
            raise SystemExit  # the end of the thread that listens

    waking.listen(hear)
    assert words.acquire(timeout=60)  # at the beginning: something may have been said before
    line.cut()
    assert words.acquire(timeout=60)  # and at every new one
    is_over.set()
    redis.publish(waking.channel(), "")
    assert words.acquire(timeout=60)


def test_without_the_setting_nobody_listens_and_nobody_rings(settings) -> None:
    settings.REDIS_URL = ""
    before = threading.active_count()
    waking.listen(lambda: None)
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("value", "package", "said"),
    [("http://x", "redis", "must begin with redis://"), ("redis://x", "no_such_package", "pip install")],
)
def test_a_setting_that_cannot_work_ends_the_program_with_a_sentence(monkeypatch, value, package, said):
    monkeypatch.setenv("BAOXIU_REDIS_URL", value)
    with pytest.raises(env.SettingError, match=said):
        env.address("REDIS_URL", package, "redis")


# -- on another machine -------------------------------------------------------------------------

QUEUE = """
from django.utils import timezone
from baoxiu.jobs import operations
operations.later("event-log", {{"export": 0}}, key="{key}", now=timezone.now())
print("{{}}")
"""
LONG = 180  # seconds; a busy machine starts a process slowly


@pytest.fixture
def home(tmp_path: Path, settings) -> Server:
    server = Server(tmp_path, DATABASE_URL="", BAOXIU_SECRET_KEY=settings.SECRET_KEY)
    assert server.command("prepare").returncode == 0
    return server


@contextmanager
def worker(server: Server, every: str) -> Iterator[None]:
    """A worker in a process of its own, as on a machine that serves no pages."""
    command = [sys.executable, "-m", "baoxiu", "work", "--every", every, "--under", str(os.getpid())]
    process = subprocess.Popen(command, env=server.env)
    try:
        yield
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == 0, "a signal ends a worker that sleeps for an hour"
    finally:
        process.kill()
        process.wait()


def count(server: Server, where: str) -> int:
    with closing(sqlite3.connect(server.home / "baoxiu.sqlite3", timeout=LONG)) as rows:
        return int(rows.execute(f"SELECT count(*) FROM jobs_job WHERE {where}").fetchone()[0])


def is_done(server: Server, key: str) -> bool:
    server.script(QUEUE.format(key=key))
    return bool(until(lambda: count(server, f"key = 'event-log:{key}' AND state = 'done'"), LONG))


@pytest.mark.slow
def test_a_worker_elsewhere_begins_at_once_also_after_its_connection_was_killed(home: Server, redis) -> None:
    home.env["BAOXIU_REDIS_URL"] = f"redis://{REDIS[0]}:{REDIS[1]}/0"
    before = {c["id"] for c in redis.client_list(_type="pubsub")}
    where = waking.channel()

    def ears() -> set[str]:
        """Connections made since, as soon as one of them listens to ours."""
        listens = dict(redis.pubsub_numsub(where))[where.encode()]
        return {c["id"] for c in redis.client_list(_type="pubsub")} - before if listens else set()

    with worker(home, HOUR):
        first = until(ears, LONG)
        until(lambda: count(home, "ended_at IS NULL") == 0, LONG)  # it sleeps now
        assert is_done(home, "first")
        mine = [
            c["id"] for c in redis.client_list(_type="pubsub") if c["id"] in first and c["name"] == "baoxiu"
        ]
        for number in mine:
            redis.client_kill_filter(_id=number)
        assert mine and until(lambda: ears() - first, LONG)
        assert is_done(home, "second")


@pytest.mark.slow
def test_a_worker_whose_redis_is_gone_looks_by_itself(home: Server) -> None:
    home.env["BAOXIU_REDIS_URL"] = f"redis://127.0.0.1:{free_port()}/0"
    with worker(home, "0.5"):
        assert is_done(home, "only")
