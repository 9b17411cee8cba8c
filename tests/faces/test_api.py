"""The API: keys, steps, repeats, lists, what each may see."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from baoxiu.cases.models import Case, IdempotencyKey, JournalEntry
from baoxiu.faces.api.tokens import FAILURES_PER_MINUTE
from baoxiu.people.models import ApiKey
from tests.conftest import Cast
from tests.faces.machine import Machine, key_for, machine, problem, request_of

TRIAGE = {"symptom": "drain", "fault": "quality"}


@pytest.fixture(autouse=True)
def no_failures_yet() -> None:
    cache.clear()


# -- keys ---------------------------------------------------------------------------------


def test_it_refuses_whoever_has_no_key(cast: Cast) -> None:
    response = Machine("").get("/cases")
    problem(response, 401)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_it_refuses_an_unknown_key_a_session_and_a_key_in_the_address(cast: Cast) -> None:
    agent = machine(cast, "agent")
    problem(Machine("made-up").get("/cases"), 401)
    assert cast.client("agent").get("/api/cases").status_code == 401
    assert cast.client("agent").get(f"/api/cases?token={agent.token}&Authorization=Bearer").status_code == 401
    assert agent.get("/cases").status_code == 200


def test_a_revoked_key_is_dead_at_once_and_so_is_the_key_of_who_left(cast: Cast) -> None:
    agent, engineer = machine(cast, "agent"), machine(cast, "engineer")
    assert agent.get("/cases").status_code == 200
    ApiKey.objects.filter(staff=cast.staff["agent"]).update(revoked_at=timezone.now())
    problem(agent.get("/cases"), 401)
    cast.staff["engineer"].is_active = False
    cast.staff["engineer"].save()
    problem(engineer.get("/cases"), 401)


def test_guessing_keys_is_slowed_but_a_good_key_still_passes(cast: Cast, settings: Any) -> None:
    agent = machine(cast, "agent")
    statuses: list[int] = []
    # failures are counted by the minute of the clock, and one may end between
    while len(statuses) <= 2 * FAILURES_PER_MINUTE and 429 not in statuses:
        statuses.append(Machine(f"guess-{len(statuses)}").get("/cases").status_code)
    assert statuses.count(401) >= FAILURES_PER_MINUTE and statuses[-1] == 429
    assert agent.get("/cases").status_code == 200


# -- steps --------------------------------------------------------------------------------


def test_an_agent_takes_a_request_from_registration_to_dispatch(cast: Cast) -> None:
    agent = machine(cast, "agent")
    made = agent.post(
        "/cases",
        {"channel": "phone", "problem": "不排水", "customer_id": cast.wang.pk, "unit_id": cast.unit.pk},
    )
    assert made.status_code == 201, made.content
    where = made.headers["Location"]
    number = made.json()["number"]
    assert where == f"/api/cases/{number}"
    case = agent.get(f"/cases/{number}").json()
    assert (case["stage"], case["customer"]["name"], case["unit"]["serial"]) == (
        "triage",
        "王女士",
        "SN-NEW-1",
    )
    assert {d["kind"] for d in case["duties"]} == {"first_response", "triage"}
    href = {s["name"]: s["href"] for s in case["steps"]}
    assert agent.send("POST", href["reply"].removeprefix("/api"), {"text": "马上处理"}).status_code == 201
    assert agent.post(f"/cases/{number}/triage", TRIAGE).status_code == 201
    taken = agent.post(f"/cases/{number}/confirmation", {"venue": "onsite"})
    assert taken.json()["stage"] == "dispatch" and taken.status_code == 201


def test_a_step_at_the_wrong_stage_is_409_one_of_anothers_party_403_and_a_bad_field_422(cast: Cast) -> None:
    number, agent = request_of(cast.wang), machine(cast, "agent")
    assert problem(agent.post(f"/cases/{number}/closing"), 409)["code"] == "wrong_stage"
    assert problem(agent.post(f"/cases/{number}/assignment", {"engineer": 1}), 403)["code"] == "wrong_party"
    errors = problem(agent.post(f"/cases/{number}/triage", {"symptom": "gremlins", "fee": 0}), 422)["errors"]
    assert {e["field"] for e in errors} == {"symptom", "fee"}
    assert JournalEntry.objects.filter(case__number=number).count() == 1


def test_problems_speak_the_language_of_the_caller(cast: Cast) -> None:
    number, agent = request_of(cast.wang), machine(cast, "agent")
    path = f"/cases/{number}/reply"
    assert problem(agent.post(path, {}), 422)["errors"] == [{"field": "text", "reason": "“text” is needed."}]
    chinese = agent.send("POST", path, {}, Accept_Language="zh-CN")
    assert problem(chinese, 422)["errors"] == [{"field": "text", "reason": "请填写“text”。"}]


def test_who_decided_on_an_older_state_is_told(cast: Cast) -> None:
    number, agent = request_of(cast.wang), machine(cast, "agent")
    tag = agent.get(f"/cases/{number}").headers["ETag"]
    assert agent.send("POST", f"/cases/{number}/reply", {"text": "1"}, If_Match=tag).status_code == 201
    problem(agent.send("POST", f"/cases/{number}/reply", {"text": "2"}, If_Match=tag), 409)
    problem(agent.send("POST", f"/cases/{number}/reply", {"text": "3"}, If_Match="W/x"), 422)


# -- repeats ------------------------------------------------------------------------------


def test_a_repeated_request_gets_the_first_answer_and_changes_nothing(cast: Cast) -> None:
    agent = machine(cast, "agent")
    body = {"channel": "phone", "problem": "漏水", "customer_id": cast.wang.pk}
    first = agent.post("/cases", body, Idempotency_Key="k-1")
    again = agent.post("/cases", body, Idempotency_Key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json() and first.headers["Location"] == again.headers["Location"]
    assert "Idempotent-Replayed" not in first.headers and again.headers["Idempotent-Replayed"] == "true"
    assert Case.objects.count() == 1
    assert (
        problem(agent.post("/cases", {**body, "problem": "异响"}, Idempotency_Key="k-1"), 422)["code"]
        == "key_reused"
    )
    assert machine(cast, "manager").post("/cases", body, Idempotency_Key="k-1").status_code == 201


def test_a_refused_request_leaves_its_key_free(cast: Cast) -> None:
    number, agent = request_of(cast.wang), machine(cast, "agent")
    problem(agent.post(f"/cases/{number}/closing", {}, Idempotency_Key="k-2"), 409)
    assert agent.post(f"/cases/{number}/reply", {"text": "好"}, Idempotency_Key="k-2").status_code == 201


def test_a_repeat_is_answered_even_when_the_step_took_the_case_out_of_sight(cast: Cast) -> None:
    number, agent = request_of(cast.wang), machine(cast, "agent")
    agent.post(f"/cases/{number}/triage", TRIAGE)
    agent.post(f"/cases/{number}/confirmation", {"venue": "onsite"})
    machine(cast, "dispatcher").post(f"/cases/{number}/assignment", {"engineer": cast.staff["engineer"].pk})
    Case.objects.filter(number=number).update(engineer=cast.staff["engineer"])
    engineer = machine(cast, "engineer")
    first = engineer.post(f"/cases/{number}/refusal", {"reason": "too_far"}, Idempotency_Key="k-3")
    Case.objects.filter(number=number).update(engineer=None)
    assert first.status_code == 201, first.content
    again = engineer.post(f"/cases/{number}/refusal", {"reason": "too_far"}, Idempotency_Key="k-3")
    assert again.json() == first.json()


@pytest.mark.parametrize("key", ["with space", "x" * 256, "é"])
def test_a_key_that_is_no_key_is_named(cast: Cast, key: str) -> None:
    errors = problem(
        machine(cast, "agent").post(
            "/cases", {"channel": "phone", "problem": "x", "name": "x"}, Idempotency_Key=key
        ),
        422,
    )
    assert errors["errors"][0]["field"] == "Idempotency-Key"
    assert IdempotencyKey.objects.count() == 0


# -- lists --------------------------------------------------------------------------------


def test_a_list_is_walked_page_by_page_without_gap_or_double(cast: Cast) -> None:
    numbers = [request_of(cast.wang, problem=f"第 {i} 次") for i in range(7)]
    agent, seen, path = machine(cast, "agent"), [], "/cases?limit=3"
    while path:
        response = agent.get(path)
        page = response.json()
        seen += [row["number"] for row in page["items"]]
        path = f"/cases?limit=3&cursor={page['next']}" if page["next"] else ""
        assert ('rel="next"' in response.headers.get("Link", "")) == bool(page["next"])
    assert seen == numbers[::-1]


def test_a_list_is_narrowed_and_a_bad_filter_is_named(cast: Cast) -> None:
    request_of(cast.wang, channel="web")
    kept = request_of(cast.liu, kind="complaint")
    agent = machine(cast, "agent")
    for query in (
        "kind=complaint",
        "channel=phone",
        f"customer={cast.liu.pk}",
        "stage=triage&kind=complaint",
    ):
        assert [r["number"] for r in agent.get(f"/cases?{query}").json()["items"]] == [kept], query
    for query, field in (
        ("stage=nowhere", "stage"),
        ("limit=0", "limit"),
        ("cursor=%00", "cursor"),
        ("owner=99999999999999999999", "owner"),
    ):
        assert problem(agent.get(f"/cases?{query}"), 422)["errors"][0]["field"].startswith(field)


def test_a_list_and_a_case_cost_few_statements(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for i in range(30):
        number = request_of(cast.wang, problem=f"第 {i} 次")
    agent = machine(cast, "agent")
    with django_assert_max_num_queries(5):
        assert len(agent.get("/cases?limit=25").json()["items"]) == 25
    with django_assert_max_num_queries(10):
        assert agent.get(f"/cases/{number}").status_code == 200
    with django_assert_max_num_queries(8):
        assert agent.get(f"/cases/{number}/journal").status_code == 200
    with django_assert_max_num_queries(5):
        assert len(agent.get("/duties?whose=all").json()["items"]) == 50


def test_duties_come_by_due_time_mine_and_my_teams(cast: Cast) -> None:
    request_of(cast.wang)
    rows = machine(cast, "agent").get("/duties").json()["items"]
    assert [r["kind"] for r in rows] == ["first_response", "triage"]
    assert rows[0]["title"] == "First response" and rows[0]["case"]["customer"]["name"] == "王女士"
    assert machine(cast, "dispatcher").get("/duties").json()["items"] == []


# -- what each may see --------------------------------------------------------------------


def test_a_companys_key_sees_its_own_cases_without_internal_notes(cast: Cast) -> None:
    mine, other = request_of(cast.liu), request_of(cast.wang)
    agent, company = machine(cast, "agent"), machine(cast, "liu")
    agent.post(f"/cases/{mine}/note", {"text": "CANARY-NOTE"})
    agent.post(f"/cases/{mine}/reply", {"text": "已安排"})
    assert [r["number"] for r in company.get("/cases").json()["items"]] == [mine]
    problem(company.get(f"/cases/{other}"), 404)
    problem(company.post(f"/cases/{other}/message", {"text": "x"}), 404)
    journal = company.get(f"/cases/{mine}/journal")
    assert [(e["step"], e["text"]) for e in journal.json()["items"]] == [
        ("reply", "已安排"),
        ("register", "洗衣机不排水"),
    ]
    for path in ("", "/journal"):
        assert "CANARY-NOTE" not in company.get(f"/cases/{mine}{path}").content.decode()
    assert "CANARY-NOTE" not in company.get("/cases").content.decode()
    assert "CANARY-NOTE" in agent.get(f"/cases/{mine}/journal").content.decode()


def test_only_who_does_the_case_gets_the_customers_phone(cast: Cast) -> None:
    number = request_of(cast.wang)
    Case.objects.filter(number=number).update(stage="parts", engineer=cast.staff["engineer"])
    engineer, keeper = machine(cast, "engineer"), machine(cast, "stock_keeper")
    assert engineer.get(f"/cases/{number}").json()["contact"]["phone"] == "+8613800138001"
    assert keeper.get(f"/cases/{number}").json()["contact"] is None
    for path in (f"/cases/{number}", f"/cases/{number}/journal", "/cases"):
        assert "13800138001" not in keeper.get(path).content.decode(), path
    problem(machine(cast, "engineer2").get(f"/cases/{number}"), 404)


def test_an_administrator_sees_no_case(cast: Cast) -> None:
    number, administrator = request_of(cast.wang), machine(cast, "administrator")
    assert administrator.get("/cases").json() == {"items": [], "next": None}
    problem(administrator.get(f"/cases/{number}"), 404)


def test_two_keys_of_one_company_do_not_share_idempotency(cast: Cast) -> None:
    first, second = machine(cast, "liu"), Machine("second")
    key_for(cast.liu, "second")
    body = {"channel": "api", "problem": "坏了", "name": "刘总"}
    one = first.post("/cases", body, Idempotency_Key="same").json()
    assert second.post("/cases", body, Idempotency_Key="same").json()["number"] != one["number"]
