"""Attack cases H01, H02: fifty at once – exactly one outcome of a quote, and no part is handed out twice."""

from __future__ import annotations

import datetime as dt
import os
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from baoxiu.cases import links, steps
from baoxiu.cases.models import Case
from baoxiu.charges.models import Consent, Quote, QuoteEnd
from baoxiu.dispatch import operations as dispatch
from baoxiu.parts import operations as parts
from baoxiu.parts.models import Holding, Move, Reservation
from baoxiu.parts.queries import unbalanced
from baoxiu.parts.records import HoldingRecord, ReservationRecord, StockRecord
from baoxiu.people.models import Staff
from baoxiu.people.rules import Invalid
from baoxiu.sop import payloads
from tests.conftest import NOW, build_cast
from tests.faces.machine import Machine, machine, request_of
from tests.rooms.test_prices import parallel
from tests.rooms.walking import ON_SITE, begin

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROUNDS = int(os.environ.get("ATTACK_ROUNDS", "20"))  # the cases ask for 200: ATTACK_ROUNDS=200


def crowd(size, act, rounds=ROUNDS):
    """`size` threads, each with one connection, do round after round of `act(thread, round)` all at the same moment.

    Gives by round who did it and why the others did not.
    """
    done, refusals, start = [[] for _ in range(rounds)], [[] for _ in range(rounds)], threading.Barrier(size)

    def run(i):
        try:
            for turn in range(rounds):
                start.wait(120)
                try:
                    act(i, turn)
                    done[turn].append(i)
                except (Invalid, steps.StepRefused, steps.Conflict) as no:
                    refusals[turn].append(no)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done, refusals


