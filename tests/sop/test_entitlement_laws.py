"""C3: the laws of the engine – more coverage is never worse, time never helps unless a rule says so, days to the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from baoxiu.lib import workdays
from baoxiu.sop.entitlement.claim import Claim
from baoxiu.sop.entitlement.engine import applicable, decide
from baoxiu.sop.entitlement.products import PRODUCTS
from baoxiu.sop.entitlement.rules import NEEDS, RULES
from baoxiu.sop.entitlement.verdict import RANK, TOKENS, Verdict

D, DAY = dt.date, dt.timedelta(1)
TABLE = workdays.shipped("CN")
SOLD = st.dates(D(2018, 1, 1), D(2026, 6, 30))
PLACES = st.sampled_from(
    ["CN", "CN-ZJ", "CN-SD", "CN-SH", "CN-BJ", "EU-DE", "EU-ES", "UK", "US-CA", "AU", "JP", "KR"]
)
CLASSES = st.sampled_from(["", "desk_lamp", "tractor_20kw", *PRODUCTS])
PARTS = st.sampled_from(["", "compressor", "motor", "engine", "gearbox", "display_panel", "seat"])
PROMISES = st.fixed_dictionaries(
    {"months": st.integers(0, 72), "source": st.sampled_from(["seller", "maker", "extension", "goodwill"])},
    optional={
        "parts": st.lists(PARTS.filter(bool), max_size=2),
        "labour": st.booleans(),
        "material": st.booleans(),
        "suspends": st.booleans(),
        "km": st.integers(0, 100_000),
    },
)


@st.composite
def claims(draw: st.DrawFn, repairs: bool = True) -> dict[str, Any]:
    """A claim of a consumer, up to five years after the sale; repairs are closed before it."""
    sold = draw(SOLD)
    claim_on = sold + dt.timedelta(draw(st.integers(0, 1900)))
    facts: dict[str, Any] = {
        "jurisdiction": draw(PLACES),
        "product_class": draw(CLASSES),
        "fault": draw(st.sampled_from(["quality", "unknown", "other"])),
        "sold_on": sold,
        "claim_on": claim_on,
        "part": draw(PARTS),
        "price": "3000.00",
        "promises": draw(st.lists(PROMISES, max_size=3)),
    }
    if draw(st.booleans()):
        facts["delivered_on"] = sold
    if draw(st.booleans()):
        facts["wants"] = draw(st.sampled_from(["refund", "exchange", "repair"]))
        facts["same_model_available"] = draw(st.sampled_from([True, False, None]))
    if repairs:
        facts["repairs"] = draw(_closed(sold, (claim_on - sold).days))
    return facts


@st.composite
def _closed(draw: st.DrawFn, sold: dt.date, span: int) -> list[dict[str, Any]]:
    found = []
    for _ in range(draw(st.integers(0, 3))):
        into = draw(st.integers(0, span))
        ready = draw(st.integers(into, span))
        found.append(
            {
                "handed_in_on": sold + into * DAY,
                "ready_on": sold + ready * DAY,
                "same_fault": draw(st.booleans()),
            }
        )
    return found


def decided(facts: dict[str, Any]) -> Verdict:
    return decide(Claim.model_validate(facts), TABLE)


def rank(verdict: Verdict) -> int:
    return RANK[verdict.token]


def is_subsidiary(verdict: Verdict) -> bool:
    return any(f.rule.is_subsidiary for f in verdict.fired())


@given(claims(), PROMISES)
@settings(max_examples=400, deadline=None)
def test_a_coverage_more_never_makes_the_customer_worse_off(
    facts: dict[str, Any], more: dict[str, Any]
) -> None:
    before, after = decided(facts), decided(facts | {"promises": [*facts["promises"], more]})
    assume(not is_subsidiary(before))  # holds only where nothing was agreed
    assert rank(after) <= rank(before), (before.result, after.result)
    assert set(before.extras) <= set(after.extras) | {"LABOUR_FREE", "MATERIAL_FREE"}
    if "REFUND" in before.values and before.token == after.token:
        assert after.values["REFUND"] == before.values["REFUND"]


@given(claims(repairs=False), st.integers(0, 2000))
@settings(max_examples=400, deadline=None)
def test_who_claims_later_is_not_better_off(facts: dict[str, Any], later: int) -> None:
    first, then = decided(facts), decided(facts | {"claim_on": facts["claim_on"] + later * DAY})
    # not decided because a year is not published is better than paid, and says so
    assume("UNDECIDED" not in (first.token, then.token))
    assert rank(then) >= rank(first), (first.result, then.result)


@given(
    claims(repairs=False),
    st.integers(0, 60),
    st.integers(0, 400),
    st.sampled_from(["repair", "wait_part_producer"]),
)
@settings(max_examples=200, deadline=None)
def test_but_while_it_lies_in_the_workshop_time_is_on_the_customers_side(
    facts: dict[str, Any], soon: int, later: int, cause: str
) -> None:
    facts |= {
        "fault": "quality",
        "wants": "",
        "repairs": [{"handed_in_on": facts["claim_on"], "cause": cause}],
    }
    first, then = (decided(facts | {"today": facts["claim_on"] + n * DAY}) for n in (soon, soon + later))
    assert rank(then) <= rank(first), (first.result, then.result)
    assert set(first.extras) <= set(then.extras)


@given(claims())
@settings(max_examples=200, deadline=None)
def test_a_verdict_is_whole_and_says_the_same_again(facts: dict[str, Any]) -> None:
    found = decided(facts)
    assert found.options and set(found.options) <= set(TOKENS)
    assert [RANK[o] for o in found.options] == sorted(RANK[o] for o in found.options)
    assert found.to_json() == decided(facts).to_json()
    for finding in found.findings:
        said = finding.say()
        assert said.en and said.zh and "{" not in said.en + said.zh, finding.rule.id
        assert "None" not in said.en, finding.rule.id
    if found.outcome == "free":
        assert any(c.matches for c in found.covers) or found.options[0] in (
            "REFUND_FULL",
            "REJECT_FULL_REFUND",
            "EXCHANGE_FREE",
        )


def first_working(day: dt.date) -> dt.date:
    while not TABLE.is_working_day(day):
        day += DAY
    return day


@pytest.mark.parametrize("product", ["", "washing_machine"])
def test_the_last_day_is_in_and_the_next_is_out_for_every_day_of_nine_years(product: str) -> None:
    promises = [] if product else [{"months": 12}]
    sold, seen = D(2017, 1, 1), 0
    while sold <= D(2025, 12, 31):
        # the anniversary; of 29 February the last of the month
        day = (
            sold.replace(year=sold.year + 1) if (sold.month, sold.day) != (2, 29) else D(sold.year + 1, 2, 28)
        )
        last = first_working(day) if day < D(2026, 12, 31) else day
        facts = {"product_class": product, "sold_on": sold, "fault": "quality", "promises": promises}
        inside = decided(facts | {"claim_on": last})
        outside = decided(facts | {"claim_on": last + DAY})
        assert inside.token == "REPAIR_FREE" and inside.values["EXPIRY"] == last.isoformat(), (
            sold,
            inside.result,
        )
        assert outside.token == "PAID_REPAIR_QUOTE" and outside.values["EXCLUSION"] == "EXPIRED", (
            sold,
            outside.result,
        )
        sold += DAY
        seen += 1
    assert seen == 3287


def test_a_year_that_is_not_published_is_said_and_never_guessed() -> None:
    facts = {"sold_on": D(2026, 1, 2), "fault": "quality", "promises": [{"months": 12}]}
    assert decided(facts | {"claim_on": D(2027, 1, 2)}).token == "REPAIR_FREE"  # a Saturday: in in any case
    after = decided(facts | {"claim_on": D(2027, 1, 4)})
    assert after.result.startswith("UNDECIDED") and after.values["REASON"] == "CALENDAR_2027"
    assert any(f.rule.id == "CN-DAY-003" and "2027" in f.say().zh for f in after.findings)
    # no run of rest days is a month long
    assert decided(facts | {"claim_on": D(2027, 2, 3)}).token == "PAID_REPAIR_QUOTE"


def test_the_promise_of_a_business_takes_the_place_of_the_two_years_of_the_law() -> None:
    facts = {"buyer": "business", "sold_on": D(2024, 1, 2), "fault": "quality"}
    assert decided(facts | {"claim_on": D(2025, 6, 2)}).token == "REPAIR_FREE"
    assert (
        decided(facts | {"claim_on": D(2025, 6, 2), "promises": [{"months": 12}]}).token
        == "PAID_REPAIR_QUOTE"
    )


def test_rules_hold_as_of_the_sale() -> None:
    facts = {
        "product_class": "lcd_tv",
        "fault": "quality",
        "part": "display_panel",
        "claim_on": D(2013, 2, 1),
    }
    assert decide(Claim.model_validate(facts | {"sold_on": D(2011, 3, 1)})).token == "PART_FREE"
    assert decide(Claim.model_validate(facts | {"sold_on": D(2011, 2, 28)})).token == "PAID_REPAIR_QUOTE"


def test_what_is_switched_off_is_not_looked_at() -> None:
    facts = {
        "product_class": "range_hood",
        "sold_on": D(2025, 1, 2),
        "claim_on": D(2025, 6, 2),
        "fault": "quality",
    }
    claim = Claim.model_validate(facts)
    assert decide(claim, TABLE).token == "PAID_REPAIR_QUOTE"
    on = decide(claim, TABLE, frozenset())
    assert on.token == "REPAIR_FREE" and not on.verified
    off = decide(claim, TABLE, frozenset({"CN-3BAO-95-003"}))
    assert "CN-3BAO-95-003" not in {f.rule.id for f in off.findings}


def test_a_cause_without_evidence_does_not_exclude() -> None:
    facts = {
        "product_class": "refrigerator",
        "sold_on": D(2025, 1, 2),
        "fault": "other",
        "exclusion": "MISUSE",
    }
    early, late = facts | {"claim_on": D(2025, 6, 2)}, facts | {"claim_on": D(2025, 9, 2)}
    assert decided(early | {"evidence": True}).result.startswith("PAID_REPAIR_QUOTE")
    assert decided(early | {"evidence": False}).token == "REPAIR_FREE"  # the business would have to prove it
    assert decided(late | {"evidence": False}).token == "DIAGNOSE"


def test_every_rule_can_concern_somebody() -> None:
    families = {p.family for p in PRODUCTS.values()} | {""}
    seen = set()
    for place in {r.jurisdiction or "CN" for r in RULES.values()}:
        for buyer in ("consumer", "business"):
            for family in families:
                given = (True,) * len(NEEDS)
                seen |= {rule.id for rule, _ in applicable(place, buyer, family, frozenset(), given)}
    assert seen == set(RULES)
