"""C3.1: what the customer may choose beside the repair – the fee for the use to the fen, said before the choice."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from baoxiu.sop.entitlement import engine, explain, lacking, remedies
from baoxiu.sop.entitlement.claim import Claim, Repair

SOLD = dt.date(2026, 3, 1)


def twice_repaired(**more):
    """Two repairs of 3 and 4 days; it fails again 214 days after the sale."""
    repairs = [
        Repair(
            handed_in_on=dt.date(2026, 5, 1), ready_on=dt.date(2026, 5, 4), handed_back_on=dt.date(2026, 5, 4)
        ),
        Repair(
            handed_in_on=dt.date(2026, 7, 1), ready_on=dt.date(2026, 7, 5), handed_back_on=dt.date(2026, 7, 5)
        ),
    ]
    given = {"product_class": "mobile_phone", "price": "8390.00", **more}
    return Claim(sold_on=SOLD, claim_on=dt.date(2026, 10, 1), fault="quality", repairs=repairs, **given)


def of(claim):
    return {r.choice: r for r in remedies.offered(claim)}


@pytest.mark.parametrize(
    ("product", "rate", "fee", "rule"),
    [
        ("washing_machine", "0.10", "1736.73", "CN-3BAO-95-008"),
        ("mobile_phone", "0.50", "8390.00", "CN-3BAO-MP-006"),
    ],
)
def test_the_fee_is_price_times_rate_times_days_of_use_and_at_most_the_price(product, rate, fee, rule):
    found = of(twice_repaired(product_class=product))
    assert list(found) == ["exchange", "refund", "continue"]
    refund = found["refund"]
    assert (refund.days, refund.fee, refund.rule) == (214 - 3 - 4, Decimal(fee), rule)
    assert refund.refund == Decimal("8390.00") - refund.fee and refund.is_known
    for words in (refund.words.en, refund.words.zh):
        assert all(part in words for part in (f"{Decimal(fee):,.2f}", rate, "207", rule, "2026-10-01"))
    assert ("at most" in refund.words.en) == (fee == "8390.00")


def test_zhejiang_takes_nothing_off():
    refund = of(twice_repaired(product_class="washing_machine", jurisdiction="CN-ZJ"))["refund"]
    assert (refund.fee, refund.refund) == (Decimal("0.00"), Decimal("8390.00"))


def foreign(jurisdiction, **more):
    repaired = Repair(handed_in_on=dt.date(2026, 5, 1), handed_back_on=dt.date(2026, 5, 4))
    given = {"price": "499.00", "currency": "EUR", "repairs": [repaired], "delivered_on": SOLD, **more}
    return Claim(
        jurisdiction=jurisdiction, sold_on=SOLD, claim_on=dt.date(2026, 7, 1), fault="quality", **given
    )


def test_abroad_the_full_price_is_said_in_its_own_currency_with_the_rule():
    germany = of(foreign("EU-DE"))["refund"]
    assert (germany.refund, germany.fee, germany.currency) == (Decimal("499.00"), Decimal("0.00"), "EUR")
    assert "€499.00" in germany.words.en and "EU-SGD-003" in germany.words.zh
    # from memory: staff are told so; what the customer signs says what is given and under which rule
    assert not germany.verified and "check" not in germany.words.en and "核实" not in germany.words.zh
    britain = of(foreign("UK", currency="GBP"))["refund"]
    assert britain.is_known and "UK-CRA-002" in britain.words.en and "£499.00" in britain.words.en
    yen = of(foreign("KR", currency="KRW", price="499000", repairs=[
        Repair(handed_in_on=dt.date(2026, 5, d), handed_back_on=dt.date(2026, 5, d)) for d in (1, 9)
    ]))["refund"]  # fmt: skip
    assert "₩499,000;" in yen.words.en


def test_where_the_law_gives_no_rate_the_words_say_why_no_sum_is_said():
    late = foreign("UK", currency="GBP").model_copy(update={"claim_on": dt.date(2026, 11, 2)})
    refund = of(late)["refund"]
    assert not refund.is_known and "no rate" in refund.words.en and "须与客户商定" in refund.words.zh
    assert "price paid is not on record" in of(foreign("EU-DE", price=None))["refund"].words.en


def test_without_the_price_nothing_can_be_agreed_to():
    refund = of(twice_repaired(price=None))["refund"]
    assert not refund.is_known and refund.fee is None


def test_where_the_law_gives_no_choice_there_is_none():
    assert of(twice_repaired(product_class="")) == {}
    assert (
        of(Claim(sold_on=SOLD, claim_on=dt.date(2026, 10, 1), fault="quality", product_class="mobile_phone"))
        == {}
    )


def test_the_hash_names_the_case_and_every_word():
    found = remedies.offered(twice_repaired())
    name = remedies.sha256("BX-1", found)
    assert name == remedies.sha256("BX-1", remedies.offered(twice_repaired())) and len(name) == 64
    assert name != remedies.sha256("BX-2", found)
    assert name != remedies.sha256("BX-1", remedies.offered(twice_repaired(price="8390.01")))


def test_the_print_names_the_main_parts_in_its_language():
    cover = next(c for c in engine.decide(twice_repaired(product_class="washing_machine")).covers if c.parts)
    assert (
        "电动机" in explain.span(cover).zh
        and "Motor" in explain.span(cover).en
        and "motor," not in explain.span(cover).zh
    )


def test_what_is_missing_is_named():
    assert [t.en for t in lacking.facts({})] == ["purchase date"]
    known = {"product_class": "mobile_phone", "sold_on": SOLD, "delivered_on": SOLD, "proof": "card"}
    assert [t.en for t in lacking.facts(known, ("EXCHANGE_FREE",))] == ["price paid (refund and fee)"]
