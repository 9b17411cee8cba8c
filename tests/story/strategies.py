"""Plausible payloads for random walks; some deliberately wrong (old quote version, other engineer)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from baoxiu.cases.models import Case
from baoxiu.charges.models import Quote
from baoxiu.sop import payloads
from tests.conftest import Cast

Fields = dict[str, dict[str, Any]]
TEXT = st.sampled_from(["好的", "已处理", "Bitte melden", "<b>x</b>", "漏水 again", "=1+1"])
SCORE = st.integers(1, 5)
NONE, EMPTY, NO_FILES = st.none(), st.just(""), st.just([])
# fmt: off  (one step, one line)


def payload_for(name: str, cast: Cast, case: Case, now: dt.datetime) -> st.SearchStrategy[payloads.Payload]:
    """A strategy for step `name` of `case` at `now`."""
    cls = payloads.PAYLOADS[name]
    fields = {**_talk(cast), **_venue(cast, now), **_repair(case), **_money(), **_clock(), **_after(cast)}
    words = {n: TEXT for n in cls.model_fields if n in ("text", "reason")}
    return _made(cls, fields.get(name, words))


def _made(cls: type[payloads.Payload], fields: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Only what is named is drawn; the rest has its default, and what is needed but not named fails loudly."""
    return st.fixed_dictionaries(fields).map(lambda drawn: cls(**drawn))


def _talk(cast: Cast) -> Fields:
    return {
        "hold": {"reason": st.just("customer"), "text": TEXT, "until": NONE},
        "withdraw": {"reason": st.just("solved"), "text": TEXT},
        "withdraw_return": {"reason": st.just("too_slow"), "text": TEXT},
        "correct": {
            "name": TEXT,
            "reason": TEXT,
            "address": NONE,
            "purchase_date": NONE,
            "phone": EMPTY,
            "email": EMPTY,
            "serial": EMPTY,
        },
        "merge": {"into": st.just("BX-0000-000000"), "text": TEXT},
        "call": {"direction": st.just("out"), "text": TEXT},
        "take_over": {"owner": st.just(cast.staff["agent"].pk)},
        "triage": {
            "symptom": st.just("leak"),
            "fault": st.sampled_from(["quality", "other", "unknown"]),
            "cause": EMPTY,
            "priority": st.just("2"),
            "purchase_date": NONE,
            "text": TEXT,
        },
        "override_cover": {"cover": st.sampled_from(["free", "paid"]), "reason": TEXT},
        "confirm": {
            "service": st.just("repair"),
            "venue": st.sampled_from(["onsite", "depot"]),
            "agreed_by": TEXT,
            "way": st.just("phone"),
        },
    }


def _venue(cast: Cast, now: dt.datetime) -> Fields:
    engineers = st.sampled_from([cast.staff["engineer"].pk, cast.staff["engineer2"].pk])
    stations, hour = st.sampled_from([cast.station.pk, cast.station2.pk]), dt.timedelta(hours=1)
    return {
        "assign": {"engineer": engineers, "text": TEXT},
        "reassign": {"engineer": engineers, "reason": TEXT},
        "assign_station": {"station": stations, "text": TEXT},
        "decline": {"reason": st.just("overloaded"), "text": TEXT},
        "appoint": {
            "starts_at": st.just(now + hour),
            "ends_at": st.just(now + 3 * hour),
            "agreed_with": TEXT,
        },
        "follow_up_later": {"call_at": st.just(now + dt.timedelta(days=1)), "text": TEXT},
        "final_later": {"call_at": st.just(now + dt.timedelta(days=1)), "text": TEXT},
        "promise_window": {
            "starts_at": st.just(now + hour),
            "ends_at": st.just(now + 3 * hour),
            "agreed_with": TEXT,
        },
        "need_parts": {"parts": st.sampled_from([[], [{"number": "P-1", "quantity": 2}]])},
        "set_out": {"minutes": st.just(20)},
        "check_in": {"lat": NONE, "lon": NONE, "files": NO_FILES},
        "customer_absent": {"text": TEXT, "files": NO_FILES},
        "ship_in": {"carrier": st.just("SF"), "tracking": st.just("SF1")},
        "ship_out": {"carrier": st.just("SF"), "tracking": st.just("SF2")},
        "receive": {"condition": TEXT, "accessories": TEXT, "files": NO_FILES},
        "take_on": {"engineer": engineers},
        "to_depot": {
            "station": stations,
            "carried_by": st.sampled_from(["ours", "customer"]),
            "reason": TEXT,
        },
    }


