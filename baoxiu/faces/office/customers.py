"""C2: customers with their people, contacts, places, products and cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoxiu.cases.queries import lists
from baoxiu.catalogue import queries as catalogue
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.office import records as form
from baoxiu.people import operations, queries, records
from baoxiu.people.actors import Actor
from baoxiu.people.models import Contact, Customer, Person

PAGE = 50
CASES, UNITS = 10, 20


@audience(*DESK)
def listing(request: HttpRequest) -> HttpResponse:
    query, kind = request.GET.get("q", "")[:100], request.GET.get("kind", "")
    before = form.number(request.GET.get("before", ""))
    is_company = {"company": True, "person": False}.get(kind)
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    rows = queries.customers(viewer, query, is_company=is_company, before=before, limit=PAGE + 1)
    kept = request.GET.copy()
    kept.pop("before", None)
    newest = "?" + kept.urlencode() if before else ""
    if len(rows) > PAGE:
        kept["before"] = str(rows[PAGE - 1].pk)
    older = "?" + kept.urlencode() if len(rows) > PAGE else ""
    context = {"customers": rows[:PAGE], "q": query, "kind": kind, "older": older, "newest": newest}
    return render(request, "office/people/customers.html", context)


def _customer(request: HttpRequest, pk: int) -> Customer:
    try:
        return queries.customer(request.actor, pk)  # type: ignore[attr-defined]
    except Customer.DoesNotExist:
        raise Http404 from None


def _at(pk: int) -> str:
    return reverse("office:customer", args=[pk])


@audience(*DESK)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    customer, viewer, now = _customer(request, pk), request.actor, timezone.now()  # type: ignore[attr-defined]
    zone = timezone.get_current_timezone()
    wanted = lists.Filter(customer=pk)
    context = {
        "customer": customer, "now": now, "units": catalogue.units(viewer, customer=pk, limit=UNITS + 1),
        "cases": lists.cases(viewer, wanted, now=now, zone=zone, limit=CASES + 1),
        "shown_units": UNITS, "shown_cases": CASES, "may_change": viewer.has("agent", "manager", "account_manager"),
    }  # fmt: skip
    return render(request, "office/people/customer.html", context)


@audience("agent", "manager", "account_manager")
def new(request: HttpRequest) -> HttpResponse:
    def do(record: Any) -> str:
        made = operations.create_customer(record, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return _at(made.pk)

    back = reverse("office:customers")
    return form.page(request, records.CustomerRecord, do, title=_("New customer"), back=back)


@audience("agent", "manager", "account_manager")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    known = {
        name: getattr(customer, name) for name in ("is_company", "name", "language", "timezone", "reference")
    }
    return _part(request, customer, records.CustomerRecord, operations.update_customer, customer.name, known)


@audience("manager")
def account_manager(request: HttpRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    staff = queries.staff(request.actor, role="account_manager")  # type: ignore[attr-defined]
    return _part(
        request, customer, records.AccountManagerRecord, operations.assign_account_manager, _("Account manager"),
        {"account_manager": customer.account_manager_id}, {"account_manager": [(s.pk, s.name) for s in staff]},
    )  # fmt: skip


@audience("agent", "manager", "account_manager")
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    people = [(p.pk, p.name) for p in customer.people.all()]
    return _part(
        request,
        customer,
        records.ContactRecord,
        operations.add_contact,
        _("New contact"),
        None,
        {"person": people},
    )


@audience("agent", "manager", "account_manager")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    return _part(request, customer, records.PersonRecord, operations.add_person, _("New person"))


@audience("agent", "manager", "account_manager")
def site(request: HttpRequest, pk: int, part: int | None = None) -> HttpResponse:
    customer = _customer(request, pk)
    if part is None:
        return _part(request, customer, records.SiteRecord, operations.add_site, _("New place"))
    known = get_object_or_404(customer.sites, pk=part)
    fields = {name: getattr(known, name) for name in records.SiteRecord.model_fields}
    return _part(request, customer, records.SiteRecord, operations.update_site, _("Place"), fields, of=known)


def _part(
    request: HttpRequest, customer: Customer, record: Any, operation: Callable[..., Any], title: str,
    initial: dict[str, Any] | None = None, choices: dict[str, Any] | None = None, of: Any = None,
) -> HttpResponse:  # fmt: skip
    """A form about something of a customer; afterwards the customer's page."""

    def do(filled: Any) -> str:
        operation(of or customer, filled, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return _at(customer.pk)

    heading = title if title == customer.name else f"{customer.name} · {title}"
    return form.page(
        request, record, do, title=heading, back=_at(customer.pk), initial=initial, choices=choices
    )


@audience("agent", "manager", "account_manager")
@require_POST
def remove_contact(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    known = get_object_or_404(
        Contact.objects.select_related("customer"), pk=part, customer=_customer(request, pk)
    )
    return _removed(request, lambda **by: operations.remove_contact(known, **by), pk)


@audience("agent", "manager", "account_manager")
@require_POST
def remove_person(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    known = get_object_or_404(
        Person.objects.select_related("customer"), pk=part, customer=_customer(request, pk)
    )
    return _removed(request, lambda **by: operations.remove_person(known, **by), pk)


def _removed(request: HttpRequest, remove: Callable[..., None], pk: int) -> HttpResponse:
    def do() -> None:
        remove(by=request.actor, now=timezone.now())  # type: ignore[attr-defined]

    return form.act(request, do, _at(pk), _("Removed."))
