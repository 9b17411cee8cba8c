"""C2: what a customer's registration of a product must say, and what in it somebody has to look at. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from baoxiu.sop.text import Text

OLDEST = dt.date(1990, 1, 1)
DUTY, TITLE = "registration", Text("Check a registration", "审核产品注册")
REVIEW = dt.timedelta(days=2)  # somebody has looked at it by then


def fits(form: str, serial: str) -> bool:
    """Whether a serial number has the form of its model: `#` a digit, `@` a letter, `*` either, the rest as it stands.

    No regular expression: a form typed by a colleague can neither hang nor surprise. "" takes everything.
    """
    if not form:
        return True
    kinds = {"#": lambda c: c.isdecimal(), "@": str.isalpha, "*": str.isalnum}
    return len(form) == len(serial) and all(
        c.isascii() and (kinds[f](c) if f in kinds else f == c) for f, c in zip(form, serial, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What is on record under the serial number. `units`: how many not exchanged; `owner`: nobody | other | same."""

    units: int = 0
    is_exchanged: bool = False
    is_other_model: bool = False
    owner: str = "nobody"
    is_waited_for: bool = False
    purchase_date: dt.date | None = None
    made_date: dt.date | None = None


def findings(bought_on: dt.date, known: Known, *, has_label: bool, has_proof: bool) -> tuple[str, ...]:
    """Codes of REGISTRATION_FINDINGS, the gravest first; none: it stands on record at once.

    Whoever only knows a number gets nothing by it: without the label somebody looks at every registration.
    """
    return tuple(_findings(bought_on, known, has_label=has_label, has_proof=has_proof))


def _findings(bought_on: dt.date, known: Known, *, has_label: bool, has_proof: bool) -> Iterator[str]:
    if known.owner == "other":
        yield "owned"
    if known.is_exchanged:
        yield "exchanged"
    if known.units == 0 and not known.is_exchanged:
        yield "unknown"
    if known.units > 1:
        yield "ambiguous"
    if known.is_other_model:
        yield "other_model"
    if known.is_waited_for:
        yield "also_waiting"
    if known.made_date and bought_on < known.made_date:
        yield "before_made"
    if known.purchase_date is None:
        yield "date_unproven"
    elif known.purchase_date != bought_on:
        yield "date_differs"
    if not has_proof:
        yield "no_proof"
    if not has_label:
        yield "no_label"
