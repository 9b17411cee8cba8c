"""C3.2, C6.2: what work is worth by the price list; what has no price is not guessed."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from baoxiu.sop import worth
from baoxiu.sop.worth import Row

ROWS = (
    Row("L-REPL", "labour", D(120), remedy="replace_part"),
    Row("L-REPL-X", "labour", D(150), remedy="replace_part", model="X"),
    Row("L-HOUR", "labour", D(90), unit="hour"),
    Row("L-ANY", "labour", D(999)),  # for a job, but not for which: says nothing
    Row("T-1", "travel", D(30)),
    Row("P-PUMP", "part", D("85.50"), unit="piece"),
)


@pytest.mark.parametrize(
    ("remedy", "minutes", "parts", "expected"),
    [
        ("replace_part", 40, [("P-PUMP", 2)], ("171.00", "150.00", "job")),
        ("clean", 40, [], ("0.00", "60.00", "hour")),
        ("clean", 0, [], ("0.00", "0.00", "hour")),
        ("clean", 40, [("P-OTHER", 1)], None),
        ("clean", 40, [("", 1)], None),
    ],
)
def test_parts_by_number_and_labour_by_the_remedy_or_the_hour(remedy, minutes, parts, expected) -> None:
    found = worth.work(ROWS, "CNY", remedy=remedy, minutes=minutes, parts=parts)
    assert (found and (found["parts"], found["labour"], found["per"])) == expected


def test_without_a_row_for_labour_nothing_is_known() -> None:
    assert worth.work(ROWS[3:], "CNY", remedy="clean", minutes=40, parts=[]) is None


def test_labour_by_the_job_counts_once_a_round_and_hours_and_parts_each_time() -> None:
    spent = worth.Spent()
    job = worth.work(ROWS, "CNY", remedy="replace_part", minutes=10, parts=[("P-PUMP", 1)])
    for told in (job, job, worth.work(ROWS, "CNY", remedy="clean", minutes=20, parts=[])):
        spent.add(told)
    assert spent.amount == D("171.00") + D(150) + D(30) and spent.is_known
    spent.next_round()
    spent.add(job)
    assert spent.amount == D("351.00") + D("235.50")


@pytest.mark.parametrize(
    "odd", [None, {}, {"currency": "EUR", "parts": "1.00", "labour": "1.00", "per": "job"}]
)
def test_one_part_that_is_not_known_makes_the_whole_unknown_and_currencies_never_mix(odd) -> None:
    spent = worth.Spent()
    spent.add(worth.work(ROWS, "CNY", remedy="clean", minutes=20, parts=[]))
    spent.add(odd)
    assert not spent.is_known and spent.works == 2
