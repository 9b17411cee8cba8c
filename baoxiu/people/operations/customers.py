"""C2, C4.1: customers with their people, contacts and sites."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from baoxiu.lib import phones
from baoxiu.people import queries
from baoxiu.people.actors import Actor
from baoxiu.people.models import Contact, Customer, Person, Site, Staff
from baoxiu.people.records import (
    AccountManagerRecord,
    ContactRecord,
    CustomerRecord,
    PersonRecord,
    SiteRecord,
)
from baoxiu.people.rules import CUSTOMER_KEEPERS, Denied, Invalid, need


def _own(customer: Customer, by: Actor) -> None:
    """Raises Denied unless `by` may change this customer: an account manager only their own."""
    need(by, *CUSTOMER_KEEPERS)
    if not queries.visible_customers(by).filter(pk=customer.pk).exists():
        raise Denied("customer")


@transaction.atomic
def create_customer(
    record: CustomerRecord, contact: ContactRecord | None = None, *, by: Actor, now: dt.datetime
) -> Customer:
    """Raises Denied, Invalid. An account manager's new customer is theirs."""
    need(by, *CUSTOMER_KEEPERS)
    customer = Customer(created_at=now)
    if by.has("account_manager") and not by.has("agent", "manager"):
        customer.account_manager_id = by.staff_id
    _fill(customer, record)
    if contact and not record.timezone:
        pairs = dict(contact_pairs(contact))
        customer.timezone = phones.zone(pairs.get("phone", ""))
        customer.save(update_fields=["timezone"])
    if contact and (contact.phone or contact.email):
        add_contact(customer, contact, by=by, now=now)
    return customer


def update_customer(customer: Customer, record: CustomerRecord, *, by: Actor, now: dt.datetime) -> Customer:
    _own(customer, by)
    _fill(customer, record)
    return customer


def _fill(customer: Customer, record: CustomerRecord) -> None:
    reference = record.reference or None
    if reference and Customer.objects.filter(reference=reference).exclude(pk=customer.pk).exists():
        raise Invalid("reference", "Number: another customer has it.", "编号：已有其他客户使用。")
    if customer.pk and customer.is_company and not record.is_company and customer.apikey_set.exists():
        raise Invalid("is_company", "A key of this company exists.", "该公司已有接口密钥。")
    customer.is_company, customer.name, customer.language = record.is_company, record.name, record.language
    customer.timezone, customer.reference = record.timezone, reference
    customer.save()


def assign_account_manager(
    customer: Customer, record: AccountManagerRecord, *, by: Actor, now: dt.datetime
) -> None:
    """Who looks after the customer; nobody when left empty. Raises Denied, Invalid."""
    need(by, "manager")
    staff = None
    if record.account_manager:
        staff = Staff.objects.with_role("account_manager").filter(pk=record.account_manager).first()
        if staff is None:
            raise Invalid("account_manager", "There is no such account manager.", "没有这位客户经理。")
    customer.account_manager = staff
    customer.save(update_fields=["account_manager"])


@transaction.atomic
def add_contact(
    customer: Customer, record: ContactRecord, *, by: Actor, now: dt.datetime, region: str = "CN"
) -> list[Contact]:
    """A phone, an e-mail, or both; what is on record already stays as it is. Raises Denied, Invalid."""
    _own(customer, by)
    if not (record.phone or record.email):
        raise Invalid("phone", "Give a phone number or an e-mail address.", "请填写电话或邮箱。")
    person = Person.objects.filter(pk=record.person, customer=customer).first() if record.person else None
    if record.person and person is None:
        raise Invalid("person", "This customer has no such person.", "该客户没有这位联系人。")
    pairs = contact_pairs(record, region)
    known = set(customer.contacts.values_list("kind", flat=True))
    return [
        Contact.objects.get_or_create(
            customer=customer,
            kind=kind,
            value=value,
            defaults={"person": person, "is_primary": kind not in known},
        )[0]
        for kind, value in pairs
    ]


def contact_pairs(record: ContactRecord, region: str = "CN") -> list[tuple[str, str]]:
    """(kind, value) as they are stored. Raises Invalid."""
    pairs = list[tuple[str, str]]()
    if record.phone:
        try:
            pairs.append(("phone", phones.normalise(record.phone, region)))
        except ValueError:
            raise Invalid("phone", "Phone: this is not a phone number.", "电话：号码不正确。") from None
    if record.email:
        try:
            validate_email(record.email.lower())
        except ValidationError:
            raise Invalid("email", "E-mail: this is not an address.", "邮箱：地址不正确。") from None
        pairs.append(("email", record.email.lower()))
    return pairs


def remove_contact(contact: Contact, *, by: Actor, now: dt.datetime) -> None:
    _own(contact.customer, by)
    contact.delete()


def add_person(customer: Customer, record: PersonRecord, *, by: Actor, now: dt.datetime) -> Person:
    _own(customer, by)
    return Person.objects.create(customer=customer, name=record.name, title=record.title[:100])


def remove_person(person: Person, *, by: Actor, now: dt.datetime) -> None:
    """The person goes; their contacts stay with the customer."""
    _own(person.customer, by)
    person.delete()


def add_site(customer: Customer, record: SiteRecord, *, by: Actor, now: dt.datetime) -> Site:
    _own(customer, by)
    return _fill_site(Site(customer=customer), record)


def update_site(site: Site, record: SiteRecord, *, by: Actor, now: dt.datetime) -> Site:
    _own(site.customer, by)
    return _fill_site(site, record)


def _fill_site(site: Site, record: SiteRecord) -> Site:
    if not (record.province or record.city or record.district or record.street):
        raise Invalid("street", "Give an address.", "请填写地址。")
    for name in ("province", "city", "district"):
        if len(getattr(record, name)) > 100:
            raise Invalid(name, "At most 100 characters.", "最多 100 个字符。")
    for name, value in record.model_dump().items():
        setattr(site, name, value)
    site.save()
    return site
