"""C4.5, C3.2: exact money, numbered versions, and one answer to exactly one quote."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from pydantic import ValidationError

from baoxiu.cases import steps
from baoxiu.cases.models import Case
from baoxiu.charges import queries
from baoxiu.charges.models import Consent, Quote
from baoxiu.people.actors import Actor
from baoxiu.sop import payloads
from tests.conftest import NOW, build_cast
from tests.rooms.walking import ON_SITE, begin, refused

pytestmark = pytest.mark.django_db


def diagnosed(cast, now):
    return begin(cast, now, unit="old").steps(f"{ON_SITE} diagnose")


def line(price, quantity="1", free=False, text="排水泵", kind="part"):
    return {"text": text, "kind": kind, "price": price, "quantity": quantity, "free": free}


def test_each_line_is_rounded_half_up_and_free_lines_cost_nothing(cast, now):
    walk = diagnosed(cast, now)
    walk.step("quote", lines=[line("0.05", "1.5"), line("33.35", "0.50"), line("99.99", free=True)])
    quote = Quote.objects.get(case=walk.case)
    assert [item.total for item in quote.lines.all()] == [Decimal("0.08"), Decimal("16.68"), Decimal(0)]
    assert quote.total == Decimal("16.76") and quote.currency == "CNY"


def test_yen_have_no_cents(cast, now):
    walk = diagnosed(cast, now)
    with pytest.raises(steps.StepRefused, match="Line 1: JPY"):
        walk.step("quote", currency="JPY", lines=[line("1000.50")])
    walk.step("quote", currency="JPY", lines=[line("333", quantity="1.5")])
    assert Quote.objects.get(case=walk.case).total == Decimal("500")


def test_the_largest_quote_fits(cast, now):
    walk = diagnosed(cast, now)
    walk.step("quote", lines=[line("10000000", "10000")] * 100)
    assert Quote.objects.get(case=walk.case).total == Decimal("10000000000000")


def test_currencies_of_one_case_are_never_mixed(cast, now):
    walk = diagnosed(cast, now).steps("quote revise_quote")
    assert refused(walk, "quote", currency="EUR").field == "currency"


def test_the_customer_is_told_total_and_validity(cast, now):
    walk = diagnosed(cast, now)
    taken = walk.step("quote", valid_days=3)
    assert taken.extra == {"version": 1, "total": "120.00", "currency": "CNY"}
    row = walk.case.outgoing.get(event="quote")
    assert row.context["total"] == "120.00" and row.context["version"] == 1


def test_what_is_free_is_not_quoted(cast, now):
    assert refused(begin(cast, now).steps(f"{ON_SITE} diagnose"), "quote").code == "missing_fact"


def test_another_engineer_neither_quotes_nor_takes_back(cast, now):
    walk = diagnosed(cast, now)
    assert refused(walk, "quote", by="engineer2").code == "wrong_party"
    walk.step("quote", by="agent")
    assert refused(walk, "revise_quote", by="engineer2").code == "wrong_party"


def test_an_agent_records_who_agreed_how_and_when(cast, now):
    walk = diagnosed(cast, now).steps("quote")
    walk.step("accept_quote", name="王女士的先生", way="phone")
    consent = Consent.objects.get(quote__case=walk.case)
    assert (consent.outcome, consent.name, consent.way, consent.at) == (
        "accepted",
        "王女士的先生",
        "phone",
        walk.now,
    )
    assert consent.recorded_by == f"staff:{cast.staff['agent'].pk}"
    assert consent.text_sha256 == consent.quote.text_sha256 and consent.quote.status == "accepted"
    assert "name" not in walk.body("accept_quote") and walk.body("accept_quote")["total"] == "120.00"
    assert walk.is_sound()


def test_by_link_the_way_is_the_link_whatever_is_sent(cast, now):
    walk = diagnosed(cast, now).steps("quote")
    walk.step("accept_quote", by=walk.link("quote"), way="on_site")
    consent = Consent.objects.get(quote__case=walk.case)
    assert (consent.way, consent.recorded_by) == ("link", f"link:{walk.case.pk}")
    assert walk.body("accept_quote")["way"] == "link"


def test_an_agent_cannot_claim_the_link(cast, now):
    walk = diagnosed(cast, now).steps("quote")
    for way in ("link", "api"):
        assert refused(walk, "accept_quote", way=way).field == "way"


def test_a_company_answers_over_its_key(cast, now):
    walk = diagnosed(cast, now).steps("quote")
    key = Actor("integration", "ERP", frozenset({"integration"}), customer_id=cast.wang.pk, key_id=7)
    walk.step("decline_quote", by=key)
    assert Consent.objects.get(quote__case=walk.case).way == "api" and walk.stage == "handover"


def test_a_link_for_tracking_answers_no_quote(cast, now):
    walk = diagnosed(cast, now).steps("quote")
    for purpose in ("track", "rate"):
        assert refused(walk, "accept_quote", by=walk.link(purpose)).code == "wrong_party"


def test_an_old_version_cannot_be_accepted(cast, now):
    walk = diagnosed(cast, now).steps("quote revise_quote quote")
    for version in (1, 3):
        no = refused(walk, "accept_quote", by=walk.link("quote"), version=version)
        assert (no.code, no.field) == ("stale_quote", "version")
    walk.step("accept_quote", version=2)


def test_an_expired_quote_is_not_accepted_but_may_be_declined(cast, now):
    walk = diagnosed(cast, now)
    walk.step("quote", valid_days=1)
    walk.wait(days=1)
    assert refused(walk, "accept_quote").code == "expired_quote"
    assert walk.step("decline_quote").stage == "handover"


def test_a_quote_is_valid_to_its_last_moment(cast, now):
    walk = diagnosed(cast, now)
    walk.step("quote", valid_days=1)
    walk.wait(hours=23, minutes=40).step("accept_quote")


def test_after_a_new_diagnosis_consent_is_needed_again(cast, now):
    walk = diagnosed(cast, now).steps("quote accept_quote diagnose")
    refused(walk, "start_work")
    walk.step("quote")
    walk.step("accept_quote", version=2)
    walk.step("start_work")


def test_the_same_words_have_the_same_fingerprint_and_a_cent_changes_it(cast, now):
    hashes = []
    for price in ("120.00", "120.01"):
        walk = diagnosed(cast, now)
        walk.step("quote", lines=[line(price)])
        hashes.append(Quote.objects.get(case=walk.case).text_sha256)
    assert len(set(hashes)) == 2 and all(len(h) == 64 for h in hashes)


def test_the_fingerprint_is_made_again_from_what_is_stored(cast, now):
    walk = diagnosed(cast, now)
    walk.step("quote", lines=[line("0.5", "1.5"), line("33.35", free=True)], text="含上门费")
    stored = Quote.objects.get(case=walk.case)
    assert stored.fingerprint(stored.lines.all()) == stored.text_sha256 == walk.body("quote")["text_sha256"]
    stored.lines.update(text="别的零件")
    assert stored.fingerprint(stored.lines.all()) != stored.text_sha256


def test_the_database_holds_one_answer_per_quote_and_one_waiting_quote_per_case(cast, now):
    walk = diagnosed(cast, now).steps("quote")
    quote = Quote.objects.get(case=walk.case)
    answer = {
        "quote": quote,
        "name": "x",
        "way": "phone",
        "recorded_by": "staff:1",
        "text_sha256": "",
        "at": now,
    }
    Consent.objects.create(outcome="accepted", **answer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(outcome="declined", **answer)
    quote.pk, quote.version = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        quote.save(force_insert=True)


@pytest.mark.parametrize("price", ["-1", "NaN", "Infinity", "1.005", "10000001", "abc"])
def test_prices_are_money(price):
    with pytest.raises(ValidationError):
        payloads.Quote(lines=[line(price)])


def test_the_computed_cannot_be_sent_in():
    with pytest.raises(ValidationError):
        payloads.Quote(lines=[{**line("1"), "total": "0"}])
    with pytest.raises(ValidationError):
        payloads.Quote(lines=[line("1")], total="0")


def test_quotes_are_read_newest_first_with_their_answers(cast, now, django_assert_max_num_queries):
    walk = diagnosed(cast, now).steps("quote revise_quote quote")
    walk.step("decline_quote", version=2)
    with django_assert_max_num_queries(2):
        newest, oldest = queries.of_case(walk.link("quote"), walk.case)
        assert (newest.version, newest.consent.outcome, newest.lines.all()[0].text) == (
            2,
            "declined",
            "排水泵",
        )
        assert (oldest.status, hasattr(oldest, "consent")) == ("withdrawn", False)
    assert queries.of_case(cast.actor("engineer2"), walk.case) == []
    assert queries.current(cast.actor("agent"), walk.case) == newest


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_fifty_answers_at_once_exactly_one_counts():
    cast = build_cast()
    for _ in range(3):
        walk = begin(cast, NOW, unit="old").steps(f"{ON_SITE} diagnose quote")
        taken, refusals = _answer_at_once(walk, 50)
        assert len(taken) == 1, (len(taken), refusals)
        consent = Consent.objects.get(quote__case=walk.case)
        assert {"accepted": "repair", "declined": "handover"}[consent.outcome] == Case.objects.get(
            pk=walk.case.pk
        ).stage
        assert walk.is_sound() and len(refusals) == 49


def _answer_at_once(walk, many):
    taken, refusals, start = [], [], threading.Barrier(many)

    def answer(i):
        name, payload = (
            ("accept_quote", payloads.AcceptQuote(version=1, name="王女士")) if i % 2
            else ("decline_quote", payloads.DeclineQuote(version=1, name="王女士"))
        )  # fmt: skip
        start.wait()
        try:
            taken.append(
                steps.take_step(
                    walk.case, name, payload, by=walk.link("quote"), now=walk.now + dt.timedelta(minutes=1)
                )
            )
        except (steps.StepRefused, steps.Conflict) as no:
            refusals.append(repr(no))
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(i,)) for i in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, refusals
