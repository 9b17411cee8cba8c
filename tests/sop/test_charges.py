"""C3.2, C4.5: money adds up to the coin, and what is proposed fits."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxiu.lib import money
from baoxiu.sop import charges
from baoxiu.sop.charges import Item, Line, Wanted

AMOUNTS = st.decimals(min_value=0, max_value=100_000, places=2)
RATES = st.sampled_from([D(0), D(6), D(13), D("19"), D("7.70")])
LINES = st.builds(
    Line, kind=st.just("part"), text=st.just("泵"), quantity=st.decimals(min_value=D("0.01"), max_value=99, places=2),
    price=AMOUNTS, is_free=st.booleans(), tax_rate=RATES, option=st.sampled_from(["", "A", "B"]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [("0.005", "CNY", "0.01"), ("0.015", "CNY", "0.02"), ("0.025", "CNY", "0.03"), ("2.5", "JPY", "3"), ("1000.49", "KRW", "1000")],
)  # fmt: skip
def test_half_is_rounded_up(amount: str, currency: str, expected: str) -> None:
    assert money.rounded(D(amount), currency) == D(expected)


@given(AMOUNTS, st.sampled_from(["CNY", "JPY", "EUR"]))
def test_coins_and_back(amount: D, currency: str) -> None:
    exact = money.rounded(amount, currency)
    assert money.from_minor(money.minor(exact, currency), currency) == exact
    assert money.is_exact(exact, currency)


def test_currencies_are_never_mixed() -> None:
    assert money.total([(D(1), "CNY"), (D(2), "CNY")]) == (D(3), "CNY")
    assert money.total([]) == (D(0), "")
    with pytest.raises(money.MixedCurrencies, match="CNY, EUR"):
        money.total([(D(1), "CNY"), (D(2), "EUR")])


@given(LINES, st.booleans())
def test_net_and_tax_are_the_total_and_free_is_nothing(line: Line, included: bool) -> None:
    found = charges.line_sum(line, "CNY", tax_included=included)
    assert found.net + found.tax == found.total and found.tax >= 0
    assert all(money.is_exact(part, "CNY") for part in (found.net, found.tax, found.total))
    if line.is_free:
        assert found.total == 0
    elif included:
        assert found.total == money.rounded(line.quantity * line.price, "CNY")
    else:
        assert found.net == money.rounded(line.quantity * line.price, "CNY")


@given(st.lists(LINES, min_size=1, max_size=12))
def test_every_alternative_is_its_own_lines_and_the_common_ones(lines: list[Line]) -> None:
    for option, found in charges.sums(lines, "CNY").items():
        own = [charges.line_sum(n, "CNY").total for n in lines if n.option in ("", option)]
        assert found.total == sum(own, D(0))


def test_tax_is_taken_per_line_half_up() -> None:
    included = charges.line_sum(Line("part", "泵", D(1), D("113.00"), tax_rate=D(13)), "CNY")
    assert (included.net, included.tax) == (D("100.00"), D("13.00"))
    on_top = charges.line_sum(Line("part", "泵", D(1), D("0.50"), tax_rate=D(19)), "EUR", tax_included=False)
    assert (on_top.tax, on_top.total) == (D("0.10"), D("0.60"))


def test_the_minimum_is_filled_up_only_where_something_is_charged() -> None:
    assert charges.minimum_gap(D(30), D(50)) == 20
    assert charges.minimum_gap(D(60), D(50)) == 0 == charges.minimum_gap(D(0), D(50))


def test_the_dearest_alternative_decides_on_approval() -> None:
    assert charges.needs_approval([D(10), D(501)], D(500))
    assert not charges.needs_approval([D(500)], D(500)) and not charges.needs_approval([D(9999)], None)


def test_reasons_belong_to_free_or_to_charged_lines() -> None:
    assert charges.fits("statute", True) and not charges.fits("statute", False)
    assert charges.fits("wear", False) and not charges.fits("wear", True)
    assert charges.reason_of("", True) == "covered" and charges.reason_of("", False) == "not_covered"


def test_what_changed_between_two_lists() -> None:
    old = {"L1": {"price": "100.00", "name": "检修"}, "T1": {"price": "30.00", "name": "上门"}}
    new = {"L1": {"price": "112.50", "name": "检修"}, "P1": {"price": "9.00", "name": "泵"}}
    found = {c.code: c for c in charges.compare(old, new)}
    assert {code: c.kind for code, c in found.items()} == {"L1": "changed", "P1": "added", "T1": "removed"}
    assert found["L1"].percent == D("12.5") and found["L1"].fields == ("price",)
    assert charges.compare(old, old) == []


ITEMS = [
    Item("L-ANY", "labour", "replace_part"), Item("L-WM", "labour", "replace_part", "appliance"),
    Item("L-XQG", "labour", "replace_part", "appliance", "XQG100"), Item("L-CLEAN", "labour", "clean"),
    Item("T-ALL", "travel"), Item("T-SH", "travel", zone="上海市"), Item("T-XH", "travel", zone="徐汇区"), Item("T-BJ", "travel", zone="北京市"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("remedy", "product_class", "model", "place", "expected"),
    [
        (
            "replace_part",
            "appliance",
            "XQG100",
            "上海市上海市徐汇区",
            ["L-XQG", "T-XH"][:1] + ["T-SH", "T-XH"][1:],
        ),
        ("replace_part", "appliance", "OTHER", "北京市海淀区", ["L-WM", "T-BJ"]),
        ("replace_part", "machinery", "", "", ["L-ANY"]),
        ("clean", "appliance", "", "广东省", ["L-CLEAN", "T-ALL"]),
        ("", "appliance", "", "", []),
    ],
)
def test_a_quote_begins_with_what_fits_best(
    remedy: str, product_class: str, model: str, place: str, expected: list[str]
) -> None:
    assert charges.proposed(ITEMS, Wanted(remedy, product_class, model, place)) == expected
