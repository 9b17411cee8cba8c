"""C4.3: what planning stands on: policies, territories, working hours, whom a customer wishes for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoxiu.dispatch import operations as dispatch
from baoxiu.dispatch import queries as planning
from baoxiu.dispatch.models import Policy
from baoxiu.dispatch.records import PolicyRecord
from baoxiu.faces.common import display
from baoxiu.faces.common.audience import audience
from baoxiu.faces.office import records as form
from baoxiu.people import operations, queries, records
from baoxiu.people.models import Customer, Staff, Territory

SEERS = ("administrator", "manager", "dispatcher")


@audience(*SEERS)
def page(request: HttpRequest) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    context = {"policies": planning.policies(viewer), "territories": queries.territories(viewer)}
    return render(request, "office/people/planning.html", context)


@audience("administrator", "manager")
def policy(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new policy, with the usual values, or a known one."""
    known = get_object_or_404(Policy, pk=pk) if pk else None
    initial = known.record.model_dump() if known else None
    return _saved(request, PolicyRecord, known, dispatch.save_policy, str(known or _("New policy")), initial)


@audience(*SEERS)
@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    known, by = get_object_or_404(Policy, pk=pk), request.actor  # type: ignore[attr-defined]
    back = reverse("office:planning")
    return form.act(request, lambda: _none(dispatch.use_policy(known, by=by, now=timezone.now())), back)


def _none(_done: Any) -> None:
    return None


@audience("administrator", "manager")
def territory(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    known = get_object_or_404(Territory, pk=pk) if pk else None
    initial = {"name": known.name, "places": known.places} if known else None
    title = str(known or _("New territory"))
    return _saved(request, records.TerritoryRecord, known, operations.save_territory, title, initial)


def _saved(
    request: HttpRequest, record: Any, known: Any, operation: Any, title: str, initial: Any
) -> HttpResponse:
    back = reverse("office:planning")

    def do(filled: Any) -> str:
        operation(known, filled, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return back

    return form.page(request, record, do, title=title, back=back, initial=initial)


# -- an engineer's, a customer's -----------------------------------------------------------------


def _colleague(request: HttpRequest, pk: int) -> Staff:
    return get_object_or_404(Staff, pk=pk)


@audience(*SEERS)
def hours(request: HttpRequest, pk: int) -> HttpResponse:
    week = {"weekday": [(number, display.weekday(number)) for number in range(1, 8)]}
    return _part(
        request, _colleague(request, pk), records.HoursRecord, operations.set_hours, _("Working hours"), week
    )


@audience(*SEERS)
def join(request: HttpRequest, pk: int) -> HttpResponse:
    names = [(t.pk, t.name) for t in queries.territories(request.actor)]  # type: ignore[attr-defined]
    return _part(
        request, _colleague(request, pk), records.StaffTerritoryRecord, operations.join_territory, _("Territory"), {"territory": names}
    )  # fmt: skip


def _part(
    request: HttpRequest, owner: Any, record: Any, operation: Any, title: str, choices: Any
) -> HttpResponse:
    at = reverse("office:customer" if isinstance(owner, Customer) else "office:colleague", args=[owner.pk])

    def do(filled: Any) -> str:
        operation(owner, filled, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return at

    return form.page(request, record, do, title=f"{owner.name} · {title}", back=at, choices=choices)


@audience(*SEERS)
@require_POST
def remove_hours(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    known, by = get_object_or_404(_colleague(request, pk).hours, pk=part), request.actor  # type: ignore[attr-defined]
    at = reverse("office:colleague", args=[pk])
    return form.act(request, lambda: operations.remove_hours(known, by=by, now=timezone.now()), at)


@audience(*SEERS)
@require_POST
def leave(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    staff, by = _colleague(request, pk), request.actor  # type: ignore[attr-defined]
    known, at = get_object_or_404(staff.territories, pk=part), reverse("office:colleague", args=[pk])
    return form.act(request, lambda: operations.leave_territory(staff, known, by=by, now=timezone.now()), at)


def _customer(request: HttpRequest, pk: int) -> Customer:
    return get_object_or_404(queries.visible_customers(request.actor), pk=pk)  # type: ignore[attr-defined]


@audience("agent", "manager", "account_manager")
def wish(request: HttpRequest, pk: int) -> HttpResponse:
    choices = {"staff": queries.engineers(request.actor)}  # type: ignore[attr-defined]
    title = _("Engineer wished for")
    return _part(request, _customer(request, pk), records.WishRecord, operations.set_wish, title, choices)


@audience("agent", "manager", "account_manager")
@require_POST
def remove_wish(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    known, by = get_object_or_404(_customer(request, pk).wishes, pk=part), request.actor  # type: ignore[attr-defined]
    at = reverse("office:customer", args=[pk])
    return form.act(request, lambda: operations.remove_wish(known, by=by, now=timezone.now()), at)