def _repair(case: Case) -> Fields:
    quotes = Quote.objects.filter(case=case).order_by("-version").values_list("version", "text_sha256")
    newest, quote_shown = quotes.first() or (1, "")
    version = st.sampled_from([newest, newest, max(1, newest - 1)])
    line = _made(
        payloads.QuoteLine,
        {
            "text": TEXT,
            "price": st.sampled_from([Decimal("0.05"), Decimal("120.00"), Decimal("33.33")]),
            "quantity": st.sampled_from([Decimal("1"), Decimal("1.5"), Decimal("3")]),
            "free": st.booleans(),
        },
    )
    quote = {
        "currency": st.just("CNY"),
        "lines": st.lists(line, min_size=1, max_size=3),
        "valid_days": st.just(14),
        "text": TEXT,
    }
    return {
        "diagnose": {
            "symptom": st.just("leak"),
            "cause": st.just("component"),
            "remedy": st.just("replace_part"),
            "fault": st.sampled_from(["quality", "other"]),
            "text": TEXT,
            "files": NO_FILES,
        },
        "quote": quote,
        "submit_quote": quote,
        "approve_quote": {"version": version, "text": TEXT},
        "accept_quote": {
            "version": version,
            "name": TEXT,
            "way": st.just("phone"),
            "signature": st.just("[[[1,2],[3,4]]]"),
            "text_sha256": st.just(quote_shown),
        },
        "decline_quote": {"version": version, "name": TEXT, "way": st.just("phone"), "reason": TEXT},
        "work": {
            "remedy": st.just("replace_part"),
            "text": TEXT,
            "minutes": st.just(30),
            "parts": NO_FILES,
            "files": NO_FILES,
        },
        "replace": {"new_serial": st.sampled_from(["SN-R-1", "SN-R-2"]), "text": TEXT, "files": NO_FILES},
        "wait_parts": {
            "part": TEXT,
            "waiting_for": st.sampled_from(["repairer", "producer"]),
            "expected": NONE,
        },
        "hand_over": {"signer": TEXT, "signature": st.just("[[1,2],[3,4]]"), "text": TEXT, "files": NO_FILES},
        "collect": {"signer": TEXT, "signature": EMPTY},
    }


def _money() -> Fields:
    """Amounts too large for what is due are refused by the room."""
    paid = {"amount": st.sampled_from([Decimal("0.05"), Decimal("20.00"), Decimal("120.00")])}
    return {
        "record_payment": {**paid, "way": st.sampled_from(["cash", "wallet"]), "text": TEXT},
        "refund": {**paid, "way": st.just("transfer"), "reason": TEXT},
        "contest": {"about": st.sampled_from(["entitlement", "bill"]), "text": TEXT},
        "reduce_bill": {**paid, "text": TEXT},
    }


def _clock() -> Fields:
    return {
        "lend": {
            "outcome": st.sampled_from(["lent", "declined"]),
            "product": st.sampled_from(["", "备用机 X1"]),
            "serial": EMPTY,
            "until": NONE,
            "text": TEXT,
        },
        "return_loaner": {"condition": st.sampled_from(["good", "worn"]), "text": TEXT},
        "settle_limit": {
            "choice": st.sampled_from(["exchange", "refund", "continue"]),
            "name": EMPTY,
            "text": TEXT,
            "terms_sha256": EMPTY,
        },
    }


def _after(cast: Cast) -> Fields:
    engineers = st.sampled_from([cast.staff["engineer"].pk, cast.staff["engineer2"].pk])
    return {
        "substitute": {"engineer": engineers, "reason": TEXT},
        "follow_up": {"works": st.just(True), "satisfaction": SCORE, "questions": TEXT},
        "final_follow_up": {"works": st.just(True), "satisfaction": SCORE, "text": TEXT},
        "reopen": {"reason": TEXT, "owner": NONE},
        "rate": {
            "attitude": SCORE,
            "speed": SCORE,
            "quality": SCORE,
            "overall": SCORE,
            "nps": NONE,
            "text": TEXT,
        },
    }
