"""C9: colleagues: list, roles, invitation, skills, absence, going and coming back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoxiu.faces.common.audience import audience
from baoxiu.faces.common.display import is_chinese, say, word
from baoxiu.faces.common.forms import Form
from baoxiu.faces.office import records as form
from baoxiu.faces.office import stations
from baoxiu.people import operations, queries, records
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff
from baoxiu.people.rules import Denied, Invalid
from baoxiu.sop import codes

SEERS = ("administrator", "manager", "dispatcher")


@audience(*SEERS)
def listing(request: HttpRequest) -> HttpResponse:
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    role, gone = request.GET.get("role", ""), request.GET.get("gone") == "1"
    rows = queries.staff(viewer, role=role if role in codes.ROLES else "", is_active=not gone)
    context = {"staff": rows, "role": role, "gone": gone, "roles": records.ROLES, "now": timezone.now()}
    return render(request, "office/people/staff.html", context)


def _colleague(request: HttpRequest, pk: int) -> Staff:
    try:
        return queries.colleague(request.actor, pk)  # type: ignore[attr-defined]
    except Staff.DoesNotExist:
        raise Http404 from None


def _at(pk: int) -> str:
    return reverse("office:colleague", args=[pk])


def _choices(viewer: Actor) -> dict[str, list[tuple[Any, str]]]:
    return {
        "language": [*settings.LANGUAGES],
        "station": [(s.pk, f"{s.name} ({s.code})") for s in queries.stations(viewer) if s.is_active],
        "team": [(t.pk, t.name) for t in queries.teams(viewer)],
    }


@audience(*SEERS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    colleague = _colleague(request, pk)
    context = {
        "colleague": colleague, "today": timezone.localdate(), "is_self": viewer.staff_id == pk,
        "roles": " · ".join(word("ROLES", role) for role in sorted(colleague.role_set)),
    }  # fmt: skip
    return render(request, "office/people/colleague.html", context)


def _told(request: HttpRequest, staff: Staff, token: str) -> HttpResponse:
    """The link is shown in this one answer and kept nowhere."""
    link = settings.ORIGIN.rstrip("/") + reverse("common:invitation", args=[token])
    context = {"colleague": staff, "link": link, "days": operations.INVITATION_DAYS}
    return render(request, "office/people/invitation.html", context)


@audience("administrator")
def new(request: HttpRequest) -> HttpResponse:
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    sent = request.POST if request.method == "POST" else None
    filled = Form(records.StaffRecord, sent, choices=_choices(viewer))
    if sent is not None and (record := filled.payload()):
        try:
            staff, token = operations.create_staff(record, by=viewer, now=timezone.now())  # type: ignore[arg-type]
            return _told(request, staff, token)
        except Invalid as invalid:
            filled.add_error(invalid.field, say(invalid.reason))
    context = {
        "form": filled, "title": _("New colleague"), "back": reverse("office:staff"), "submit": _("Create the invitation"),
        "note": _("Tick every role the colleague has: roles say what one sees and may do. You get a link to pass on."),
    }  # fmt: skip
    return render(request, "office/record.html", context, status=422 if filled.is_bound else 200)


@audience("administrator")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    colleague, viewer = _colleague(request, pk), request.actor  # type: ignore[attr-defined]
    known = {name: getattr(colleague, name) for name in ("name", "email", "phone", "language", "region")}
    known |= {
        "latitude": stations.shown(colleague.lat),
        "longitude": stations.shown(colleague.lon),
        "station": colleague.station_id,
        "team": colleague.team_id,
    }
    known |= {role: role in colleague.role_set for role in records.ROLES}

    def do(record: Any) -> str:
        operations.update_staff(colleague, record, by=viewer, now=timezone.now())
        return _at(pk)

    return form.page(
        request,
        records.StaffRecord,
        do,
        title=colleague.name,
        back=_at(pk),
        choices=_choices(viewer),
        initial=known,
    )


@audience("administrator")
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link for setting the password."""
    colleague = _colleague(request, pk)
    tokens: list[str] = []
    answer = form.act(request, lambda: tokens.append(_invite(request, colleague)), _at(pk), " ")
    return _told(request, colleague, tokens[0]) if tokens else answer


def _invite(request: HttpRequest, colleague: Staff) -> str:
    return operations.invite(colleague, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]


@audience("administrator")
@require_POST
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Deactivates a colleague, or takes one back with a new invitation."""
    colleague, by, now = _colleague(request, pk), request.actor, timezone.now()  # type: ignore[attr-defined]
    if colleague.is_active:
        return form.act(request, lambda: operations.deactivate(colleague, by=by, now=now), _at(pk))
    try:
        return _told(request, colleague, operations.reactivate(colleague, by=by, now=now))
    except Denied:
        raise Http404 from None


@audience(*SEERS)
def absences(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = queries.absences(request.actor, today=today)  # type: ignore[attr-defined]
    return render(request, "office/people/absences.html", {"absences": rows, "today": today})


@audience(*SEERS)
def absence(request: HttpRequest, pk: int) -> HttpResponse:
    return _part(request, pk, records.AbsenceRecord, operations.add_absence, _("Absence"), {})


@audience("administrator", "manager")
def skill(request: HttpRequest, pk: int) -> HttpResponse:
    skills = queries.skills(request.actor)  # type: ignore[attr-defined]
    names = [(s.pk, s.name_zh if is_chinese() else s.name_en) for s in skills]
    return _part(request, pk, records.StaffSkillRecord, operations.set_skill, _("Skill"), {"skill": names})


def _part(
    request: HttpRequest,
    pk: int,
    record: Any,
    operation: Callable[..., Any],
    title: str,
    choices: dict[str, Any],
) -> HttpResponse:
    colleague = _colleague(request, pk)

    def do(filled: Any) -> str:
        operation(colleague, filled, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return _at(pk)

    return form.page(request, record, do, title=f"{colleague.name} · {title}", back=_at(pk), choices=choices)


@audience(*SEERS)
@require_POST
def remove_absence(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    known, by = get_object_or_404(_colleague(request, pk).absences, pk=part), request.actor  # type: ignore[attr-defined]
    return form.act(
        request, lambda: operations.remove_absence(known, by=by, now=timezone.now()), _at(pk), _("Removed.")
    )


@audience("administrator", "manager")
@require_POST
def remove_skill(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    known, by = get_object_or_404(_colleague(request, pk).skills, pk=part), request.actor  # type: ignore[attr-defined]
    return form.act(
        request, lambda: operations.remove_skill(known, by=by, now=timezone.now()), _at(pk), _("Removed.")
    )
