"""Workers are killed fifty times in each kind of work: nothing is lost, nothing happens twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import random
import uuid
from collections import Counter
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F

from baoxiu.cases import attachments
from baoxiu.cases.models import Attachment, Duty, IdempotencyKey, Outgoing, Sequence
from baoxiu.clocks import chain
from baoxiu.clocks.models import Alarm
from baoxiu.faces.common.jobs import JOBS
from baoxiu.jobs import operations
from baoxiu.jobs.declaring import Declared, table
from baoxiu.jobs.models import Job
from baoxiu.jobs.schedules import Every
from baoxiu.supervision import folding
from baoxiu.supervision.models import DayFigures
from bench import jobs as killing
from tests.rooms.test_clocks import level, publish
from tests.rooms.test_notify import post  # noqa: F401
from tests.rooms.walking import begin

pytestmark = pytest.mark.django_db(transaction=True)
KILLS, SEED, MESSAGES = 50, 7, 100
HOUR = dt.timedelta(hours=1)


def only(name: str) -> dict[str, Declared]:
    return {name: JOBS[name]}


class Clock:
    """Moves an hour on with each worker, so that every lease has run out and every pause is over."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def tick(self) -> None:
        self.now += HOUR
        killing.lively(self.now)


def test_queued_work_has_its_effect_exactly_once(now):
    """A counter that no constraint protects: only the transaction that also marks the job does."""

    def count(*, now: dt.datetime, number: int) -> None:
        Sequence.objects.filter(name="effects").update(value=F("value") + 1)
        Sequence.objects.filter(name=f"effect-{number}").update(value=F("value") + 1)

    jobs = table(Declared("count", count, atomic=True, tries=1000))
    clock = Clock(now)
    Sequence.objects.create(name="effects")
    for i in range(30):
        Sequence.objects.create(name=f"effect-{i}")
        operations.later("count", {"number": i}, key=str(i), now=now)

    def more() -> None:  # work does not run out before the kills do
        clock.tick()
        if not Job.objects.filter(state="waiting").exists():
            i = Job.objects.count()
            Sequence.objects.create(name=f"effect-{i}")
            operations.later("count", {"number": i}, key=str(i), now=clock())

    killing.kill(jobs, kills=KILLS, clock=clock, chance=random.Random(SEED), statements=8, between=more)
    killing.finish(jobs, clock)
    done = Job.objects.filter(state="done").count()
    assert done == Job.objects.count() >= 30 and Job.objects.filter(attempts__gt=1).exists()
    assert set(Sequence.objects.filter(name__startswith="effect-").values_list("value", flat=True)) == {1}
    assert Sequence.objects.get(name="effects").value == done


def test_messages_go_out_once_apart_from_the_one_in_hand(cast, now, post):  # noqa: F811
    begin(cast, now)
    first = Outgoing.objects.values().get()
    del first["id"]
    Outgoing.objects.bulk_create(Outgoing(**{**first, "entry_no": i}) for i in range(2, MESSAGES + 1))
    operations.keep(only("outbox"), now=now)
    clock, unmarked = Clock(now), [0]

    def look() -> None:
        taken = {mail["Message-ID"] for _, mail in post.received}
        waiting = Outgoing.objects.filter(state="waiting").count()
        # accepted by the server, not yet marked: the documented window
        unmarked.append(len(taken) - (MESSAGES - waiting))
        clock.tick()

    killing.kill(
        only("outbox"), kills=KILLS, clock=clock, chance=random.Random(SEED), statements=30, between=look
    )
    while Outgoing.objects.filter(state="waiting").exists():
        clock.tick()
        killing.finish(only("outbox"), clock)
    got = Counter(mail["Message-ID"] for _, mail in post.received)
    assert Outgoing.objects.filter(state="sent").count() == len(got) == MESSAGES
    grown = [max(after - before, 0) for before, after in pairwise(unmarked)]
    assert max(grown) == 1, "a kill leaves at most the message in hand sent and unmarked"
    assert sum(times - 1 for times in got.values()) <= sum(grown) < KILLS


def test_housekeeping_ends_what_it_began_and_takes_nothing_more(cast, now, settings, tmp_path):
    settings.ATTACHMENTS = tmp_path
    operations.keep(only("housekeeping"), now=now)
    clock = Clock(now)
    by = cast.actor("agent")
    keep = attachments.store(SimpleUploadedFile("k.txt", b"keep"), by=by, now=now + 400 * HOUR)
    Attachment.objects.filter(pk=keep.pk).update(case=begin(cast, now).case)
    count = iter(range(10_000))

    def litter() -> None:
        clock.tick()
        i = next(count)
        IdempotencyKey.objects.create(actor="a", key=str(i), digest="x", created_at=clock.now - 200 * HOUR)
        old = clock.now - 60 * HOUR
        path = attachments.path_of(hashlib.sha256(str(i).encode()).hexdigest())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(i))
        Attachment.objects.create(uploader="a", sha256=path.name, size=1, name="o", created_at=old)

    litter()
    killing.kill(
        only("housekeeping"),
        kills=KILLS,
        clock=clock,
        chance=random.Random(SEED),
        statements=16,
        between=litter,
    )
    clock.now = dt.datetime.now(dt.UTC) + 72 * HOUR  # the bytes carry real times
    killing.lively(clock.now)
    killing.finish(only("housekeeping"), clock)
    assert not IdempotencyKey.objects.filter(actor="a").exists()
    assert list(Attachment.objects.values_list("pk", flat=True)) == [keep.pk]
    assert [p.name for p in tmp_path.glob("??/??/*")] == [keep.sha256]
    assert Job.objects.get().error == ""


