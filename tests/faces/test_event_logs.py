"""C1, C6.2: a manager takes the journals of a period away as an event log; the background writes it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from baoxiu.faces.common.jobs import JOBS
from baoxiu.jobs import running
from baoxiu.lib import eventlogs
from baoxiu.supervision import exporting
from baoxiu.supervision.models import LogExport
from tests.conftest import Cast
from tests.faces import machine
from tests.rooms.walking import CALLS, FREE_REPAIR, ON_SITE, begin

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(settings: Any, tmp_path: Path) -> dt.datetime:
    settings.ATTACHMENTS = tmp_path
    return timezone.now()


def test_from_the_form_to_the_file(cast: Cast, now: dt.datetime, tmp_path: Path) -> None:
    whole = begin(cast, now - dt.timedelta(days=9)).steps(f"{ON_SITE} {FREE_REPAIR} hand_over {CALLS}")
    begin(cast, now - dt.timedelta(days=40), unit=None)  # of other days
    client, days = cast.client("manager"), {"first": now.date() - dt.timedelta(days=20), "last": now.date()}
    page = client.get("/office/event-logs/").content.decode()
    assert 'name="first"' in page and "hx-trigger" not in page.split('id="event-logs"')[1]
    assert client.post("/office/event-logs/", {"form": "xes", **days}).status_code == 302
    waiting = client.get("/office/event-logs/", headers={"HX-Request": "true"}).content.decode()
    assert "<progress" in waiting and "hx-trigger" in waiting and "<form" not in waiting
    made = LogExport.objects.get()
    at = f"/office/event-logs/{made.pk}/"
    assert client.get(at).status_code == 404  # not written yet
    exporting.work(made.pk, now=now)
    assert exporting.work(made.pk, now=now) == ""  # again changes nothing
    answer = client.get(at)
    file = tmp_path / "log.xes"
    file.write_bytes(b"".join(answer.streaming_content))
    assert ".xes" in answer["Content-Disposition"]
    [trace] = eventlogs.read(file)
    assert trace.case == whole.case.number and len(trace.events) == whole.case.journal_count
    assert "张工" not in file.read_text(encoding="utf-8")
    assert at in client.get("/office/event-logs/").content.decode()


def test_a_machine_asks_waits_and_takes_it(cast: Cast, now: dt.datetime) -> None:
    walk = begin(cast, now).steps("reply triage")
    asked, today = machine.machine(cast, "manager"), str(timezone.localdate(now))
    made = asked.send("POST", "/event-logs", {"form": "ocel", "first": today, "last": today})
    assert made.status_code == 201 and made.json()["status"] == "waiting" and made.json()["total"] == 1
    at = f"/event-logs/{made.json()['id']}"
    assert asked.get(f"{at}/file").status_code == 404
    while running.run_one({exporting.JOB: JOBS[exporting.JOB]}, owner="w", clock=timezone.now):
        pass
    assert asked.get(at).json()["status"] == "done"
    log = json.loads(b"".join(asked.get(f"{at}/file").streaming_content))
    assert len(log["events"]) == walk.case.journal_count
    assert [row["id"] for row in asked.get("/event-logs").json()["items"]] == [made.json()["id"]]


def test_days_without_cases_are_refused(cast: Cast, now: dt.datetime) -> None:
    asked, today = machine.machine(cast, "manager"), timezone.localdate(now)
    for first, last in ((today, today), (today, today - dt.timedelta(days=1)), (dt.date(1969, 1, 1), today)):
        sent = {"form": "xes", "first": str(first), "last": str(last)}
        assert asked.send("POST", "/event-logs", sent).status_code == 422
    assert not LogExport.objects.exists()


@pytest.mark.parametrize("form", ["xes", "ocel"])
def test_a_long_log_is_written_slice_by_slice_and_is_the_same(
    cast: Cast, now: dt.datetime, monkeypatch: pytest.MonkeyPatch, form: str, tmp_path: Path
) -> None:
    cases = [begin(cast, now, unit=None).case for _ in range(5)]
    day, by = timezone.localdate(now), cast.actor("manager")
    record = exporting.LogRecord(form=form, first=day, last=day)
    whole, sliced = (exporting.begin(record, by=by, now=now) for _ in range(2))
    exporting.work(whole.pk, now=now)
    monkeypatch.setattr(exporting, "SLICE", 2)
    said = [exporting.work(sliced.pk, now=now)]
    with (tmp_path / "eventlogs" / f"{sliced.pk}.log").open("ab") as part:
        part.write(b"what a killed writer left")
    said += [exporting.work(sliced.pk, now=now) for _ in range(3)]
    assert said == ["2 of 5 cases", "4 of 5 cases", "5 of 5 cases", ""]
    texts = [exporting.file_of(by, made.pk)[1].read_text(encoding="utf-8") for made in (whole, sliced)]
    assert texts[0] == texts[1] and all(case.number in texts[0] for case in cases)
    assert {p.suffix for p in (tmp_path / "eventlogs").iterdir()} == {".log"}


def test_a_part_that_is_gone_is_written_anew_and_old_logs_go(
    cast: Cast, now: dt.datetime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for _ in range(3):
        begin(cast, now, unit=None)
    monkeypatch.setattr(exporting, "SLICE", 2)
    day, by = timezone.localdate(now), cast.actor("manager")
    made = exporting.begin(exporting.LogRecord(form="ocel", first=day, last=day), by=by, now=now)
    exporting.work(made.pk, now=now)
    (tmp_path / "eventlogs" / f"{made.pk}.objects").unlink()
    assert [exporting.work(made.pk, now=now) for _ in range(2)] == ["2 of 3 cases", "3 of 3 cases"]
    log = json.loads(exporting.file_of(by, made.pk)[1].read_text(encoding="utf-8"))
    assert len([o for o in log["objects"] if o["type"] == "case"]) == 3
    later = now + dt.timedelta(days=8)
    begin(cast, later, unit=None)
    day = timezone.localdate(later)
    exporting.begin(exporting.LogRecord(first=day, last=day), by=by, now=later)
    assert LogExport.objects.count() == 1 and not list((tmp_path / "eventlogs").iterdir())
