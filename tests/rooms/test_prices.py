"""C3.2: price lists in versions; quotes made from them, approved inside, answered once."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from pydantic import ValidationError

from baoxiu.cases import steps
from baoxiu.cases.models import Case, JournalEntry
from baoxiu.charges import operations, queries, records
from baoxiu.charges.models import Consent, PriceList, Quote, QuoteEnd
from baoxiu.people.rules import Denied, Invalid
from baoxiu.sop import payloads
from tests.conftest import NOW, build_cast
from tests.rooms.walking import ON_SITE, SIGNATURE, begin, refused

pytestmark = pytest.mark.django_db
ROWS = [
    {"code": "L-REPL", "kind": "labour", "name": "更换零件", "name_en": "Replace a part", "price": "120", "remedy": "replace_part"},
    {"code": "L-HOUR", "kind": "labour", "name": "工时", "unit": "hour", "price": "90", "tax_rate": "6"},
    {"code": "T-XH", "kind": "travel", "name": "上门费", "unit": "visit", "price": "30", "zone": "徐汇区"},
    {"code": "P-PUMP", "kind": "part", "name": "排水泵", "unit": "piece", "price": "85.50"},
]  # fmt: skip


def prices(cast, now, currency="CNY", rows=ROWS, begins=None, **head) -> PriceList:
    by = cast.actor("manager")
    made = operations.draft(records.NewList(currency=currency), by=by, now=now)
    operations.save_head(made, records.HeadRecord(**head), by=by, now=now)
    operations.load_items(made, records.ItemList(items=rows), by=by, now=now)
    return operations.publish(made, records.Publication(in_force_from=begins), by=by, now=now)


def diagnosed(cast, now):
    return begin(cast, now, unit="old").steps(f"{ON_SITE} diagnose")


def item(code, **more):
    return {"item": code, **more}


# -- lists -------------------------------------------------------------------------------------


def test_a_published_list_never_changes_and_the_next_begins_as_its_copy(cast, now):
    first, by = prices(cast, now, minimum="50", approval_above="500"), cast.actor("manager")
    assert first.sha256 == first.fingerprint(first.items.all()) and len(first.sha256) == 64
    record = records.ItemRecord(code="X", name="x", price=1)
    for change in (
        lambda: operations.save_head(first, records.HeadRecord(), by=by, now=now),
        lambda: operations.save_item(first, None, record, by=by, now=now),
        lambda: operations.remove_item(first.items.get(code="T-XH"), by=by, now=now),
        lambda: operations.load_items(first, records.ItemList(items=[]), by=by, now=now),
        lambda: operations.publish(first, records.Publication(), by=by, now=now),
        lambda: operations.discard(first, by=by, now=now),
    ):
        with pytest.raises(Invalid):
            change()
    second = operations.draft(records.NewList(), by=by, now=now)
    assert (second.version, second.minimum, second.items.count()) == (2, D(50), 4)
    assert operations.draft(records.NewList(), by=by, now=now).pk == second.pk
    assert queries.changes(by, second) == []


def test_what_a_version_changes_and_what_it_would_have_meant(cast, now):
    prices(cast, now)
    walk, by = diagnosed(cast, now), cast.actor("manager")
    walk.step("quote", lines=[item("P-PUMP", quantity="2"), item("L-REPL"), item("T-XH", free=True)])
    draft = operations.draft(records.NewList(), by=by, now=now)
    pump = draft.items.get(code="P-PUMP")
    record = records.ItemRecord(**{**ROWS[3], "price": "90.50"})
    operations.save_item(draft, pump, record, by=by, now=now)
    operations.remove_item(draft.items.get(code="L-REPL"), by=by, now=now)
    found = {c.code: (c.kind, c.percent) for c in queries.changes(by, queries.price_list(by, draft.pk))}
    assert found == {"P-PUMP": ("changed", D("5.85")), "L-REPL": ("removed", None)}
    impact = queries.impact(by, queries.price_list(by, draft.pk), walk.now)
    assert (impact.quotes, impact.before, impact.after, impact.missing) == (1, D(291), D(301), 1)


def test_a_list_holds_from_its_moment(cast, now):
    prices(cast, now)
    later = now + dt.timedelta(days=30)
    by = cast.actor("agent")
    prices(cast, now, begins=later, rows=[{**ROWS[0], "price": "200"}])
    assert queries.in_force(by, "CNY", now).version == 1
    assert queries.in_force(by, "CNY", later).version == 2
    assert queries.in_force(by, "CNY", now - dt.timedelta(seconds=1)) is None
    assert queries.in_force(by, "EUR", now) is None


@pytest.mark.parametrize("who", ["agent", "dispatcher", "engineer", "station_head", "stock_keeper", "account_manager", "administrator"])  # fmt: skip
def test_only_the_manager_changes_prices(cast, now, who):
    by = cast.actor(who)
    with pytest.raises(Denied):
        operations.draft(records.NewList(), by=by, now=now)
    draft = operations.draft(records.NewList(), by=cast.actor("manager"), now=now)
    for change in (
        lambda: operations.save_head(draft, records.HeadRecord(), by=by, now=now),
        lambda: operations.load_items(draft, records.ItemList(items=[]), by=by, now=now),
        lambda: operations.publish(draft, records.Publication(), by=by, now=now),
        lambda: operations.discard(draft, by=by, now=now),
    ):
        with pytest.raises(Denied):
            change()


def test_what_cannot_be_published(cast, now):
    by = cast.actor("manager")
    draft = operations.draft(records.NewList(currency="JPY"), by=by, now=now)
    with pytest.raises(Invalid, match="without rows"):
        operations.publish(draft, records.Publication(), by=by, now=now)
    with pytest.raises(Invalid, match="small coins"):
        operations.load_items(draft, records.ItemList(items=[ROWS[3]]), by=by, now=now)
    operations.load_items(draft, records.ItemList(items=[ROWS[0]]), by=by, now=now)
    for wrong in (now - dt.timedelta(days=1), now + dt.timedelta(days=400)):
        with pytest.raises(Invalid):
            operations.publish(draft, records.Publication(in_force_from=wrong), by=by, now=now)
    with pytest.raises(Invalid, match="another row"):
        operations.save_item(draft, None, records.ItemRecord(**ROWS[0]), by=by, now=now)
    with pytest.raises(ValidationError, match="every code"):
        records.ItemList(items=[ROWS[0], ROWS[0]])


def test_two_drafts_of_one_currency_cannot_be(cast, now):
    operations.draft(records.NewList(), by=cast.actor("manager"), now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceList.objects.create(currency="CNY", version=9, made_by="x", created_at=now)


@pytest.mark.parametrize("field", ["price", "tax_rate"])
@pytest.mark.parametrize("junk", ["-1", "NaN", "1e9", "1.005", "Infinity", True, [], 2**63])
def test_prices_are_money(field, junk):
    """Attack case B05."""
    if junk is True and field == "tax_rate":
        junk = "101"
    with pytest.raises(ValidationError):
        records.ItemRecord(**{**ROWS[0], field: [] if junk is True else junk})


# -- quotes from the list ----------------------------------------------------------------------


def test_lines_take_words_price_and_tax_from_the_list(cast, now):
    made = prices(cast, now, tax_rate="13")
    walk = diagnosed(cast, now)
    walk.step(
        "quote", lines=[
            item("P-PUMP", quantity="2", reason="wear"), item("L-HOUR", quantity="1.5", kind="part"),
            {"text": "座套清洗", "price": "20", "kind": "other"}, item("T-XH", free=True, reason="goodwill"),
        ],
    )  # fmt: skip
    quote = Quote.objects.get(case=walk.case)
    pump, hour, cover, travel = quote.lines.all()
    assert (pump.text, pump.price, pump.total, pump.tax_rate, pump.reason) == (
        "排水泵",
        D("85.50"),
        D(171),
        D(13),
        "wear",
    )
    assert (hour.kind, hour.total, hour.tax_rate, hour.tax) == ("labour", D(135), D(6), D("7.64"))
    assert (cover.tax_rate, cover.reason) == (D(13), "not_covered")
    assert (travel.is_free, travel.total, travel.tax, travel.full) == (True, 0, 0, D(30))
    assert quote.total == D(326) == quote.net + quote.tax and quote.price_list == made
    assert quote.fingerprint(quote.lines.all()) == quote.text_sha256


def test_the_price_of_an_item_cannot_be_sent_and_must_be_known(cast, now):
    for wrong in (
        {"item": "P-PUMP", "price": "1"},
        {"text": "x"},
        {"price": "1"},
        item("P", free=True, reason="wear"),
    ):
        with pytest.raises(ValidationError):
            payloads.Quote(lines=[wrong])
    walk = diagnosed(cast, now)
    assert refused(walk, "quote", lines=[item("P-PUMP")]).field == "lines"
    prices(cast, now)
    assert refused(walk, "quote", lines=[item("P-NONE")]).field == "lines"
    assert refused(walk, "quote", lines=[item("P-PUMP")], currency="EUR").field == "lines"


def test_a_quote_begins_with_the_labour_and_the_way(cast, now):
    made = prices(cast, now)
    place = {"province": "上海市", "city": "上海市", "district": "徐汇区", "street": "天钥桥路10号"}
    walk = begin(cast, now, unit="old", address=place).steps(f"{ON_SITE} diagnose")
    found = queries.proposal(cast.actor("engineer"), walk.case, made)
    assert [i.code for i in found] == ["L-REPL", "T-XH"]
    assert queries.proposal(cast.actor("engineer2"), walk.case, made) == []


def test_the_minimum_charge_is_filled_up_for_each_option(cast, now):
    prices(cast, now, minimum="100")
    walk = diagnosed(cast, now)
    walk.step(
        "quote", lines=[item("T-XH", option="A"), item("P-PUMP", option="B"), item("L-REPL", free=True)]
    )
    quote = Quote.objects.get(case=walk.case)
    assert {o: s.total for o, s in quote.sums().items()} == {"A": D(100), "B": D(100)}
    assert [(n.option, n.total) for n in quote.lines.filter(reason="minimum")] == [
        ("A", D(70)),
        ("B", D("14.50")),
    ]


def test_of_alternatives_one_is_chosen(cast, now):
    walk = diagnosed(cast, now)
    lines = [
        {"text": "工时", "price": "50"},
        {"text": "原厂泵", "price": "200", "option": "A"},
        {"text": "翻新泵", "price": "90", "option": "B"},
    ]
    walk.step("quote", lines=lines)
    assert refused(walk, "accept_quote").field == "option"
    assert refused(walk, "accept_quote", option="C").field == "option"
    walk.step("accept_quote", by=walk.link("quote"), option="B", signature=SIGNATURE)
    consent = Consent.objects.get(quote__case=walk.case)
    assert (consent.option, consent.agreed, consent.quote.total) == ("B", D(140), D(250))
    assert walk.body("accept_quote")["total"] == "140.00"


def test_a_line_is_priced_in_coins_of_the_currency(cast, now):
    walk = diagnosed(cast, now)
    half = {"text": "泵", "price": "1.50"}
    assert refused(walk, "quote", currency="JPY", lines=[half]).field == "lines"
    walk.step("quote", currency="JPY", lines=[{**half, "price": "150", "quantity": "0.50"}])
    assert Quote.objects.get(case=walk.case).total == D(75)


def test_where_there_is_one_way_no_option_is_taken(cast, now):
    walk = diagnosed(cast, now).steps("quote")
    assert refused(walk, "accept_quote", option="A").field == "option"


def test_the_exact_words_and_the_drawing_are_hashed(cast, now):
    walk = diagnosed(cast, now).steps("quote")
    walk.step("accept_quote", by=walk.link("quote"), signature=SIGNATURE)
    consent = Consent.objects.select_related("quote__case").get(quote__case=walk.case)
    entry = JournalEntry.objects.get(case=walk.case, no=consent.entry_no)
    drawing = entry.content.words["signature"]
    assert consent.is_signed and drawing == SIGNATURE
    assert consent.fingerprint(drawing) == consent.sha256 == entry.body["data"]["consent_sha256"]
    said = consent.quote.words(consent.agreed, "accepted")
    assert "CN¥120.00" in said.en and "费用为¥120.00" in said.zh and walk.case.number in said.zh
    assert consent.fingerprint(SIGNATURE.replace("5", "6")) != consent.sha256
    consent.name = "孙某"
    assert consent.fingerprint(drawing) != consent.sha256


# -- approval ----------------------------------------------------------------------------------


def test_above_the_limit_it_is_approved_first_by_somebody_else(cast, now):
    prices(cast, now, approval_above="200")
    walk = diagnosed(cast, now)
    dear = [item("P-PUMP", quantity="3")]
    assert refused(walk, "quote", lines=dear).code == "needs_approval"
    walk.step("submit_quote", lines=dear)
    assert walk.stage == "quote_approval" and walk.owed == {"quote_approval"}
    assert not walk.case.outgoing.filter(event__in=("quote", "submit_quote")).exists()
    assert queries.of_case(walk.link("quote"), walk.case) == []
    assert [q.status for q in queries.of_case(cast.actor("manager"), walk.case)] == ["draft"]
    assert refused(walk, "accept_quote", by=walk.link("quote")).code == "wrong_stage"
    for who in ("agent", "engineer", "station_head", "dispatcher"):
        assert refused(walk, "approve_quote", by=who, version=1).code == "wrong_party"
    walk.step("approve_quote", by="manager", version=1)
    quote = Quote.objects.get(case=walk.case)
    assert (quote.status, quote.approved_by, quote.sent_at) == ("sent", "陈主管", walk.now)
    assert quote.text_sha256 == quote.fingerprint(quote.lines.all())
    assert walk.case.outgoing.get(event="quote").context["total"] == "256.50"
    walk.step("accept_quote", by=walk.link("quote"))
    assert walk.is_sound()


def test_nobody_approves_their_own(cast, now):
    prices(cast, now, approval_above="1")
    walk = diagnosed(cast, now)
    cast.staff["agent"].roles = "agent manager"
    cast.staff["agent"].save()
    walk.step("submit_quote", by="agent")
    assert refused(walk, "approve_quote", by="agent", version=1).code == "four_eyes"
    assert refused(walk, "approve_quote", by="manager", version=2).field == "version"


def test_a_quote_sent_back_is_made_again(cast, now):
    prices(cast, now, approval_above="1")
    walk = diagnosed(cast, now).steps("submit_quote")
    walk.step("return_quote", by="manager", reason="价格过高")
    assert walk.stage == "repair" and Quote.objects.get(case=walk.case).status == "rejected"
    walk.steps("submit_quote")
    assert refused(walk, "return_quote", by="engineer2", reason="x").code == "wrong_party"
    walk.step("return_quote", by="engineer", reason="自己撤回")


# -- one end -----------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["quote", "submit_quote"])
@pytest.mark.parametrize("by_link", [True, False])
def test_no_quote_of_a_withdrawn_case_goes_on_waiting(cast, now, first, by_link):
    walk = diagnosed(cast, now).steps(first)
    walk.step("withdraw", by=walk.link("track") if by_link else None)
    quote = Quote.objects.get(case=walk.case)
    assert (walk.stage, quote.status, quote.end.outcome) == ("withdrawn", "withdrawn", "withdrawn")
    assert walk.is_sound()


def test_nor_of_one_whose_product_goes_back(cast, now):
    walk = begin(cast, now, unit="old").steps("triage")
    walk.step("confirm", venue="depot")
    walk.steps("assign_station ship_in receive take_on diagnose quote withdraw_return")
    assert Quote.objects.get(case=walk.case).status == "withdrawn"


def test_a_quote_past_its_day_is_shown_as_expired(cast, now):
    walk = diagnosed(cast, now)
    walk.step("quote", valid_days=1)
    quote = Quote.objects.get(case=walk.case)
    assert quote.status_at(walk.now) == "sent"
    assert quote.status_at(walk.now + dt.timedelta(days=1)) == "expired"


def parallel(acts):
    """Runs every act at once, each with a connection of its own; the names of those that did it, and the refusals."""
    done, refusals, start = [], [], threading.Barrier(len(acts))

    def run(name, act):
        start.wait()
        try:
            act()
            done.append(name)
        except (steps.StepRefused, steps.Conflict, IntegrityError, OperationalError) as no:
            refusals.append(repr(no))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done, refusals


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_fifty_answers_and_withdrawals_at_once_exactly_one_counts():
    """Attack case H01: accept, decline, take back and withdraw the case, all in the same moment."""
    cast = build_cast()
    stages = {
        "accept_quote": "repair",
        "decline_quote": "handover",
        "revise_quote": "repair",
        "withdraw": "withdrawn",
    }
    ends = {
        "accept_quote": "accepted",
        "decline_quote": "declined",
        "revise_quote": "withdrawn",
        "withdraw": "withdrawn",
    }
    walk = begin(cast, NOW, unit="old").steps(f"{ON_SITE} diagnose quote")
    names = [list(stages)[i % 4] for i in range(50)]
    sent = {
        "accept_quote": payloads.AcceptQuote(version=1, name="王女士"), "decline_quote": payloads.DeclineQuote(version=1),
        "revise_quote": payloads.ReviseQuote(reason="改价"), "withdraw": payloads.Withdraw(reason="solved"),
    }  # fmt: skip
    by = {"accept_quote": walk.link("quote"), "decline_quote": walk.link("quote"), "revise_quote": cast.actor("engineer"), "withdraw": walk.link("track")}  # fmt: skip
    at = walk.now + dt.timedelta(minutes=1)
    done, refusals = parallel(
        [(n, lambda n=n: steps.take_step(walk.case, n, sent[n], by=by[n], now=at)) for n in names]
    )
    # whoever withdraws the case after the quote ended changes the case, not the quote
    quote = Quote.objects.get(case=walk.case)
    endings = [n for n in done if ends[n] == quote.end.outcome]
    assert QuoteEnd.objects.count() == 1 and endings and len(done) + len(refusals) == 50
    assert Consent.objects.count() == sum(n in ("accept_quote", "decline_quote") for n in done) <= 1
    assert Case.objects.get(pk=walk.case.pk).stage in {stages[n] for n in done}
    assert quote.status == quote.end.outcome and walk.is_sound()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_database_alone_keeps_a_quote_to_one_end():
    """Past the gate and its locks: fifty rows at once, and the constraint lets one stand."""
    cast = build_cast()
    walk = begin(cast, NOW, unit="old").steps(f"{ON_SITE} diagnose quote")
    quote = Quote.objects.get(case=walk.case)
    outcomes = ("accepted", "declined", "withdrawn")
    done, refusals = parallel([
        (o, lambda o=o: QuoteEnd.objects.create(quote=quote, outcome=o, entry_no=9, at=NOW))
        for o in (outcomes[i % 3] for i in range(50))
    ])  # fmt: skip
    assert len(done) == 1 == QuoteEnd.objects.count() and len(refusals) == 49
