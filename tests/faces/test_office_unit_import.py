"""C2: units from a file, in the office: read in the background, every row answered for; labels for what was added."""

from __future__ import annotations

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from baoxiu.catalogue import batches
from baoxiu.catalogue.models import RefusedUnit, Unit, UnitImport
from baoxiu.faces.common.jobs import JOBS
from baoxiu.jobs import running
from baoxiu.jobs.models import Job
from tests.conftest import NOW
from tests.faces.machine import machine, problem

pytestmark = pytest.mark.django_db
AT = "/office/units/import/"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.ATTACHMENTS = tmp_path


def send(cast, text, who="agent", **form):
    return cast.client(who).post(AT, {"file": SimpleUploadedFile("u.csv", text.encode()), **form})


def work():
    """Everything that is queued, as a worker does it."""
    while running.run_one({"units": JOBS["units"]}, owner="w", clock=timezone.now):
        pass


def test_a_file_is_read_in_the_background_and_each_row_is_answered_for(cast, tmp_path):
    answer = send(cast, "serial,model\nU-1,XQG100\n=U-2,NONE\nSN-NEW-1,XQG100\n<b>,XQG100\n", key="k")
    found = UnitImport.objects.get()
    assert answer.url == f"{AT}{found.pk}/" and Unit.objects.filter(serial="U-1").count() == 0
    agent = cast.client("agent")
    waiting = agent.get(answer.url, headers={"HX-Request": "true"}).text
    assert "hx-trigger" in waiting and "<html" not in waiting and "<progress" in waiting
    work()
    page = agent.get(answer.url).text
    assert (
        "4 行" in page
        and "产品目录中没有“NONE”" in page
        and "hx-trigger" not in page
        and "<td><b>" not in page
    )
    found.refresh_from_db()
    assert (found.status, found.rows, found.done, found.added, found.known, found.refused) == (
        "done",
        4,
        4,
        2,
        1,
        1,
    )
    assert Unit.objects.filter(batch=found).count() == 2 and not list((tmp_path / "imports").iterdir())
    assert f"?batch={found.pk}" in page
    # the same form again is the same import; the same file again adds nothing
    assert send(cast, "serial,model\nU-1,XQG100\n", key="k").url == answer.url
    again = send(cast, "serial,model\nU-1,XQG100\n")
    work()
    last = UnitImport.objects.latest("pk")
    assert again.url != answer.url and (last.added, last.known) == (0, 1)
    assert "u.csv" in agent.get(AT).text


def test_refused_rows_come_as_a_file_that_runs_nothing(cast):
    send(cast, "serial,model\nU-1,=cmd()\nU-2,＝NONE\n")
    work()
    found = UnitImport.objects.get()
    answer = cast.client("agent").get(f"{AT}{found.pk}/refused.csv")
    text = b"".join(answer.streaming_content).decode()
    assert (
        text.startswith("\ufeff行,")
        and "1,model," in text
        and "attachment" in answer.headers["Content-Disposition"]
    )
    assert all(not cell.startswith(("=", "＝")) for line in text.splitlines() for cell in line.split(","))
    assert cast.client("account_manager").get(f"{AT}{found.pk}/").status_code == 404  # not his file
    assert cast.client("manager").get(f"{AT}{found.pk}/").status_code == 200


def test_killed_anywhere_it_goes_on_and_does_no_row_twice(cast, monkeypatch, settings):
    monkeypatch.setattr(batches, "SLICE_ROWS", 2000)
    send(cast, "serial,model\n" + "".join(f"L-{i},{'XQG100' if i % 100 else 'NONE'}\n" for i in range(5000)))
    found = UnitImport.objects.get()
    batches.work(found.pk, now=timezone.now())  # a slice whose job was never marked done
    found.refresh_from_db()
    assert (found.done, found.rows, found.status) == (2000, 5000, "running")
    stale = UnitImport.objects.get(pk=found.pk)
    work()
    found.refresh_from_db()
    assert (found.done, found.added, found.refused, found.status) == (5000, 4950, 50, "done")
    assert Unit.objects.filter(batch=found).count() == 4950 and RefusedUnit.objects.count() == 50
    assert Job.objects.filter(state="done").count() == 3 and batches.work(stale.pk, now=timezone.now()) == ""


def test_what_is_no_table_is_refused_at_once_and_what_breaks_later_says_so(cast, tmp_path):
    assert send(cast, "").status_code == 422 and send(cast, "a,b\n1,2\n").status_code == 422
    assert cast.client("agent").post(AT, {}).status_code == 422 and UnitImport.objects.count() == 0
    send(cast, "serial\nU-1\n" + "U-2\n" * 3 + "x" * 10_001 + "\n")
    work()
    assert (
        UnitImport.objects.get().status == "failed"
        and "10,000" in cast.client("agent").get(f"{AT}{UnitImport.objects.get().pk}/").text
    )
    send(cast, "serial\nU-9\n")
    cast.staff["agent"].is_active = False
    cast.staff["agent"].save()
    work()
    assert (
        UnitImport.objects.latest("pk").status == "failed" and not Unit.objects.filter(serial="U-9").exists()
    )
    assert not list((tmp_path / "imports").iterdir())


