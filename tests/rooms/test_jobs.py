"""Background work: due once, leased, tried again with pauses, given up in the open."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxiu.cases.models import Sequence
from baoxiu.jobs import operations, queries, running
from baoxiu.jobs.declaring import Declared, table
from baoxiu.jobs.models import Job
from baoxiu.jobs.schedules import LONGEST_PAUSE, Daily, Every, pause
from baoxiu.people.rules import Denied, Invalid

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
MOMENTS = st.timedeltas(dt.timedelta(), dt.timedelta(days=3650)).map(lambda passed: START + passed)
MINUTE = dt.timedelta(minutes=1)


class Worker:
    """A worker whose clock stands until it is moved. `done`: what ran, with when."""

    def __init__(self, now, *declared, owner="a:1:1"):
        self.now, self.owner, self.done = now, owner, []
        self.jobs = table(*declared)
        operations.keep(self.jobs, now=now)

    def work(self, later=dt.timedelta()):
        self.now += later
        turns = 0
        while running.run_one(self.jobs, owner=self.owner, clock=lambda: self.now):
            turns += 1
            assert turns < 100
        return turns


def broken(*, now, **payload):
    raise ValueError("it\nis broken")


# -- when ---------------------------------------------------------------------------------------


@given(MOMENTS, st.integers(1, 100_000))
def test_beats_stand_on_the_same_marks_for_everybody(moment, seconds):
    every = Every(seconds)
    first = every.after(moment)
    assert moment < first <= moment + dt.timedelta(seconds=seconds)
    assert every.after(first) == first + dt.timedelta(seconds=seconds)
    assert every.after(first - dt.timedelta(microseconds=1)) == first


@given(
    MOMENTS,
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/Berlin"]),
)
def test_daily_work_comes_once_a_day_whatever_the_clocks_do(moment, hour, minute, zone):
    daily = Daily(hour, minute, zone)
    first = daily.after(moment)
    second = daily.after(first)
    assert moment < first and first - moment <= dt.timedelta(hours=25)
    assert dt.timedelta(hours=22) <= second - first <= dt.timedelta(hours=26)


def test_pauses_grow_and_end():
    waits = [pause(n).total_seconds() for n in (1, 2, 3, 4, 50)]
    assert waits == [5, 20, 80, 320, LONGEST_PAUSE.total_seconds()]
    assert pause(50, Every(60)) == MINUTE and pause(50, Every(3)) == dt.timedelta(seconds=5)
    assert pause(50, Daily(3, 0, "UTC")) == LONGEST_PAUSE


def test_nothing_is_declared_twice():
    with pytest.raises(ValueError):
        table(Declared("a", broken), Declared("a", broken))


# -- what is queued ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_work_is_done_once_however_often_it_is_asked_for(now):
    done = []
    worker = Worker(now, Declared("mail", lambda *, now, case: done.append(case)))
    for _ in range(3):
        operations.later("mail", {"case": 7}, key="7", now=now)
    operations.later("mail", {"case": 8}, key="8", now=now, run_at=now + MINUTE)
    assert worker.work() == 1 and done == [7]
    operations.later("mail", {"case": 7}, key="7", now=now)
    assert worker.work(MINUTE) == 1 and done == [7, 8]
    assert operations.clean(now=worker.now + operations.KEPT) == 1  # the second ended just then
    assert operations.clean(now=worker.now + operations.KEPT + MINUTE) == 1


@pytest.mark.django_db
def test_what_is_undeclared_here_waits_for_a_worker_that_knows_it(now):
    operations.later("of tomorrow", {}, key="1", now=now)
    assert Worker(now).work() == 0 and Job.objects.get().state == "waiting"


@pytest.mark.django_db
def test_failing_work_is_tried_with_growing_pauses_then_given_up_and_tried_anew_by_hand(now, cast):
    worker = Worker(now, Declared("bad", broken, tries=3))
    operations.later("bad", {}, key="1", now=now)
    for seconds in (0, 5, 20):
        assert worker.work(dt.timedelta(seconds=seconds - 1)) == (seconds == 0 and 0)
        assert worker.work(dt.timedelta(seconds=1)) == 1
    job = Job.objects.get()
    assert (job.state, job.attempts, job.error) == ("dead", 3, "ValueError: it is broken")
    assert worker.work(dt.timedelta(days=1)) == 0
    assert queries.dead(cast.actor("administrator")) == [job] and queries.dead(cast.actor("manager")) == []
    with pytest.raises(Denied):
        operations.retry(job, by=cast.actor("manager"), now=now)
    operations.retry(job, by=cast.actor("administrator"), now=worker.now)
    assert worker.work() == 1
    Job.objects.update(state="done")
    with pytest.raises(Invalid):
        operations.retry(job, by=cast.actor("administrator"), now=now)


@pytest.mark.django_db
def test_work_that_kills_its_worker_is_given_up_too(now):
    worker = Worker(now, Declared("bomb", broken, tries=2))
    operations.later("bomb", {}, key="1", now=now)
    for _ in range(2):  # claimed, then killed
        lease = {"bomb": MINUTE}
        assert operations.claim(["bomb"], owner="x", lease=lease, now=worker.now)
        worker.now += MINUTE
    assert worker.work() == 1
    job = Job.objects.get()
    assert job.state == "dead" and "worker" in job.error


# -- leases ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_claimed_is_nobody_elses_until_the_lease_ends_or_the_worker_is_known_dead(now):
    operations.later("a", {}, key="1", now=now)
    lease = {"a": MINUTE}
    assert operations.claim(["a"], owner="x", lease=lease, now=now)
    assert operations.claim(["a"], owner="y", lease=lease, now=now + MINUTE - dt.timedelta(seconds=1)) is None
    assert operations.claim(["a"], owner="y", lease=lease, now=now + MINUTE).attempts == 2
    assert operations.owners() == {"y"} and operations.release(["y"], now=now) == 1
    assert operations.claim(["a"], owner="z", lease=lease, now=now)


@pytest.mark.django_db
def test_who_lost_the_lease_marks_nothing_and_undoes_an_atomic_effect(now):
    def slow(*, now):
        Sequence.objects.create(name="effect", value=1)
        assert operations.claim(["slow"], owner="other", lease={"slow": MINUTE}, now=now + MINUTE)

    worker = Worker(now, Declared("slow", slow, lease=MINUTE, atomic=True))
    operations.later("slow", {}, key="1", now=now)
    assert running.run_one(worker.jobs, owner="mine", clock=lambda: now)
    assert not Sequence.objects.filter(name="effect").exists() and Job.objects.get().state == "waiting"


@pytest.mark.django_db
def test_an_overrunning_job_is_broken_off(now):
    def hangs(*, now):
        while True:
            pass

    worker = Worker(now, Declared("hangs", hangs, lease=dt.timedelta(seconds=0.05)))
    operations.later("hangs", {}, key="1", now=now)
    assert worker.work() == 1 and "Overrun" in Job.objects.get().error


def test_living_workers_and_other_machines_are_left_alone():
    mine = running.owner()
    host, pid, began = mine.split(":")
    assert running.ended({mine, f"elsewhere:{pid}:1", "odd", ""}) == []
    assert running.ended({f"{host}:{pid}:{int(began) - 1}"}) == [f"{host}:{pid}:{int(began) - 1}"]


# -- what repeats ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_beat_missed_for_a_night_comes_once_not_a_thousand_times(now):
    ran = []
    worker = Worker(now, Declared("beat", lambda *, now: ran.append(now), Every(60)))
    worker.work()
    assert worker.work(dt.timedelta(seconds=59)) == 0
    assert worker.work(dt.timedelta(seconds=1)) == 1
    assert worker.work(dt.timedelta(hours=9)) == 1 and len(ran) == 3
    operations.keep(worker.jobs, now=worker.now)
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_failing_beat_is_seen_and_goes_on(now, cast):
    worker = Worker(now, Declared("beat", broken, Every(60)))
    for _ in range(20):
        worker.work(MINUTE)
    job = Job.objects.get()
    assert job.state == "waiting" and job.attempts == 20 and "broken" in job.error
    admin = cast.actor("administrator")
    assert not queries.is_standing_still(admin, worker.now)
    assert queries.is_standing_still(admin, worker.now + 4 * MINUTE)
    worker.jobs = table(Declared("beat", lambda *, now: "well", Every(60)))
    worker.work(MINUTE)
    job.refresh_from_db()
    assert (job.attempts, job.error, job.result) == (0, "", "well")
