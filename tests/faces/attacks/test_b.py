"""Attack cases B: what the server computes cannot be sent in; amounts are exact or refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from baoxiu.charges.models import Quote
from tests.faces.machine import machine
from tests.rooms.walking import ON_SITE, begin

pytestmark = pytest.mark.django_db
FOUND = {"symptom": "drain", "cause": "misuse", "remedy": "clean", "fault": "other", "text": "滤网中有硬币"}
SMUGGLED: dict[str, Any] = {
    "in_warranty": True, "fee": 0, "state": "closed", "stage": "closed", "approved_by": 1, "price": "0.00",
    "closed_at": "2026-01-01T00:00:00Z", "sla_due": "2030-01-01T00:00:00Z", "cover": "free", "decision": {"outcome": "free"},
}  # fmt: skip


@pytest.mark.parametrize("name", SMUGGLED)
def test_b02_what_is_computed_is_refused_in_a_diagnosis(cast, now, name):
    walk = begin(cast, now).steps(ON_SITE)
    before = walk.case.facts.copy(), walk.case.journal_count
    sent = machine(cast, "engineer").post(
        f"/cases/{walk.case.number}/diagnosis", {**FOUND, name: SMUGGLED[name]}
    )
    assert sent.status_code == 422 and name in sent.content.decode()
    walk.case.refresh_from_db()
    assert (walk.case.facts, walk.case.journal_count) == before


def test_b02_a_form_that_says_more_decides_nothing_more(cast, now):
    walk = begin(cast, now).steps(ON_SITE)
    extra = {k: v for k, v in SMUGGLED.items() if not isinstance(v, dict)}
    cast.client("engineer").post(
        f"/field/jobs/{walk.case.number}/diagnosis/", {**FOUND, **extra, "key": "b02"}
    )
    walk.case.refresh_from_db()
    assert walk.case.facts["cover"] in ("paid", "unknown") and walk.case.stage == "repair" and walk.is_sound()


AMOUNTS: list[Any] = [
    "-1.00", "1e12", "NaN", "Infinity", "1e-9", "1.005", 2**63, True, [], {}, "0x10", "1,000.00", None,
]  # fmt: skip


@pytest.mark.parametrize("amount", AMOUNTS, ids=repr)
def test_b05_an_amount_is_exact_or_refused(cast, now, amount):
    walk = begin(cast, now, unit="old").steps(f"{ON_SITE} diagnose")
    line = {"text": "排水泵", "kind": "part", "price": amount}
    by = machine(cast, "engineer")
    sent = by.post(f"/cases/{walk.case.number}/quote", {"lines": [line]})
    assert 400 <= sent.status_code < 500 and not Quote.objects.exists(), sent.content
    assert by.post(f"/cases/{walk.case.number}/quote", {"lines": [{**line, "price": "1.00", "quantity": amount}]}).status_code in range(400, 500)  # fmt: skip


def test_b05_currencies_are_not_mixed_and_the_fen_adds_up(cast, now):
    walk = begin(cast, now, unit="old").steps(f"{ON_SITE} diagnose")
    at, by = f"/cases/{walk.case.number}/quote", machine(cast, "engineer")
    line = {"text": "泵", "kind": "part", "price": "0.01", "quantity": "0.50"}
    assert by.post(at, {"currency": "BTC", "lines": [line]}).status_code == 422
    assert by.post(at, {"lines": [{**line, "currency": "USD"}]}).status_code == 422
    assert by.post(at, {"lines": [line] * 3}).status_code == 201
    assert Quote.objects.get().total == Decimal("0.03")  # half up per line, never 0.015 in sum


@pytest.mark.parametrize("amount", ["0", "-5", "1e3", "99999999999", "NaN", "0.001"])
def test_b05_money_taken_or_given_back_is_an_amount(cast, now, amount):
    walk = begin(cast, now, unit="old").steps(f"{ON_SITE} diagnose quote accept_quote")
    for noun, more in (("payment", {}), ("refund", {"reason": "x"})):
        sent = machine(cast, "manager").post(f"/cases/{walk.case.number}/{noun}", {"amount": amount, **more}) if noun == "payment" else cast.client("manager").post(f"/desk/cases/{walk.case.number}/{noun}/", {"amount": amount, **more, "key": noun})  # fmt: skip
        assert sent.status_code < 500 and (amount == "1e3" or sent.status_code != 201)
    assert walk.is_sound()


def test_b07_nothing_changes_a_published_version(cast):
    boss = machine(cast, "administrator")
    made = boss.post("/warranty-terms").json()
    at = f"/warranty-terms/{made['id']}"
    body = {**made["document"], "coverages": [{"months": 24}]}
    assert boss.send("PUT", at, body).status_code == 200
    assert boss.post(f"{at}/publication", {"reason": "x"}).status_code < 300
    kept = boss.get(at).json()
    for method, path, sent in (
        ("PUT", at, {**body, "coverages": [{"months": 1}]}), ("DELETE", at, None), ("PATCH", at, {"sha256": "0" * 64}),
        ("POST", f"{at}/publication", {"reason": "y"}),
    ):  # fmt: skip
        assert boss.send(method, path, sent).status_code in (404, 405, 409, 422)
    assert (
        cast.client("manager")
        .post(f"/office/warranty/{made['id']}/edit/", {"zh": "改", "en": "changed"})
        .status_code
        == 422
    )
    assert boss.get(at).json() == kept
