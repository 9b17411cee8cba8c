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


def test_days_without_cases_or_with_too_many_are_refused(
    cast: Cast, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, today = machine.machine(cast, "manager"), timezone.localdate(now)
    for first, last in ((today, today), (today, today - dt.timedelta(days=1)), (dt.date(1969, 1, 1), today)):
        sent = {"form": "xes", "first": str(first), "last": str(last)}
        assert asked.send("POST", "/event-logs", sent).status_code == 422
    begin(cast, now)
    begin(cast, now, unit=None)
    monkeypatch.setattr(exporting, "MOST", 1)
    found = cast.client("manager").post("/office/event-logs/", {"form": "xes", "first": today, "last": today})
    assert found.status_code == 422 and "baoxiu export" in found.content.decode()
    assert not LogExport.objects.exists()


def test_a_writer_that_was_killed_is_followed_by_one_that_begins_anew(
    cast: Cast, now: dt.datetime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begin(cast, now)
    today = timezone.localdate(now)
    record = exporting.LogRecord(first=today, last=today)
    made = exporting.begin(record, by=cast.actor("manager"), now=now)

    def dies(cases: Any) -> Any:
        yield "half"
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setitem(exporting.WRITERS, "xes", dies)
        with pytest.raises(KeyboardInterrupt):
            exporting.work(made.pk, now=now)
    assert not list((tmp_path / "eventlogs").iterdir())  # nothing half is left under any name
    exporting.work(made.pk, now=now)
    assert (
        exporting.file_of(cast.actor("manager"), made.pk)[1].read_text(encoding="utf-8").endswith("</log>\n")
    )
    later = now + dt.timedelta(days=8)
    begin(cast, later, unit=None)
    day = timezone.localdate(later)
    exporting.begin(exporting.LogRecord(first=day, last=day), by=cast.actor("manager"), now=later)
    assert LogExport.objects.count() == 1 and not list((tmp_path / "eventlogs").iterdir())
