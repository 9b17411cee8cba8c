"""C1, C5: what one case adds to the figures, on which day – derived from its journal alone.

Each measure counts a case on the day its question was due to be answered: a first response on the day
it fell due, a closing on the day of closing, a rating when it was given. `n` is the denominator, `hit`
the numerator. Definitions: the manual's page “Figures”; sources ITIL, IEC 60050-192, Reichheld 2003,
the SOP's own parameters.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from baoxiu.sop.conformance import Event
from baoxiu.sop.procedure import Procedure
from baoxiu.sop.text import Text as T
from baoxiu.sop.worth import Spent

RULES = 4  # raised with every change of what a case adds or of a verdict: the figures are then folded anew
REPEAT_DAYS = 30  # another request for the same unit within so many days is a repeat
FINAL_GRACE = dt.timedelta(days=3)  # the final call is on time up to the tenth day
GOOD = 4  # stars from which a customer is satisfied
PROMOTER, DETRACTOR = 9, 6

# measure → the columns it adds to; the first is its denominator, the second its numerator
MEASURES: dict[str, tuple[str, ...]] = {
    "registered": ("registered_n",),
    "response": ("response_n", "response_hit"),
    "answered": ("answered_n", "answered_minutes"),
    "resolved": ("resolved_n", "resolved_hit", "resolved_minutes"),
    "fixed": ("fixed_n", "fixed_hit"),
    "repeat": ("repeat_n", "repeat_hit"),
    "calls": ("calls_n", "calls_hit", "calls_waived"),
    "final": ("final_n", "final_hit", "final_waived"),
    "csat": ("csat_n", "csat_hit", "csat_stars"),
    "nps": ("nps_n", "nps_hit", "nps_down"),
    "paid": ("paid_n", "paid_hit", "paid_cents"),
    "free": ("free_n", "free_hit", "free_cents"),
}
MONEY = ("paid", "free")  # summed by currency too
# measure → the day of the case's row by which it is found
DAYS: dict[str, str] = {
    "registered": "registered_day", "response": "response_day", "answered": "response_day", "resolved": "closed_day", "fixed": "settled_day",
    "repeat": "settled_day", "calls": "calls_day", "final": "final_day", "csat": "rated_day", "nps": "rated_day",
    "paid": "closed_day", "free": "closed_day",
}  # fmt: skip


# measures whose last column, minutes, is also kept as a spread: how many cases by length
SPREADS = ("answered", "resolved")


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure: `top` over `bottom`. `form`: count | share | minutes | stars | points | cents.

    With `percent`, `top` is a spread and the figure its percentile.
    """

    name: str
    title: T
    measure: str
    top: str
    bottom: str
    form: str
    clause: str
    meaning: T
    percent: int = 0


