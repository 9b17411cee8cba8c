"""The API's records: customers, catalogue, staff, keys, figures – the same operations as the office."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from baoxiu.people.models import ApiKey, Contact, Staff
from baoxiu.sop.figures import KPIS
from baoxiu.supervision import folding
from tests.conftest import Cast
from tests.faces.machine import Machine, machine, problem, request_of


@pytest.fixture(autouse=True)
def no_failures_yet() -> None:
    cache.clear()


def test_a_customer_is_added_completed_and_found(cast: Cast) -> None:
    agent = machine(cast, "agent")
    made = agent.post("/customers", {"name": "赵先生", "phone": "139 0013 9000"})
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert made.headers["Location"] == f"/api/customers/{pk}"
    assert [c["value"] for c in made.json()["contacts"]] == ["+8613900139000"]
    assert (
        agent.post(f"/customers/{pk}/contacts", {"email": "Z@Example.com"}).json()["contacts"][1]["value"]
        == "z@example.com"
    )
    person = agent.post(f"/customers/{pk}/people", {"name": "小赵", "title": "采购"}).json()["people"][0]
    site = agent.post(f"/customers/{pk}/sites", {"city": "上海市", "street": "1号"}).json()["sites"][0]
    changed = agent.send("PUT", f"/customers/{pk}/sites/{site['id']}", {"city": "上海市", "street": "2号"})
    assert changed.json()["sites"][0]["street"] == "2号"
    assert agent.send("DELETE", f"/customers/{pk}/people/{person['id']}").status_code == 204
    renamed = agent.send("PUT", f"/customers/{pk}", {"name": "赵女士"}).json()
    assert (renamed["name"], renamed["people"], len(renamed["contacts"])) == ("赵女士", [], 2)
    assert [c["id"] for c in agent.get("/customers?q=13900139000").json()["items"]] == [pk]


def test_a_record_that_cannot_stand_is_refused_by_field(cast: Cast) -> None:
    agent, administrator = machine(cast, "agent"), machine(cast, "administrator")
    for path, body, field in (
        ("/customers", {"name": ""}, "name"),
        ("/customers", {"name": "x", "phone": "12"}, "phone"),
        ("/customers", {"name": "x", "timezone": "Mars/Base"}, "timezone"),
        ("/units", {"serial": "S", "model": 10**9}, "model"),
        ("/units", {"serial": "S", "purchase_date": "2199-01-01"}, "purchase_date"),
    ):
        assert problem(agent.post(path, body), 422)["errors"][0]["field"] == field, body
    errors = problem(
        administrator.post("/staff", {"name": "新人", "email": "agent@example.com", "agent": True}), 422
    )["errors"]
    assert errors[0]["field"] == "email"


def test_nobody_reaches_a_part_through_another_customer(cast: Cast) -> None:
    agent, contact = machine(cast, "agent"), Contact.objects.filter(customer=cast.wang)[0]
    problem(agent.send("DELETE", f"/customers/{cast.liu.pk}/contacts/{contact.pk}"), 404)
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_a_unit_and_a_model_are_registered_listed_and_changed(cast: Cast) -> None:
    manager = machine(cast, "manager")
    model = manager.post("/models", {"code": "KFR-35", "name": "空调", "brand": "海清"}).json()
    unit = manager.post("/units", {"model": model["id"], "serial": "KF-1", "customer": cast.liu.pk}).json()
    assert (unit["product"], unit["customer"]["name"]) == ("空调", cast.liu.name)
    assert [u["id"] for u in manager.get("/units?q=KF-").json()["items"]] == [unit["id"]]
    assert [u["id"] for u in machine(cast, "liu").get("/units").json()["items"]] == [unit["id"]]
    label = manager.post(f"/units/{unit['id']}/label").json()["qr_token"]
    assert manager.post(f"/units/{unit['id']}/label").json()["qr_token"] != label
    problem(manager.post("/units", {"model": model["id"], "serial": "KF-1"}), 422)
    assert (
        manager.send("PUT", f"/models/{model['id']}", {"code": "KFR-35", "name": "空调器"}).json()["name"]
        == "空调器"
    )


def test_lists_of_records_are_walked_by_cursor(cast: Cast) -> None:
    agent = machine(cast, "agent")
    made = [agent.post("/customers", {"name": f"客户{i}"}).json()["id"] for i in range(5)]
    seen: list[int] = []
    path = "/customers?limit=2"
    while path:
        page = agent.get(path).json()
        seen += [row["id"] for row in page["items"]]
        path = f"/customers?limit=2&cursor={page['next']}" if page["next"] else ""
    assert seen[:5] == made[::-1] and len(seen) == len(set(seen)) == 8


def test_an_administrator_invites_stops_and_lets_in_again(cast: Cast) -> None:
    administrator = machine(cast, "administrator")
    record = {"name": "新客服", "email": "new@example.com", "agent": True}
    made = administrator.post("/staff", record, Idempotency_Key="s")
    assert made.status_code == 201 and "/invite/" in made.json()["invitation"]
    assert administrator.post("/staff", record, Idempotency_Key="s").json() == {
        **made.json(),
        "invitation": None,
    }
    pk = made.json()["id"]
    assert administrator.get(f"/staff/{pk}").json()["roles"] == ["agent"]
    key = administrator.post("/keys", {"name": "bot", "staff": pk}).json()
    bot = Machine(key["token"])
    assert bot.get("/cases").status_code == 200
    assert (
        administrator.send("PUT", f"/staff/{pk}/activity", {"is_active": False}).json()["is_active"] is False
    )
    problem(bot.get("/cases"), 401)
    problem(machine(cast, "manager").send("PUT", f"/staff/{pk}/activity", {"is_active": True}), 403)
    assert Staff.objects.get(pk=pk).is_active is False


def test_a_key_is_told_once_and_revoked_for_good(cast: Cast) -> None:
    administrator = machine(cast, "administrator")
    made = administrator.post("/keys", {"name": "ERP", "customer": cast.liu.pk}, Idempotency_Key="k").json()
    again = administrator.post("/keys", {"name": "ERP", "customer": cast.liu.pk}, Idempotency_Key="k").json()
    assert made["token"].startswith("bx_") and again == {**made, "token": None}
    company = Machine(made["token"])
    assert company.get("/cases").status_code == 200
    assert made["token"] not in administrator.get("/keys").content.decode()
    assert administrator.send("DELETE", f"/keys/{made['id']}").status_code == 204
    problem(company.get("/cases"), 401)
    assert ApiKey.objects.get(pk=made["id"]).revoked_at


def test_absences_and_skills_are_kept(cast: Cast) -> None:
    manager, pk = machine(cast, "manager"), cast.staff["engineer2"].pk
    away = {"from_date": "2026-11-03", "until_date": "2026-11-05"}
    absence = manager.post(f"/staff/{pk}/absences", away).json()["absences"][0]
    skill = manager.get("/skills").json()["items"][0]["id"]
    assert manager.post(f"/staff/{pk}/skills", {"skill": skill, "level": 4}).json()["skills"][0]["level"] == 4
    assert manager.send("DELETE", f"/staff/{pk}/absences/{absence['id']}").status_code == 204
    other = cast.staff["engineer"].skills.get().pk
    problem(manager.send("DELETE", f"/staff/{pk}/skills/{other}"), 404)


def test_the_figures_are_those_of_the_dashboard(cast: Cast) -> None:
    now = timezone.now()
    request_of(cast.wang, now=now - dt.timedelta(days=3))  # its first response is late by now
    folding.fold(now=now)
    told = machine(cast, "manager").get("/figures?days=365", Accept_Language="zh").json()
    page = cast.client("manager").get("/office/dashboard/?days=365").content.decode()
    tiles = dict(re.findall(r"<span[^>]*>([^<]*)</span><b>([^<]*)</b>", page))
    assert told["open"] == 1
    assert (tiles["进行中"], tiles["当前超时"]) == (str(told["open"]), str(told["late"]))
    forms = {"count": "{:.0f}", "share": "{:.0%}"}
    values = {f["title"]: (f["form"], f["value"]) for f in told["figures"]}
    assert len(values) == len(KPIS) and values["已受理"] == ("count", 1)
    assert {t: "–" if v is None else forms[form].format(v) for t, (form, v) in values.items()} == {
        title: tiles[title] for title in values
    }
    problem(machine(cast, "agent").get("/figures"), 403)
    problem(machine(cast, "account_manager").get("/figures?days=367"), 403)


def test_a_caller_is_recognised(cast: Cast) -> None:
    number, agent = request_of(cast.wang), machine(cast, "agent")
    callers = agent.get("/callers?phone=13800138001").json()["items"]
    assert [(c["customer"]["name"], [x["number"] for x in c["cases"]]) for c in callers] == [
        ("王女士", [number])
    ]
    assert problem(agent.get("/callers"), 422)["errors"][0]["field"] == "phone"


def test_the_procedure_is_told_with_its_picture(cast: Cast) -> None:
    agent = machine(cast, "agent")
    procedure = agent.get("/procedure").json()
    assert procedure["titles"]["stages"]["triage"] == "Triage"
    assert agent.get(f"/procedures/{procedure['sha256']}").json() == procedure
    problem(agent.get("/procedures/" + "0" * 64), 404)
    picture = agent.get("/procedure/diagram.svg", Accept_Language="zh")
    assert picture.headers["Content-Type"] == "image/svg+xml" and "初步判断" in picture.content.decode()


def test_what_the_rooms_keep_is_told_around_the_case(cast: Cast, django_assert_max_num_queries: Any) -> None:
    number, agent = request_of(cast.wang), machine(cast, "agent")
    request_of(cast.wang)
    agent.post(f"/cases/{number}/triage", {"symptom": "drain", "fault": "quality"})
    agent.post(f"/cases/{number}/confirmation", {"venue": "onsite"})
    dispatcher = machine(cast, "dispatcher")
    ranked = dispatcher.get(f"/cases/{number}/suggestions").json()["items"]
    assert {r["id"] for r in ranked if r["eligible"]} and all(r["reasons"] for r in ranked)
    dispatcher.post(f"/cases/{number}/assignment", {"engineer": cast.staff["engineer"].pk})
    orders = agent.get(f"/cases/{number}/work-orders").json()["items"]
    assert orders[0]["engineer"]["name"] == "张工"
    assert agent.get(f"/cases/{number}/duplicates").json()["items"][0]["reasons"]
    assert agent.get(f"/cases/{number}/decisions").json()["items"][0]["step"] == "triage"
    assert [m["event"] for m in agent.get(f"/cases/{number}/messages").json()["items"]][-1] == "register"
    for noun in (
        "quotes",
        "parcels",
        "receipts",
        "diagnoses",
        "work",
        "swaps",
        "follow-ups",
        "ratings",
        "similar",
    ):
        with django_assert_max_num_queries(12):
            assert agent.get(f"/cases/{number}/{noun}").status_code == 200, noun


def test_a_request_is_looked_for_before_it_is_registered_again(cast: Cast) -> None:
    agent = machine(cast, "agent")
    known = {"channel": "phone", "problem": "洗衣机不排水，漏水", "phone": "13800138077", "name": "新客户"}
    number = agent.post("/cases", known).json()["number"]
    found = agent.get("/duplicates?phone=13800138077&problem=洗衣机漏水不排水").json()["items"]
    assert [row["number"] for row in found] == [number] and "phone" in " ".join(found[0]["reasons"])
    assert agent.get("/duplicates?phone=13800138078&problem=空调不制冷").json()["items"] == []


def test_cases_are_given_to_somebody_else_and_the_others_are_named(cast: Cast) -> None:
    manager, agent = machine(cast, "manager"), machine(cast, "agent")
    numbers = [
        agent.post(
            "/cases", {"channel": "phone", "problem": f"空调漏水 {i}", "phone": f"1380013800{i}"}
        ).json()["number"]
        for i in range(2)
    ]
    owner = Staff.objects.create(email="second@example.com", name="第二客服", roles="agent").pk
    answer = manager.post("/owner-changes", {"numbers": [*numbers, "BX-0000-000000"], "owner": owner}).json()
    assert answer["done"] == numbers
    assert [row["number"] for row in answer["refused"]] == ["BX-0000-000000"]
    assert {agent.get(f"/cases/{n}").json()["owner"]["id"] for n in numbers} == {owner}


def test_a_known_customer_keeps_the_contacts_on_record(cast: Cast) -> None:
    agent = machine(cast, "agent")
    made = agent.post(
        "/cases", {"channel": "phone", "problem": "空调漏水", "customer_id": cast.sun.pk}
    ).json()
    assert agent.get(f"/cases/{made['number']}").json()["contact"]["phone"] == "+8613800138003"