def test_clocks_sound_each_alarm_once_and_none_is_lost(cast, now):
    notify = {"at": "breach", "do": "notify", "to": "manager"}
    publish(cast, now, level(targets={"first_response": {"minutes": 60, "actions": [notify]}}))
    for _ in range(12):
        begin(cast, now)
    operations.keep(only("clocks"), now=now)
    clock = Clock(now + 30 * 24 * HOUR)
    clocks = Duty.objects.filter(outcome="open", kind="first_response")
    again = itertools.cycle(clocks.values_list("pk", flat=True))

    def more() -> None:
        clock.tick()
        Duty.objects.filter(pk=next(again)).update(fired="", alarm_at=now)  # the same point again

    killing.kill(
        only("clocks"), kills=KILLS, clock=clock, chance=random.Random(SEED), statements=20, between=more
    )
    clock.tick()
    killing.finish(only("clocks"), clock)
    assert set(Counter(Alarm.objects.filter(point="breach").values_list("case", "kind", "at")).values()) == {
        1
    }
    assert Alarm.objects.filter(point="breach").count() == clocks.count() == 12
    assert not Duty.objects.filter(outcome="open", alarm_at__lte=clock()).exists()


def test_the_chain_tells_each_rung_once(cast, now):
    chain.set_rungs([(0, "owner"), (60, "manager")], by=cast.actor("manager"), now=now)
    operations.keep(only("chain"), now=now)
    clock = Clock(now)

    def more() -> None:
        clock.tick()
        begin(cast, clock.now)

    more()
    killing.kill(
        only("chain"), kills=KILLS, clock=clock, chance=random.Random(SEED), statements=8, between=more
    )
    clock.now += 48 * HOUR
    killing.lively(clock.now)
    killing.finish(only("chain"), clock)
    told = Counter(Alarm.objects.filter(kind="first_response").values_list("case", "to"))
    wanted = Duty.objects.filter(kind="first_response", outcome="open").values_list("case", flat=True)
    assert set(told) == {(case, f"chain:{n}") for case in wanted for n in (1, 2)} and set(told.values()) == {
        1
    }


def test_figures_killed_half_way_are_the_figures_folded_in_one_go(cast, now):
    operations.keep(only("figures"), now=now)
    clock, chance = Clock(now), random.Random(SEED)

    def more() -> None:
        clock.tick()
        walk = begin(cast, clock.now)
        if chance.random() < 0.3:
            walk.step("withdraw")

    more()
    killing.kill(only("figures"), kills=KILLS, clock=clock, chance=chance, statements=20, between=more)
    clock.now = clock.now + 2 * HOUR
    killing.lively(clock.now)
    killing.finish(only("figures"), clock)
    kept = sums()
    folding.rebuild(now=clock.now)
    assert kept == sums() and kept


def sums() -> list[tuple[object, ...]]:
    fields = [f.attname for f in DayFigures._meta.concrete_fields if not f.primary_key]
    return sorted(DayFigures.objects.values_list(*fields), key=repr)


def test_no_beat_fires_twice_with_four_workers(now):
    def note(*, now: dt.datetime) -> None:
        IdempotencyKey.objects.create(
            actor="beat", key=uuid.uuid4().hex, digest=f"{now.timestamp():.0f}", created_at=now
        )

    jobs = table(Declared("beat", note, Every(60)))
    operations.keep(jobs, now=now)
    killing.together(jobs, workers=4, seconds=1.5, speed=1200, start=now)
    marks = Counter(
        int(row.created_at.timestamp()) // 60 for row in IdempotencyKey.objects.filter(actor="beat")
    )
    assert max(marks.values()) == 1 and len(marks) >= 10


def test_many_jobs_are_shared_by_four_workers_and_done_once_each(now):
    def note(*, now: dt.datetime, number: int) -> None:
        IdempotencyKey.objects.create(actor="job", key=uuid.uuid4().hex, digest=str(number), created_at=now)

    jobs = table(Declared("note", note, atomic=True))
    for i in range(200):
        operations.later("note", {"number": i}, key=str(i), now=now)
    killing.together(jobs, workers=4, seconds=0, speed=1, start=now)
    assert Counter(IdempotencyKey.objects.values_list("digest", flat=True)) == {str(i): 1 for i in range(200)}
