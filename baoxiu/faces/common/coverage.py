"""C3: an entitlement as it is shown – what the customer may have, and every coverage as a bar of time with today in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from baoxiu.faces.common.display import is_chinese, say, word
from baoxiu.sop import codes
from baoxiu.sop.entitlement.engine import RULES
from baoxiu.sop.entitlement.explain import EXTRAS, SOURCES
from baoxiu.sop.entitlement.verdict import TOKENS

WIDE = 1000
# what is told of the values of a result; the others are for machines
VALUES = {
    "EXPIRY": N_("Covered until"), "NEW_EXPIRY": N_("The replaced part is covered until"), "FEE": N_("Fee for the use"),
    "REFUND": N_("Refund"), "LIMIT": N_("To be done by"), "REPLY_BY": N_("Answer by"), "FIX_BY": N_("Repaired by"),
    "REFUND_BY": N_("Money back by"), "REJECT_UNTIL": N_("May be rejected until"), "CUM_DAYS": N_("Days in repair so far"),
    "BURDEN": N_("Burden of proof"), "FREIGHT": N_("Freight paid by"), "PAYER": N_("Cost borne by"),
}  # fmt: skip
WHOM = {
    "BUSINESS": N_("the business"), "SELLER": N_("the seller"), "CONSUMER": N_("the consumer"), "TRADER": N_("the seller"),
    "PRODUCER": N_("the producer"), "REPAIRER": N_("the repairer"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """One coverage; x and width of 1000. `state`: on (holds for the fault) | off | over."""

    title: str
    span: str
    rule: str
    x: int
    width: int
    state: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Card:
    options: list[str]
    rows: list[tuple[str, str]]
    bars: list[Bar]
    today: int  # of 1000
    is_verified: bool
    result: str
    is_free: bool = True


def card(verdict: Mapping[str, Any] | None, today: dt.date) -> Card | None:
    """The stored verdict (`Decision.detail["verdict"]`) on `today`; None where there is none."""
    if not verdict:
        return None
    options = [say(TOKENS[o]) for o in verdict.get("options", ()) if o in TOKENS]
    options += [say(EXTRAS[e]) for e in verdict.get("extras", ()) if e in EXTRAS]
    rows = [
        (_(VALUES[k]), _value(v))
        for k, v in verdict.get("values", {}).items()
        if k in VALUES and not (k == "REJECT_UNTIL" and v < today.isoformat())  # a right that has ended
    ]
    covers = list(verdict.get("coverages", ()))
    first, last = _range(covers, today)
    length = max((last - first).days, 1)

    def at(day: dt.date) -> int:
        return min(max(round((day - first).days * WIDE / length), 0), WIDE)

    bars = [_bar(c, at, last, today) for c in covers]
    return Card(
        options, rows, bars, at(today), bool(verdict.get("verified", True)), str(verdict.get("result", "")),
        verdict.get("outcome") == "free",
    )  # fmt: skip


def laws(ids: Iterable[str]) -> list[str]:
    """Where the rules `ids` stand, each place once; clauses of the procedure are no law."""
    found = [rule.source for id in ids if (rule := RULES.get(id)) and not rule.is_ours]
    return list(dict.fromkeys(map(say, found)))


def _range(covers: list[Mapping[str, Any]], today: dt.date) -> tuple[dt.date, dt.date]:
    days = [dt.date.fromisoformat(d) for c in covers for d in (c["start"], c["end"]) if d]
    return min([*days, today]), max([*days, today])


def _bar(cover: Mapping[str, Any], at: Any, last: dt.date, today: dt.date) -> Bar:
    start = dt.date.fromisoformat(cover["start"])
    end = dt.date.fromisoformat(cover["end"]) if cover["end"] else None
    state = "on" if cover["matches"] else "over" if end and end < today else "off"
    title = say(SOURCES[cover["source"]])
    parts = [word("PARTS", p) if p in codes.PARTS else p for p in cover["parts"]]
    joint = "、" if is_chinese() else ", "
    scope = joint.join(parts) if parts else _("whole unit")
    span = f"{start} – {end}" if end else f"{start} –"
    if cover["suspended_days"]:
        span += " · " + _("+%(days)s days in repair") % {"days": cover["suspended_days"]}
    return Bar(
        " · ".join(part for part in (title, cover["name"], scope) if part), span, cover["rule"], at(start), max(at(end or last) - at(start), 6), state,
        cover["verified"],
    )  # fmt: skip


def _value(text: str) -> str:
    return _(WHOM[text]) if text in WHOM else text
