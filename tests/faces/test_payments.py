"""C4.5: money in and back, receipts, the gateway, and a report that mixes no currencies."""

from __future__ import annotations

import datetime as dt
import urllib.request
from decimal import Decimal as D

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pydantic import ValidationError

from baoxiu.charges import queries
from baoxiu.charges.models import Booking
from baoxiu.faces.common import receipts
from baoxiu.sop import payloads
from tests.conftest import NOW
from tests.faces import fake_gateway
from tests.faces.machine import machine, problem
from tests.faces.portal import browser, page_of
from tests.rooms.walking import ON_SITE, begin, refused

pytestmark = pytest.mark.django_db
NOTICE = "/pay/notice/"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def owing(cast):
    """王女士 owes 120.00."""
    return begin(cast, timezone.now() - dt.timedelta(hours=6), unit="old").steps(
        f"{ON_SITE} diagnose quote accept_quote"
    )


def balance(walk):
    return queries.balance(walk.cast.actor("agent"), walk.case)


# -- the book ----------------------------------------------------------------------------------


def test_what_is_paid_and_given_back_adds_up_to_the_coin(owing):
    assert owing.case.facts["money"] == "due" and balance(owing).due == D(120)
    owing.step("record_payment", amount="50.05", way="cash", by="engineer")
    assert owing.case.facts["money"] == "due" and balance(owing).due == D("69.95")
    assert refused(owing, "record_payment", amount="69.96").field == "amount"
    taken = owing.step("record_payment", amount="69.95", way="transfer", reference="T-88")
    assert owing.case.facts["money"] == "paid" and taken.extra["receipt"].startswith(owing.case.number)
    assert refused(owing, "record_payment", amount="0.01").field == "amount"
    assert refused(owing, "refund", amount="120.01").field == "amount"
    given = owing.step("refund", amount="20", reason="改为转账", still_due=True)
    assert (balance(owing).kept, balance(owing).due) == (D(100), D(20)) and owing.case.facts["money"] == "due"
    assert given.extra["receipt"] == Booking.objects.last().number
    assert [b.kind for b in Booking.objects.all()] == ["payment", "payment", "refund"] and owing.is_sound()


def test_what_is_given_back_is_not_asked_for_again(owing):
    owing.step("record_payment", amount="50")
    given = owing.step("refund", amount="30", reason="配件退回")
    assert (balance(owing).kept, balance(owing).waived, balance(owing).due) == (D(20), D(30), D(70))
    owing.step("record_payment", amount="70")
    owing.step("refund", amount="90", reason="整单免费")
    assert (balance(owing).kept, balance(owing).due, owing.case.facts["money"]) == (D(0), D(0), "paid")
    assert [b.kind for b in Booking.objects.all()] == "payment waiver refund payment waiver refund".split()
    assert given.extra["receipt"] == Booking.objects.all()[2].number and owing.is_sound()


def test_before_a_price_is_agreed_nothing_can_be_booked(cast, now):
    walk = begin(cast, now, unit="old").steps(f"{ON_SITE} diagnose quote")
    for step, who in (("record_payment", "agent"), ("refund", "manager")):
        assert refused(walk, step, by=who).code == "missing_fact"


def test_a_changed_scope_replaces_what_was_agreed_and_a_new_round_adds_to_it(owing):
    owing.steps("diagnose")
    owing.step("quote", lines=[{"text": "整机电机", "price": "300"}])
    owing.step("accept_quote", version=2)
    assert balance(owing).billed == D(300)
    owing.steps(
        "start_work work pass_test hand_over reopen triage confirm assign accept appoint check_in diagnose"
    )
    owing.step("quote", lines=[{"text": "再次上门", "price": "40"}])
    owing.step("accept_quote", version=3)
    assert balance(owing).billed == D(340) and owing.is_sound()


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "1e12", "0.001", "1e-9", True, [1], 2**63])
def test_amounts_are_money(amount):
    """Attack case B05."""
    for payload in (payloads.RecordPayment, payloads.Refund):
        if amount is True:
            amount = "Infinity"
        with pytest.raises(ValidationError):
            payload(amount=amount, reason="x")


def test_yen_are_paid_in_yen(cast, now):
    walk = begin(cast, now, unit="old").steps(f"{ON_SITE} diagnose")
    walk.step("quote", currency="JPY", lines=[{"text": "泵", "price": "1000"}])
    walk.step("accept_quote")
    assert refused(walk, "record_payment", amount="10.50").field == "amount"
    walk.step("record_payment", amount="1000")
    assert Booking.objects.get().currency == "JPY"


