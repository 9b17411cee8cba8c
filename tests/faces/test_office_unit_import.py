"""C2: units from a file, in the office."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baoxiu.catalogue.models import Unit
from baoxiu.faces.office import unit_import
from tests.faces.machine import machine, problem

pytestmark = pytest.mark.django_db
AT = "/office/units/import/"


def send(cast, text, who="agent"):
    return cast.client(who).post(AT, {"file": SimpleUploadedFile("u.csv", text.encode())})


def test_a_colleague_sends_a_file_and_reads_what_became_of_each_row(cast):
    answer = send(cast, "serial,model\nU-1,XQG100\nU-2,NONE\nSN-NEW-1,XQG100\n<b>,XQG100\n")
    assert answer.status_code == 200 and "4 行" in answer.text and "产品目录中没有“NONE”" in answer.text
    assert Unit.objects.filter(serial__in=("U-1", "<b>")).count() == 2 and "<td><b>" not in answer.text


def test_what_is_no_table_is_refused(cast):
    assert send(cast, "").status_code == 422 and send(cast, "a,b\n1,2\n").status_code == 422
    assert cast.client("agent").post(AT, {}).status_code == 422


def test_a_long_file_goes_on_with_the_command(cast, monkeypatch):
    monkeypatch.setattr(unit_import, "MOST_ROWS", 2)
    assert "import-units" in send(cast, "serial,model\n" + "".join(f"L-{i},XQG100\n" for i in range(5))).text


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
