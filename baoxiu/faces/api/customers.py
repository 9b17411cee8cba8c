"""C2, C4.1: customers with their contacts, people and sites."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import Kept, Person, Related
from baoxiu.faces.api.pages import Page, Paging, by_id, said
from baoxiu.faces.api.verbs import Verb, changed, declare, removed
from baoxiu.faces.common.audience import DESK
from baoxiu.people import models, operations, queries, records
from baoxiu.people.actors import Actor
from baoxiu.people.rules import CUSTOMER_KEEPERS as KEEPERS
from baoxiu.sop.fields import Line

SEERS = (*DESK, "integration")
TAG = "Customers"


class ContactRow(Kept):
    id: int
    kind: str
    value: str
    is_primary: bool
    person_id: int | None


class PersonRow(Kept):
    id: int
    name: str
    title: str


class SiteOf(Kept):
    id: int
    label: str
    country: str
    province: str
    city: str
    district: str
    street: str
    lat: float | None
    lon: float | None


class CustomerRow(Kept):
    id: int
    is_company: bool
    name: str
    language: str
    timezone: str
    reference: str | None
    account_manager: Person | None
    created_at: dt.datetime
    contacts: Related[ContactRow]


class WishRow(Kept):
    """`kind`: preferred, dedicated (nobody else) or excluded."""

    id: int
    staff: Person
    kind: str


class CustomerDetail(CustomerRow):
    wishes: Related[WishRow]
    people: Related[PersonRow]
    sites: Related[SiteOf]


class NewCustomer(records.CustomerRecord):
    """A customer with the first phone number or e-mail address."""

    phone: Line = Field(default="", title="Phone")
    email: Line = Field(default="", title="E-mail")


class CustomersWanted(Paging):
    q: Line = ""
    is_company: bool | None = None


@api.operation(
    "GET", "/customers", who=SEERS, gives=Page[CustomerRow], summary="List customers · 客户列表", tag=TAG
)
def list_customers(request: Asked, wanted: CustomersWanted = Query(...)) -> HttpResponse:
    """Newest first; `q`: a part of the name, or how a phone or an e-mail begins."""
    read = partial(queries.customers, request.auth, wanted.q, is_company=wanted.is_company)
    return by_id(
        request, partial(said, CustomerRow), wanted, lambda before, limit: read(before=before, limit=limit)
    )


def _tell(by: Actor, id: int) -> dict[str, Any]:
    return said(CustomerDetail, queries.customer(by, id))


def _add(by: Actor, now: dt.datetime, payload: NewCustomer) -> dict[str, Any]:
    given = payload.model_dump()
    contact = records.ContactRecord(phone=given.pop("phone"), email=given.pop("email"))
    made = operations.create_customer(records.CustomerRecord(**given), contact, by=by, now=now)
    return _tell(by, made.pk)


def _put_site(by: Actor, now: dt.datetime, id: int, part: int, payload: records.SiteRecord) -> dict[str, Any]:
    site = models.Site.objects.select_related("customer").get(pk=part, customer=queries.customer(by, id))
    operations.update_site(site, payload, by=by, now=now)
    return _tell(by, id)


_change = partial(changed, _tell, queries.customer)
_contact = removed(models.Contact, "customer", queries.customer, operations.remove_contact)
_person = removed(models.Person, "customer", queries.customer, operations.remove_person)
_WHOLE = "The whole record: what is left out takes its default."

# one row, one verb: this is read as a table
# fmt: off
declare(TAG, (
    Verb("POST", "/customers", "add_customer", "Add a customer · 新增客户", KEEPERS, _add, CustomerDetail, NewCustomer),
    Verb("GET", "/customers/{id}", "get_customer", "Get a customer · 查看客户", SEERS, lambda by, now, id: _tell(by, id), CustomerDetail),
    Verb("PUT", "/customers/{id}", "put_customer", "Change a customer · 修改客户", KEEPERS, _change(operations.update_customer), CustomerDetail, records.CustomerRecord, _WHOLE),
    Verb("PUT", "/customers/{id}/account-manager", "put_account_manager", "Assign the account manager · 指定客户经理", ("manager",), _change(operations.assign_account_manager), CustomerDetail, records.AccountManagerRecord),
    Verb("POST", "/customers/{id}/contacts", "add_contact", "Add a contact · 新增联系方式", KEEPERS, _change(operations.add_contact), CustomerDetail, records.ContactRecord),
    Verb("DELETE", "/customers/{id}/contacts/{part}", "delete_contact", "Remove a contact · 删除联系方式", KEEPERS, _contact),
    Verb("POST", "/customers/{id}/people", "add_person", "Add a person · 新增联系人", KEEPERS, _change(operations.add_person), CustomerDetail, records.PersonRecord),
    Verb("DELETE", "/customers/{id}/people/{part}", "delete_person", "Remove a person · 删除联系人", KEEPERS, _person, more="The person goes; their contacts stay with the customer."),
    Verb("POST", "/customers/{id}/sites", "add_site", "Add a site · 新增地点", KEEPERS, _change(operations.add_site), CustomerDetail, records.SiteRecord),
    Verb("PUT", "/customers/{id}/sites/{part}", "put_site", "Change a site · 修改地点", KEEPERS, _put_site, CustomerDetail, records.SiteRecord),
))
# fmt: on