# one row, one line: this is read as a table
# fmt: off
KPIS = (
    Kpi("registered", T("Registered", "已受理"), "registered", "registered_n", "", "count", "C4.1", T("requests registered in the period", "期内受理的服务单")),
    Kpi("response", T("First response in time", "首次响应及时率"), "response", "response_hit", "response_n", "share", "C4.2", T("of the first responses that fell due in the period, also those still open", "期内到期的首次响应（含仍未答复的）")),
    Kpi("response_time", T("Time to first response", "首次响应时间"), "answered", "answered_minutes", "answered_n", "minutes", "C4.2", T("mean from the registration to the first answer, round the clock", "受理到首次答复的平均时间（不分昼夜）")),
    Kpi("response_median", T("First response, median", "首次响应中位数"), "answered", "answered", "answered_n", "minutes", "C4.2", T("half of the first answers came within this time", "一半的首次答复不超过此时间"), 50),
    Kpi("response_p90", T("First response, P90", "首次响应P90"), "answered", "answered", "answered_n", "minutes", "C4.2", T("nine of ten first answers came within this time", "九成的首次答复不超过此时间"), 90),
    Kpi("resolution_time", T("Time to resolve", "解决时间"), "resolved", "resolved_minutes", "resolved_n", "minutes", "C5.2", T("mean from the registration to the closing, of cases closed in the period", "期内关闭的服务单从受理到关闭的平均时间")),
    Kpi("resolution_median", T("Time to resolve, median", "解决时间中位数"), "resolved", "resolved", "resolved_n", "minutes", "C5.2", T("half of the cases closed in the period took no longer", "期内关闭的服务单有一半不超过此时间"), 50),
    Kpi("resolution_p90", T("Time to resolve, P90", "解决时间P90"), "resolved", "resolved", "resolved_n", "minutes", "C5.2", T("nine of ten cases closed in the period took no longer", "期内关闭的服务单有九成不超过此时间"), 90),
    Kpi("fixed", T("First-time fix", "一次修复率"), "fixed", "fixed_hit", "fixed_n", "share", "C5.3", T("of the closed repairs whose 30 days ended in the period, those done at the first visit and without the same symptom on the same unit in the 30 days", "期内满30天的已关闭维修中，一次到场修好且30天内同一产品无同一故障的")),
    Kpi("repeat", T("Repeat within 30 days", "30天内返修率"), "repeat", "repeat_hit", "repeat_n", "share", "C5.3", T("of the closed repairs whose 30 days ended in the period, those after which the same unit came again", "期内满30天的已关闭维修中，同一产品30天内再次报修的")),
    Kpi("calls", T("Engineer's follow-up in time", "工程师回访完成率"), "calls", "calls_hit", "calls_n", "share", "C4.6", T("of the calls that fell due in the period, those reached in time; waived ones count as not reached", "期内到期的回访中按时接通的；免访计为未接通")),
    Kpi("final", T("Final follow-up in time", "客服终访完成率"), "final", "final_hit", "final_n", "share", "C4.7", T("of the final calls that fell due in the period, those reached by the tenth day", "期内到期的终访中第十天前接通的")),
    Kpi("csat", T("Satisfied (CSAT)", "满意率（CSAT）"), "csat", "csat_hit", "csat_n", "share", "C5.1", T("ratings of 4 or 5 stars among the ratings of the period", "期内评价中四星和五星的比例")),
    Kpi("stars", T("Stars", "平均星级"), "csat", "csat_stars", "csat_n", "stars", "C5.1", T("mean of the ratings of the period", "期内评价的平均值")),
    Kpi("nps", T("Recommendation (NPS)", "净推荐值（NPS）"), "nps", "nps_hit", "nps_n", "points", "C5.1", T("share of 9 and 10 minus share of 0 to 6", "9–10分占比减0–6分占比")),
    Kpi("paid", T("Paid by the customer", "收费占比"), "paid", "paid_hit", "paid_n", "share", "C3.2", T("of the cases closed in the period with a decision who pays", "期内关闭且已判定收费的服务单")),
    Kpi("free", T("Free repairs with a known cost", "免费维修可计成本"), "free", "free_hit", "free_n", "share", "C3.2", T("of the cases closed in the period with work nobody paid for, those whose parts and labour all have a price in the list", "期内关闭且有免费维修作业的服务单中，备件和工时均有价目的")),
)
# fmt: on


def parts(kpi: Kpi) -> tuple[str, ...]:
    """Which lists a figure opens to: what it counts, its numerator, the rest; of points those that count against."""
    return ("all", "hit", "down") if kpi.form == "points" else ("all", "hit", "miss")


def value(kpi: Kpi, sums: Mapping[str, Any]) -> float | None:
    """The figure; None where nothing was counted. Shares 0 … 1, points -100 … 100, minutes, stars, counts.

    `sums`: column → sum, and measure → spread for those of SPREADS.
    """
    if kpi.percent:
        return percentile(sums[kpi.top], kpi.percent)
    top: int = sums[kpi.top] - (sums["nps_down"] if kpi.form == "points" else 0)
    if not kpi.bottom:
        return float(top)
    if not sums[kpi.bottom]:
        return None
    return top / int(sums[kpi.bottom]) * (100 if kpi.form == "points" else 1)


Spread = Mapping[str, int]  # bucket, as JSON has it → cases
FINE = 4  # bits: a bucket is at most a sixteenth of what it holds


def bucket(minutes: int) -> str:
    """Below 32 minutes a bucket each, from there sixteen to every doubling."""
    shift = max(minutes.bit_length() - FINE - 1, 0)
    return str((shift << FINE) + (minutes >> shift))