def test_a_machine_sends_a_file_and_asks_how_far_it_is(cast):
    agent = machine(cast, "agent")
    sent = agent.client.post(
        "/api/unit-imports", {"file": SimpleUploadedFile("u.csv", b"serial,model\nU-1,XQG100\nU-2,NONE\nU-3,NONE\n")},
        headers={"Authorization": "Bearer token-agent"},
    )  # fmt: skip
    made = sent.json()
    assert sent.status_code == 201 and made["status"] == "waiting"
    work()
    told = agent.get(f"/unit-imports/{made['id']}").json()
    assert (told["status"], told["rows"], told["added"], told["refused"]) == ("done", 3, 1, 2)
    first = agent.get(f"/unit-imports/{made['id']}/refused?limit=1").json()
    second = agent.get(f"/unit-imports/{made['id']}/refused?limit=1&cursor={first['next']}").json()
    assert [first["items"][0]["row"], second["items"][0]["row"], second["next"]] == [2, 3, None]
    assert agent.get("/unit-imports").json()["items"][0]["id"] == made["id"]
    assert agent.get(f"/units?batch={made['id']}").json()["items"][0]["serial"] == "U-1"
    bad = agent.client.post(
        "/api/unit-imports",
        {"file": SimpleUploadedFile("u.csv", b"")},
        headers={"Authorization": "Bearer token-agent"},
    )
    problem(bad, 422)
    pdf = agent.get(f"/units/labels.pdf?batch={made['id']}&columns=4&rows=10")
    assert pdf.status_code == 200 and pdf.content.startswith(b"%PDF")
    problem(agent.get("/units/labels.pdf?columns=0"), 422)
    problem(agent.get("/units/labels.pdf?batch=99999"), 422)


def test_the_api_takes_rows_and_numbers_its_refusals(cast):
    agent = machine(cast, "agent")
    told = agent.post(
        "/units/import", {"rows": [{"serial": "A-1", "model": "XQG100"}, {"serial": "A-2", "model": "NONE"}]}
    ).json()
    assert (told["added"], told["known"], [(r["row"], r["column"]) for r in told["refused"]]) == (
        1,
        0,
        [(2, "model")],
    )
    assert problem(agent.post("/units/import", {"rows": [{"x": "1"}]}), 422)["errors"][0]["field"] == "rows"
    problem(machine(cast, "engineer").post("/units/import", {"rows": [{"serial": "A-3"}]}), 403)


def test_an_account_manager_gives_units_to_own_customers_alone(cast):
    for customer, number in ((cast.liu, "C-1"), (cast.wang, "C-2")):
        customer.reference = number
        customer.save()
    told = (
        machine(cast, "account_manager")
        .post(
            "/units/import",
            {"rows": [{"serial": "A-1", "customer": "C-1"}, {"serial": "A-2", "customer": "C-2"}]},
        )
        .json()
    )
    assert told["added"] == 1 and [r["row"] for r in told["refused"]] == [2]


def test_labels_lie_on_sheets_of_any_grid(cast):
    Unit.objects.bulk_create(
        Unit(model=cast.unit.model, product="滚筒洗衣机 #set page(", serial=f"S-{i}", created_at=NOW)
        for i in range(40)
    )
    agent, began = cast.client("agent"), time.process_time()
    answer = agent.get(
        "/office/units/labels.pdf?columns=3&rows=8&left=1.5&top=-2&skip=5&model=" + str(cast.unit.model_id)
    )
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/pdf"
    assert (
        answer.content.count(b"/Type /Page\n") + answer.content.count(b"/Type/Page/") == 2
        or b"/Count 2" in answer.content
    )
    assert time.process_time() - began < 20
    page = agent.get(f"/office/units/labels/?unit={cast.unit.pk}")
    assert page.status_code == 200 and f'name="unit" value="{cast.unit.pk}"' in page.text
    for bad in ("columns=0", "rows=99", "left=nan", "skip=x"):
        assert agent.get(f"/office/units/labels.pdf?{bad}").status_code == 422
    assert agent.get("/office/units/labels.pdf?q=NOTHING").status_code == 422
    assert cast.client("engineer").get("/office/units/labels.pdf").status_code == 403


def test_why_a_file_is_no_table_is_said_in_the_readers_language(cast):
    sent = {"file": SimpleUploadedFile("u.csv", b"a,b\n1,2\n"), "key": "zh"}
    assert "表头缺少以下列：serial。" in cast.client("manager").post(AT, sent).text
    locked = SimpleUploadedFile("u.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 99)
    english = cast.client("manager").post(
        AT, {"file": locked, "key": "en"}, headers={"accept-language": "en"}
    )
    assert english.status_code == 422 and "旧版或加密" in english.text or "old or a locked" in english.text
    assert "请选择文件" in cast.client("manager").post(AT, {"key": "none"}).text
    told = machine(cast, "manager", language="zh-CN").client.post(
        "/api/unit-imports", {"file": SimpleUploadedFile("u.csv", b"")},
        headers={"Authorization": "Bearer token-manager", "Accept-Language": "zh-CN"},
    )  # fmt: skip
    assert told.status_code == 422 and "文件是空的" in told.content.decode()
