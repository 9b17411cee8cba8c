"""C2: customers, their people, contacts and sites."""

from __future__ import annotations

import pytest

from baoxiu.people import operations, queries, records
from baoxiu.people.actors import ANONYMOUS, Actor
from baoxiu.people.models import Contact, Customer
from tests.rooms import walking


def record(**more):
    return records.CustomerRecord(**{"name": "新安制造有限公司", "is_company": True, **more})


def test_an_agent_keeps_a_company_with_its_people_sites_and_contacts(cast, now):
    by = cast.actor("agent")
    contact = records.ContactRecord(phone="021-5555 1234", email="Office@Example.com")
    customer = operations.create_customer(record(), contact, by=by, now=now)
    person = operations.add_person(
        customer, records.PersonRecord(name="何工", title="设备科"), by=by, now=now
    )
    given = records.ContactRecord(phone="13912345678", person=person.pk)
    operations.add_contact(customer, given, by=by, now=now)
    operations.add_contact(customer, given, by=by, now=now)
    site = operations.add_site(
        customer, records.SiteRecord(city="上海市", street="人民路1号"), by=by, now=now
    )
    operations.update_site(site, records.SiteRecord(city="上海市", street="人民路2号"), by=by, now=now)
    found = queries.customer(by, customer.pk)
    assert [c.value for c in found.contacts.all()] == [
        "+862155551234",
        "office@example.com",
        "+8613912345678",
    ]
    assert found.contacts.all()[2].person == person
    assert [s.street for s in found.sites.all()] == ["人民路2号"]


@pytest.mark.parametrize("who", ["engineer", "dispatcher", "stock_keeper", "station_head", "administrator"])
def test_others_do_not_change_customers(cast, now, who):
    by = cast.actor(who)
    with pytest.raises(operations.Denied):
        operations.create_customer(record(), by=by, now=now)
    with pytest.raises(operations.Denied):
        operations.add_contact(cast.wang, records.ContactRecord(phone="13912345678"), by=by, now=now)


def test_an_account_manager_keeps_own_customers_only(cast, now):
    by = cast.actor("account_manager")
    assert (
        operations.create_customer(record(), by=by, now=now).account_manager == cast.staff["account_manager"]
    )
    operations.update_customer(cast.liu, record(name="刘总新公司"), by=by, now=now)
    with pytest.raises(operations.Denied):
        operations.update_customer(cast.wang, record(), by=by, now=now)
    assert {c.name for c in queries.customers(by)} == {"新安制造有限公司", "刘总新公司"}
    with pytest.raises(Customer.DoesNotExist):
        queries.customer(by, cast.wang.pk)


def test_only_a_manager_says_who_looks_after_a_customer(cast, now):
    pick = records.AccountManagerRecord(account_manager=cast.staff["account_manager"].pk)
    with pytest.raises(operations.Denied):
        operations.assign_account_manager(cast.wang, pick, by=cast.actor("account_manager"), now=now)
    operations.assign_account_manager(cast.wang, pick, by=cast.actor("manager"), now=now)
    assert queries.customer(cast.actor("account_manager"), cast.wang.pk) == cast.wang
    wrong = records.AccountManagerRecord(account_manager=cast.staff["agent"].pk)
    with pytest.raises(operations.Invalid):
        operations.assign_account_manager(cast.wang, wrong, by=cast.actor("manager"), now=now)


@pytest.mark.parametrize(
    ("field", "more"),
    [("phone", {}), ("phone", {"phone": "12"}), ("email", {"email": "x@"}), ("person", {"phone": "13912345678", "person": 99})],
)  # fmt: skip
def test_a_contact_that_cannot_be_one_is_refused(cast, now, field, more):
    before = Contact.objects.count()
    with pytest.raises(operations.Invalid) as invalid:
        operations.add_contact(cast.wang, records.ContactRecord(**more), by=cast.actor("agent"), now=now)
    assert invalid.value.field == field
    assert Contact.objects.count() == before


def test_customers_are_found_by_name_phone_and_mail(cast, django_assert_max_num_queries):
    by = cast.actor("manager")
    assert queries.customers(by, "王女") == [cast.wang]
    assert queries.customers(by, "138 0013 8002") == [cast.liu]
    assert queries.customers(by, "sun@exa") == [cast.sun]
    assert queries.customers(by, "%") == [] == queries.customers(by, "没有这个人")
    assert queries.customers(by, is_company=True) == [cast.liu]
    with django_assert_max_num_queries(2):
        first = queries.customers(by, limit=2)
    assert queries.customers(by, before=first[-1].pk, limit=2) == [cast.wang]
    assert queries.customers(ANONYMOUS) == [] == queries.customers(cast.actor("administrator"))
    key = Actor("integration", "", frozenset({"integration"}), customer_id=cast.liu.pk, key_id=1)
    assert queries.customers(key) == [cast.liu]


@pytest.mark.parametrize(
    ("phone", "zone"),
    [
        ("+4915123456789", "Europe/Berlin"),
        ("+8613912345678", "Asia/Shanghai"),
        ("+61412345678", ""),
        ("", ""),
    ],
)
def test_a_number_abroad_tells_the_zone_times_are_said_in(cast, now, phone, zone):
    contact = records.ContactRecord(phone=phone, email="k@example.com")
    by = cast.actor("agent")
    assert operations.create_customer(record(), contact, by=by, now=now).timezone == zone
    asked = operations.create_customer(
        record(timezone="Europe/Paris"), records.ContactRecord(), by=by, now=now
    )
    assert asked.zone.key == "Europe/Paris" and Customer().zone.key == "Asia/Shanghai"
    called = walking.begin(cast, now, customer_id=None, unit=None, phone=phone, email="neu@example.com")
    assert called.case.customer.timezone == zone
    page = cast.client("agent").get(f"/desk/cases/{called.case.number}/").content.decode()
    assert ("客户当地时间" in page) == (zone == "Europe/Berlin")
