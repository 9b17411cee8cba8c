"""Attack cases H01, H02: fifty at once – exactly one outcome of a quote, and no part is handed out twice."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from baoxiu.cases import links
from baoxiu.cases.models import Case
from baoxiu.charges.models import Consent, Quote, QuoteEnd
from baoxiu.parts import operations as parts
from baoxiu.parts.models import Holding
from baoxiu.people.models import Staff
from tests.conftest import build_cast
from tests.faces.machine import Machine
from tests.rooms.test_prices import parallel
from tests.rooms.walking import ON_SITE, begin

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROUNDS = 5


def test_h01_of_fifty_answers_over_http_one_counts_and_the_others_are_told():
    cast = build_cast()
    now = timezone.now()
    for turn, refuses in enumerate((False, True)):  # fifty accepts; twenty-five accepts with as many refusals
        walk = begin(cast, now - dt.timedelta(hours=6), unit="old").steps(f"{ON_SITE} diagnose quote")
        token, codes = links.token_of(links.issue(walk.case, "quote", now=now)), []

        def answer(
            no: bool, number: str = walk.case.number, token: str = token, codes: list[int] = codes
        ) -> None:
            noun = "quote-refusal" if no else "consent"
            sent = Machine(token).post(f"/cases/{number}/{noun}", {"version": 1, "name": "王女士"})
            codes.append(sent.status_code)

        parallel([(i, lambda no=refuses and i % 2 == 1: answer(no)) for i in range(50)])
        quote = Quote.objects.get(case=walk.case)
        assert len(codes) == 50 and sum(code < 300 for code in codes) == 1, codes
        assert all(code in (200, 201, 401, 404, 409, 422, 503) for code in codes)
        assert (
            QuoteEnd.objects.filter(quote=quote).count() == Consent.objects.filter(quote=quote).count() == 1
        )
        stage = {"accepted": "repair", "declined": "handover"}[quote.end.outcome]
        assert Case.objects.get(pk=walk.case.pk).stage == stage and walk.is_sound()
        assert turn < 2


def stock():
    return Holding.objects.filter(number="P").aggregate(n=Sum("quantity"))["n"] or 0


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_h02_the_last_part_is_fetched_once_and_pieces_only_move(turn):
    cast = build_cast()
    Holding.objects.create(station=cast.station, number="P", quantity=1, changed_at=timezone.now())
    vans = [Staff.objects.get(pk=cast.staff["engineer"].pk)]
    vans += [
        Staff.objects.create_staff(f"e{i}@h02.example", f"工{i}", ["engineer"], station=cast.station)
        for i in range(9)
    ]
    taken: list[object] = []
    parallel(
        [
            (i, lambda i=i: taken.extend(parts.fetch(vans[i % 10], [("P", 1)], now=timezone.now())))
            for i in range(50)
        ]
    )
    assert taken == [("P", 1)] and stock() == 1
    assert Holding.objects.get(number="P", station=cast.station).quantity == 0
    assert Holding.objects.filter(number="P", staff__isnull=False, quantity=1).count() == 1


def test_h02_fetching_and_using_at_once_never_go_below_nothing():
    cast = build_cast()
    Holding.objects.create(station=cast.station, number="P", quantity=10, changed_at=timezone.now())
    van, now = cast.staff["engineer"], timezone.now()
    acts = [("fetch", lambda: parts.fetch(van, [("P", 1)], now=now)), ("use", lambda: parts.use([("P", 1)], staff=van.pk, station=cast.station.pk, now=now))]  # fmt: skip
    done, refusals = parallel([acts[i % 2] for i in range(50)])
    left = stock()
    assert left == max(10 - done.count("use"), 0), (left, done.count("use"), refusals[:1])
    assert all(h.quantity >= 0 for h in Holding.objects.all()) and connection.vendor
