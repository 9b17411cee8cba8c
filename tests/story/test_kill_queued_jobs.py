"""Workers killed fifty times in work that somebody asked for – files read, logs written, days planned – and at night."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count
from django.utils import timezone

from baoxiu.cases.models import Duty, JournalEntry
from baoxiu.catalogue import batches
from baoxiu.catalogue.models import Unit, UnitImport
from baoxiu.clocks import operations as clocks
from baoxiu.dispatch import operations as dispatch
from baoxiu.dispatch.models import Plan
from baoxiu.dispatch.records import SolveRecord
from baoxiu.faces.common.jobs import JOBS
from baoxiu.jobs import operations
from baoxiu.jobs.declaring import Declared
from baoxiu.jobs.models import Job
from baoxiu.service_levels.models import Contract
from baoxiu.service_levels.records import ContractRecord
from baoxiu.supervision import exporting
from baoxiu.supervision.models import LogExport
from bench import jobs as killing
from tests.rooms.planning import job, ready
from tests.rooms.test_clocks import level, publish
from tests.rooms.walking import begin
from tests.story.test_kill_jobs import KILLS, SEED, Clock

pytestmark = pytest.mark.django_db(transaction=True)


def only(name: str) -> dict[str, Declared]:
    """Given up only after more kills than there are."""
    return {name: replace(JOBS[name], tries=1000)}


def test_every_declared_job_is_killed_somewhere():
    sources = "".join(p.read_text(encoding="utf-8") for p in Path(__file__).parent.glob("test_kill*jobs.py"))
    assert set(re.findall(r'killing\.kill\(\s*only\("([a-z-]+)"\)', sources)) == set(JOBS)


def test_an_event_log_is_written_whole_and_once(cast, now, settings, tmp_path, monkeypatch):
    settings.ATTACHMENTS = tmp_path
    monkeypatch.setattr(exporting, "SLICE", 2)  # cases: several runs for each log
    walks = [begin(cast, now, unit=None) for _ in range(5)]
    day, by, clock = timezone.localdate(now), cast.actor("manager"), Clock(now)

    def more() -> None:
        clock.tick()
        if not LogExport.objects.exclude(status="done").exists():
            form = ("xes", "ocel")[LogExport.objects.count() % 2]
            record = exporting.LogRecord(form=form, first=day, last=day)
            exporting.begin(record, by=by, now=clock.now)

    more()
    killing.kill(
        only("event-log"), kills=KILLS, clock=clock, chance=random.Random(SEED), statements=16, between=more
    )
    killing.finish(only("event-log"), clock)
    assert not LogExport.objects.exclude(status="done").exists() and LogExport.objects.count() > 1
    assert not Job.objects.exclude(state="done").exists()
    texts = {"xes": set(), "ocel": set()}
    for made in LogExport.objects.all():
        texts[made.form].add(exporting.file_of(by, made.pk)[1].read_text(encoding="utf-8"))
    assert all(len(same) == 1 for same in texts.values()), "a log that was killed is the log that was not"
    assert all(texts["xes"].copy().pop().count(w.case.number) == 1 for w in walks)
    kept = {f"{made.pk}.log" for made in LogExport.objects.all()}
    assert {p.name for p in (tmp_path / "eventlogs").iterdir()} == kept, "nothing half is left behind"


def test_cases_follow_each_change_of_a_contract_once(cast, now):
    gold = level("gold", calendar="24x7", tiers=["gold"], targets={"first_response": {"minutes": 4000}})
    publish(cast, now, gold, level(targets={"first_response": {"minutes": 3000}}))
    operations.keep(only("contracts"), now=now)
    clock, cases = Clock(now), [begin(cast, now, unit=None).case.pk for _ in range(4)]
    agreed = ContractRecord(customer=cast.wang.pk, code="K-1", tier="", from_date=now.date())
    clocks.save_contract(None, agreed, by=cast.actor("manager"), now=now)
    turned = [0]

    def turn() -> None:
        """It changes under everybody's feet once all have followed the change before."""
        clock.tick()
        Contract.objects.update(from_date=timezone.localdate(clock.now))
        wanted = "gold" if turned[0] % 2 else "basic"
        held = Duty.objects.filter(kind="first_response", outcome="open", case__in=cases)
        if set(held.values_list("level", flat=True)) == {wanted}:
            turned[0] += 1
            Contract.objects.update(tier="gold" if turned[0] % 2 else "")

    turn()
    killing.kill(
        only("contracts"), kills=KILLS, clock=clock, chance=random.Random(SEED), statements=110, between=turn
    )
    clock.tick()
    killing.finish(only("contracts"), clock)
    followed = JournalEntry.objects.filter(step="retime").values("case").annotate(n=Count("pk"))
    assert turned[0] > 2 and {row["case"]: row["n"] for row in followed} == dict.fromkeys(cases, turned[0])


def test_every_row_of_a_file_is_one_unit(cast, now, settings, tmp_path, monkeypatch):
    settings.ATTACHMENTS = tmp_path
    monkeypatch.setattr(batches, "SLICE_ROWS", 7)
    clock, by, known = Clock(now), cast.actor("manager"), Unit.objects.count()

    def more() -> None:
        clock.tick()
        if not UnitImport.objects.exclude(status="done").exists():
            n = UnitImport.objects.count()
            rows = "".join(f"S-{n}-{i},洗衣机\n" for i in range(20))
            file = SimpleUploadedFile("units.csv", f"serial,product\n{rows}".encode())
            batches.begin(file, key=f"k{n}", by=by, now=clock.now)

    more()
    killing.kill(
        only("units"), kills=KILLS, clock=clock, chance=random.Random(SEED), statements=24, between=more
    )
    killing.finish(only("units"), clock)
    files = UnitImport.objects.count()
    assert set(UnitImport.objects.values_list("status", "done", "added", "known", "refused")) == {
        ("done", 20, 20, 0, 0)
    }
    assert files > 1 and Unit.objects.count() - known == files * 20
    assert set(Counter(Unit.objects.values_list("serial", flat=True)).values()) == {1}
    assert not list((tmp_path / "imports").iterdir())


@pytest.mark.slow
def test_a_day_asked_for_is_planned_once(cast, now):
    ready(cast)
    for i in range(3):
        job(cast, now, east=0.01 * i)
    clock, by = Clock(now), cast.actor("dispatcher")

    def more() -> None:
        clock.tick()
        if not Plan.objects.filter(status="asked").exists():
            made = dispatch.ask(now.date(), SolveRecord(seconds=1), by=by, now=clock.now)
            Plan.objects.filter(pk=made.pk).update(seconds=0)  # the search is not what is killed here

    more()
    killing.kill(
        only("plan"), kills=KILLS, clock=clock, chance=random.Random(SEED), statements=26, between=more
    )
    killing.finish(only("plan"), clock)
    found = Counter(Plan.objects.values_list("status", flat=True))
    assert found["draft"] == 1 and found["discarded"] == Plan.objects.count() - 1 > 0
    assert (
        Job.objects.filter(name="plan", state="done").count() == Plan.objects.count() == Job.objects.count()
    )
