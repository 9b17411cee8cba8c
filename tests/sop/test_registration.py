"""C2: which serial numbers fit, and what in a registration somebody has to look at."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from baoxiu.sop import codes
from baoxiu.sop.registration import Known, findings, fits

SOLD, MADE = dt.date(2026, 5, 1), dt.date(2026, 3, 1)
CLEAN = Known(units=1, owner="nobody", purchase_date=SOLD, made_date=MADE)


@pytest.mark.parametrize(
    ("form", "serial", "expected"),
    [
        ("", "whatever 1", True),
        ("SN-######", "SN-260501", True),
        ("SN-######", "SN-26050X", False),
        ("SN-######", "SN-2605011", False),
        ("@@##**", "ab12c3", True),
        ("@@##**", "a112c3", False),
        ("##", "１２", False),
        ("(a+)+$", "a" * 5000 + "!", False),
    ],
)
def test_a_serial_number_has_the_form_of_its_model(form: str, serial: str, expected: bool) -> None:
    assert fits(form, serial) is expected


def test_with_label_proof_and_the_date_on_record_nothing_is_to_be_checked() -> None:
    assert findings(SOLD, CLEAN, has_label=True, has_proof=True) == ()
    assert findings(SOLD, CLEAN, has_label=False, has_proof=True) == ("no_label",)


@pytest.mark.parametrize(
    ("known", "bought", "first"),
    [
        (Known(units=1, owner="other", purchase_date=SOLD), SOLD, "owned"),
        (Known(units=0, is_exchanged=True), SOLD, "exchanged"),
        (Known(), SOLD, "unknown"),
        (Known(units=2, purchase_date=SOLD), SOLD, "ambiguous"),
        (Known(units=1, is_other_model=True, purchase_date=SOLD), SOLD, "other_model"),
        (Known(units=1, is_waited_for=True, purchase_date=SOLD), SOLD, "also_waiting"),
        (Known(units=1, purchase_date=SOLD, made_date=MADE), MADE - dt.timedelta(1), "before_made"),
        (Known(units=1), SOLD, "date_unproven"),
        (CLEAN, SOLD + dt.timedelta(1), "date_differs"),
    ],
)
def test_each_doubt_is_found(known: Known, bought: dt.date, first: str) -> None:
    assert findings(bought, known, has_label=True, has_proof=True)[0] == first


def test_nothing_goes_on_record_by_itself_without_label_proof_and_a_free_unit() -> None:
    flags, dates = (False, True), (None, MADE, SOLD)
    for units, exchanged, other, owner, waits, sold, made, label, proof in product(
        range(3), flags, flags, ("nobody", "same", "other"), flags, dates, dates, flags, flags
    ):
        known = Known(units, exchanged, other, owner, waits, sold, made)
        found = findings(SOLD, known, has_label=label, has_proof=proof)
        assert set(found) <= set(codes.REGISTRATION_FINDINGS) and len(set(found)) == len(found)
        is_clean = (
            label
            and proof
            and owner != "other"
            and (units, exchanged, other, waits, sold) == (1, False, False, False, SOLD)
        )
        assert bool(found) is not is_clean
