"""C4.1: whose request it is. A caller from outside never learns whether we know the customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q, QuerySet

from baoxiu.cases import insertion, steps
from baoxiu.catalogue.models import ProductModel
from baoxiu.lib import phones
from baoxiu.people import queries as people
from baoxiu.people.actors import OFFICE, Actor
from baoxiu.people.models import Contact, Customer, Person
from baoxiu.people.remembered import remembered
from baoxiu.sop import payloads
from baoxiu.sop.text import Text


@dataclass(frozen=True, slots=True)
class Given:
    """The contacts of a request, normalised."""

    phone: str = ""
    email: str = ""

    def pairs(self) -> list[tuple[str, str]]:
        return [(k, v) for k, v in (("phone", self.phone), ("email", self.email)) if v]


@dataclass
class Memory:
    """What an import batch has already looked up, so that its rows need not ask again."""

    customers: dict[tuple[str, str], Customer] = field(default_factory=dict)
    models: dict[str, ProductModel | None] = field(default_factory=dict)
    serials_taken: set[str] = field(default_factory=set)
    asked: set[tuple[str, str]] = field(default_factory=set)

    def knows(self, pairs: Iterable[tuple[str, str]], customer: Customer) -> bool:
        """Whether these contacts are on record as this customer's."""
        return all((known := self.customers.get(p)) and known.pk == customer.pk for p in pairs)


def may_fill_in(by: Actor) -> bool:
    """Whether what we know of a customer may complete a request: not for a stranger, whoever he says he is."""
    return by.kind not in ("anonymous", "link")


def is_checked(by: Actor) -> bool:
    """Whether somebody of ours looked at it: only then does a request change what is on record of a unit."""
    return by.kind in ("staff", "system")


def given(payload: payloads.Register) -> Given:
    """Raises StepRefused for a phone or an e-mail that cannot be one."""
    phone = email = ""
    if payload.phone:
        try:
            phone = _normalised(payload.phone, payload.address.country if payload.address else "CN")
        except ValueError:
            raise _refused("phone", "Phone: this is not a phone number.", "电话：号码不正确。") from None
    if payload.email:
        email = payload.email.lower()
        try:
            validate_email(email)
        except ValidationError:
            raise _refused("email", "E-mail: this is not an address.", "邮箱：地址不正确。") from None
    return Given(phone, email)


def on_record(customer: Customer) -> Given:
    """The customer's first phone and e-mail, the main ones before others."""
    rows = (
        Contact.objects.filter(customer=customer).order_by("is_primary", "-pk").values_list("kind", "value")
    )
    first = dict(rows)  # the last of a kind stays: a main one, the oldest
    return Given(first.get("phone", ""), first.get("email", ""))


@lru_cache(maxsize=1024)
def _normalised(phone: str, country: str) -> str:
    return phones.normalise(phone, country)


def pairs_or_none(payload: payloads.Register) -> list[tuple[str, str]]:
    """The contacts of a request; none where one of them is wrong (its registration will say so)."""
    try:
        return given(payload).pairs()
    except steps.StepRefused:
        return []


def _refused(field: str, en: str, zh: str) -> steps.StepRefused:
    return steps.StepRefused("invalid", Text(en, zh), field)


def resolve(
    payload: payloads.Register, contact: Given, *, by: Actor, now: dt.datetime, memory: Memory | None = None
) -> tuple[Customer, bool]:
    """The customer and whether he is new: an integration's own company, the known id, the contact, a new one."""
    if by.kind == "integration":
        return _own_company(payload, by), False
    if payload.customer_id:
        customer = people.visible_customers(by).filter(pk=payload.customer_id).first()
        if customer is None:
            raise _refused(
                "customer_id", "Customer: there is none with this id.", "客户：没有这个编号的客户。"
            )
        _remember(customer, contact, by, memory)
        return customer, False
    found = _by_contact(contact, memory)
    if found is None and payload.company and may_fill_in(by):
        found = Customer.objects.filter(is_company=True, name=payload.company).order_by("pk").first()
    if found:
        _remember(found, contact, by, memory)
        return found, False
    return _create(payload, contact, by, now, memory), True


def _own_company(payload: payloads.Register, by: Actor) -> Customer:
    if payload.customer_id not in (None, by.customer_id):
        raise _refused("customer_id", "Customer: there is none with this id.", "客户：没有这个编号的客户。")
    return Customer.objects.get(pk=by.customer_id or 0)


def _by_contact(contact: Given, memory: Memory | None) -> Customer | None:
    """The customer with this phone, else with this e-mail; the one known longest when several share it."""
    pairs = contact.pairs()
    if memory is not None:
        for pair in pairs:
            if known := memory.customers.get(pair):
                return known
        pairs = [p for p in pairs if p not in memory.asked]
    if not pairs:
        return None
    given = dict(pairs)
    rows = _with(given.get("phone", ""), given.get("email", ""))
    found = min(rows, key=lambda c: (c.kind != "phone", c.customer_id), default=None)
    return found.customer if found else None


@remembered
def _with(phone: str, email: str) -> QuerySet[Contact]:
    """No contact's value is empty."""
    return Contact.objects.filter(Q(kind="phone", value=phone) | Q(kind="email", value=email)).select_related(
        "customer"
    )


def _remember(customer: Customer, contact: Given, by: Actor, memory: Memory | None) -> None:
    """A new contact told to us by staff joins the customer; a stranger, or staff outside their scope, adds nothing."""
    pairs = contact.pairs()
    if by.kind not in ("staff", "system") or not pairs or (memory and memory.knows(pairs, customer)):
        return
    if (
        by.kind == "staff"
        and not by.parties & OFFICE
        and not people.visible_customers(by).filter(pk=customer.pk).exists()
    ):
        return  # a name or a number is no right to change somebody's record
    known = set(Contact.objects.filter(customer=customer).values_list("kind", "value"))
    _add_contacts(customer, [p for p in pairs if p not in known], None, primary=not known)
    if memory:
        memory.customers.update(dict.fromkeys(pairs, customer))


def _add_contacts(
    customer: Customer, pairs: Iterable[tuple[str, str]], person: Person | None, *, primary: bool
) -> None:
    for kind, value in pairs:
        insertion.insert(
            Contact(customer=customer, person=person, kind=kind, value=value, is_primary=primary)
        )


def _create(
    payload: payloads.Register, contact: Given, by: Actor, now: dt.datetime, memory: Memory | None
) -> Customer:
    name = payload.company or payload.name or contact.phone or contact.email
    customer = Customer(
        is_company=bool(payload.company),
        name=name,
        language=payload.language,
        timezone=phones.zone(contact.phone),
        account_manager_id=by.staff_id if by.has("account_manager") else None,
        created_at=now,
    )
    insertion.insert(customer)
    person = None
    if payload.company and payload.name:
        person = Person.objects.create(customer=customer, name=payload.name)
    _add_contacts(customer, contact.pairs(), person, primary=True)
    if memory is not None:
        memory.customers.update(dict.fromkeys(contact.pairs(), customer))
    return customer
