"""C3.1–C3.4: who pays, to the day."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxiu.sop import commitments
from baoxiu.sop.decision import Decision
from baoxiu.sop.entitlement.claim import Claim

D = dt.date
BOUGHT, CLAIMED = D(2025, 3, 3), D(2025, 6, 1)
DATES = st.dates(D(2000, 1, 1), D(2090, 12, 31))


def decided(
    fault: str = "quality", bought: dt.date | None = BOUGHT, claimed: dt.date = CLAIMED,
    kind: str = "repair", months: int = 12,
) -> Decision:  # fmt: skip
    return commitments.entitlement(
        kind=kind, fault=fault, purchase_date=bought, claim_date=claimed, months=months
    )


@pytest.mark.parametrize(
    ("bought", "months", "last"),
    [
        (D(2025, 3, 3), 12, D(2026, 3, 3)),  # CN-DAY-002 example 1
        (D(2025, 8, 31), 6, D(2026, 2, 28)),  # CN-DAY-002 example 2
        (D(2023, 8, 31), 6, D(2024, 2, 29)),  # … in a leap year
        (D(2024, 2, 29), 12, D(2025, 2, 28)),  # bought on a leap day
        (D(2024, 2, 29), 48, D(2028, 2, 29)),
        (D(2023, 2, 28), 12, D(2024, 2, 28)),  # the same-numbered day, not the month's end
        (D(2025, 1, 31), 1, D(2025, 2, 28)),
        (D(2025, 1, 31), 3, D(2025, 4, 30)),
        (D(2025, 12, 31), 12, D(2026, 12, 31)),
        (D(2025, 11, 30), 3, D(2026, 2, 28)),
        (D(2025, 3, 3), 0, D(2025, 3, 3)),
        (D(9999, 12, 1), 24, dt.date.max),
    ],
)
def test_a_period_of_months_ends_with_the_same_numbered_day(bought: D, months: int, last: D) -> None:
    assert commitments.last_day(bought, months) == last


def test_a_negative_period_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 months"):
        commitments.last_day(D(2025, 1, 1), -1)


@pytest.mark.parametrize(
    ("fault", "bought", "claimed", "outcome", "clause"),
    [
        ("quality", D(2025, 3, 3), D(2025, 3, 3), "free", "C3.1"),
        ("quality", D(2025, 3, 3), D(2026, 3, 3), "free", "C3.1"),  # the anniversary is still in
        ("quality", D(2025, 3, 3), D(2026, 3, 4), "paid", "C3.4"),
        ("quality", D(2024, 2, 29), D(2025, 2, 28), "free", "C3.1"),
        ("quality", D(2024, 2, 29), D(2025, 3, 1), "paid", "C3.4"),
        ("other", D(2025, 3, 3), D(2025, 3, 4), "paid", "C3.2"),
        ("other", D(2020, 3, 3), D(2025, 3, 4), "paid", "C3.2"),
        ("other", None, D(2025, 3, 4), "paid", "C3.2"),
        ("unknown", D(2025, 3, 3), D(2025, 6, 1), "unknown", "C3.1"),
        ("unknown", D(2020, 3, 3), D(2025, 6, 1), "paid", "C3.4"),
        ("quality", None, D(2025, 6, 1), "unknown", "C3.3"),
        ("unknown", None, D(2025, 6, 1), "unknown", "C3.3"),
    ],
)
def test_who_pays(fault: str, bought: D | None, claimed: D, outcome: str, clause: str) -> None:
    decision = decided(fault, bought, claimed)
    assert (decision.outcome, decision.clause) == (outcome, clause)
    assert decision.rule_ids
    assert all(r.en and r.zh for r in decision.reasons)


def test_a_longer_promise_of_the_model_counts() -> None:
    assert decided(claimed=D(2027, 3, 3), months=24).outcome == "free"


def test_without_a_purchase_date_it_says_which_proof_is_missing() -> None:
    words = " ".join(r.en for r in decided(bought=None).reasons)
    assert "proof of purchase" in words
    assert "凭证" in " ".join(r.zh for r in decided(bought=None).reasons)


def test_a_purchase_after_the_claim_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"2025-06-02 lies after the claim on 2025-06-01"):
        decided(bought=D(2025, 6, 2))


def test_an_unknown_fault_code_is_refused() -> None:
    with pytest.raises(ValueError, match="weather"):
        decided("weather")


@pytest.mark.parametrize(
    ("kind", "fault", "outcome"),
    [
        ("consultation", "unknown", "free"),
        ("complaint", "unknown", "free"),
        ("installation", "unknown", "paid"),
        ("installation", "quality", "free"),
        ("return_exchange", "quality", "free"),
        ("return_exchange", "other", "paid"),
    ],
)
def test_other_kinds_of_request_say_what_is_free(kind: str, fault: str, outcome: str) -> None:
    assert decided(fault, kind=kind).outcome == outcome


def test_the_decision_keeps_what_it_looked_at_and_survives_storage() -> None:
    decision = decided()
    assert decision.facts["last_day"] == "2026-03-03"
    assert Decision.from_json(json.loads(json.dumps(decision.to_json()))) == decision


@given(DATES, st.integers(0, 120), st.integers(0, 4000), st.integers(0, 4000))
def test_time_never_makes_a_claim_better(bought: D, months: int, early: int, late: int) -> None:
    early, late = sorted((early, late))
    order = {"free": 0, "paid": 1}
    first, then = (
        decided(bought=bought, claimed=bought + dt.timedelta(days=n), months=months) for n in (early, late)
    )
    assert order[first.outcome] <= order[then.outcome]


@given(DATES, DATES, st.integers(0, 120))
def test_who_buys_later_is_covered_no_shorter(one: D, other: D, months: int) -> None:
    one, other = sorted((one, other))
    assert commitments.last_day(one, months) <= commitments.last_day(other, months)


@given(DATES, st.integers(0, 120))
def test_a_month_more_is_a_longer_period(bought: D, months: int) -> None:
    assert commitments.last_day(bought, months) < commitments.last_day(bought, months + 1)
    assert commitments.last_day(bought, months).day <= bought.day


@pytest.mark.parametrize(
    ("facts", "first"),
    [
        ({"fault": "other"}, "C3.2"),
        ({"fault": "quality", "exclusion": "MISUSE", "evidence": True}, "CN-3BAO-95-011"),
        ({"fault": "quality", "claim_on": "2027-01-10"}, "C3.4"),
        ({"fault": "other", "kind": "installation"}, "C3.2"),
    ],
)
def test_what_is_paid_says_first_why_it_is_not_free(facts: dict[str, object], first: str) -> None:
    washer = {
        "product_class": "washing_machine", "sold_on": "2025-03-03", "delivered_on": "2025-03-04", "claim_on": "2025-06-10",
        "promises": [{"months": 12}],
    }  # fmt: skip
    decision = commitments.decide(Claim.model_validate(washer | facts))
    assert decision.outcome == "paid" and decision.rule_ids[0] == first
    assert "C3.1" not in decision.rule_ids, "a quality fault is free: not a reason to pay"
    assert len(decision.rule_ids) == len(decision.reasons) >= 2
