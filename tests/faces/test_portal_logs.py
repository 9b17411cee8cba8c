"""C9: the token of a personal link is a key; keys are not written into logs."""

from __future__ import annotations

import logging

import pytest

from baoxiu.faces.common.logs import WithoutTokens, hide

TOKEN = "1hUE7FLQMWnKOKj3Ilwizu47JmZIm8fG"


@pytest.mark.parametrize(
    "line",
    [f"Unprocessable Entity: /t/{TOKEN}/message/", f"/q/{TOKEN}/", f"GET /r/{TOKEN}/?x=1", f"/files/7/?size=small&token={TOKEN}", f"/u/{TOKEN}/",
     f"/invite/{TOKEN}/"],
)  # fmt: skip
def test_a_line_keeps_its_sense_without_the_token(line: str):
    said = str(hide(line))
    assert TOKEN not in said and "…" in said


def test_arguments_are_hidden_too_and_other_values_left_alone():
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "%s: %s %d", ("Not Found", f"/t/{TOKEN}/", 404), None
    )
    assert WithoutTokens().filter(record)
    assert record.getMessage() == "Not Found: /t/…/ 404"


def test_other_addresses_stay_readable():
    assert hide("/desk/cases/BX-2611-000001/") == "/desk/cases/BX-2611-000001/"
