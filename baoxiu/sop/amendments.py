"""C7: how one version of the company's promise follows another – which holds, what changed, what it takes away."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from baoxiu.sop.warranty import PAYS, CoverageTerm, Warranty


def holding(versions: Iterable[tuple[dt.date, int]], day: dt.date) -> int:
    """The number of the version that holds for a purchase on `day`; 0: the one an installation starts with.

    `versions`: (first day, number). Of two that begin on one day the one with the higher number holds.
    """
    return max((found for found in versions if found[0] <= day), default=(day, 0))[1]


def is_within(narrow: CoverageTerm, wide: CoverageTerm) -> bool:
    """Whether `wide` gives every unit at least what `narrow` gives it."""
    limits = (
        (wide.product_class, narrow.product_class),
        (wide.law_class, narrow.law_class),
        (wide.model, narrow.model),
        (wide.part, narrow.part),
    )
    return (
        all(outer in ("", inner) for outer, inner in limits)
        and wide.months >= narrow.months
        and PAYS[wide.scope] >= PAYS[narrow.scope]
        and (wide.starts == narrow.starts or wide.starts == "delivery")
    )


def taken_away(before: Warranty, after: Warranty) -> list[CoverageTerm]:
    """The coverages of `before` that no single one of `after` keeps. Empty and no exclusion more: nobody is worse off."""
    return [c for c in before.coverages if not any(is_within(c, wide) for wide in after.coverages)]


def exclusions_added(before: Warranty, after: Warranty) -> list[str]:
    """Codes of what is not covered any more."""
    return [code for code in after.exclusions.codes() if code not in before.exclusions.codes()]


def is_weaker(before: Warranty, after: Warranty) -> bool:
    """Whether somebody may be worse off under `after`. It errs to yes."""
    is_sooner = after.notice_days < before.notice_days
    return bool(taken_away(before, after) or exclusions_added(before, after)) or is_sooner


def earliest(before: Warranty, after: Warranty, today: dt.date) -> dt.date:
    """The first day `after` may hold when it is announced `today`: at once where it only gives more, else when
    the days of notice that `before` promises have passed. The day of the announcement is not counted (Civil Code 201).
    """
    return today + dt.timedelta(days=1 + before.notice_days) if is_weaker(before, after) else today


@dataclass(frozen=True, slots=True)
class Life:
    """One version among the others. `state`: in_force | announced | ended | withdrawn | overtaken (it never held)."""

    number: int
    state: str
    begins: dt.date
    until: dt.date | None = None  # the last day for purchases; None: not known


def lives(
    announced: Iterable[tuple[dt.date, int]], withdrawn: Iterable[tuple[dt.date, int]], today: dt.date
) -> list[Life]:
    """What became, or will become, of every version: (first day, number); newest first."""
    known = sorted(announced)
    found = [Life(number, "withdrawn", begins) for begins, number in withdrawn]
    for place, (begins, number) in enumerate(known):
        after = known[place + 1][0] if place + 1 < len(known) else None
        until = after - dt.timedelta(days=1) if after else None
        if until and until < begins:
            state = "overtaken"
        elif begins > today:
            state = "announced"
        else:
            state = "ended" if until and until < today else "in_force"
        found.append(Life(number, state, begins, None if state == "overtaken" else until))
    return sorted(found, key=lambda life: -life.number)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `kind`: added | removed | changed; for months of the same coverage both sides."""

    kind: str
    before: CoverageTerm | None
    after: CoverageTerm | None


def _key(coverage: CoverageTerm) -> tuple[str, ...]:
    return (
        coverage.product_class,
        coverage.law_class,
        coverage.model,
        coverage.part,
        coverage.scope,
        coverage.starts,
    )


def compare(before: Warranty, after: Warranty) -> list[Change]:
    """What came, what went, whose months changed; of equal limits the longest counts."""
    old = {_key(c): c for c in sorted(before.coverages, key=lambda c: c.months)}
    new = {_key(c): c for c in sorted(after.coverages, key=lambda c: c.months)}
    found = []
    for key in sorted({*old, *new}):
        was, now = old.get(key), new.get(key)
        if was != now:
            found.append(
                Change("added" if was is None else "removed" if now is None else "changed", was, now)
            )
    return found


def words(before: str, after: str) -> list[tuple[str, str]]:
    """A text against another, sentence by sentence: (sign, sentence); sign is "" | "+" | "-"."""
    lines = difflib.ndiff(_sentences(before), _sentences(after))
    return [(line[0].strip(), line[2:]) for line in lines if line[0] != "?"]


def _sentences(text: str) -> list[str]:
    for end in "。；！？":
        text = text.replace(end, end + "\n")
    for end in (". ", "; ", "! ", "? "):
        text = text.replace(end, end.strip() + "\n")
    return [line.strip() for line in text.splitlines() if line.strip()]
