"""C1, C6.2: verdicts on the case page, clause by clause, printed and over the API."""

from __future__ import annotations

import datetime as dt
import json
import re
import zlib
from typing import Any

import pytest
from django.test import Client

from tests.conftest import NOW, Cast
from tests.faces import machine as machines
from tests.faces.desk import opened, step
from tests.rooms.walking import CALLS, FREE_REPAIR, ON_SITE, Walk, begin
from tools import verify_certificate as script

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(cast: Cast) -> Walk:
    return begin(cast, NOW).wait(hours=2).steps(f"{ON_SITE} {FREE_REPAIR} hand_over {CALLS}")


def test_the_case_page_shows_each_clause_and_leads_to_the_certificate(walk: Walk) -> None:
    client, number = walk.cast.client("agent"), walk.case.number
    page = client.get(f"/desk/cases/{number}/").content.decode()
    panel = page.split('id="conformance"')[1].split("</section>")[0]
    assert re.search(r'chip-late" title="未遵守">.*?C4\.2</span>', panel)
    assert re.search(r'chip-done" title="已遵守">.*?C4\.5</span>', panel)
    assert f"/cases/{number}/certificate.pdf" in panel
    whole = client.get(f"/desk/cases/{number}/conformance/").content.decode()
    assert "首次响应：超时完成" in whole and walk.case.journal_head in whole


def test_a_long_journal_shows_the_way_to_the_verdicts_instead(cast: Cast) -> None:
    case = opened(cast)
    for i in range(51):
        step(case, "note", cast.actor("agent"), text=f"备注{i}")
    page = cast.client("agent").get(f"/desk/cases/{case.number}/").content.decode()
    panel = page.split('id="conformance"')[1].split("</section>")[0]
    assert "clause-marks" not in panel and "/conformance/" in panel
    assert "C4.1" in cast.client("agent").get(f"/desk/cases/{case.number}/conformance/").content.decode()


def test_the_printed_certificate_carries_one_that_verifies(walk: Walk) -> None:
    address = f"/cases/{walk.case.number}/certificate"
    answer = walk.cast.client("manager").get(f"{address}.pdf")
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", answer.content)) == 1
    attached = next(t for t in streams(answer.content) if t.startswith(b"{") and b"baoxiu-certificate-2" in t)
    published = Client().get("/certificate-key.json").json()
    assert published["algorithm"] == "Ed25519"
    script.verify(json.loads(attached), key=published["key"])
    assert published["key"] in walk.cast.client("manager").get("/office/conformance/").content.decode()
    plain = walk.cast.client("manager").get(f"{address}.json")
    assert "attachment" in plain["Content-Disposition"]
    script.verify(plain.json())


def streams(pdf: bytes) -> list[bytes]:
    found = []
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            found.append(zlib.decompress(raw))
        except zlib.error:
            found.append(raw)
    return found


def test_machines_get_the_same(walk: Walk) -> None:
    machine = machines.machine(walk.cast, "manager")
    told = machine.get(f"/cases/{walk.case.number}/conformance").json()
    outcomes = {c["clause"]: c["outcome"] for c in told["clauses"]}
    assert told["outcome"] == "broken" and outcomes["C4.2"] == "broken" and outcomes["C4.7"] == "kept"
    late: list[dict[str, Any]] = [
        f for c in told["clauses"] for f in c["findings"] if f["outcome"] == "broken"
    ]
    assert [(f["name"], f["why"]) for f in late] == [("first_response", "late")]
    assert dt.datetime.fromisoformat(late[0]["at"]) > dt.datetime.fromisoformat(late[0]["due_at"])
    script.verify(machine.get(f"/cases/{walk.case.number}/certificate").json())
    assert machine.get(f"/cases/{walk.case.number}/certificate.pdf").content.startswith(b"%PDF-")