@pytest.mark.parametrize("rivals", ["accept", "decline", "withdraw", "expiry"])
def test_h01_of_fifty_answers_over_http_one_counts_and_the_others_are_told(rivals):
    """Round after round: fifty accepts; with refusals between them; while the agent takes it back; while it expires."""
    cast = build_cast()
    key = machine(cast, "agent").token
    for turn in range(max(ROUNDS // 10, 2)):
        now, valid = timezone.now(), 0.6 + turn / 5
        began = now - (dt.timedelta(days=30) if rivals == "expiry" else dt.timedelta(hours=6))
        walk = begin(cast, began, unit="old").steps(f"{ON_SITE} diagnose quote")
        quote = Quote.objects.get(case=walk.case)
        if rivals == "expiry":  # it ends in the midst of the answers
            Quote.objects.filter(pk=quote.pk).update(valid_until=timezone.now() + dt.timedelta(seconds=valid))
        token, told = links.token_of(links.issue(walk.case, "quote", now=now)), {}

        def answer(i, case=f"/cases/{walk.case.number}", token=token, told=told):
            is_rival = i % 2 == 1
            if is_rival and rivals == "withdraw":
                sent = Machine(key).post(f"{case}/quote-withdrawal", {"reason": "改价"})
            else:
                noun = "quote-refusal" if is_rival and rivals == "decline" else "consent"
                sent = Machine(token).post(f"{case}/{noun}", {"version": 1, "name": "王女士"})
            told[i] = (sent.status_code, sent.content)

        parallel([(i, lambda i=i: answer(i)) for i in range(50)])
        won = [i for i, (code, _) in told.items() if code < 300]
        assert len(told) == 50 and all(
            code in (200, 201, 401, 404, 409, 422, 503) for code, _ in told.values()
        )
        assert all(words for code, words in told.values() if code >= 300), "the losers see it"
        assert QuoteEnd.objects.filter(quote=quote).count() == len(won)
        quote.refresh_from_db()
        assert len(won) == 1 or (rivals == "expiry" and not won)
        outcome = quote.end.outcome if won else ""
        assert Consent.objects.filter(quote=quote).count() == (outcome in ("accepted", "declined"))
        stage = {"accepted": "repair", "declined": "handover", "withdrawn": "repair", "": "consent"}[outcome]
        assert Case.objects.get(pk=walk.case.pk).stage == stage and walk.is_sound()


# -- H01: one quote, many answers ----------------------------------------------------------------

ANSWERS = {
    "accept": ("accept_quote", payloads.AcceptQuote(version=1, name="王女士")),
    "decline": ("decline_quote", payloads.DeclineQuote(version=1)),
    "withdraw": ("revise_quote", payloads.ReviseQuote(reason="改价")),
}


@pytest.mark.parametrize("rivals", ["accept", "decline", "withdraw", "expiry"])
def test_h01_of_fifty_answers_round_after_round_one_counts(rivals):
    """Fifty accepts; with declines between them; while the agent takes the quote back; while it expires."""
    cast = build_cast()
    rounds = max(ROUNDS // 4, 1)
    walks = [begin(cast, NOW, unit="old").steps(f"{ON_SITE} diagnose quote") for _ in range(rounds)]
    links_ = [walk.link("quote") for walk in walks]
    ends = [Quote.objects.get(case=walk.case).valid_until for walk in walks]
    agent = cast.actor("agent")

    def answer(i, turn):
        at = ends[turn] + dt.timedelta(seconds=i - 25) if rivals == "expiry" else walks[turn].now
        step, payload = ANSWERS[rivals if i % 2 and rivals in ANSWERS else "accept"]
        by = agent if step == "revise_quote" else links_[turn]
        steps.take_step(walks[turn].case, step, payload, by=by, now=at)

    done, refusals = crowd(50, answer, rounds)
    assert [len(d) for d in done] == [1] * rounds
    codes = {no.code for r in refusals for no in r if isinstance(no, steps.StepRefused)}
    assert codes <= {"wrong_stage", "stale_quote", "expired_quote"}  # the losers see why
    for walk, (winner,) in zip(walks, done, strict=True):
        quote = Quote.objects.get(case=walk.case)
        outcome = {"decline": "declined", "withdraw": "withdrawn"}.get(
            rivals if winner % 2 else "", "accepted"
        )
        assert (quote.end.outcome, quote.status) == (outcome, outcome)
        assert Consent.objects.filter(quote=quote).count() == (outcome != "withdrawn")
        assert rivals != "expiry" or winner < 25  # at its last moment it is too late
        walk.case.refresh_from_db()
        assert walk.case.stage == ("handover" if outcome == "declined" else "repair") and walk.is_sound()


# -- H02: the last part ------------------------------------------------------------------------


def stocked(cast, turn, pieces=1):
    record = HoldingRecord(number=f"P-{turn:03d}", name="排水泵", quantity=pieces)
    return parts.count(cast.station, record, by=cast.actor("stock_keeper"), now=NOW)


def test_h02_of_fifty_cases_one_gets_the_last_part():
    """In every round another part of which one piece is left, wanted by fifty cases at once."""
    cast = build_cast()
    cases = [Case.objects.get(number=request_of(cast.wang)) for _ in range(50)]
    lasts = [stocked(cast, turn).pk for turn in range(ROUNDS)]
    agent = cast.actor("agent")
    done, refusals = crowd(
        50, lambda i, turn: dispatch.reserve_part(cases[i], ReservationRecord(holding=lasts[turn]), by=agent, now=NOW)
    )  # fmt: skip
    assert [len(d) for d in done] == [1] * ROUNDS
    assert {str(no) for r in refusals for no in r if "only 0 ×" not in str(no)} == set()
    for turn, (winner,) in enumerate(done):
        kept = Reservation.objects.get(holding=lasts[turn], quantity__gt=0)
        assert (kept.reference, kept.quantity) == (cases[winner].number, 1)
    assert set(Holding.objects.values_list("quantity", "reserved")) == {(1, 1)} and unbalanced() == []


def test_h02_cancelled_reserved_carried_and_counted_at_once_it_still_adds_up():
    """One piece, kept for a case: let go, wanted by others, carried to a van, counted as two and as none – together."""
    cast = build_cast()
    cases = [Case.objects.get(number=request_of(cast.wang)) for _ in range(4)]
    agent, keeper, van = cast.actor("agent"), cast.actor("stock_keeper"), cast.staff["engineer"]
    lasts = [stocked(cast, turn) for turn in range(ROUNDS)]
    for last in lasts:
        parts.reserve(last, cases[0].number, 1, by=agent, now=NOW)

    def act(i, turn):
        last = lasts[turn]
        carried = StockRecord(kind="transfer", number=last.number, to_staff=van.pk)
        match i:
            case 0:
                dispatch.release_part(cases[0], last.pk, by=agent, now=NOW)
            case 1 | 2 | 3:
                dispatch.reserve_part(cases[i], ReservationRecord(holding=last.pk), by=agent, now=NOW)
            case 4 | 5:
                parts.move(cast.station, carried, by=keeper, now=NOW, key=f"carry {turn}")
            case 6:
                parts.count(cast.station, HoldingRecord(number=last.number, quantity=2), by=keeper, now=NOW)
            case 7:
                parts.count(cast.station, HoldingRecord(number=last.number, quantity=0), by=keeper, now=NOW)
            case _:
                parts.use([(last.number, 1)], staff=van.pk, station=cast.station.pk, by=agent, now=NOW)

    crowd(10, act)
    assert unbalanced() == []
    for last in lasts:
        here = list(Holding.objects.filter(number=last.number))
        moved = Move.objects.filter(holding__number=last.number)
        assert sum(h.quantity for h in here) == moved.aggregate(n=Sum("pieces"))["n"]
        assert all(0 <= h.reserved <= h.quantity for h in here)
        carried = moved.filter(posting__kind="transfer")
        assert carried.count() in (0, 2) and sum(m.pieces for m in carried) == 0  # said twice, done once


def test_h02_over_http_of_fifty_cases_one_gets_the_last_part_round_after_round():
    cast = build_cast()
    key, numbers = machine(cast, "agent").token, [request_of(cast.wang) for _ in range(50)]
    for turn in range(max(ROUNDS // 10, 2)):
        last, told = stocked(cast, turn).pk, {}

        def reserve(i, last=last, told=told):
            sent = Machine(key).post(f"/cases/{numbers[i]}/reservations", {"holding": last})
            told[i] = (sent.status_code, sent.content)

        parallel([(i, lambda i=i: reserve(i)) for i in range(50)])
        (winner,) = [i for i, (code, _) in told.items() if code == 201]
        assert len(told) == 50 and all(code in (201, 409, 422, 503) for code, _ in told.values()), told
        assert all(words for code, words in told.values() if code != 201), "the losers see it"
        kept = Reservation.objects.get(holding=last, quantity__gt=0)
        assert (kept.reference, kept.quantity) == (numbers[winner], 1) and unbalanced() == []


def test_h02_fifty_engineers_fetch_the_last_part_once():
    cast = build_cast()
    stocked(cast, 0)
    vans = [cast.staff["engineer"]]
    vans += [
        Staff.objects.create_staff(f"e{i}@h02.example", f"工{i}", ["engineer"], station=cast.station)
        for i in range(9)
    ]
    taken: list[object] = []
    parallel([
        (i, lambda i=i: taken.extend(parts.fetch(vans[i % 10], [("P-000", 1)], by=vans[i % 10].actor(), now=NOW)))
        for i in range(50)
    ])  # fmt: skip
    assert taken == [("P-000", 1)] and unbalanced() == []
    assert sorted(Holding.objects.filter(quantity__gt=0).values_list("quantity", "station")) == [(1, None)]


def test_h02_the_database_alone_hands_out_no_piece_twice():
    """Past the operations: nothing below nothing, nothing reserved that is not there."""
    last = stocked(build_cast(), 0)
    for wrong in ({"quantity": -1}, {"reserved": 2}, {"quantity": 0, "reserved": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Holding.objects.filter(pk=last.pk).update(**wrong)
