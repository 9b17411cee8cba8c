"""C4.1: one registration operation for every channel."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from baoxiu.cases import search, steps
from baoxiu.cases.models import Case, Duty, JournalEntry, Outgoing
from baoxiu.catalogue.models import Unit
from baoxiu.intake import operations
from baoxiu.people.actors import ANONYMOUS, SYSTEM, Actor
from baoxiu.people.models import Contact, Customer, Site
from baoxiu.sop import payloads

IMPORTER = dataclasses.replace(SYSTEM, parties=frozenset({"agent"}))


def request(**more):
    given = {
        "channel": "phone",
        "problem": "洗衣机不排水，显示E2",
        "name": "赵先生",
        "phone": "139 1234 5678",
    }
    return payloads.Register(**{**given, **more})


def register(payload, who, now, **more):
    taken = operations.register(payload, by=who, now=now, **more)
    return Case.objects.get(number=taken.number)


def test_it_makes_case_customer_site_and_unit_for_a_new_caller(cast, now):
    payload = request(
        address={"province": "上海市", "district": "黄浦区", "street": "人民路1号"}, serial="SN-7", product="洗衣机",
        brand="海清", purchase_date="2026-01-05", email="Zhao@Example.com",
    )  # fmt: skip
    case = register(payload, cast.actor("agent"), now)
    assert case.number == "BX-2611-000001"
    assert case.stage == "triage"
    assert case.subject == "洗衣机不排水，显示E2"
    assert case.owner == cast.staff["agent"]
    assert case.customer.name == "赵先生" and not case.customer.is_company
    assert (case.contact_phone, case.contact_email) == ("+8613912345678", "zhao@example.com")
    assert set(case.customer.contacts.values_list("kind", "value")) == {
        ("phone", "+8613912345678"),
        ("email", "zhao@example.com"),
    }
    assert case.site.street == "人民路1号"
    assert (case.unit.serial, case.unit.purchase_date) == ("SN-7", dt.date(2026, 1, 5))
    assert set(case.duties.values_list("kind", flat=True)) == {"first_response", "triage"}
    assert search.find(SYSTEM, "赵先") == [case.pk] == search.find(SYSTEM, "SN-7")


def test_a_second_request_by_the_same_phone_is_the_same_customers(cast, now):
    address = {"province": "上海市", "city": "上海市", "district": "徐汇区", "street": "天钥桥路10号"}
    case = register(
        request(phone="13800138001", address=address, serial="SN-NEW-1"), cast.actor("agent"), now
    )
    assert case.customer == cast.wang
    assert case.unit == cast.unit
    assert Site.objects.filter(customer=cast.wang).count() == 1


def test_the_country_of_the_address_reads_the_phone(cast, now):
    case = register(
        request(phone="01632 960001", address={"country": "GB", "city": "Leeds"}), cast.actor("agent"), now
    )
    assert case.contact_phone == "+441632960001"


def test_staff_add_what_they_hear_to_the_customer_and_strangers_add_nothing(cast, now):
    payload = request(phone="13800138001", email="new@example.com", name="")
    case = register(payload.model_copy(update={"channel": "web"}), ANONYMOUS, now)
    assert case.customer == cast.wang
    assert case.contact_name == ""  # nothing we know comes back to a stranger
    assert case.site is None
    assert not Contact.objects.filter(value="new@example.com").exists()
    case = register(payload, cast.actor("agent"), now)
    assert case.contact_name == "王女士"
    assert Contact.objects.get(value="new@example.com").customer == cast.wang


def test_a_company_is_registered_with_the_person_who_called(cast, now):
    case = register(request(company="新安制造有限公司", name="何工"), cast.actor("agent"), now)
    assert case.customer.is_company and case.customer.name == "新安制造有限公司"
    assert case.contact_name == "何工"
    assert case.customer.people.get().name == "何工"
    again = register(
        request(company="新安制造有限公司", name="周工", phone="13912349999"), cast.actor("agent"), now
    )
    assert again.customer == case.customer


def test_the_owner_is_the_agent_else_the_account_manager_else_nobody(cast, now):
    assert register(request(phone="13800138002"), cast.actor("agent"), now).owner == cast.staff["agent"]
    assert register(request(phone="13800138002"), ANONYMOUS, now).owner == cast.staff["account_manager"]
    assert register(request(), ANONYMOUS, now).owner is None


def test_an_integration_key_is_always_its_own_company(cast, now):
    key = Actor("integration", "刘总的系统", frozenset({"integration"}), customer_id=cast.liu.pk, key_id=1)
    case = register(request(channel="api", phone="13800138001", reference="A-1"), key, now)
    assert case.customer == cast.liu
    assert case.contact_phone == "+8613800138001"
    with pytest.raises(steps.StepRefused) as refused:
        register(request(channel="api", customer_id=cast.wang.pk), key, now)
    assert refused.value.field == "customer_id"
    with pytest.raises(steps.StepRefused) as refused:
        register(request(channel="api", unit_id=cast.unit.pk), key, now)
    assert refused.value.field == "unit_id"


def test_a_reference_belongs_to_the_company_that_gave_it(cast, now):
    first = Actor("integration", "", frozenset({"integration"}), customer_id=cast.liu.pk, key_id=1)
    other = Actor("integration", "", frozenset({"integration"}), customer_id=cast.wang.pk, key_id=2)
    case = register(request(channel="api", reference="A-1"), first, now)
    again = operations.register(request(channel="api", reference="A-1"), by=first, now=now)
    assert again.replayed and again.number == case.number
    assert register(request(channel="api", reference="A-1"), other, now).pk != case.pk
    assert Case.objects.count() == 2


def test_the_same_reference_gives_the_first_answer_and_uses_no_number(cast, now):
    agent = cast.actor("agent")
    first = operations.register(request(reference="V1"), by=agent, now=now)
    second = operations.register(request(reference="V1", problem="something else"), by=agent, now=now)
    third = operations.register(request(), by=agent, now=now)
    assert second == dataclasses.replace(first, replayed=True)
    assert third.number == "BX-2611-000002"


def test_the_same_key_gives_the_first_answer(cast, now):
    agent = cast.actor("agent")
    first = operations.register(request(), by=agent, now=now, key="k")
    assert operations.register(request(), by=agent, now=now, key="k").number == first.number
    with pytest.raises(steps.KeyReused):
        operations.register(request(problem="other"), by=agent, now=now, key="k")
    assert Case.objects.count() == 1


def test_somebody_elses_serial_is_a_hint_and_not_a_unit(cast, now):
    case = register(request(serial="SN-NEW-1"), ANONYMOUS, now)
    assert case.unit is None
    entry = JournalEntry.objects.get(case=case)
    assert entry.body["data"]["unit_hint"] == cast.unit.pk
    assert Unit.objects.filter(serial="SN-NEW-1").count() == 1


def test_the_holder_of_a_unit_may_report_it_by_its_label(cast, now):
    case = register(request(channel="qr"), ANONYMOUS, now, qr_token=cast.unit.qr_token)
    assert case.unit == cast.unit
    assert case.customer != cast.wang
    with pytest.raises(steps.StepRefused):
        register(request(channel="qr"), ANONYMOUS, now, qr_token="no-such-label")
    with pytest.raises(steps.StepRefused):
        register(request(channel="qr", unit_id=cast.unit.pk, phone="13800138001"), ANONYMOUS, now)


def test_a_unit_sold_to_nobody_yet_becomes_the_callers(cast, now):
    stock = Unit.objects.create(product="空调", serial="S-9", created_at=now)
    case = register(request(serial="S-9"), cast.actor("agent"), now)
    stock.refresh_from_db()
    assert case.unit == stock and stock.customer == case.customer


@pytest.mark.parametrize("who", ["nobody", "key"])
def test_who_only_knows_a_serial_gets_no_unit_by_it(cast, now, who):
    """A company's key guessing serials, and a stranger's form: neither takes over what is still in stock."""
    stock = Unit.objects.create(product="空调", serial="S-9", created_at=now)
    key = Actor("integration", "ERP", frozenset({"integration"}), customer_id=cast.liu.pk, key_id=7)
    case = register(request(serial="S-9"), key if who == "key" else ANONYMOUS, now)
    stock.refresh_from_db()
    assert case.unit is None and stock.customer is None
    assert JournalEntry.objects.get(case=case).body["data"]["unit_hint"] == stock.pk
    steps.take_step(
        case, "correct", payloads.Correct(serial="S-9", reason="核对铭牌"), by=cast.actor("agent"), now=now
    )
    stock.refresh_from_db()
    assert stock.customer == case.customer and Case.objects.get(pk=case.pk).unit == stock


@pytest.mark.parametrize("who", ["nobody", "key"])
def test_a_purchase_date_on_record_comes_from_somebody_of_ours(cast, now, who):
    """Whoever types the owner's phone number and serial may say what he likes; the record does not change."""
    Unit.objects.filter(pk=cast.unit.pk).update(
        purchase_date=None, customer=cast.liu if who == "key" else cast.wang
    )
    key = Actor("integration", "ERP", frozenset({"integration"}), customer_id=cast.liu.pk, key_id=7)
    said = request(serial="SN-NEW-1", phone="13800138001", purchase_date=dt.date(2026, 10, 1))
    case = register(said, key if who == "key" else ANONYMOUS, now)
    cast.unit.refresh_from_db()
    assert cast.unit.purchase_date is None and case.unit in (None, cast.unit)
    said = request(serial="SN-NEW-1", customer_id=cast.unit.customer_id, purchase_date=dt.date(2026, 10, 1))
    register(said, cast.actor("agent"), now)
    cast.unit.refresh_from_db()
    assert cast.unit.purchase_date == dt.date(2026, 10, 1)


