"""C4.3: how long the way takes: the policy's speed, minutes more between territories, measured legs."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoxiu.dispatch import operations
from baoxiu.dispatch import queries as planning
from baoxiu.dispatch.models import Roads
from baoxiu.dispatch.operations import roads as legs
from baoxiu.dispatch.records import CrossingRecord
from baoxiu.faces.common.audience import audience
from baoxiu.faces.common.display import say, say_table
from baoxiu.faces.office import records as form
from baoxiu.lib import tables
from baoxiu.people import queries
from baoxiu.people.actors import Actor
from baoxiu.people.rules import Denied, Invalid

SEERS = ("administrator", "manager", "dispatcher")
KEEPERS = ("administrator", "manager")
SHOWN = 50  # refused rows


@audience(*SEERS)
def page(request: HttpRequest) -> HttpResponse:
    """The page; a file sent is compared with what is worked out before it is used."""
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    error, refused = "", list[legs.Refused]()
    if request.method == "POST":
        try:
            _load(request)
            return redirect("office:travel")
        except legs.BadLegs as wrong:
            refused = wrong.refused
        except Invalid as invalid:
            error = say(invalid.reason)
        except tables.BadTable as problem:
            error = say_table(problem)
        except Denied:
            raise PermissionDenied from None
    policies = planning.policies(viewer)
    context = {
        "policy": policies[0] if policies and policies[0].is_in_use else None, "crossings": planning.crossings(viewer),
        "roads": planning.roads(viewer), "columns": legs.COLUMNS, "most": legs.MOST, "error": error,
        "refused": refused[:SHOWN], "wrong": len(refused), "has_server": bool(settings.OSRM_URL),
    }  # fmt: skip
    return render(request, "office/people/travel.html", context, status=422 if error or refused else 200)


def _load(request: HttpRequest) -> Roads:
    file, by = request.FILES.get("file"), request.actor  # type: ignore[attr-defined]
    if file is None or (file.size or 0) > settings.UPLOAD_BYTES:
        raise tables.no_file() if file is None else tables.too_large()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "legs"
        path.write_bytes(file.read())
        return operations.load_roads(file.name or "", tables.read(path), by=by, now=timezone.now())


@audience(*KEEPERS)
def crossing(request: HttpRequest) -> HttpResponse:
    """`?one=…&other=…` starts from what is on record."""
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    names = [(t.pk, t.name) for t in queries.territories(viewer)]
    back = reverse("office:travel")
    ends = [form.number(request.GET.get(n, "")) for n in ("one", "other")]
    known = next((c for c in planning.crossings(viewer) if [c.one_id, c.other_id] == ends), None)
    initial = {"one": ends[0], "other": ends[1], "minutes": known.minutes} if known else None

    def do(record: CrossingRecord) -> str:
        operations.save_crossing(record, by=viewer, now=timezone.now())
        return back

    return form.page(
        request, CrossingRecord, do, title=str(known or _("Between two territories")), back=back,
        choices={"territory": names}, initial=initial, note=_("Counts both ways. 0 minutes: as worked out."),
    )  # fmt: skip


@audience(*KEEPERS)
@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    known, by = get_object_or_404(Roads, pk=pk), request.actor  # type: ignore[attr-defined]
    operations.use_roads(known, by=by, now=timezone.now())
    return redirect("office:travel")


@audience(*KEEPERS)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    known, by = get_object_or_404(Roads, pk=pk), request.actor  # type: ignore[attr-defined]
    back = reverse("office:travel")
    return form.act(
        request, lambda: operations.remove_roads(known, by=by, now=timezone.now()), back, _("Removed.")
    )
