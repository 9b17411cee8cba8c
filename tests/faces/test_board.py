"""C6.2: the live board, breaches and the chain, in pages and over the API."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from baoxiu.catalogue.models import Registration
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


def test_registrations_nobody_looks_at_stand_on_the_board(cast: Cast) -> None:
    now = timezone.now()

    def registered(n: int, **more: Any) -> None:
        given = {
            "due_at": now - HOUR,
            "created_at": now,
            "expires_at": now + DAY,
            "purchase_date": now.date(),
        }
        Registration.objects.create(number=f"RG-{n}", token_hash=str(n), serial=str(n), **given | more)

    registered(1)
    registered(2)
    registered(3, due_at=now + HOUR)
    registered(4, due_at=now + 2 * DAY)
    registered(5, status="refused", decided_at=now)
    page = cast.client("agent").get("/office/board/").content.decode()
    row = page.split("待审核的产品注册")[1].split("</tr>")[0]
    assert re.findall(r">(\d+)<", row) == ["2", "1", "1"]
    assert (
        cast.client("agent").get("/office/registrations/").status_code == 200
        and 'href="/office/registrations/"' in row
    )
    told = machine.machine(cast, "agent").get("/board").json()["registrations"]
    assert (told["late"], told["soon"], told["done"]) == (2, 1, 1)
    assert "待审核的产品注册" not in cast.client("dispatcher").get("/office/board/").content.decode()
    assert machine.machine(cast, "dispatcher").get("/board").json()["registrations"] is None


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