def test_an_account_manager_registers_for_own_customers_only(cast, now):
    manager = cast.actor("account_manager")
    assert register(request(customer_id=cast.liu.pk), manager, now).customer == cast.liu
    with pytest.raises(steps.StepRefused) as refused:
        register(request(customer_id=cast.wang.pk), manager, now)
    assert refused.value.field == "customer_id"


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("phone", {"phone": "123"}),
        ("email", {"email": "nobody"}),
        ("purchase_date", {"purchase_date": "2026-11-03"}),
        ("purchase_date", {"purchase_date": "1900-01-01"}),
        ("model", {"model": "NO-SUCH"}),
        ("customer_id", {"customer_id": 999999}),
    ],
)
def test_it_refuses_bad_input_naming_the_field_and_changes_nothing(cast, now, field, more):
    customers = Customer.objects.count()
    with pytest.raises(steps.StepRefused) as refused:
        operations.register(request(**more), by=cast.actor("agent"), now=now)
    assert refused.value.field == field
    assert refused.value.reason.zh and refused.value.reason.en
    assert not Case.objects.exists()
    assert Customer.objects.count() == customers
    assert operations.register(request(), by=cast.actor("agent"), now=now).number == "BX-2611-000001"


def test_an_unknown_model_is_fine_where_a_product_is_named(cast, now):
    case = register(request(model="VAC-210", product="Vacuum"), cast.actor("agent"), now)
    assert case.unit.model is None and case.unit.product == "Vacuum"
    assert register(request(model="XQG100"), cast.actor("agent"), now).unit.product == "滚筒洗衣机"


def test_a_long_first_line_is_cut_for_the_subject(cast, now):
    case = register(request(problem="很长" * 40 + "\n第二行"), cast.actor("agent"), now)
    assert len(case.subject) == 60 and case.subject.endswith("…")


def test_a_historic_registration_keeps_its_time_is_silent_and_not_overdue(cast, now):
    then = dt.datetime(2025, 1, 1, 7, 50, tzinfo=dt.UTC)
    case = register(
        request(email="a@example.com", channel="email"), IMPORTER, then, historic=True, duties_from=now
    )
    assert case.created_at == then
    assert case.number == "BX-2501-000001"
    assert not Outgoing.objects.exists()
    assert not Duty.objects.filter(due_at__lte=now).exists()
    assert not Duty.objects.filter(warn_at__lte=now).exists()
    assert case.next_due_at == now + dt.timedelta(minutes=60)


def test_it_asks_little_of_the_database(cast, now, django_assert_max_num_queries):
    payload = request(
        serial="SN-8", product="洗衣机", address={"city": "上海市"}, email="q@example.com", model="XQG100"
    )
    with django_assert_max_num_queries(22):
        operations.register(payload, by=cast.actor("agent"), now=now)