def percentile(spread: Spread, percent: int) -> float | None:
    """Minutes; by nearest rank, spaced evenly inside a bucket: never further off than a sixteenth."""
    rank = -(-sum(spread.values()) * percent // 100)
    for at in sorted(map(int, spread)) if rank else ():
        if rank <= (n := spread[str(at)]):
            shift = max((at >> FINE) - 1, 0)
            return ((at - (shift << FINE)) << shift) + ((1 << shift) - 1) * (rank - 0.5) / n
        rank -= n
    return None


COLUMNS = tuple(c for columns in MEASURES.values() for c in columns)
Marks = dict[str, tuple[dt.date, tuple[int, ...]]]  # measure → day, its columns' values


@dataclass(frozen=True, slots=True)
class Later:
    """Later requests for the same unit: when the first came, when the first with the same symptom."""

    any_at: dt.datetime | None = None
    same_at: dt.datetime | None = None


@dataclass
class Told:
    """A journal, summed up."""

    opened: dict[str, tuple[dt.datetime, dt.datetime]] = field(default_factory=dict)  # first of the round
    ended: dict[str, tuple[dt.datetime, str]] = field(default_factory=dict)
    visits: int = 0
    again: bool = False
    closed_at: dt.datetime | None = None
    rated: tuple[dt.datetime, Mapping[str, Any]] | None = None
    consent: Mapping[str, Any] | None = None
    reached: set[str] = field(default_factory=set)
    symptom: str = ""
    spent: Spent = field(default_factory=Spent)


VISITS = frozenset({"check_in", "receive"})
WORK = frozenset({"work", "replace"})  # another unit has no price in the list: it is not valued
CALLS = {"follow_up": "engineer_followup", "final_follow_up": "final_followup"}


def summed(procedure: Procedure, events: Iterable[Event]) -> Told:
    told = Told()
    for event in events:
        data = event.body.get("data", {})
        if event.step == "reopen":
            told.again, told.reached = True, set()
            told.spent.next_round()
            for kind in CALLS.values():
                told.opened.pop(kind, None)
                told.ended.pop(kind, None)
        for kind, how in event.body.get("ended", {}).items():
            told.ended[kind] = (event.at, how)
        for kind, (due, _) in event.body.get("opened", {}).items():
            if kind not in told.opened:
                told.opened[kind] = (event.at, dt.datetime.fromisoformat(due))
            told.ended.pop(kind, None)
        for kind, due in event.body.get("moved", {}).items():
            if kind in told.opened:
                told.opened[kind] = (told.opened[kind][0], dt.datetime.fromisoformat(due))
        told.visits += event.step in VISITS
        told.again = told.again or event.step in ("return_visit", "customer_absent")
        if event.step in CALLS:
            told.reached.add(CALLS[event.step])
        if event.step == "rate":
            told.rated = (event.at, data)
        if event.step == "accept_quote":
            told.consent = data
        if event.step in WORK:
            told.spent.add(data.get("worth"))
        told.symptom = str(data.get("symptom") or told.symptom)
        stage = procedure.stage.get(event.to_stage)
        if stage is not None and stage.completes and told.closed_at is None:
            told.closed_at = event.at
    return told


def marks(
    told: Told, *, created: dt.datetime, cover: str, later: Later, now: dt.datetime, zone: dt.tzinfo
) -> Marks:
    """What the case adds, measure by measure. Days are those of `zone`."""

    def day(at: dt.datetime) -> dt.date:
        return at.astimezone(zone).date()

    found: Marks = {"registered": (day(created), (1,))}
    if "first_response" in told.opened:
        began, due = told.opened["first_response"]
        ended, how = told.ended.get("first_response", (None, ""))
        if how == "done" and ended:
            found["response"] = (day(due), (1, int(ended <= due)))
            found["answered"] = (day(due), (1, _minutes(began, ended)))
        elif due < (ended or now):
            found["response"] = (day(due), (1, 0))
    for measure, kind in (("calls", "engineer_followup"), ("final", "final_followup")):
        if called := _called(told, measure, kind, now):
            found[measure] = (day(called[0]), called[1])
    if told.rated:
        at, said = told.rated
        stars = int(said.get("overall") or 0)
        found["csat"] = (day(at), (1, int(stars >= GOOD), stars))
        if (nps := said.get("nps")) is not None:
            found["nps"] = (day(at), (1, int(nps >= PROMOTER), int(nps <= DETRACTOR)))
    if told.closed_at:
        found |= _closed(told, day(told.closed_at), created, cover, later, now)
    return found


def _minutes(since: dt.datetime, until: dt.datetime) -> int:
    """Whole minutes; none where the clock was put back between."""
    return max(0, int((until - since).total_seconds() // 60))


def _called(
    told: Told, measure: str, kind: str, now: dt.datetime
) -> tuple[dt.datetime, tuple[int, ...]] | None:
    """(due, (1, reached in time, waived)); None while it is not due and not over."""
    if kind not in told.opened:
        return None
    due = told.opened[kind][1]
    limit = due + (FINAL_GRACE if measure == "final" else dt.timedelta())
    ended, how = told.ended.get(kind, (None, ""))
    if how == "done" and ended:
        reached = kind in told.reached
        return due, (1, int(reached and ended <= limit), int(not reached))
    return (due, (1, 0, 0)) if limit < now and how != "cancelled" else None


def _closed(
    told: Told, on: dt.date, created: dt.datetime, cover: str, later: Later, now: dt.datetime
) -> Marks:
    closed = told.closed_at or now
    found: Marks = {"resolved": (on, (1, int(not told.again), _minutes(created, closed)))}
    window = closed + dt.timedelta(days=REPEAT_DAYS)
    if told.visits and window <= now:
        came = later.any_at is not None and later.any_at <= window
        same = later.same_at is not None and later.same_at <= window
        settled = on + dt.timedelta(days=REPEAT_DAYS)
        found["repeat"] = (settled, (1, int(came)))
        found["fixed"] = (settled, (1, int(told.visits == 1 and not told.again and not same)))
    if cover != "unknown":
        paid = cover == "paid" and told.consent is not None
        total = Decimal(str((told.consent or {}).get("total") or 0)) if paid else Decimal(0)
        found["paid"] = (on, (1, int(paid), int(total * 100)))
    if free := given(told, cover):
        _, amount = free
        found["free"] = (on, (1, int(amount is not None), int((amount or 0) * 100)))
    return found


def given(told: Told, cover: str) -> tuple[str, Decimal | None] | None:
    """(currency, its worth or None where that is not known) of work nobody pays for; None where there was none.

    All the work of a free repair; of a paid one the lines of the quote that were free.
    """
    if cover == "free" and told.spent.works:
        return told.spent.currency, told.spent.amount if told.spent.is_known else None
    consent = told.consent or {}
    free = Decimal(str(consent.get("free") or 0))
    return (str(consent.get("currency") or ""), free) if cover == "paid" and free else None


def currency(told: Told, cover: str, found: Marks) -> str:
    """Of what the customer paid or the work was worth; "" where neither is known."""
    if found.get("paid", (0, (0, 0)))[1][1]:
        return str((told.consent or {}).get("currency") or "")
    free = given(told, cover)
    return free[0] if free and found.get("free", (0, (0, 0)))[1][1] else ""


def settles_at(told: Told, now: dt.datetime) -> dt.datetime | None:
    """When the figures of the case change by time alone once more; None: no more."""
    times = []
    for kind in ("first_response", *CALLS.values()):
        if kind in told.opened and kind not in told.ended:
            times.append(told.opened[kind][1] + (FINAL_GRACE if kind == "final_followup" else dt.timedelta()))
    if told.closed_at and told.visits:
        times.append(told.closed_at + dt.timedelta(days=REPEAT_DAYS))
    return min((t for t in times if t > now), default=None)


# -- sums over days --------------------------------------------------------------------------------

Sums = dict[str, Any]  # column → sum; measure → spread, for those of SPREADS


def nothing() -> Sums:
    return dict.fromkeys(COLUMNS, 0) | {name: Counter() for name in SPREADS}


def merge(sums: dict[str, int], spread: Spread, sign: int = 1) -> None:
    """Adds a spread to another, or takes it off."""
    known = sums.get
    for at, n in spread.items():
        sums[at] = known(at, 0) + sign * n


def together(parts: Iterable[Sums]) -> Sums:
    found = nothing()
    for sums in parts:
        for column in COLUMNS:
            found[column] += sums[column]
        for name in SPREADS:
            merge(found[name], sums[name])
    return found
