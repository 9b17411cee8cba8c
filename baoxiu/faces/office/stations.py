"""C4.4b: stations, teams and the list of skills."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from baoxiu.faces.common.audience import audience
from baoxiu.faces.office import records as form
from baoxiu.people import operations, queries, records
from baoxiu.people.actors import Actor
from baoxiu.people.models import Skill, Station, Team


@audience("administrator", "manager", "dispatcher")
def listing(request: HttpRequest) -> HttpResponse:
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    context = {
        "stations": queries.stations(viewer), "teams": queries.teams(viewer), "skills": queries.skills(viewer),
    }  # fmt: skip
    return render(request, "office/people/stations.html", context)


_RENAMED = {"lat": "latitude", "lon": "longitude"}


def _fields(record: Any) -> list[str]:
    """The model's names of a record's fields."""
    named = {long: short for short, long in _RENAMED.items()}
    return [named.get(name, name) for name in record.model_fields]


def shown(value: Any) -> Any:
    """A coordinate as far as it means something: about a tenth of a metre."""
    return round(value, 6) if isinstance(value, float) else value


def _page(
    request: HttpRequest, model: Any, pk: int | None, record: Any, operation: Any, title: str
) -> HttpResponse:
    """The form of a new one (no `pk`) or of a known one; afterwards the list."""
    known = get_object_or_404(model, pk=pk) if pk else None
    back = reverse("office:stations")

    def do(filled: Any) -> str:
        operation(known, filled, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return back

    initial = {_RENAMED.get(n, n): shown(getattr(known, n)) for n in _fields(record)} if known else None
    return form.page(request, record, do, title=str(known or title), back=back, initial=initial)


@audience("administrator")
def station(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    return _page(request, Station, pk, records.StationRecord, operations.save_station, _("New station"))


@audience("administrator")
def team(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    return _page(request, Team, pk, records.TeamRecord, operations.save_team, _("New team"))


@audience("administrator")
def skill(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    return _page(request, Skill, pk, records.SkillRecord, operations.save_skill, _("New skill"))
