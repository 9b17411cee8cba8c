"""C4.4b: the bench as columns, and the box that opens what was scanned."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from baoxiu.depot import queries as depot
from baoxiu.faces.bench import queries
from baoxiu.faces.common.audience import audience
from baoxiu.repair import queries as repair

BENCH = ("station_head", "engineer", "stock_keeper")


@audience(*BENCH)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What is on its way, here, waiting, in work, to be sent back. `q` opens what was scanned."""
    actor = request.actor  # type: ignore[attr-defined]
    wanted = request.GET.get("q", "")[:80].replace("\x00", "").strip()
    found = queries.find(actor, wanted) if wanted else []
    if len(found) == 1:
        return redirect("bench:case", number=found[0]["number"])
    context = {"columns": _columns(actor), "wanted": wanted, "found": found, "at": timezone.now()}
    return render(request, "bench/queue.html", context)


@audience(*BENCH)
@require_GET
def loaners(request: HttpRequest) -> HttpResponse:
    """The station's loaners that are out."""
    loans = repair.loans_out(request.actor)  # type: ignore[attr-defined]
    context = {"loans": loans, "today": timezone.localdate(), "at": "bench:case"}
    return render(request, "bench/loaners.html", context)


def _columns(actor: object) -> list[tuple[str, str, list[dict[str, object]]]]:
    """(icon, title, cards) of each column; a stock keeper has one."""
    made = depot.bench(actor)  # type: ignore[arg-type]
    titles = {
        "in_transit": ("truck", _("In transit")), "received": ("package-import", pgettext("bench", "Received")),
        "on_bench": ("tool", _("On the bench")), "waiting_consent": ("receipt", _("Waiting for consent")),
        "waiting_parts": ("hourglass", _("Waiting for parts")), "to_ship": ("package-export", _("To ship")),
        "shipped": ("truck-delivery", _("On the way back")),
    }  # fmt: skip
    if not actor.has("station_head", "engineer"):  # type: ignore[attr-defined]
        titles = {"waiting_parts": titles["waiting_parts"]}
    return [(*titles[name], made[name]) for name in titles]
