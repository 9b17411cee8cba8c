"""C6.2: the live board, breaches and the chain, in pages and over the API."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from baoxiu.clocks import chain
from tests.conftest import Cast
from tests.faces import machine
from tests.faces.desk import DAY, HOUR, opened, step

pytestmark = pytest.mark.django_db


def test_the_board_shows_what_is_late_and_lets_one_acknowledge(cast: Cast) -> None:
    now = timezone.now()
    case = opened(cast, at=now - 5 * HOUR)
    step(opened(cast, at=now - HOUR / 2), "reply", cast.actor("agent"), at=now, text="您好")
    chain.climb(now=now)
    client = cast.client("dispatcher")
    page = client.get("/office/board/").content.decode()
    assert case.number in page and "无人确认的超时" in page and "第2级" in page
    part = client.get("/office/board/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and 'id="board"' in part
    for address in re.findall(r'action="(/office/board/alarms/\d+/)"', page):
        assert client.post(address).status_code == 302
    assert "无人确认的超时" not in client.get("/office/board/").content.decode()
    late = re.search(r'href="([^"]+/clause/C4\.2/late/)">(\d+)<', page)
    assert late and case.number in client.get(late[1]).content.decode()


def test_the_chain_is_data(cast: Cast) -> None:
    client = cast.client("manager")
    assert client.get("/office/chain/").status_code == 200
    good = {"minutes": ["10", "20", ""], "role": ["owner", "manager", ""]}
    assert client.post("/office/chain/", good).status_code == 302
    assert [(r.after_minutes, r.role) for r in chain.rungs()] == [(10, "owner"), (20, "manager")]
    for bad in (
        {"minutes": ["x"], "role": ["owner"]},
        {"minutes": ["20", "10"], "role": ["owner", "manager"]},
    ):
        answer = client.post("/office/chain/", bad)
        assert answer.status_code == 400 and 'role="alert"' in answer.content.decode()
    assert len(chain.rungs()) == 2


def test_machines_see_the_board_and_acknowledge(cast: Cast) -> None:
    now = timezone.now()
    case = opened(cast, at=now - DAY)
    chain.climb(now=now)
    asked = machine.machine(cast, "manager")
    told = asked.get("/board").json()
    assert told["total"]["late"] == 2 and {x["key"] for x in told["clauses"]} == {"C4.2"}
    breaches = asked.get("/breaches").json()["items"]
    assert {b["number"] for b in breaches} == {case.number} and {b["rung"] for b in breaches} == {2}
    assert asked.post(f"/breaches/{breaches[0]['id']}/acknowledgement").json()["settled"] == 2
    assert len(asked.get("/breaches").json()["items"]) == len(breaches) - 1
    rungs = {"rungs": [{"after_minutes": 5, "role": "owner"}]}
    assert asked.send("PUT", "/chain", rungs).json() == rungs == asked.get("/chain").json()
    assert asked.send("PUT", "/chain", {"rungs": [{"after_minutes": 5, "role": "moon"}]}).status_code == 422