def test_nobody_but_the_gateway_says_online(owing):
    assert refused(owing, "record_payment", way="online").field == "way"


def test_the_database_books_nothing_but_money_and_a_gateway_reference_once(owing):
    row = {"case": owing.case, "kind": "payment", "currency": "CNY", "recorded_by": "x", "at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(**row, entry_no=1, number="a", amount=0)
    Booking.objects.create(**row, entry_no=1, number="a", amount=1, gateway_reference="G")
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(**row, entry_no=2, number="b", amount=1, gateway_reference="G")


# -- screens, API, receipt ---------------------------------------------------------------------


def test_the_desk_books_and_hands_out_the_receipt(cast, owing):
    at = reverse("desk:step", args=[owing.case.number, "payment"])
    form = cast.client("agent").get(at).text
    assert 'value="120.00"' in form and 'value="online"' not in form
    assert cast.client("agent").post(at, {"amount": "120.00", "way": "cash", "key": "k"}).status_code == 302
    page = cast.client("agent").get(reverse("desk:case", args=[owing.case.number])).text
    booking = Booking.objects.get()
    assert f"/cases/{owing.case.number}/receipts/{booking.pk}.pdf" in page
    pdf = cast.client("agent").get(f"/cases/{owing.case.number}/receipts/{booking.pk}.pdf")
    assert pdf.content.startswith(b"%PDF") and b"NotoSansSC" in pdf.content
    assert (
        cast.client("engineer2").get(f"/cases/{owing.case.number}/receipts/{booking.pk}.pdf").status_code
        == 404
    )


def test_the_receipt_says_whose_how_much_and_for_what(cast, owing):
    owing.step("record_payment", amount="50", way="transfer", reference="T-1<script>")
    sheet = receipts.sheet(owing.case, Booking.objects.get(), cast.actor("agent"), NOW)
    assert sheet["amount"] == "¥50.00" and dict(sheet["customer"])["姓名"] == "王女士"
    assert dict(sheet["account"])["待付"] == "¥70.00" and sheet["quote"]["lines"][0]["text"] == "排水泵"


def test_a_receipt_of_another_case_is_not_there(cast, owing):
    owing.step("record_payment", amount="50")
    other = begin(cast, timezone.now())
    booking = Booking.objects.get()
    assert (
        cast.client("agent").get(f"/cases/{other.case.number}/receipts/{booking.pk}.pdf").status_code == 404
    )
    assert browser().get(f"{page_of(other.case)}receipt/{booking.pk}.pdf").status_code == 404
    assert browser().get(f"{page_of(owing.case)}receipt/{booking.pk}.pdf").status_code == 200


def test_the_customer_sees_what_is_due(owing):
    page = browser().get(page_of(owing.case)).text
    assert "待付" in page and "¥120.00" in page and "/pay/" not in page
    assert browser().get(page_of(owing.case) + "pay/").status_code == 404


def test_the_api_books_tells_and_prints(cast, owing):
    agent, case = machine(cast, "agent"), f"/cases/{owing.case.number}"
    assert agent.get(f"{case}/balance").json()["due"] == "120.00"
    assert agent.post(f"{case}/payment", {"amount": "100"}).status_code == 201
    assert problem(agent.post(f"{case}/payment", {"amount": "20.01"}), 422)["errors"][0]["field"] == "amount"
    problem(agent.post(f"{case}/refund", {"amount": "1", "reason": "x"}), 403)
    row = agent.get(f"{case}/bookings").json()["items"][0]
    assert (row["kind"], row["amount"]) == ("payment", "100.00")
    assert agent.get(f"{case}/bookings/{row['id']}/receipt.pdf").content.startswith(b"%PDF")
    told = machine(cast, "manager").get("/figures/money?days=9").json()["items"]
    assert told == [
        {"currency": "CNY", "agreed": "120.00", "quotes": 1, "booked": {"payment cash": "100.00"}}
    ]


def test_the_report_keeps_every_currency_for_itself(cast, owing):
    owing.step("record_payment", amount="100")
    abroad = begin(cast, timezone.now() - dt.timedelta(hours=6), unit="old").steps(f"{ON_SITE} diagnose")
    abroad.step("quote", currency="EUR", lines=[{"text": "Pump", "price": "80"}])
    abroad.steps("accept_quote")
    abroad.step("record_payment", amount="80", way="card")
    by, now = cast.actor("manager"), timezone.now()
    found = queries.takings(by, now - dt.timedelta(days=1), now + dt.timedelta(days=1))
    assert [(t.currency, t.of("payment")) for t in found] == [("CNY", D(100)), ("EUR", D(80))]
    assert queries.takings(cast.actor("agent"), now - dt.timedelta(days=1), now) == []
    page = cast.client("manager").get("/office/money/").text
    assert "¥100.00" in page and "€80.00" in page and "180" not in page


# -- the gateway -------------------------------------------------------------------------------


@pytest.fixture
def gateway(settings):
    settings.PAYMENT_SECRET = fake_gateway.SECRET
    with fake_gateway.running() as server:
        settings.PAYMENT_URL = f"http://127.0.0.1:{server.server_port}/pay"
        yield server


def tell(text, sign=None):
    headers = {"X-Signature": fake_gateway.signature(text) if sign is None else sign}
    return browser().post(NOTICE, text, content_type="application/json", headers=headers)


def test_the_customer_pays_online_and_gets_a_receipt(owing, gateway):
    page = browser().get(page_of(owing.case)).text
    assert "在线支付 ¥120.00" in page
    there = browser().get(page_of(owing.case) + "pay/").headers["Location"]
    with urllib.request.urlopen(there, timeout=5) as answer:
        assert answer.read() == b"Pay 120.00 CNY"
    assert gateway.orders == [
        {"amount": "120.00", "currency": "CNY", "case": owing.case.number, "back": gateway.orders[0]["back"]}
    ]
    text = fake_gateway.notice(owing.case.number, "120.00", at=timezone.now())
    for _again in range(3):
        assert tell(text).json() == {"receipt": Booking.objects.get().number}
    booking = Booking.objects.get()
    assert (booking.way, booking.amount, booking.gateway_reference, booking.recorded_by) == (
        "online",
        120,
        "GW-1",
        "Payment gateway",
    )
    assert balance(owing).due == 0 and browser().get(page_of(owing.case) + "pay/").status_code == 404


def test_a_notice_is_believed_only_if_signed_fresh_and_right(owing, gateway):
    """Attack case H05."""
    now, case = timezone.now(), owing.case.number
    good = fake_gateway.notice(case, "120.00", at=now)
    wrong = [
        (good, "0" * 64), (good, ""), (good, fake_gateway.signature(good, "other")), (good.replace("120", "1"), fake_gateway.signature(good)),
        (fake_gateway.notice(case, "120.00", at=now - dt.timedelta(minutes=6)), None),
        (fake_gateway.notice(case, "120.00", at=now + dt.timedelta(minutes=6)), None),
        (fake_gateway.notice(case, "-1", at=now), None), (fake_gateway.notice(case, "1.001", at=now), None),
        (fake_gateway.notice(case, "1", at=now, currency="EUR"), None), (fake_gateway.notice("BX-0000-000001", "1", at=now), None),
        (fake_gateway.notice(case, "1", at=now, status="maybe"), None), (fake_gateway.notice(case, "1", at=now, by="me"), None),
        ("not json", None), ("é" * 2000, None), ("\ud83d".encode("utf-8", "replace").decode(), None),
    ]  # fmt: skip
    for text, sign in wrong:
        assert tell(text, sign).status_code in (400, 413), text
    assert tell("x" * 5000).status_code == 413 and browser().get(NOTICE).status_code == 405
    assert not Booking.objects.exists()


def test_what_was_paid_too_much_shows_as_to_be_given_back(owing, gateway):
    now = timezone.now()
    owing.step("record_payment", amount="100")
    tell(fake_gateway.notice(owing.case.number, "20.00", at=now))
    assert balance(owing).due == 0
    tell(fake_gateway.notice(owing.case.number, "100.00", at=now, reference="GW-2"))
    assert balance(owing).due == D(-100) and owing.case.refresh_from_db() is None
    assert owing.case.facts["money"] == "paid"
    owing.now = now
    owing.step("refund", amount="100", reason="重复付款")
    assert balance(owing).due == 0


def test_without_a_gateway_no_notice_is_believed(owing):
    text = fake_gateway.notice(owing.case.number, "120.00", at=timezone.now())
    assert tell(text, fake_gateway.signature(text, "")).status_code == 400 and not Booking.objects.exists()


def test_buttons_for_money_stand_only_where_there_is_money_to_move(owing):
    def nouns():
        page = owing.cast.client("manager").get(f"/desk/cases/{owing.case.number}/").text
        return {noun for noun in ("payment", "refund") if f"/{owing.case.number}/{noun}/" in page}

    assert nouns() == {"payment"}  # nothing was paid: nothing to give back
    owing.step("record_payment", amount="20", way="cash")
    assert nouns() == {"payment", "refund"}
    owing.step("record_payment", amount="100", way="cash")
    assert nouns() == {"refund"}
    owing.step("refund", amount="120", reason="整单免费")
    assert nouns() == set()
