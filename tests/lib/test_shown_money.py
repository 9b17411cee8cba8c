"""Amounts for people look as the locale data say, in every currency we know."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from babel.numbers import format_currency

from baoxiu.lib import money
from baoxiu.sop import codes


@pytest.mark.parametrize("currency", codes.CURRENCIES)
@pytest.mark.parametrize(("language", "locale"), [("zh", "zh_CN"), ("en", "en")])
def test_an_amount_is_shown_as_its_readers_write_it(currency: str, language: str, locale: str) -> None:
    for amount in (D(0), D(164), D("1234567"), D(-5), D("0.50") if money.digits(currency) else D(1)):
        assert money.shown(amount, currency, language) == format_currency(amount, currency, locale=locale)


def test_it_is_rounded_like_everything_else() -> None:
    assert money.shown(D("0.005"), "CNY", "zh") == "¥0.01" and money.shown(D("0.5"), "JPY", "en") == "¥1"
