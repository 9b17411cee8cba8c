"""C2, C4.1: customers with their contacts, people and sites."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from pydantic import Field

from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.kept import Kept, Person, Related
from baoxiu.faces.api.pages import Page, Paging, by_id, json, said
from baoxiu.faces.common.audience import DESK
from baoxiu.people import operations, queries, records
from baoxiu.people.actors import Actor
from baoxiu.people.models import Contact, Customer, Site
from baoxiu.people.models import Person as PersonOf
from baoxiu.sop.fields import Id, Line

KEEPERS = ("agent", "manager", "account_manager")
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


class CustomerDetail(CustomerRow):
    people: Related[PersonRow]
    sites: Related[SiteOf]


class NewCustomer(records.CustomerRecord):
    """A customer with the first phone number or e-mail address."""

    phone: Line = Field(default="", title="Phone")
    email: Line = Field(default="", title="E-mail")


class CustomersWanted(Paging):
    q: Line = ""
    is_company: bool | None = None


def _detail(by: Actor, pk: int, status: int = 200) -> HttpResponse:
    return json(said(CustomerDetail, queries.customer(by, pk)), status, {"Location": f"/api/customers/{pk}"})


@api.operation(
    "GET",
    "/customers",
    who=(*DESK, "integration"),
    gives=Page[CustomerRow],
    summary="List customers · 客户列表",
    tag=TAG,
)
def list_customers(request: Asked, wanted: CustomersWanted = Query(...)) -> HttpResponse:
    """Newest first; `q`: a part of the name, or how a phone or an e-mail begins."""
    by = request.auth

    def read(before: int | None, limit: int) -> list[Customer]:
        return queries.customers(by, wanted.q, is_company=wanted.is_company, before=before, limit=limit)

    return by_id(request, partial(said, CustomerRow), wanted, read)


@api.operation(
    "POST",
    "/customers",
    who=KEEPERS,
    gives=CustomerDetail,
    status=201,
    summary="Add a customer · 新增客户",
    tag=TAG,
)
def add_customer(request: Asked, payload: NewCustomer) -> HttpResponse:
    by = request.auth
    given = payload.model_dump()
    contact = records.ContactRecord(phone=given.pop("phone"), email=given.pop("email"))
    made = operations.create_customer(records.CustomerRecord(**given), contact, by=by, now=timezone.now())
    return _detail(by, made.pk, 201)


@api.operation(
    "GET",
    "/customers/{id}",
    who=(*DESK, "integration"),
    gives=CustomerDetail,
    summary="Get a customer · 查看客户",
    tag=TAG,
)
def get_customer(request: Asked, id: Id) -> HttpResponse:
    return _detail(request.auth, id)


@api.operation(
    "PUT",
    "/customers/{id}",
    who=KEEPERS,
    gives=CustomerDetail,
    summary="Change a customer · 修改客户",
    tag=TAG,
)
def put_customer(request: Asked, id: Id, payload: records.CustomerRecord) -> HttpResponse:
    """The whole record: what is left out takes its default."""
    by = request.auth
    operations.update_customer(queries.customer(by, id), payload, by=by, now=timezone.now())
    return _detail(by, id)


@api.operation(
    "PUT",
    "/customers/{id}/account-manager",
    who=("manager",),
    gives=CustomerDetail,
    summary="Assign the account manager · 指定客户经理",
    tag=TAG,
)
def put_account_manager(request: Asked, id: Id, payload: records.AccountManagerRecord) -> HttpResponse:
    by = request.auth
    operations.assign_account_manager(queries.customer(by, id), payload, by=by, now=timezone.now())
    return _detail(by, id)


@api.operation(
    "POST",
    "/customers/{id}/contacts",
    who=KEEPERS,
    gives=CustomerDetail,
    status=201,
    summary="Add a contact · 新增联系方式",
    tag=TAG,
)
def add_contact(request: Asked, id: Id, payload: records.ContactRecord) -> HttpResponse:
    by = request.auth
    operations.add_contact(queries.customer(by, id), payload, by=by, now=timezone.now())
    return _detail(by, id, 201)


@api.operation(
    "DELETE",
    "/customers/{id}/contacts/{part}",
    who=KEEPERS,
    gives=None,
    status=204,
    summary="Remove a contact · 删除联系方式",
    tag=TAG,
)
def delete_contact(request: Asked, id: Id, part: Id) -> HttpResponse:
    by = request.auth
    contact = Contact.objects.get(pk=part, customer=queries.customer(by, id))
    operations.remove_contact(contact, by=by, now=timezone.now())
    return HttpResponse(status=204)


@api.operation(
    "POST",
    "/customers/{id}/people",
    who=KEEPERS,
    gives=CustomerDetail,
    status=201,
    summary="Add a person · 新增联系人",
    tag=TAG,
)
def add_person(request: Asked, id: Id, payload: records.PersonRecord) -> HttpResponse:
    by = request.auth
    operations.add_person(queries.customer(by, id), payload, by=by, now=timezone.now())
    return _detail(by, id, 201)


@api.operation(
    "DELETE",
    "/customers/{id}/people/{part}",
    who=KEEPERS,
    gives=None,
    status=204,
    summary="Remove a person · 删除联系人",
    tag=TAG,
)
def delete_person(request: Asked, id: Id, part: Id) -> HttpResponse:
    """The person goes; their contacts stay with the customer."""
    by = request.auth
    person = PersonOf.objects.get(pk=part, customer=queries.customer(by, id))
    operations.remove_person(person, by=by, now=timezone.now())
    return HttpResponse(status=204)


@api.operation(
    "POST",
    "/customers/{id}/sites",
    who=KEEPERS,
    gives=CustomerDetail,
    status=201,
    summary="Add a site · 新增地点",
    tag=TAG,
)
def add_site(request: Asked, id: Id, payload: records.SiteRecord) -> HttpResponse:
    by = request.auth
    operations.add_site(queries.customer(by, id), payload, by=by, now=timezone.now())
    return _detail(by, id, 201)


@api.operation(
    "PUT",
    "/customers/{id}/sites/{part}",
    who=KEEPERS,
    gives=CustomerDetail,
    summary="Change a site · 修改地点",
    tag=TAG,
)
def put_site(request: Asked, id: Id, part: Id, payload: records.SiteRecord) -> HttpResponse:
    by = request.auth
    site = Site.objects.select_related("customer").get(pk=part, customer=queries.customer(by, id))
    operations.update_site(site, payload, by=by, now=timezone.now())
    return _detail(by, id)
