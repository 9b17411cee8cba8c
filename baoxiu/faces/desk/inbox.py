"""C4, C5.2: what I and my team owe next."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from baoxiu.cases import queries
from baoxiu.cases.queries import inbox
from baoxiu.faces.common import display
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.desk import cursors
from baoxiu.faces.desk.registering import may_register
from baoxiu.lib import csvsafe
from baoxiu.people.actors import Actor
from baoxiu.registrations import queries as registrations

PAGE = 25
EXPORT_ROWS = 5000
ICONS = {
    "mine": "user", "team": "users", "unassigned": "user-plus", "late": "alert-triangle", "waiting": "hourglass",
    "hold": "player-pause",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a view: its rows, the counts of all views, where the next page starts."""

    view: str
    rows: list[dict[str, Any]]
    counts: dict[str, int]
    next: str
    first: bool
    now: dt.datetime

    @property
    def stages(self) -> list[str]:
        """The stages worth a link: those that hold something, and the one being looked at."""
        return [s for s in inbox.STAGES if self.counts[s] or s == self.view]

    @property
    def etag(self) -> str:
        """Changes with anything a reader could see change: words of time included."""
        seen = [
            (r["id"], r["clock"].text, r["owner_id"], r["case__last_at"], r["case__stage"]) for r in self.rows
        ]
        text = json.dumps([get_language(), seen, self.counts], default=str)
        return f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def listing(viewer: Actor, view: str, after: str, now: dt.datetime, limit: int = PAGE) -> Listing:
    view = view or ("mine" if viewer.has("agent") else "team")
    if view not in (*inbox.VIEWS, *inbox.STAGES):
        raise Http404
    rows = inbox.rows(viewer, view, now=now, after=cursors.read(after), limit=limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    for row in rows:
        row["clock"] = display.clock(row["due_at"], now, row["warn_at"], on_hold=row["paused"] == "yes")
    following = cursors.write(rows[-1]["due_at"], rows[-1]["id"]) if more else ""
    return Listing(view, rows, inbox.counts(viewer, now=now), following, not after, now)


def _asked(request: HttpRequest) -> Listing:
    return listing(
        request.actor,  # type: ignore[attr-defined]
        request.GET.get("view", ""),
        request.GET.get("after", ""),
        timezone.now(),
    )


@audience(*DESK)
def page(request: HttpRequest) -> HttpResponse:
    found = _asked(request)
    context = {
        "listing": found,
        "now": found.now,
        "icons_of": ICONS,
        "may_register": may_register(request.actor),  # type: ignore[attr-defined]
        "owners": queries.owners(request.actor),  # type: ignore[attr-defined]
        "to_check": registrations.count_waiting(request.actor),  # type: ignore[attr-defined]
    }
    return render(request, "desk/inbox/page.html", context)


@audience(*DESK)
def rows(request: HttpRequest) -> HttpResponse:
    """The rows and counts alone, asked for every 20 seconds; 304 while nothing a reader sees has changed."""
    found = _asked(request)
    if request.headers.get("If-None-Match") == found.etag:
        return HttpResponse(status=304, headers={"ETag": found.etag})
    context = {"listing": found, "now": found.now, "icons_of": ICONS}
    answer = render(request, "desk/inbox/_fresh.html", context)
    answer["ETag"] = found.etag
    return answer


@audience(*DESK)
def export(request: HttpRequest) -> HttpResponse:
    """The first 5,000 rows of a view as CSV."""
    viewer, view, now = request.actor, request.GET.get("view", ""), timezone.now()  # type: ignore[attr-defined]
    found = listing(viewer, view, "", now, EXPORT_ROWS)
    lines = csvsafe.lines([_titles(), *(_cells(row) for row in found.rows)])
    answer = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = (
        f'attachment; filename="{found.view}-{timezone.localtime(now):%Y%m%d-%H%M}.csv"'
    )
    return answer


def _titles() -> list[str]:
    return [
        _("Number"), _("Owed"), _("Clause"), _("Role"), _("Due"), _("Time left"), _("Subject"), _("Stage"),
        _("Customer"), _("Product"), _("Serial number"), _("Owner"), _("Last words"),
    ]  # fmt: skip


def _cells(row: dict[str, Any]) -> list[Any]:
    return [
        row["case__number"], display.duty(row["kind"]), row["clause"], display.word("ROLES", row["party"]),
        display.when(row["due_at"]), row["clock"].text, row["case__subject"], display.stage(row["case__stage"]),
        row["case__customer__name"], row["case__unit__product"], row["case__unit__serial"], row["owner__name"],
        row["case__last_line"],
    ]  # fmt: skip
