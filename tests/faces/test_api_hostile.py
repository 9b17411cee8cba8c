"""Everything from outside is hostile: a problem that names the field, nothing changed, never a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from baoxiu.cases.models import Attachment, Case, JournalEntry
from tests.conftest import Cast
from tests.faces.machine import Machine, machine, problem, request_of

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)  # one red pixel


@pytest.fixture(autouse=True)
def no_failures_yet() -> None:
    cache.clear()


def raw(
    path: str, data: bytes, kind: str = "application/json", token: str = "token-agent", **more: Any
) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en", **more}
    return Client(headers=headers).generic("POST", f"/api{path}", data, content_type=kind)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"{", 400),
        (b"", 422),
        (b"null", 422),
        (b"[]", 422),
        (b'"text"', 422),
        (b'{"text": NaN}', 400),
        (b'{"text": "\xff\xfe"}', 400),
        (b'{"text": "\\ud800"}', 400),
        (b'{"text": "a\\u0000b"}', 422),
        (b'{"text": "\\u001b[31m"}', 422),
        (b'{"text": 1}', 422),
        (b'{"text": ["a"]}', 422),
        (b'{"text": true}', 422),
        (b'{"text": {"$ne": ""}}', 422),
        (b'{"text": "a", "is_open": false}', 422),
        (b'{"text": "a", "files": [9223372036854775808]}', 422),
        (b'{"text": "a", "files": [1e999]}', 400),
        (b'{"text": "a", "files": [4]}', 422),
        (b"[" * 100_000, 400),
        (b'{"text":' * 5_000 + b"1" + b"}" * 5_000, 400),
        (json.dumps({"text": "x" * 8001}).encode(), 422),
        (b"x" * 3_000_000, 413),
    ],
    ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else str(value),
)  # fmt: skip
def test_a_bad_body_is_a_problem_and_changes_nothing(cast: Cast, data: bytes, status: int) -> None:
    number = request_of(cast.wang)
    machine(cast, "agent")
    problem(raw(f"/cases/{number}/reply", data), status)
    assert JournalEntry.objects.filter(case__number=number).count() == 1


@pytest.mark.parametrize(
    "amount", ["-1", "1e12", "NaN", "Infinity", "1e-9", "1.005", "true", "[1]", "9" * 40]
)
def test_an_amount_is_exact_or_refused(cast: Cast, amount: str) -> None:
    number = request_of(cast.wang)
    machine(cast, "agent")
    body = f'{{"lines": [{{"text": "工时", "price": {amount}}}]}}'.encode()
    response = raw(f"/cases/{number}/quote", body)
    assert response.status_code in (400, 422), response.content
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    ["/cases/%00", "/cases/..%2f..", "/cases/BX'--", "/cases/BX-2611-999999", "/cases/" + "9" * 5000, "/nowhere", "/cases/", "/",
     "/attachments/99999999999999999999", "/attachments/0", "/attachments/x", "/cases/é"],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_a_problem(cast: Cast, path: str) -> None:
    response = machine(cast, "agent").get(path)
    assert response.status_code in (404, 422)
    problem(response, response.status_code)


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=%22%27%5c%2a", "q=" + "x" * 5000, "customer=9223372036854775808", "customer=-1", "from_date=2026-13-01",
     "from_date=0001-01-01", "to_date=9999-12-31", "limit=1e3", "cursor=WzFd", "cursor=" + "A" * 190, "_connector=OR",
     "cursor=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwxXQ", "cursor=WyIyMDI2LTAxLTAxVDAwOjAwOjAwWiIsMWU5OV0", "owner=none&owner=x"],
)  # fmt: skip
def test_a_strange_filter_is_an_empty_list_or_a_problem(cast: Cast, query: str) -> None:
    request_of(cast.wang)
    response = machine(cast, "agent").get(f"/cases?{query}")
    assert response.status_code in (200, 422), response.content
    if response.status_code == 422:
        assert problem(response, 422)["errors"]


@pytest.mark.parametrize("query", ["stauts=open", "stage=triage&stage=visit", "limit=1&%00=1"])
def test_a_filter_that_does_not_exist_or_comes_twice_is_named(cast: Cast, query: str) -> None:
    assert problem(machine(cast, "agent").get(f"/cases?{query}"), 422)["errors"][0]["field"]


def test_a_method_not_taken_another_content_type_and_a_missing_key_are_problems(cast: Cast) -> None:
    number, agent = request_of(cast.wang), machine(cast, "agent")
    response = agent.send("DELETE", f"/cases/{number}")
    problem(response, 405)
    assert response.headers["Allow"] == "GET"
    for kind in ("text/plain", "application/x-www-form-urlencoded", "text/xml", "application/json2"):
        problem(raw(f"/cases/{number}/reply", b'{"text": "a"}', kind), 415)
    assert agent.send("OPTIONS", f"/cases/{number}").status_code == 405
    head = agent.send("HEAD", f"/cases/{number}")
    assert head.status_code == 200 and head.content == b""


def test_headers_of_a_strange_kind_are_no_way_in(cast: Cast) -> None:
    request_of(cast.wang)
    machine(cast, "agent")
    for value in (
        "Bearer",
        "Basic token-agent",
        "Bearer  ",
        "token-agent",
        "Bearer token-agent token-agent",
        "Bearer \x00",
        "Bearer " + "x" * 9000,
    ):
        response = Client(headers={"Authorization": value}).get("/api/cases")
        problem(response, 401)


# -- files --------------------------------------------------------------------------------


def upload(token: str, data: bytes = PNG, name: str = "photo.png", **headers: str) -> Any:
    client = Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en", **headers})
    return client.post("/api/attachments", {"file": SimpleUploadedFile(name, data)})


def test_a_file_is_uploaded_named_in_a_step_and_served_to_who_sees_the_case(cast: Cast) -> None:
    number, agent = request_of(cast.wang), machine(cast, "agent")
    made = upload(agent.token)
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert (made.json()["media_type"], made.headers["Location"]) == ("image/png", f"/api/attachments/{pk}")
    assert agent.post(f"/cases/{number}/note", {"text": "照片", "files": [pk]}).status_code == 201
    got = agent.get(f"/attachments/{pk}")
    assert b"".join(got.streaming_content) == PNG
    assert (
        got.headers["Content-Disposition"].startswith("attachment")
        and "sandbox" in got.headers["Content-Security-Policy"]
    )
    assert agent.get(f"/cases/{number}/journal").json()["items"][0]["files"][0]["id"] == pk
    for who in ("engineer", "liu", "administrator"):
        problem(machine(cast, who).get(f"/attachments/{pk}"), 404)


def test_a_file_of_a_dangerous_kind_is_refused_by_its_content(cast: Cast) -> None:
    agent = machine(cast, "agent")
    for data, status in (
        (b"<svg onload=alert(1)>", 415),
        (b"<!doctype html><script>", 415),
        (b"MZ\x90\x00\x03", 415),
        (b"", 422),
    ):
        problem(upload(agent.token, data), status)
    problem(raw("/attachments", b"not multipart", "multipart/form-data"), 400)
    problem(raw("/attachments", b"{}", "application/json"), 422)
    assert Attachment.objects.count() == 0


def test_nobody_attaches_anothers_file(cast: Cast) -> None:
    number = request_of(cast.wang)
    agent, manager = machine(cast, "agent"), machine(cast, "manager")
    pk = upload(agent.token).json()["id"]
    errors = problem(manager.post(f"/cases/{number}/note", {"text": "x", "files": [pk]}), 422)["errors"]
    assert errors[0]["field"] == "files"
    problem(manager.get(f"/attachments/{pk}"), 404)


def test_an_upload_repeated_with_its_key_is_kept_once(cast: Cast) -> None:
    agent = machine(cast, "agent")
    one, again = (upload(agent.token, **{"Idempotency-Key": "u"}) for _ in range(2))
    assert one.json() == again.json() and again.headers["Idempotent-Replayed"] == "true"
    assert Attachment.objects.count() == 1
    problem(upload(agent.token, PNG + b"\0", **{"Idempotency-Key": "u"}), 422)


# -- the document -------------------------------------------------------------------------


def test_the_document_is_openapi_31_and_names_every_operation_once(cast: Cast) -> None:
    response = Client().get("/api/openapi.json")
    document = response.json()
    assert document["openapi"] == "3.1.0"
    names = [o["operationId"] for path in document["paths"].values() for o in path.values()]
    assert len(names) == len(set(names)) > 60
    tag = response.headers["ETag"]
    assert Client(headers={"If-None-Match": tag}).get("/api/openapi.json").status_code == 304


def test_every_step_is_an_operation_with_its_own_payload() -> None:
    from baoxiu.faces.api import openapi
    from baoxiu.sop import payloads
    from baoxiu.sop.standard import STANDARD

    document = openapi.document()
    found = {
        o.get("x-step"): o for path in document["paths"].values() for o in path.values() if "x-step" in o
    }
    assert set(found) == {s.name for s in STANDARD.steps}
    for name, operation in found.items():
        ref = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        schema = document["components"]["schemas"][ref.rsplit("/", 1)[-1]]
        assert set(schema.get("properties", {})) == set(payloads.PAYLOADS[name].model_fields), name


def test_the_documents_page_loads_only_from_here() -> None:
    page = Client().get("/api/docs")
    html = page.content.decode()
    assert page.status_code == 200 and "://" not in html and "<script>" not in html
    assert "'unsafe-eval'" not in page.headers["Content-Security-Policy"]


def test_a_link_is_copied_once_and_taken_back(cast: Cast) -> None:
    number, agent = request_of(cast.wang), machine(cast, "agent")
    made = agent.post(f"/cases/{number}/links", {"purpose": "track"}, Idempotency_Key="l")
    assert made.status_code == 201 and made.json()["url"].startswith("http")
    again = agent.post(f"/cases/{number}/links", {"purpose": "track"}, Idempotency_Key="l")
    assert again.json() == {**made.json(), "url": None}
    customer = Machine(made.json()["url"].rstrip("/").rsplit("/", 1)[-1])
    assert customer.get(f"/cases/{number}").json()["contact"]["name"] == "王女士"
    assert customer.post(f"/cases/{number}/message", {"text": "什么时候来？"}).status_code == 201
    problem(customer.post(f"/cases/{number}/note", {"text": "x"}), 403)
    problem(customer.get("/cases"), 403)
    problem(customer.get(f"/cases/{request_of(cast.sun)}"), 404)
    assert agent.send("DELETE", f"/cases/{number}/links/track").status_code == 204
    problem(customer.get(f"/cases/{number}"), 401)
    problem(agent.send("DELETE", f"/cases/{number}/links/track"), 404)
    assert Case.objects.get(number=number).journal_count == 4  # asked, link given, message, link taken back


@pytest.mark.parametrize(
    "body",
    [
        {"starts_at": "0001-01-01T00:00:00+14:00", "ends_at": "0001-01-01T02:00:00+14:00"},
        {"starts_at": "9999-12-31T22:00:00-12:00", "ends_at": "9999-12-31T23:00:00-12:00"},
        {"starts_at": "2026-11-03T09:00:00", "ends_at": "2026-11-03T10:00:00"},
        {"starts_at": 1e20, "ends_at": 1e20},
        {"starts_at": "2026-11-03T09:00:00+08:00", "ends_at": "2026-11-03T09:00:00+08:00"},
    ],
)
def test_a_moment_out_of_this_world_is_refused(cast: Cast, body: dict[str, Any]) -> None:
    number, engineer = request_of(cast.wang), machine(cast, "engineer")
    Case.objects.filter(number=number).update(stage="visit", engineer=cast.staff["engineer"])
    problem(engineer.post(f"/cases/{number}/appointment", body), 422)


@pytest.mark.parametrize("day", ["0001-01-01", "1900-02-30", "9999-12-31", "2026-11-03T10:00:00Z", 0, -1e18])
def test_a_purchase_date_out_of_this_world_does_no_harm(cast: Cast, day: Any) -> None:
    agent = machine(cast, "agent")
    body = {
        "channel": "phone",
        "problem": "坏了",
        "customer_id": cast.wang.pk,
        "serial": "S-1",
        "purchase_date": day,
    }
    made = agent.post("/cases", body)
    assert made.status_code in (201, 422), made.content
    if made.status_code == 201:
        number = made.json()["number"]
        triaged = agent.post(f"/cases/{number}/triage", {"symptom": "drain", "fault": "quality"})
        assert triaged.status_code in (201, 409, 422), triaged.content
        assert agent.get(f"/cases/{number}").status_code == 200


def test_a_file_too_large_is_413(cast: Cast, settings: Any) -> None:
    settings.UPLOAD_BYTES = 10
    problem(upload(machine(cast, "agent").token), 413)
