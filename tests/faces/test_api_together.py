"""The same request many times at once: one effect, one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections

from baoxiu.cases.models import Case, JournalEntry
from tests.conftest import Cast
from tests.faces.machine import Machine, machine, request_of


def together(count: int, send: Any) -> list[Any]:
    def one(i: int) -> Any:
        try:
            return send(i)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.django_db(transaction=True)
def test_a_request_sent_six_times_at_once_with_its_key_is_done_once(
    transactional_db: None, cast: Cast
) -> None:
    cache.clear()
    token = machine(cast, "agent").token
    body = {"channel": "phone", "problem": "漏水", "customer_id": cast.wang.pk}
    answers = together(6, lambda _: Machine(token).post("/cases", body, Idempotency_Key="once"))
    assert [a.status_code for a in answers] == [201] * 6
    assert len({a.json()["number"] for a in answers}) == Case.objects.count() == 1
    assert sum("Idempotent-Replayed" in a.headers for a in answers) == 5


@pytest.mark.django_db(transaction=True)
def test_of_many_who_decided_on_the_same_state_one_is_taken(transactional_db: None, cast: Cast) -> None:
    cache.clear()
    number, token = request_of(cast.wang), machine(cast, "agent").token
    tag = Machine(token).get(f"/cases/{number}").headers["ETag"]
    path = f"/cases/{number}/reply"
    answers = together(6, lambda i: Machine(token).send("POST", path, {"text": f"第 {i} 个"}, If_Match=tag))
    assert sorted(a.status_code for a in answers) == [201] + [409] * 5
    assert JournalEntry.objects.filter(case__number=number).count() == 2
